"""split_by_group: a partition that depends on nothing but the keys."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.datasets import split_by_group

KEYS = st.lists(st.one_of(st.integers(0, 20), st.text(max_size=3)), max_size=60)
FRACTIONS = st.lists(st.integers(1, 9), min_size=1, max_size=4).map(
    lambda weights: [weight / sum(weights) for weight in weights]
)


@given(KEYS, FRACTIONS)
def test_every_row_is_in_one_part(keys, fractions):
    parts = split_by_group(keys, fractions)
    assert len(parts) == len(fractions)
    assert sorted(np.concatenate(parts)) == list(range(len(keys)))
    assert all(np.all(np.diff(part) > 0) for part in parts)


@given(KEYS, FRACTIONS)
def test_no_group_is_in_two_parts(keys, fractions):
    groups = [{str(keys[row]) for row in part} for part in split_by_group(keys, fractions)]
    assert sum(map(len, groups)) == len({str(key) for key in keys})


@given(KEYS, st.data())
def test_a_group_stays_in_its_part_when_rows_are_shuffled_and_dropped(keys, data):
    order = data.draw(st.permutations(range(len(keys))))[: len(keys) // 2]
    part_of = {keys[row]: i for i, part in enumerate(split_by_group(keys)) for row in part}
    fewer = [keys[row] for row in order]
    for i, part in enumerate(split_by_group(fewer)):
        assert all(part_of[fewer[row]] == i for row in part)


def test_lists_and_arrays_of_keys_agree():
    keys = [3, 1, 4, 1, 5, 9, 2, 6]
    for a, b in zip(split_by_group(keys), split_by_group(np.array(keys)), strict=True):
        assert a.dtype == np.int64
        np.testing.assert_array_equal(a, b)


def test_parts_have_about_their_fraction_of_the_groups():
    parts = split_by_group(range(10_000))
    # Three standard deviations of a binomial count.
    for part, fraction in zip(parts, (0.8, 0.1, 0.1), strict=True):
        assert abs(len(part) - 10_000 * fraction) < 3 * np.sqrt(10_000 * fraction * (1 - fraction))


def test_another_process_splits_the_same_way():
    code = "from lib.datasets import split_by_group as s; print(s(range(30))[1].tolist())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(split_by_group(range(30))[1].tolist())


@pytest.mark.parametrize("fractions", [(0.8, 0.1), (0.5, 0.6, -0.1), (1.0, 0.0), ()])
def test_fractions_that_make_no_sense(fractions):
    with pytest.raises(ValueError, match="positive and sum to 1"):
        split_by_group([1, 2, 3], fractions)
