"""Right answers that are written differently from the solutions. Every check must accept them."""

from collections import Counter, defaultdict

import numpy as np

START, END, UNKNOWN = range(3)


def ngram_counts_defaultdict(sentences, n):
    counts = defaultdict(Counter)
    for sentence in sentences:
        for gram in zip(*(sentence[i:] for i in range(n)), strict=False):
            if gram != (START,):
                counts[gram[:-1]][gram[-1]] += 1
    return counts


def ngram_counts_numpy_numbers(sentences, n):
    grams = Counter()
    for sentence in map(np.array, sentences):
        for end in range(len(sentence), max(n, 2) - 1, -1):
            grams[tuple(sentence[end - n : end])] += 1
    table = {}
    for gram, count in grams.items():
        table[gram[:-1]] = table.get(gram[:-1], {}) | {gram[-1]: count}
    return table


def add_k_word_by_word(row, k, size):
    total = sum(row.values()) + k * (size - 1)
    return [0.0] + [(row.get(word, 0) + k) / total for word in range(1, size)]


def add_k_mixed_with_uniform(row, k, size):
    uniform = np.array([0.0] + [1 / (size - 1)] * (size - 1))
    counts = np.array([row.get(word, 0) for word in range(size)])
    return (counts + k * (size - 1) * uniform) / (counts.sum() + k * (size - 1))


def absolute_discount_word_by_word(row, d, lower):
    total = sum(row.values())
    return [max(row.get(w, 0) - d, 0) / total + d * len(row) / total * lower[w] for w in range(len(lower))]


def absolute_discount_what_is_left(row, d, lower):
    kept = np.zeros(len(lower))
    kept[list(row)] = (np.array(list(row.values())) - d) / sum(row.values())
    return kept + (1 - kept.sum()) * lower


def continuation_counts_sets(counts):
    before = defaultdict(lambda: defaultdict(set))
    for context, row in counts.items():
        for word in row:
            before[context[1:]][word].add(context[0])
    return {h: {word: len(firsts) for word, firsts in row.items()} for h, row in before.items()}


def continuation_counts_counter(counts):
    grams = Counter((*context[1:], word) for context, row in counts.items() for word in row)
    table = {}
    for (*context, word), count in grams.items():
        table.setdefault(tuple(context), Counter())[word] = count
    return table


def kneser_ney_recursive(levels, discounts, sentence, size):
    def after(context):
        if len(context) == 0:
            shorter = np.array([0.0] + [1 / (size - 1)] * (size - 1))
        else:
            shorter = after(context[1:])
        row = levels[len(context)].get(context)
        return shorter if row is None else absolute_discount_what_is_left(row, discounts[len(context)], shorter)

    longest = len(levels) - 1
    return after(tuple(sentence)[-longest:] if longest else ())


def kneser_ney_goes_on_after_an_unknown(levels, discounts, sentence, size):
    p = [0.0] + [1 / (size - 1)] * (size - 1)
    for n, (level, d) in enumerate(zip(levels, discounts, strict=True)):
        if n <= len(sentence) and (context := tuple(sentence[len(sentence) - n :])) in level:
            p = absolute_discount_word_by_word(level[context], d, p)
    return p


def kneser_ney_stops_at_the_first_unknown(levels, discounts, sentence, size):
    p = np.array([0.0] + [1 / (size - 1)] * (size - 1))
    for n in range(len(levels)):
        context = tuple(sentence[len(sentence) - n :]) if n <= len(sentence) else None
        if context not in levels[n]:
            break
        p = absolute_discount_what_is_left(levels[n][context], discounts[n], p)
    return p


def sample_by_cumulated_probabilities(model, rng, limit=30):
    sentence = [START]
    for _ in range(limit):
        p = np.delete(np.asarray(model(list(sentence))), UNKNOWN)
        place = int(np.searchsorted(np.cumsum(p), rng.random() * p.sum(), side="right"))
        sentence.append(place + (place >= UNKNOWN))
        if sentence[-1] == END:
            break
    return np.array(sentence)


def sample_again_where_unknown(model, rng, limit=30):
    sentence = [START]
    while len(sentence) - 1 < limit:
        word = UNKNOWN
        while word == UNKNOWN:
            word = rng.choice(len(model(sentence)), p=model(sentence))
        sentence += [word]
        if word == END:
            return sentence
    return sentence


ALTERNATIVES = {
    "ngram_counts": [ngram_counts_defaultdict, ngram_counts_numpy_numbers],
    "add_k": [add_k_word_by_word, add_k_mixed_with_uniform],
    "absolute_discount": [absolute_discount_word_by_word, absolute_discount_what_is_left],
    "continuation_counts": [continuation_counts_sets, continuation_counts_counter],
    "kneser_ney": [
        kneser_ney_recursive,
        kneser_ney_goes_on_after_an_unknown,
        kneser_ney_stops_at_the_first_unknown,
    ],
    "sample_sentence": [sample_by_cumulated_probabilities, sample_again_where_unknown],
}
