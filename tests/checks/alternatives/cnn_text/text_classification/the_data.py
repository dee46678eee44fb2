"""Right answers that are written differently from the solutions. Every check must accept them."""

import re
from collections import Counter, defaultdict

import numpy as np


def majority_counter(train_labels, labels):
    favourite = Counter(np.asarray(train_labels).tolist()).most_common(1)[0][0]
    return sum(label == favourite for label in labels) / len(labels)


def majority_bincount(train_labels, labels):
    shares = np.bincount(labels, minlength=2) / len(labels)
    return shares[np.argmax(np.bincount(train_labels, minlength=2))]


def majority_branches(train_labels, labels):
    ones = np.float32(sum(labels)) / len(labels)
    return ones if sum(train_labels) > len(train_labels) / 2 else 1 - ones


def clean_kim(text):
    """One line for each ending and each mark, as Kim wrote it."""
    text = text.replace("‘", "'").replace("’", "'").lower()
    text = re.sub(r"[^A-Za-z0-9(),!?\'\`]", " ", text)
    for ending in ("'s", "'ve", "n't", "'re", "'d", "'ll"):
        text = re.sub(ending + r"(?![a-z0-9])", " " + ending, text)
    for mark in "(),!?":
        text = text.replace(mark, f" {mark} ")
    return " ".join(text.split())


def clean_by_hand(text):
    text = "".join("'" if letter in "‘’" else letter for letter in text).lower()
    kept = "abcdefghijklmnopqrstuvwxyz0123456789'`"
    spaced = "".join(letter if letter in kept else f" {letter} " if letter in "(),!?" else " " for letter in text)
    words = []
    for word in spaced.split():
        core = word.rstrip("'`")
        cut = next((ending for ending in ("n't", "'ll", "'ve", "'re", "'s", "'d") if core.endswith(ending)), "")
        words += [core.removesuffix(cut), cut + word[len(core) :]] if cut else [word]
    return " ".join(word for word in words if word)


def vocabulary_stable_sort(sentences, least):
    counts = Counter()
    for sentence in sentences:
        counts.update(sentence)
    words = sorted(word for word, count in counts.items() if not count < least)
    return ["<PAD>", "<OTHER>", *sorted(words, key=counts.get, reverse=True)]  # sorted keeps the order of ties


def vocabulary_numpy(sentences, least):
    words, counts = np.unique([word for sentence in sentences for word in sentence], return_counts=True)
    ranked = np.argsort(-counts, kind="stable")
    return np.array(["<PAD>", "<OTHER>", *words[ranked[counts[ranked] >= least]]])


def encode_lists(sentences, index, edge):
    rows = [[0] * edge + [index.get(word, 1) for word in sentence] for sentence in sentences]
    width = max(map(len, rows)) + edge
    return [row + [0] * (width - len(row)) for row in rows]


def encode_cells(sentences, index, edge):
    rows = np.full((len(sentences), max(map(len, sentences)) + 2 * edge), 0, dtype=np.int32)
    for i, sentence in enumerate(sentences):
        for j, word in enumerate(sentence):
            rows[i, edge + j] = index.get(word, 1)
    return rows


def encode_pad(sentences, index, edge):
    longest = max(len(sentence) for sentence in sentences)
    known = defaultdict(lambda: 1, index)
    return np.stack(
        [
            np.pad([int(known[word]) for word in s] or np.array([], int), (edge, edge + longest - len(s)))
            for s in sentences
        ]
    )


def interval_loop(right, films, repeats, rng, level=0.95):
    names = np.unique(films)
    of = {name: right[films == name] for name in names}
    shares = [np.concatenate([of[name] for name in rng.choice(names, len(names))]).mean() for _ in range(repeats)]
    return np.percentile(shares, [100 * (1 - level) / 2, 100 - 100 * (1 - level) / 2])


def interval_weights(right, films, repeats, rng, level=0.95):
    """How often each film is drawn, from a multinomial distribution."""
    names = sorted(set(films.tolist()))
    hits = np.array([np.sum(right[films == name]) for name in names])
    sizes = np.array([np.sum(films == name) for name in names])
    times = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=repeats)
    low, high = np.quantile(times @ hits / (times @ sizes), (0.5 - level / 2, 0.5 + level / 2))
    return [float(low), float(high)]


ALTERNATIVES = {
    "majority_accuracy": [majority_counter, majority_bincount, majority_branches],
    "clean": [clean_kim, clean_by_hand],
    "build_vocabulary": [vocabulary_stable_sort, vocabulary_numpy],
    "encode": [encode_lists, encode_cells, encode_pad],
    "film_interval": [interval_loop, interval_weights],
}
