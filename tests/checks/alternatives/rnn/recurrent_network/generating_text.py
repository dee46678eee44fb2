"""Right answers that are written differently from the solutions. Every check must accept them."""

import math
from itertools import pairwise

import numpy as np
import scipy.special

from lib.models import rnn
from lib.text import END, START, UNKNOWN


def soften_scipy(scores, temperature):
    if temperature == 0:
        p = np.zeros(len(scores))
        p[np.argmax(scores)] = 1
        return p
    return scipy.special.softmax(np.asarray(scores, dtype=float) / temperature)


def soften_one_by_one(scores, temperature):
    highest = max(scores)
    if temperature < 1e-12:
        return [float(i == int(np.argmax(scores))) for i in range(len(scores))]
    parts = [math.exp((score - highest) / temperature) for score in scores]
    return [part / sum(parts) for part in parts]


def forbid_by_masking(scores, temperature):
    forbidden = np.isin(np.arange(len(scores)), (START, UNKNOWN))
    return soften_scipy(np.where(forbidden, -np.inf, scores), temperature)


def forbid_by_leaving_out(scores, temperature):
    free = [word for word in range(len(scores)) if word not in (START, UNKNOWN)]
    p = np.zeros(len(scores))
    p[free] = soften_one_by_one(np.asarray(scores)[free], temperature)
    return p


def sample_by_reading_again(model, temperature, longest, rng):
    numbers = [START]
    while len(numbers) <= longest:
        s, _ = rnn.forward(model, np.array(numbers))
        p = forbid_by_masking(model["V"] @ s[len(numbers) - 1], temperature)
        numbers.append(int(np.searchsorted(np.cumsum(p), rng.random() * p.sum(), side="right")))
        if numbers[-1] == END:
            return numbers[1:-1]
    return numbers[1:]


def sample_with_a_for_loop(model, temperature, longest, rng):
    word, s, sentence = START, 0 * model["W"][0], np.array([], dtype=int)
    for _ in range(longest):
        s = np.tanh(model["U"][:, word] + model["W"].dot(s))
        word = rng.multinomial(1, forbid_by_leaving_out(model["V"].dot(s), temperature)).argmax()
        if word == END:
            return sentence
        sentence = np.append(sentence, word)
    return sentence


def score_by_loss(model, numbers):
    return -rnn.loss(model, numbers[:-1], numbers[1:])


def score_word_by_word(model, numbers):
    s, total = np.zeros(len(model["W"])), 0.0
    for read, following in pairwise(numbers):
        s = np.tanh(model["U"][:, read] + model["W"] @ s)
        total += scipy.special.log_softmax(model["V"] @ s)[following]
    return total


ALTERNATIVES = {
    "soften": [soften_scipy, soften_one_by_one],
    "next_word_probabilities": [forbid_by_masking, forbid_by_leaving_out],
    "sample_sentence": [sample_by_reading_again, sample_with_a_for_loop],
    "log_probability": [score_by_loss, score_word_by_word],
}
