"""Other right answers to the exercises of cnn_text/02_text_classification/03_what_did_it_learn."""

import math

import numpy as np

from lib.text.reviews import clean

# --- wilson interval ----------------------------------------------------------------------------


def interval_in_counts(right, n, z=1.96):
    """As many books have it: with the number of wrong answers, and everything times n."""
    wrong = n - right
    half = z * math.sqrt(right * wrong / n + z * z / 4)
    return [(right + z * z / 2 - half) / (n + z * z), (right + z * z / 2 + half) / (n + z * z)]


def interval_by_bisection(right, n, z=1.96):
    """The definition, solved by halving."""
    measured, ends = right / n, []
    for edge in (0.0, 1.0):
        inside, outside = measured, edge
        for _ in range(60):
            middle = (inside + outside) / 2
            if abs(measured - middle) <= z * math.sqrt(middle * (1 - middle) / n):
                inside = middle
            else:
                outside = middle
        ends.append(edge if abs(measured - edge) == 0 else inside)
    return np.array(ends)


def interval_by_quadratic_formula(right, n, z=1.96):
    a, b, c = 1 + z**2 / n, -(2 * right / n + z**2 / n), (right / n) ** 2
    root = np.sqrt(max(b * b - 4 * a * c, 0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


# --- confusion ----------------------------------------------------------------------------------


def confusion_by_add_at(true, predicted, classes):
    counts = np.zeros((classes, classes))
    np.add.at(counts, (true, predicted), 1)
    hits, taken, truly = np.diagonal(counts), counts.sum(0), counts.sum(1)
    precision = np.divide(hits, taken, out=np.zeros(classes), where=taken > 0)
    return counts, precision, np.divide(hits, truly, out=np.zeros(classes), where=truly > 0)


def confusion_in_lists(true, predicted, classes):
    pairs = list(zip(true, predicted, strict=True))
    counts = [[pairs.count((i, j)) for j in range(classes)] for i in range(classes)]
    precision = [counts[k][k] / (sum(row[k] for row in counts) or 1) for k in range(classes)]
    recall = [counts[k][k] / (sum(counts[k]) or 1) for k in range(classes)]
    return [counts, precision, recall]


def confusion_by_products(true, predicted, classes):
    """One-hot matrices: their product counts."""
    one_hot = np.eye(classes, dtype=int)
    counts = one_hot[true].T @ one_hot[predicted]
    precision, recall = np.zeros(classes), np.zeros(classes)
    for k in range(classes):
        if counts[:, k].any():
            precision[k] = counts[k, k] / counts[:, k].sum()
        if counts[k].any():
            recall[k] = counts[k, k] / counts[k].sum()
    return counts, precision, recall


# --- winning windows ----------------------------------------------------------------------------


def windows_by_loops(rows, responses):
    sentences, places, filters = responses.shape
    width = rows.shape[1] - places + 1
    values = np.full((sentences, filters), -np.inf)
    windows = np.zeros((sentences, filters, width), dtype=int)
    for i in range(sentences):
        for f in range(filters):
            for t in range(places):
                if responses[i, t, f] > values[i, f]:
                    values[i, f], windows[i, f] = responses[i, t, f], rows[i, t : t + width]
    return values, windows


def windows_by_sliding_view(rows, responses):
    width = rows.shape[1] - responses.shape[1] + 1
    every = np.lib.stride_tricks.sliding_window_view(rows, width, axis=1)
    best = np.argmax(responses, axis=1)
    values = np.take_along_axis(responses, best[:, None, :], axis=1).squeeze(1)
    return values, np.take_along_axis(every, best[:, :, None], axis=1)


def windows_in_lists(rows, responses):
    values, windows = [], []
    for row, answer in zip(rows, responses, strict=True):
        width = len(row) - len(answer) + 1
        values.append([float(column.max()) for column in answer.T])
        windows.append([list(row[column.argmax() :][:width]) for column in answer.T])
    return values, windows


# --- leave one out ------------------------------------------------------------------------------


def leave_out_one_by_one(tokens, log_odds):
    whole, found = log_odds([tokens])[0], []
    for i in range(len(tokens)):
        rest = list(tokens)
        del rest[i]
        found.append(float(whole - log_odds([rest])[0]))
    return found


def leave_out_with_enumerate(tokens, log_odds):
    rests = [[token for j, token in enumerate(tokens) if j != i] for i, _ in enumerate(tokens)]
    answers = log_odds([*rests, tokens])
    return answers[-1] - answers[:-1]


def leave_out_in_two_calls(tokens, log_odds):
    return log_odds([tokens]) - log_odds([tokens[:i] + tokens[i + 1 :] for i in range(len(tokens))])


# --- judge --------------------------------------------------------------------------------------


def judge_by_tanh(text, encoder, log_odds):
    tokens = clean(text).split(" ") if clean(text) else []
    (f,) = log_odds([tokens])
    unknown = []
    for token in tokens:
        if token not in encoder.words:
            unknown.append(token)
    return 0.5 * (1 + math.tanh(f / 2)), unknown


def judge_by_softmax(text, encoder, log_odds):
    tokens = clean(text).split()
    scores = np.exp([0.0, log_odds([tokens])[0]])
    return scores[1] / scores.sum(), tuple(filter(lambda token: encoder.index.get(token) is None, tokens))


def judge_with_the_name_of_other(text, encoder, log_odds):
    """To the network, a word that it does not know and `<OTHER>` are the same."""
    tokens = clean(text).split()
    read = [token if token in encoder.index else "<OTHER>" for token in tokens]
    return 1 / (1 + math.exp(-log_odds([read])[0])), [token for token in tokens if token not in encoder.index]


ALTERNATIVES = {
    "wilson_interval": [interval_in_counts, interval_by_bisection, interval_by_quadratic_formula],
    "confusion": [confusion_by_add_at, confusion_in_lists, confusion_by_products],
    "winning_windows": [windows_by_loops, windows_by_sliding_view, windows_in_lists],
    "leave_one_out": [leave_out_one_by_one, leave_out_with_enumerate, leave_out_in_two_calls],
    "judge": [judge_by_tanh, judge_by_softmax, judge_with_the_name_of_other],
}
