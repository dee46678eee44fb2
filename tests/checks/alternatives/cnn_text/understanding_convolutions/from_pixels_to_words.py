"""Other right answers to the exercises of cnn_text/01_understanding_convolutions/02_from_pixels_to_words."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import convolve2d

# --- images -------------------------------------------------------------------------------------


def image_by_two_loops(image, weights):
    (rows, columns), (h, w) = image.shape, weights.shape
    outputs = np.zeros((rows - h + 1, columns - w + 1))
    for r in range(rows - h + 1):
        for c in range(columns - w + 1):
            outputs[r, c] = np.sum(image[r : r + h, c : c + w] * weights)
    return outputs


def image_by_shifts(image, weights):
    """One weight at a time: shifted copies of the image, added up."""
    rows, columns = image.shape[0] - weights.shape[0] + 1, image.shape[1] - weights.shape[1] + 1
    return sum(weight * image[a : a + rows, b : b + columns] for (a, b), weight in np.ndenumerate(weights))


def image_by_einsum(image, weights):
    return np.einsum("ijkl,kl->ij", sliding_window_view(image, weights.shape), weights)


def image_by_scipy(image, weights):
    """The mathematicians' convolution, with the filter turned back; a list of lists."""
    return convolve2d(image, weights[::-1, ::-1], mode="valid").tolist()


# --- a sentence as a matrix ---------------------------------------------------------------------


def matrix_from_rows(words, vectors):
    """Zeros for unknown words first, all rows divided at once."""
    d = len(next(iter(vectors.values())))
    X = np.array([vectors.get(word, np.zeros(d)) for word in words], dtype=float)
    lengths = np.sqrt((X**2).sum(axis=1, keepdims=True))
    return X / np.where(lengths > 0, lengths, 1.0)


def matrix_as_list(words, vectors):
    rows = []
    for word in words:
        try:
            vector = vectors[word]
            rows.append(list(vector * (vector @ vector) ** -0.5))
        except KeyError:
            rows.append([0.0] * len(next(iter(vectors.values()))))
    return rows


# --- the best match -----------------------------------------------------------------------------


def match_by_max_of_pairs(words, W, vectors):
    """All windows with their scores; max keeps the first of equals."""
    X, n = matrix_from_rows(words, vectors), len(W)
    pairs = [(np.sum(X[i : i + n] * W), " ".join(words[i : i + n])) for i in range(len(words) - n + 1)]
    return max(pairs, key=lambda pair: pair[0])


def match_by_comparing(words, W, vectors):
    best, place = -np.inf, 0
    for i, score in enumerate(image_by_einsum(matrix_from_rows(words, vectors), W).ravel()):
        if score > best:
            best, place = score, i
    return [float(best), " ".join(words[place + j] for j in range(len(W)))]


# --- pooling ------------------------------------------------------------------------------------


def pool_with_mask(outputs, n_windows, kind):
    """Padding becomes minus infinity for the maximum, and 0 for the sum."""
    inside = (np.arange(outputs.shape[1]) < np.asarray(n_windows)[:, None])[:, :, None]
    if kind == "max":
        return np.where(inside, outputs, -np.inf).max(axis=1)
    return np.where(inside, outputs, 0).sum(axis=1) / np.asarray(n_windows)[:, None]


def pool_as_list(outputs, n_windows, kind):
    by = {"max": max, "mean": np.mean}[kind]
    return [[by(column) for column in own[:n].T] for own, n in zip(outputs, n_windows, strict=True)]


# --- a phrase on the move -----------------------------------------------------------------------


def places_by_inserting(rest, phrase, W, vectors):
    """Insert word by word into a copy."""
    rows = []
    for place in range(len(rest) + 1):
        words = list(rest)
        for word in reversed(phrase):
            words.insert(place, word)
        rows.append(image_by_two_loops(matrix_from_rows(words, vectors), W).ravel())
    return rows


def places_by_matrices(rest, phrase, W, vectors):
    """The rows of the matrix move, the words are looked up once."""
    others, own = matrix_from_rows(rest, vectors), matrix_from_rows(phrase, vectors)
    matrices = [np.vstack([others[:p], own, others[p:]]) for p in range(len(others) + 1)]
    return np.stack([image_by_shifts(X, W)[:, 0] for X in matrices])


ALTERNATIVES = {
    "convolve_image": [image_by_two_loops, image_by_shifts, image_by_einsum, image_by_scipy],
    "sentence_matrix": [matrix_from_rows, matrix_as_list],
    "best_match": [match_by_max_of_pairs, match_by_comparing],
    "pool": [pool_with_mask, pool_as_list],
    "at_every_place": [places_by_inserting, places_by_matrices],
}
