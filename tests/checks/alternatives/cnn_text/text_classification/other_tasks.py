"""Other right answers to the exercises of cnn_text/02_text_classification/05_other_tasks, written in other ways."""

import math

import numpy as np
from scipy.special import logsumexp
from sklearn.metrics import accuracy_score, f1_score
from sklearn.preprocessing import MultiLabelBinarizer

# --- softmax_cross_entropy ----------------------------------------------------------------------


def loss_by_scipy(scores, labels):
    return logsumexp(scores, axis=1) - np.take_along_axis(scores, labels[:, None], axis=1)[:, 0]


def loss_row_by_row(scores, labels):
    losses = []
    for row, label in zip(scores, labels, strict=True):
        top = max(row)
        losses.append(math.log(sum(math.exp(score - top) for score in row)) + top - row[label])
    return losses


def loss_from_differences(scores, labels):
    """log Σ exp(s - s of the label), with the largest difference taken out."""
    gap = scores - scores[np.arange(len(labels)), labels][:, None]
    return np.logaddexp.reduce(gap, axis=1)


# --- multi_hot ----------------------------------------------------------------------------------


def hot_by_loops(groups, labels):
    table = np.zeros((len(groups), len(labels)), dtype=np.float32)
    for row, group in enumerate(groups):
        for word in group.split("."):
            if word in labels:
                table[row, labels.index(word)] = 1
    return table


def hot_by_comprehension(groups, labels):
    return [[int(label in group.split(".")) for label in labels] for group in groups]


def hot_by_scikit_learn(groups, labels):
    words = [[word for word in set(group.split(".")) if word in labels] for group in groups]
    return MultiLabelBinarizer(classes=labels).fit(words).transform(words)


# --- sigmoid_cross_entropy ----------------------------------------------------------------------


def sigmoid_by_logaddexp(scores, targets):
    return np.logaddexp(0, scores) - scores * targets


def sigmoid_by_signs(scores, targets):
    """log(1 + exp(-z)) of a score that is turned where the label is missing."""
    z = np.where(targets == 1, scores, -scores)
    return np.log(1 + np.exp(-np.abs(z))) + np.maximum(-z, 0)


# --- label_scores -------------------------------------------------------------------------------


def scores_by_scikit_learn(probabilities, Y, threshold):
    told = (probabilities >= threshold).astype(int)
    macro, micro = (f1_score(Y, told, average=kind, zero_division=0) for kind in ("macro", "micro"))
    return np.array([accuracy_score(Y, told), micro, macro])


def scores_by_counting(probabilities, Y, threshold):
    right = hits = wrong = missed = 0
    f1 = []
    for told, true in zip(probabilities, Y, strict=True):
        right += all((one >= threshold) == (other == 1) for one, other in zip(told, true, strict=True))
    for column, target in zip(probabilities.T, Y.T, strict=True):
        told, true = column >= threshold, target == 1
        tp, fp, fn = (told & true).sum(), (told & ~true).sum(), (~told & true).sum()
        f1.append(2 * tp / (2 * tp + fp + fn) if tp else 0.0)
        hits, wrong, missed = hits + tp, wrong + fp, missed + fn
    return right / len(Y), 2 * hits / (2 * hits + wrong + missed), sum(f1) / len(f1)


# --- add_typos ----------------------------------------------------------------------------------


def typos_word_by_word(text, rate, rng):
    """Words as lists of letters; the kind is drawn before the place is asked."""
    words = []
    for word in text.split(" "):
        left, done = list(word), ""
        while len(left) > 1:
            swap = rng.integers(2)
            first = left.pop(0)
            if rng.random() < rate:
                second = left.pop(0)
                done += second + first if swap else second
            else:
                done += first
        words.append(done + "".join(left))
    return " ".join(words)


def typos_drawn_at_once(text, rate, rng):
    """One number for each letter decides all."""
    draws, out, i = rng.random(len(text)), "", 0
    while i < len(text):
        if text[i] != " " and i + 1 < len(text) and text[i + 1] != " " and draws[i] < rate:
            out += text[i + 1] + (text[i] if draws[i] < rate / 2 else "")
            i += 2
        else:
            out += text[i]
            i += 1
    return out


def typos_by_choice(text, rate, rng):
    letters, i = list(text), 0
    while i + 1 < len(letters):
        kind = rng.choice(["keep", "swap", "drop"], p=[1 - rate, rate / 2, rate / 2])
        if kind == "keep" or not (letters[i].isalpha() and letters[i + 1].isalpha()):
            i += 1
            continue
        letters[i : i + 2] = [letters[i + 1], letters[i]] if kind == "swap" else ["", letters[i + 1]]
        i += 2
    return "".join(letters)


ALTERNATIVES = {
    "softmax_cross_entropy": [loss_by_scipy, loss_row_by_row, loss_from_differences],
    "multi_hot": [hot_by_loops, hot_by_comprehension, hot_by_scikit_learn],
    "sigmoid_cross_entropy": [sigmoid_by_logaddexp, sigmoid_by_signs],
    "label_scores": [scores_by_scikit_learn, scores_by_counting],
    "add_typos": [typos_word_by_word, typos_drawn_at_once, typos_by_choice],
}
