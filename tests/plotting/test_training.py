"""The text CNN in boxes: a branch for each width, and parameters as they are."""

from lib import plotting

TINY = dict(classes=("no", "maybe", "yes"), embedding=6, widths=(2, 3, 4), filters=5, dropout=0.3)


def test_every_layer_with_its_numbers():
    picture = plotting.text_network(30, title="Small", **TINY)
    (axes,) = picture.figure.axes
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("maximum over time") == 3
    for width in TINY["widths"]:
        assert f"width {width} + ReLU\n{width * 6 * 5 + 5}" in texts  # as many as Keras counts
    assert any("180 numbers" in text for text in texts) and any("48 numbers" in text for text in texts)
    assert axes.get_title() == "Small"
    for said in ("Small. ", "width 4 (125 numbers", "15 features", "share of 0.3", "no, maybe, yes"):
        assert said in picture.alt


def test_one_width_is_enough():
    picture = plotting.text_network(1000, ("a", "b"), 8, (3,), 4, 0.5, "One")
    assert "width 3 (100 numbers to learn). " in picture.alt and "8,000" in picture.alt
