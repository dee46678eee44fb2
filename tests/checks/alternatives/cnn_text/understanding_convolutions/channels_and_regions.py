"""Other right answers to the exercises of cnn_text/01_understanding_convolutions/03_channels_and_regions."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

# --- channels -----------------------------------------------------------------------------------


def channels_side_by_side(channels, kernel, bias):
    """One filter on one wide embedding."""
    X, K = np.concatenate(list(channels), axis=1), np.concatenate(list(kernel), axis=1)
    return np.stack([np.einsum("jd,jdm->m", X[i : i + len(K)], K) + bias for i in range(len(X) - len(K) + 1)])


def channels_in_loops(channels, kernel, bias):
    """Entry by entry, in lists."""
    c, n, d = channels.shape
    w, m = kernel.shape[1], kernel.shape[3]
    places = [(k, j, e) for k in range(c) for j in range(w) for e in range(d)]
    return [
        [bias[f] + sum(kernel[k, j, e, f] * channels[k, i + j, e] for k, j, e in places) for f in range(m)]
        for i in range(n - w + 1)
    ]


def channels_from_views(channels, kernel, bias):
    """All windows at once."""
    views = sliding_window_view(channels, kernel.shape[1], axis=1)  # (c, places, d, w)
    return np.einsum("cidw,cwdm->im", views, kernel) + bias


# --- the forward pass ---------------------------------------------------------------------------


def forward_with_late_bias(X, kernels, biases, W, b):
    """The maximum first, then bias and ReLU."""
    strongest = [
        np.einsum("idw,wdm->im", sliding_window_view(X, len(kernel), axis=0), kernel).max(axis=0) for kernel in kernels
    ]
    features = np.clip(np.concatenate(strongest) + np.concatenate(biases), 0, None)
    weights = np.exp(features @ W + b)
    return features, weights / weights.sum()


def forward_filter_by_filter(X, kernels, biases, W, b):
    """Plain loops, a list of features."""
    features = []
    for kernel, bias in zip(kernels, biases, strict=True):
        for f in range(len(bias)):
            best = 0.0
            for i in range(len(X) - len(kernel) + 1):
                best = max(best, np.sum(X[i : i + len(kernel)] * kernel[:, :, f]) + bias[f])
            features.append(best)
    scores = [sum(x * w for x, w in zip(features, column, strict=True)) + c for column, c in zip(W.T, b, strict=True)]
    shifted = np.exp(np.array(scores) - max(scores))
    return [features, (shifted / shifted.sum()).tolist()]


# --- padding ------------------------------------------------------------------------------------


def padded_lists(sentences, edge):
    """Lists of lists."""
    longest = max(map(len, sentences))
    return [[0] * edge + list(s) + [0] * (longest - len(s) + edge) for s in sentences]


def padded_by_numpy(sentences, edge):
    """numpy.pad, row by row."""
    longest = max(len(s) for s in sentences)
    rows = [np.pad(np.array(s, dtype=np.int32), (edge, edge + longest - len(s))) for s in sentences]
    return np.stack(rows)


# --- counting -----------------------------------------------------------------------------------


def counted_by_sums(words, embedding, widths, filters, classes, channels=1):
    """Weights of all widths together, biases apart."""
    weights = sum(widths) * embedding * channels * filters
    return {
        "output": (len(widths) * filters + 1) * classes,
        "convolutions": weights + len(widths) * filters,
        "embedding": channels * words * embedding,
    }


def counted_by_shapes(words, embedding, widths, filters, classes, channels=1):
    """The shapes of all arrays."""
    shapes = {
        "embedding": [(channels, words, embedding)],
        "convolutions": [shape for w in widths for shape in ((w, embedding * channels, filters), (filters,))],
        "output": [(len(widths) * filters, classes), (classes,)],
    }
    return {part: np.int64(sum(math.prod(shape) for shape in all_of)) for part, all_of in shapes.items()}


# --- the receptive field ------------------------------------------------------------------------


def field_in_one_line(widths, dilations):
    return 1 + int(np.dot(np.array(widths, dtype=int) - 1, np.array(dilations, dtype=int)))


def field_from_the_top(widths, dilations):
    """First and last place that is read, layer by layer from the top."""
    first = last = 0
    for width, dilation in reversed(list(zip(widths, dilations, strict=True))):
        last += (width - 1) * dilation
    return last - first + 1


ALTERNATIVES = {
    "convolve_channels": [channels_side_by_side, channels_in_loops, channels_from_views],
    "forward": [forward_with_late_bias, forward_filter_by_filter],
    "pad_batch": [padded_lists, padded_by_numpy],
    "count_parameters": [counted_by_sums, counted_by_shapes],
    "receptive_field": [field_in_one_line, field_from_the_top],
}
