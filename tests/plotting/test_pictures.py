"""Pictures, themes, and the figures of classifiers and training: what is drawn is what was given."""

import io

import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from lib import plotting
from lib.plotting import style


@pytest.fixture(autouse=True)
def light():
    yield
    plotting.use_theme("light")


def axes_of(picture):
    return [axes for axes in picture.figure.axes if axes.get_visible()]


def test_picture_is_its_description_in_words():
    picture = plotting.training_curves({"loss": [3.0, 2.0, 1.0]}, "Falling", "loss")
    assert repr(picture) == picture.alt
    assert "loss goes from 3 to 1" in picture.alt


def test_png_is_small_and_the_same_each_time():
    def draw():
        return plotting.training_curves({"loss": np.linspace(3, 1, 100)}, "Falling", "loss").png()

    assert draw() == draw()
    assert len(draw()) < 40_000
    with Image.open(io.BytesIO(draw())) as image:
        assert image.format == "PNG" and image.width > 500 and "Software" not in image.info


def test_notebooks_get_alt_text_and_escaped_words(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: shown.append((args[0], kwargs)))
    plotting.training_curves({"a<b": [1, 2]}, "T", "y")._ipython_display_()
    (image, options), (words, _) = shown
    assert options["metadata"]["image/png"]["alt"] == image["text/plain"]
    assert "a&lt;b" in words["text/html"] and "<summary>" in words["text/html"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_theme_reaches_paper_and_letters(theme):
    plotting.use_theme(theme)
    picture = plotting.training_curves({"loss": [2, 1]}, "T", "y")
    (axes,) = axes_of(picture)
    assert to_hex(picture.figure.get_facecolor()) == style.THEMES[theme]["paper"]
    assert to_hex(axes.xaxis.label.get_color()) == style.THEMES[theme]["ink"]
    assert to_hex(axes.get_legend().get_texts()[0].get_color()) == style.THEMES[theme]["ink"]
    assert to_hex(axes.get_legend().get_frame().get_facecolor()) == style.THEMES[theme]["paper"]


def test_unknown_theme_is_refused_with_the_choices():
    with pytest.raises(ValueError, match="'sepia': choose one of light, dark"):
        plotting.use_theme("sepia")


def luminance(colour):
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return np.dot(linear, [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("theme", style.THEMES.values(), ids=style.THEMES)
def test_letters_stand_out_from_the_paper(theme):
    low, high = sorted([luminance(theme["paper"]), luminance(theme["ink"])])
    assert (high + 0.05) / (low + 0.05) >= 7  # the stricter level of WCAG 2


def test_training_curves_keep_to_their_limits():
    (axes,) = axes_of(plotting.training_curves({"fall": [-1, -1000]}, "T", "y", limits=(-160, 0)))
    assert axes.get_ylim() == (-160, 0)


def test_curves_are_told_apart_by_more_than_colour():
    labels = [f"curve {number}" for number in range(8)]
    (axes,) = axes_of(plotting.training_curves({label: [1, 2, 3] for label in labels}, "T", "y"))
    lines = axes.get_lines()
    for look in ("get_marker", "get_linestyle", "get_color"):
        assert len({str(getattr(line, look)()) for line in lines}) >= (4 if look == "get_linestyle" else 8)


def test_curves_draw_the_data_bands_and_marks():
    runs = np.array([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]])
    picture = plotting.training_curves(
        {"two runs": runs}, "T", "error", x=np.array([10, 20, 30]), marks={"best": 1.5}, log_x=True
    )
    (axes,) = axes_of(picture)
    np.testing.assert_allclose(axes.get_lines()[0].get_xydata(), [[10, 2], [20, 3], [30, 4]])
    low, high = (
        axes.collections[0].get_paths()[0].vertices[:, 1].min(),
        axes.collections[0].get_paths()[0].vertices[:, 1].max(),
    )
    assert (low, high) == (1.0, 5.0)
    assert axes.get_lines()[1].get_ydata()[0] == 1.5 and "best at 1.5" in picture.alt
    assert axes.get_xscale() == "log" and "2 runs ending between 3 and 5" in picture.alt
    assert axes.get_xlabel() == "step" and axes.get_ylabel() == "error" and axes.get_title() == "T"


@pytest.mark.parametrize(
    ("ends", "numbers"),
    [((80, 2500), ["100", "200", "500", "1,000", "2,000"]), ((0.015, 0.6), ["0.02", "0.05", "0.1", "0.2", "0.5"])],
)
def test_logarithmic_axes_have_plain_numbers(ends, numbers):
    pictures = (
        plotting.training_curves({"a": ends}, "T", "y", log_y=True),
        plotting.learning_curves({"a": [ends, ends]}, "T", "y", log_y=True),
    )
    for picture in pictures:
        (axes,) = axes_of(picture)
        low, high = axes.get_ylim()
        shown = [label.get_text() for label in axes.get_yticklabels() if low <= label.get_position()[1] <= high]
        assert shown == numbers and not any(label.get_text() for label in axes.get_yticklabels(minor=True))


def test_over_many_decades_powers_of_ten_remain():
    (axes,) = axes_of(plotting.training_curves({"a": [1e-9, 1]}, "T", "y", log_y=True))
    assert all("10^{" in label.get_text() for label in axes.get_yticklabels())


def test_bars_carry_their_heights():
    picture = plotting.bars({"a": 1.0, "b": 0.25}, "T", "share", log_y=True)
    (axes,) = axes_of(picture)
    assert [patch.get_height() for patch in axes.patches] == [1.0, 0.25]
    assert "b 0.25" in picture.alt and axes.get_yscale() == "log"


def test_scatter_shows_every_point_with_a_marker_per_class():
    X, y = np.arange(12.0).reshape(6, 2), np.array([0, 1, 2, 0, 1, 2])
    (axes,) = axes_of(plotting.scatter(X, y, "Points"))
    assert len(axes.collections) == 3
    for k, points in enumerate(axes.collections):
        np.testing.assert_allclose(points.get_offsets(), X[y == k])


def test_boundary_states_the_accuracy_of_each_model():
    X, y = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0], [3.0, 1.0]]), np.array([0, 0, 1, 1])
    models = {"good": lambda x: (x[:, 0] > 1.5).astype(int), "constant": lambda x: np.zeros(len(x), dtype=int)}
    picture = plotting.decision_boundaries(models, X, y, "Two")
    assert [axes.get_title() for axes in axes_of(picture)] == ["good: 100.0%", "constant: 50.0%"]
    assert "good classifies 100.0%" in picture.alt and "constant classifies 50.0%" in picture.alt


