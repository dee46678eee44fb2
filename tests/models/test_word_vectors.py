"""Word vectors from counts: by hand on small texts, and against the dense formula."""

import numpy as np
import pytest
import scipy.sparse as sp

from lib.models.word_vectors import SMOOTHING, WordVectors, neighbour_counts, positive_pmi, train_vectors
from lib.text.reviews import NAMES, Encoder


def test_neighbour_counts_by_hand():
    """Window 2: a neighbour counts 1, the one behind it 1/2. Word 3 is alone; -1 takes its place without counting."""
    sentences = [np.array([0, 1, 2]), np.array([1, -1, 0]), np.array([3])]
    counts = neighbour_counts(sentences, words=4, window=2).toarray()
    want = np.array([[0, 1 + 0.5, 0.5, 0], [1 + 0.5, 0, 1, 0], [0.5, 1, 0, 0], [0, 0, 0, 0]])
    np.testing.assert_array_equal(counts, want)


def test_neighbours_do_not_reach_into_the_next_sentence():
    assert neighbour_counts([np.array([0]), np.array([1])], 2, window=5).nnz == 0


def test_a_word_beside_itself_is_its_neighbour_from_both_sides():
    assert neighbour_counts([np.array([0, 0])], 1, window=1).toarray().tolist() == [[2.0]]


def test_neighbour_counts_against_two_loops():
    rng, window, words = np.random.default_rng(0), 3, 6
    sentences = [rng.integers(-1, words, size=n) for n in (9, 1, 0, 14)]
    want = np.zeros((words, words))
    for sentence in sentences:
        for i, one in enumerate(sentence):
            for j, other in enumerate(sentence):
                if i != j and abs(i - j) <= window and one >= 0 and other >= 0:
                    want[one, other] += (window + 1 - abs(i - j)) / window
    counts = neighbour_counts(sentences, words, window)
    np.testing.assert_allclose(counts.toarray(), want)
    np.testing.assert_allclose(counts.toarray(), counts.toarray().T)


def test_positive_pmi_against_the_dense_formula():
    rng = np.random.default_rng(1)
    counts = rng.poisson(0.7, size=(12, 12)) * rng.uniform(0.5, 4, size=(12, 12))
    counts = counts + counts.T
    joint, power = counts / counts.sum(), counts.sum(axis=1) ** SMOOTHING
    with np.errstate(divide="ignore"):
        pmi = np.log(joint / (joint.sum(axis=1)[:, None] * power / power.sum()))
    table = positive_pmi(sp.csr_matrix(counts))
    assert table.dtype == np.float32
    assert 0 < table.nnz < np.count_nonzero(counts) and table.data.min() > 0
    np.testing.assert_allclose(table.toarray(), np.maximum(pmi, 0), rtol=1e-5, atol=1e-6)


def test_words_that_keep_the_same_company_lie_close_together():
    rng = np.random.default_rng(0)
    nouns = {"animal": ["cat", "dog", "hen"], "drink": ["tea", "milk", "juice"]}
    company = {"animal": ["barks", "eats", "runs"], "drink": ["cold", "sweet", "poured"]}
    sentences = []
    for _ in range(300):
        kind = rng.choice(list(nouns))
        sentences.append([str(rng.choice(company[kind])), str(rng.choice(nouns[kind])), str(rng.choice(company[kind]))])
    vectors = train_vectors([*sentences, ["rare"] * 4], dimensions=4, window=2)
    assert vectors.vectors.shape == (12, 4) and vectors.vectors.dtype == np.float32
    assert "rare" not in vectors and "cat" in vectors
    assert np.sqrt(np.mean(vectors.vectors**2)) == pytest.approx(0.25 / np.sqrt(3))
    assert {word for word, _ in vectors.nearest("cat", 2)} == {"dog", "hen"}
    assert {word for word, _ in vectors.nearest("tea", 2)} == {"milk", "juice"}


@pytest.fixture
def three():
    return WordVectors(("good", "fine", "bad"), np.array([[3, 4], [6, 8.5], [4, -3]], np.float32))


def test_nearest_by_the_angle(three):
    (first, near), (second, far) = three.nearest("good")
    assert (first, second) == ("fine", "bad")
    assert near == pytest.approx((18 + 34) / (5 * np.hypot(6, 8.5))) and far == pytest.approx(0, abs=1e-6)
    assert three.nearest("good", 1) == [(first, near)]
    with pytest.raises(KeyError):
        three["unheard"]


def test_the_table_begins_an_embedding(three):
    encoder = Encoder((*NAMES, "bad", "unheard", "good"))
    table = three.table(encoder, seed=1)
    assert table.shape == (5, 2) and table.dtype == np.float32
    np.testing.assert_array_equal(table[0], 0)
    np.testing.assert_array_equal(table[[2, 4]], three.vectors[[2, 0]])
    np.testing.assert_array_equal(table, three.table(encoder, seed=1))
    changed = (table != three.table(encoder, seed=2)).any(axis=1)
    assert changed.tolist() == [False, True, False, True, False]


def test_random_rows_are_as_large_as_the_vectors():
    vectors = WordVectors(("a",), np.random.default_rng(0).normal(0, 0.3, (1, 400)).astype(np.float32))
    table = vectors.table(Encoder((*NAMES, *map(str, range(50)))))
    assert table[1:].std() == pytest.approx(vectors.vectors.std(), rel=0.03)
    assert np.abs(table).max() <= np.sqrt(3) * vectors.vectors.std() * (1 + 1e-6)
