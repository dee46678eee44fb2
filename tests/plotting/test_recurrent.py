"""The unrolled network: what stands in it, and in its words."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import Circle

from lib import plotting


def test_unrolled_network():
    picture = plotting.unrolled_network(["START", "hi", "you"], ["hi", "you", "END"])
    axes = picture.figure.axes[0]
    assert sum(isinstance(patch, Circle) for patch in axes.patches) == 3 * (1 + 3)
    texts = [text.get_text() for text in axes.texts]
    assert [texts.count(f"${name}$") for name in "UVW"] == [4, 4, 4]  # the same matrices at every step
    assert {"START", "END", "$s_{-1} = 0$", "$x_{2}$", "$o_{2}$"} <= set(texts)
    assert axes.get_title() == "One loop, unrolled over a sentence"
    assert "each of 3 words" in picture.alt
    assert "after you comes END" in picture.alt
    assert not plt.get_fignums()


def test_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="2 words were given, but 1 targets"):
        plotting.unrolled_network(["a", "b"], ["b"])
