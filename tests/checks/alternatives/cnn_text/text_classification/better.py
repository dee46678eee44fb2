"""Other right answers to the exercises of cnn_text/02_text_classification/04_better."""

import math

import numpy as np
from scipy import stats

# --- positive PMI -------------------------------------------------------------------------------


def pmi_cell_by_cell(counts, power=0.75):
    """Loops and a list of lists."""
    total, rows = counts.sum(), counts.sum(axis=1)
    columns = counts.sum(axis=0) ** power
    table = [[0.0] * counts.shape[1] for _ in range(counts.shape[0])]
    for i, j in zip(*np.nonzero(counts), strict=True):
        ratio = counts[i, j] / total / (rows[i] / total * columns[j] / columns.sum())
        table[i][j] = max(0.0, math.log(ratio))
    return table


def pmi_at_least_one(counts, power=0.75):
    """A ratio below 1 is raised to 1, whose logarithm is 0."""
    chance = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) ** power / (counts.sum(axis=0) ** power).sum()
    ratio = np.divide(counts, chance, out=np.zeros(counts.shape), where=counts > 0)
    return np.log(np.maximum(ratio, 1))


def pmi_as_difference(counts, power=0.75):
    with np.errstate(divide="ignore", invalid="ignore"):
        context = counts.sum(axis=0) ** power
        pmi = np.log(counts) - np.log(counts.sum(axis=1))[:, None] - np.log(context / context.sum())[None, :]
    return np.clip(np.nan_to_num(pmi, nan=0.0, neginf=0.0, posinf=0.0), 0, None)


# --- vectors ------------------------------------------------------------------------------------


def vectors_from_eigenvalues(table, dimensions):
    """Singular values are the roots of the eigenvalues of M Mᵀ; other signs, the weakest first."""
    squares, directions = np.linalg.eigh(table @ table.T)
    return directions[:, -dimensions:] * np.maximum(squares[-dimensions:], 0) ** 0.25


def vectors_with_diag(table, dimensions):
    U, S, _ = np.linalg.svd(table)
    return -U[:, :dimensions] @ np.diag(np.sqrt(S[:dimensions]))


# --- an embedding to begin with -----------------------------------------------------------------


def table_normal_row_by_row(words, vectors, rng):
    everything = np.concatenate(list(vectors.values()))
    dimensions = len(next(iter(vectors.values())))
    table = np.zeros((len(words), dimensions))
    for row in range(1, len(words)):
        known = vectors.get(words[row])
        table[row] = rng.normal(0, everything.std(), dimensions) if known is None else known
    return table


def table_stacked(words, vectors, rng):
    """A list of rows, float32."""
    numbers = np.stack(list(vectors.values()))
    a = math.sqrt(3 * numbers.var())
    rows = [vectors.get(word, rng.uniform(-a, a, numbers.shape[1])) for word in words[1:]]
    return np.array([np.zeros(numbers.shape[1]), *rows], np.float32)


# --- max-norm -----------------------------------------------------------------------------------


def max_norm_by_columns(W, limit):
    result = W.copy()
    for c in range(W.shape[1]):
        length = np.linalg.norm(W[:, c])
        if length > limit:
            result[:, c] *= limit / length
    return result


def max_norm_divided(W, limit):
    """A column is divided by its length in units of the limit, by 1 at least."""
    return (W / np.maximum(1, np.sqrt((W**2).sum(axis=0)) / limit)).tolist()


# --- intervals ----------------------------------------------------------------------------------


def interval_from_scipy(a, b, level=0.95):
    d = np.subtract(a, b)
    low, high = stats.t.interval(level, len(d) - 1, loc=d.mean(), scale=stats.sem(d))
    return [d.mean(), low, high]


def interval_step_by_step(a, b, level=0.95):
    differences = [x - y for x, y in zip(a, b, strict=True)]
    n = len(differences)
    mean = math.fsum(differences) / n
    variance = math.fsum((d - mean) ** 2 for d in differences) / (n - 1)
    half = -stats.t.ppf((1 - level) / 2, n - 1) * math.sqrt(variance / n)
    return mean, mean - half, mean + half


ALTERNATIVES = {
    "positive_pmi": [pmi_cell_by_cell, pmi_at_least_one, pmi_as_difference],
    "vectors_of": [vectors_from_eigenvalues, vectors_with_diag],
    "embedding_table": [table_normal_row_by_row, table_stacked],
    "max_norm": [max_norm_by_columns, max_norm_divided],
    "paired_interval": [interval_from_scipy, interval_step_by_step],
}
