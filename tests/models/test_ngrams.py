"""The Kneser-Ney arrays: against the definition, word by word; against a book-keeper's invariants."""

import functools
import itertools

import numpy as np
import pytest

from lib.course.lessons import find_lessons
from lib.course.namespace import solution_namespace
from lib.models.ngrams import NGrams, modified_discounts, single_discount
from lib.text import END, START, UNKNOWN, Vocabulary

C = 9


def corpus(seed: int, n: int = 60) -> list[np.ndarray]:
    """Sentences in which the next word depends on the last; word 8 never occurs, some are empty."""
    rng = np.random.default_rng(seed)
    sentences = []
    for _ in range(n):
        words = [START]
        for _ in range(rng.integers(0, 7)):
            words.append(int(rng.choice([words[-1] + 1, 3, 4, 5], p=[0.4, 0.3, 0.2, 0.1])) % 8)
            words[-1] = max(words[-1], UNKNOWN)
        sentences.append(np.array([*words, END], dtype=np.int32))
    return sentences


def by_definition(sentences, order, modified, continuations):
    """P(word | context), straight from the formula, with lists of n-grams."""

    @functools.cache
    def occurrences(k):
        found = [tuple(map(int, s[i : i + k])) for s in sentences for i in range(len(s) - k + 1)]
        return [gram for gram in found if gram != (START,)]

    @functools.cache
    def count(gram):
        k = len(gram)
        if k == order or gram[0] == START or not continuations:
            return occurrences(k).count(gram)
        return len({longer[0] for longer in occurrences(k + 1) if longer[1:] == gram})

    @functools.cache
    def probability(word, history):
        lower = probability(word, history[1:]) if history else 1 / (C - 1)
        grams = sorted(set(occurrences(len(history) + 1)))
        counts = np.array([count(gram) for gram in grams])
        discounts = modified_discounts(counts) if modified else single_discount(counts)
        after = {gram[-1]: c for gram, c in zip(grams, counts, strict=True) if gram[:-1] == history}
        if not after:
            return lower
        taken = {w: min(discounts[min(c, 3) - 1], c) for w, c in after.items()}
        share = after[word] - taken[word] if word in after else 0.0
        return (share + sum(taken.values()) * lower) / sum(after.values())

    return lambda context, word: probability(word, tuple(map(int, context[max(len(context) - order + 1, 0) :])))


@pytest.mark.parametrize(("modified", "continuations"), [(False, True), (True, True), (False, False)])
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_probabilities_are_those_of_the_definition(order, modified, continuations):
    sentences = corpus(seed=order, n=25)
    model = NGrams(sentences, order, C, modified, continuations)
    definition = by_definition(sentences, order, modified, continuations)
    new = [START, 4, 8, 5, 6, 3, END]  # 8 was never seen
    for length in range(1, len(new)):
        p = model.probabilities(new[:length])
        for word in (1, 3, 5, 8):
            assert p[word] == pytest.approx(definition(new[:length], word), rel=1e-12)


@pytest.mark.parametrize("modified", [False, True])
@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_one_sentence_at_a_time_or_all_at_once(order, modified):
    model, new = NGrams(corpus(0), order, C, modified), corpus(1, n=12)
    singly = [np.log(model.probabilities(s[:t])[s[t]]) for s in new for t in range(1, len(s))]
    np.testing.assert_allclose(model.log_probabilities(new), singly, rtol=1e-12)
    assert model.perplexity(new) == pytest.approx(np.exp(-np.mean(singly)))


@pytest.mark.parametrize("modified", [False, True])
def test_probabilities_sum_to_one_after_every_context(modified):
    model = NGrams(corpus(0), 3, C, modified)
    for a, b in itertools.product(range(2, C), repeat=2):
        for context in ([START], [START, a], [START, a, b], [START, 8, a, b]):
            p = model.probabilities(context)
            assert p.sum() == pytest.approx(1) and p[START] == 0 and (p[1:] > 0).all()


def test_continuations_not_occurrences_below_the_highest_order():
    """San Francisco: f = 4 is frequent, but only after s = 3; g = 5 is rarer, after three different words."""
    sentences = [[START, 3, 4, END]] * 5 + [[START, a, 5, END] for a in (3, 6, 7)]
    p = NGrams(sentences, 2, C).probabilities([START, 8])  # nothing was seen after 8
    assert p[5] > 2 * p[4]
    occurrences = NGrams(sentences, 1, C).probabilities([START])
    assert occurrences[4] > occurrences[5]


def test_discounts_by_hand():
    counts = np.array([1] * 8 + [2] * 4 + [3] * 2 + [4])
    assert single_discount(counts) == (0.5, 0.5, 0.5)
    assert modified_discounts(counts) == pytest.approx((1 - 2 * 0.5 * 4 / 8, 2 - 3 * 0.5 * 2 / 4, 3 - 4 * 0.5 * 1 / 2))
    assert single_discount(np.array([2, 5])) == (0.5, 0.5, 0.5)
    assert modified_discounts(np.array([1, 1, 2])) == single_discount(np.array([1, 1, 2]))


def test_what_the_training_text_repeats_is_learned():
    sentences = [[START, 3, 4, 5, 6, END]] * 20 + [[START, 6, 4, 7, 3, END]] * 20
    perplexities = [NGrams(sentences, order, C).perplexity(sentences) for order in (1, 2, 3)]
    assert perplexities[0] > perplexities[1] > perplexities[2]
    assert perplexities[2] < 1.5  # only the first word is open: 2 to the power of 1/5 is 1.15


def test_too_high_an_order_is_refused():
    with pytest.raises(ValueError, match="from 1 to 4"):
        NGrams([[START, END]], 5, 8000)
    with pytest.raises(ValueError, match="order"):
        NGrams([[START, END]], 0, 8000)


def test_with_a_vocabulary():
    tokens = [["we", "like", "tea"], ["we", "like", "rain"], ["they", "like", "tea"]]
    vocabulary = Vocabulary.of(tokens, 20)
    model = NGrams([vocabulary.encode(one) for one in tokens], 2, len(vocabulary))
    p = model.probabilities(vocabulary.encode(["you", "like"])[:-1])
    assert vocabulary.words[int(p.argmax())] == "tea"


def test_the_lesson_builds_the_same_model():
    (lesson,) = find_lessons(["rnn/01_language_models/02_ngrams"])
    taught = solution_namespace(lesson)
    sentences, new = [s.tolist() for s in corpus(0)], [START, 4, 8, 5, 6, 3]
    for order in (1, 2, 3, 4):
        levels, discounts = taught["kneser_ney_levels"](sentences, order)
        model = NGrams(sentences, order, C)
        np.testing.assert_allclose(discounts, [d for d, _, _ in model.discounts], rtol=1e-12)
        for length in range(1, len(new)):
            p = taught["kneser_ney"](levels, discounts, new[:length], C)
            np.testing.assert_allclose(p, model.probabilities(new[:length]), rtol=1e-12)