def test_boundaries_hide_the_empty_panels():
    X, y = np.zeros((2, 2)), np.array([0, 1])
    models = {str(number): lambda x: np.zeros(len(x), dtype=int) for number in range(5)}
    assert len(axes_of(plotting.decision_boundaries(models, X, y, columns=4))) == 5


def test_confusion_matrix_counts():
    true, said = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 2, 0, 0])
    picture = plotting.confusion_matrix(true, said)
    (axes,) = axes_of(picture)
    texts = {tuple(map(int, text.get_position()[::-1])): int(text.get_text()) for text in axes.texts}
    assert texts == {(0, 0): 1, (0, 1): 1, (1, 1): 1, (2, 2): 1, (2, 0): 2}
    assert "3 of 6 on the diagonal" in picture.alt and "2 taken for 0 (2×)" in picture.alt
    assert axes.get_xlabel() == "predicted class" and axes.get_ylabel() == "true class"


def test_gallery_shows_each_image_with_its_caption():
    images = np.random.default_rng(0).random((5, 64))
    picture = plotting.digit_gallery(images, list("abcde"), "Five", columns=3)
    shown = [axes for axes in axes_of(picture) if axes.images]
    assert [axes.get_title() for axes in shown] == list("abcde")
    np.testing.assert_allclose(shown[3].images[0].get_array(), images[3].reshape(8, 8))
    assert repr(plotting.digit_gallery(images[:0], [], "None left")).startswith("None left: 0 pictures")


def test_learning_curves_show_the_mean_and_student_s_interval():
    runs = np.array([[1.0, 4.0, 4.0], [3.0, 6.0, 8.0], [5.0, 5.0, 6.0]])
    picture = plotting.learning_curves({"agent": runs}, "Learning", "return", marks={"best": 7.0})
    (axes,) = axes_of(picture)
    x, mean = axes.lines[0].get_data()
    assert x.tolist() == [1, 2, 3] and mean.tolist() == [3, 5, 6]
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    half = 4.302653 * 2 / np.sqrt(3)  # the 97.5 % point of Student's t with 2 degrees of freedom, times s / √n
    assert band.min() == pytest.approx(3 - half) and band.max() == pytest.approx(6 + half)
    assert "goes from 3 to 6 ± 5" in picture.alt and "best at 7" in picture.alt


def test_learning_curves_are_smoothed_over_the_last_episodes():
    runs = np.array([[0.0, 2.0, 4.0, 6.0], [0.0, 2.0, 4.0, 6.0]])
    (axes,) = axes_of(plotting.learning_curves({"agent": runs}, "T", "return", smoothing=2))
    assert axes.lines[0].get_ydata().tolist() == [0, 1, 3, 5]
    assert axes.get_ylabel() == "return, mean of the last 2"


@pytest.mark.parametrize("shape", [(5,), (1, 5)])
def test_learning_curves_of_one_run_have_no_interval(shape):
    with pytest.raises(ValueError, match="two runs or more"):
        plotting.learning_curves({"agent": np.zeros(shape)}, "T", "y")


def test_bars_write_large_numbers_in_full():
    picture = plotting.bars({"a": 10_048.2, "b": 0.12345}, "T", "backups")
    assert "a 10,048; b 0.123" in picture.alt
