"""Right answers that are written differently from the solutions. Every check must accept them."""

import itertools
import math
import re

import numpy as np


def tokenize_by_hand(text):
    tokens, word = [], ""
    text = text.replace("’", "'").lower()
    for place, letter in enumerate(text):
        inside = letter.isalnum() or letter == "_"
        next_inside = place + 1 < len(text) and (text[place + 1].isalnum() or text[place + 1] == "_")
        if inside or (letter == "'" and word and next_inside):
            word += letter
            continue
        if word:
            tokens.append(word)
            word = ""
        if not letter.isspace():
            tokens.append(letter)
    return tokens + [word] * bool(word)


def tokenize_finditer(text):
    pattern = re.compile(r"(\w+('\w+)*)|([^\s\w])")
    return [found.group() for found in pattern.finditer(text.lower().replace("\u2019", "'"))]


def build_vocabulary_stable_sort(sentences, size):
    flat = sorted(token for sentence in sentences for token in sentence)
    words = sorted(dict.fromkeys(flat), key=flat.count, reverse=True)  # sorted keeps the order of ties
    return ["<START>", "<END>", "<UNKNOWN>", *words][:size]


def build_vocabulary_numpy(sentences, size):
    words, counts = np.unique([token for sentence in sentences for token in sentence], return_counts=True)
    ranked = words[np.argsort(-counts, kind="stable")]
    return np.array(["<START>", "<END>", "<UNKNOWN>", *ranked])[:size]


def encode_loop(tokens, index):
    numbers = np.zeros(len(tokens) + 2, dtype=np.int32)
    for place, token in enumerate(tokens, 1):
        numbers[place] = 2
        if token in index:
            numbers[place] = index[token]
    numbers[-1] = 1
    return numbers


def encode_from_the_index(tokens, index):
    words = ["<START>", *[token if token in index else "<UNKNOWN>" for token in tokens], "<END>"]
    return tuple(index[word] for word in words)


def pairs(numbers):
    x, y = zip(*itertools.pairwise(numbers), strict=True)
    return [x, y]


def arrays(numbers):
    numbers = np.array(numbers)
    return numbers[np.arange(len(numbers) - 1)], np.roll(numbers, -1)[:-1]


def unigram_loop(sentences, size):
    counts, total = [0] * size, 0
    for sentence in sentences:
        for word in sentence[1:]:
            counts[word] += 1
            total += 1
    return [count / total for count in counts]


def unigram_all_but_start(sentences, size):
    counts = np.bincount(np.concatenate(sentences), minlength=size).astype(float)
    counts[0] = 0
    return counts / counts.sum()


def perplexity_of_all_words(log_probabilities):
    return np.exp(-np.mean(np.concatenate([np.asarray(one, dtype=float) for one in log_probabilities])))


def perplexity_running(log_probabilities):
    flat = [float(one) for sentence in log_probabilities for one in sentence]
    entropy = -math.fsum(flat) / len(flat)
    return 2 ** (entropy / math.log(2))


ALTERNATIVES = {
    "tokenize": [tokenize_by_hand, tokenize_finditer],
    "build_vocabulary": [build_vocabulary_stable_sort, build_vocabulary_numpy],
    "encode": [encode_loop, encode_from_the_index],
    "inputs_and_targets": [pairs, arrays],
    "unigram_probabilities": [unigram_loop, unigram_all_but_start],
    "perplexity": [perplexity_of_all_words, perplexity_running],
}
