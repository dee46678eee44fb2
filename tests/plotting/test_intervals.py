"""The figure of paired runs: what is drawn, and what the words say."""

import matplotlib.pyplot as plt
import numpy as np

from lib import plotting

RUNS = {"plain": [70.0, 72.0, 71.0], "with": [73.0, 74.5, 74.0], "same": [70.0, 72.0, 71.0]}
GAINS = {"with": (2.8333, 2.1, 3.5), "same": (0.0, 0.0, 0.0)}


def test_a_line_for_every_seed_and_a_point_for_every_gain():
    picture = plotting.paired_gains(RUNS, GAINS, "Variants", "accuracy (%)", marks={"baseline": 75.0})
    left, right = picture.figure.axes
    seeds, mean, baseline = left.lines[:3], left.lines[3], left.lines[4]
    np.testing.assert_allclose([line.get_ydata() for line in seeds], np.array(list(RUNS.values())).T)
    np.testing.assert_allclose(mean.get_ydata(), [71, 73.8333, 71], atol=1e-4)
    assert list(baseline.get_ydata()) == [75, 75]
    assert [text.get_text() for text in right.texts] == ["+2.8", "+0.0"]
    assert [label.get_text() for label in right.get_xticklabels()] == ["with", "same"]
    ends = right.containers[0].lines[2][0].get_segments()[0]
    np.testing.assert_allclose(ends[:, 1], [2.1, 3.5])
    assert not plt.get_fignums()


def test_the_words_hold_every_number():
    alt = plotting.paired_gains(RUNS, GAINS, "Variants", "accuracy (%)", marks={"baseline": 75.0}).alt
    assert "of 3 runs each: plain 70.00 to 72.00, mean 71.00; with 73.00 to 74.50, mean 73.83" in alt
    assert "dotted line marks baseline at 75.00" in alt
    assert "gains over plain with intervals: with +2.83 (+2.10 to +3.50); same +0.00" in alt
    assert "baseline" not in plotting.paired_gains(RUNS, GAINS, "Variants", "accuracy (%)").alt
