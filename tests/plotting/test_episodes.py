"""The three panels of the episode statistics show what was given."""

import numpy as np
import pytest

from lib.plotting import episode_statistics
from lib.plotting.curves import mean_and_half_interval, moving_mean

LENGTHS = np.array([5, 3, 1, 1])
RETURNS = np.array([-5.0, -3.0, -1.0, 9.0])


def test_one_run_is_drawn_as_it_is():
    picture = episode_statistics(LENGTHS, RETURNS, "One", smoothing=2)
    length, reward, time = picture.figure.axes
    np.testing.assert_array_equal(length.get_lines()[0].get_xydata(), [[1, 5], [2, 3], [3, 1], [4, 1]])
    np.testing.assert_allclose(reward.get_lines()[0].get_ydata(), [-5, -4, -2, 4])
    np.testing.assert_array_equal(time.get_lines()[0].get_xydata(), [[5, 1], [8, 2], [9, 3], [10, 4]])
    assert (length.get_ylabel(), time.get_ylabel(), time.get_xlabel()) == (
        "time steps",
        "episode",
        "time steps since the beginning",
    )
    assert reward.get_ylabel() == "return, mean of the last 2" and length.get_legend() is None
    assert "The first episode takes 5 time steps, the last 2 take 1 on average with a return of 4" in picture.alt
    assert "all together take 10 time steps." in picture.alt and picture.figure.get_suptitle() == "One"


def test_several_runs_are_drawn_as_their_mean_with_a_band():
    runs = np.array([LENGTHS, LENGTHS + 2, LENGTHS + 4])
    picture = episode_statistics(runs, -runs, smoothing=1)
    length, reward, time = picture.figure.axes
    np.testing.assert_allclose(length.get_lines()[0].get_ydata(), LENGTHS + 2)
    np.testing.assert_allclose(reward.get_lines()[0].get_ydata(), -LENGTHS - 2)
    np.testing.assert_allclose(time.get_lines()[0].get_xdata(), np.cumsum(LENGTHS + 2))
    half = 4.302653 * 2 / np.sqrt(3)  # Student's t for 2 degrees of freedom, standard deviation 2
    edges = length.collections[0].get_paths()[0].vertices[:, 1]
    assert (edges.min(), edges.max()) == pytest.approx((3 - half, 7 + half))
    edges = time.collections[0].get_paths()[0].vertices[:, 0]
    assert edges.max() == pytest.approx(18 + 4 * half)
    assert reward.get_ylabel() == "return" and picture.alt.endswith("18 time steps (mean of 3 runs).")


def test_labelled_runs_are_told_apart_and_named():
    picture = episode_statistics({"a": LENGTHS, "b": LENGTHS * 2}, {"a": RETURNS, "b": RETURNS}, log_y=True)
    length, reward, _ = picture.figure.axes
    assert [text.get_text() for text in length.get_legend().get_texts()] == ["a", "b"]
    first, second = length.get_lines()
    for look in ("get_color", "get_marker", "get_linestyle"):
        assert getattr(first, look)() != getattr(second, look)()
    assert (length.get_yscale(), reward.get_yscale()) == ("log", "symlog")
    assert "b: the first episode takes 10 time steps" in picture.alt


def test_logarithmic_panels_have_plain_numbers():
    figure = episode_statistics([900, 60, 20], [-900, -60, -20], smoothing=1, log_y=True).figure
    figure.draw_without_rendering()
    shown = [[tick.label1.get_text() for tick in axes.yaxis.get_major_ticks()] for axes in figure.axes[:2]]
    assert {"20", "50", "100", "200", "500"} <= set(shown[0])
    assert {"−500", "−200", "−100", "−50", "−20"} <= set(shown[1])


def test_it_can_be_drawn_without_a_warning(recwarn):
    assert episode_statistics([1], [0.0]).png().startswith(b"\x89PNG")
    assert not recwarn.list


@pytest.mark.parametrize("shape", [(0,), (2, 3, 4)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match=r"shape \(episodes,\) or \(runs, episodes\)"):
        episode_statistics(np.ones(shape), np.ones(shape))


@pytest.mark.parametrize(("lengths", "rewards"), [([1, 2], [1.0]), ({"a": [1]}, {"b": [1]}), ([1, 2], {"a": [1, 2]})])
def test_lengths_and_rewards_must_match(lengths, rewards):
    with pytest.raises(ValueError, match="same labels and the same shapes"):
        episode_statistics(lengths, rewards)


def test_moving_mean_and_interval():
    np.testing.assert_allclose(moving_mean(np.array([[2.0, 4, 6, 8]]), 3), [[2, 3, 4, 6]])
    mean, half = mean_and_half_interval(np.array([[1.0], [3.0]]))
    assert mean == 2 and half == pytest.approx(12.7062)  # t = 12.7062 for 1 degree of freedom, s / √2 = 1
