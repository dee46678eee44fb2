"""Pictures of gated cells: as many gates, products and sums as the equations have."""

import pytest

from lib import plotting


def texts(picture):
    (axes,) = picture.figure.axes
    return [text.get_text() for text in axes.texts]


@pytest.mark.parametrize(
    ("draw", "sigmoids", "tanhs", "products", "names"),
    [
        (plotting.gru_cell, 2, 1, 3, ("$z$", "$r$", "$h$", "$1 - z$", "$s_{t-1}$", "$s_t$")),
        (plotting.lstm_cell, 3, 2, 3, ("$i$", "$f$", "$o$", "$g$", "$c_{t-1}$", "$c_t$", "$s_t$")),
    ],
)
def test_a_cell_has_the_parts_of_its_equations(draw, sigmoids, tanhs, products, names):
    found = texts(draw())
    assert found.count("σ") == sigmoids and found.count("tanh") == tanhs
    assert found.count("×") == products and found.count("+") == 1
    assert set(names) <= set(found)


def test_words_and_title():
    picture = plotting.gru_cell("A cell")
    assert picture.alt.startswith("A cell. ") and "reset" not in plotting.lstm_cell().alt
    (axes,) = picture.figure.axes
    assert axes.get_title() == "A cell"
