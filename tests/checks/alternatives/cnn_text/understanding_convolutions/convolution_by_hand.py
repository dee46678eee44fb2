"""Other right answers to the exercises of cnn_text/01_understanding_convolutions/01_convolution_by_hand."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

# --- narrow -------------------------------------------------------------------------------------


def convolve_by_two_loops(x, w):
    """A list, filled term by term."""
    y = [0.0] * (len(x) - len(w) + 1)
    for i in range(len(y)):
        for j in range(len(w)):
            y[i] += w[j] * x[i + j]
    return y


def convolve_by_numpy(x, w):
    return np.correlate(x, w, "valid")


def convolve_by_shifts(x, w):
    """One weight at a time: shifted copies of the row, added up."""
    n_out = len(x) - len(w) + 1
    return sum(weight * x[j : j + n_out] for j, weight in enumerate(w))


def convolve_all_windows(x, w):
    return sliding_window_view(x, len(w)) @ w


# --- wide ---------------------------------------------------------------------------------------


def wide_by_numpy(x, w):
    return np.convolve(x, w[::-1])


def wide_from_the_inputs(x, w):
    """Every input is handed to the outputs that see it."""
    y = np.zeros(len(x) + len(w) - 1)
    for i, value in enumerate(x):
        y[i : i + len(w)] += value * w[::-1]
    return list(y)


def wide_padded(x, w):
    return convolve_all_windows(np.pad(x, len(w) - 1), w)


# --- sizes --------------------------------------------------------------------------------------


def size_with_max(n_in, n_filter, n_pad=0, stride=1):
    return max(0, (n_in + 2 * n_pad - n_filter) // stride + 1)


def size_with_floor(n_in, n_filter, n_pad=0, stride=1):
    return max(0, int(np.floor((n_in + 2 * n_pad - n_filter) / stride)) + 1)


def size_by_range(n_in, n_filter, n_pad=0, stride=1):
    return len(range(0, n_in + 2 * n_pad - n_filter + 1, stride))


# --- same ---------------------------------------------------------------------------------------


def same_by_remainder(n_in, n_filter, stride=1):
    """As TensorFlow's guide words it."""
    rest = n_in % stride
    zeros = max(n_filter - (rest if rest else stride), 0)
    return [zeros // 2, zeros - zeros // 2]


def same_with_ceil(n_in, n_filter, stride=1):
    n_out = math.ceil(n_in / stride)
    zeros = max((n_out - 1) * stride + n_filter - n_in, 0)
    return np.array([math.floor(zeros / 2), math.ceil(zeros / 2)])


# --- text ---------------------------------------------------------------------------------------


def text_by_matrix(X, kernel, bias, stride=1):
    """Every window and every filter as one long row."""
    n_filter, d, n_filters = kernel.shape
    windows = np.array([X[i : i + n_filter].ravel() for i in range(0, len(X) - n_filter + 1, stride)])
    return windows @ kernel.reshape(n_filter * d, n_filters) + bias


def text_by_einsum(X, kernel, bias, stride=1):
    windows = sliding_window_view(X, len(kernel), axis=0)[::stride]
    return np.einsum("nmj,jmf->nf", windows, kernel) + bias


def text_by_tensordot(X, kernel, bias, stride=1):
    n_out = (len(X) - len(kernel)) // stride + 1
    return [np.tensordot(X[i * stride : i * stride + len(kernel)], kernel, axes=2) + bias for i in range(n_out)]


def text_from_rows(X, kernel, bias, stride=1):
    """One-dimensional convolutions of the columns of X, added up."""
    n_filters = kernel.shape[2]
    maps = [
        sum(np.correlate(X[:, m], kernel[:, m, f], "valid") for m in range(X.shape[1]))[::stride] + bias[f]
        for f in range(n_filters)
    ]
    return np.stack(maps, axis=1)


ALTERNATIVES = {
    "convolve": [convolve_by_two_loops, convolve_by_numpy, convolve_by_shifts, convolve_all_windows],
    "convolve_wide": [wide_by_numpy, wide_from_the_inputs, wide_padded],
    "output_size": [size_with_max, size_with_floor, size_by_range],
    "same_padding": [same_by_remainder, same_with_ceil],
    "convolve_text": [text_by_matrix, text_by_einsum, text_by_tensordot, text_from_rows],
}
