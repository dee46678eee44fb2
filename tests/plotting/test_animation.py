"""Animations: what plays is what was given, in a small file with words."""

import io

import numpy as np
import pytest
from PIL import Image

from lib import plotting
from lib.plotting import style

RED, GREEN, BLUE = (200, 0, 0), (0, 160, 0), (0, 0, 220)


def episode(*colours, height=40, width=60):
    """One frame per colour."""
    return [np.full((height, width, 3), colour, dtype=np.uint8) for colour in colours]


def opened(animation):
    return Image.open(io.BytesIO(animation.png()))


def pictures(animation):
    """The frames as they are seen, (T, H, W, 3)."""
    with opened(animation) as file:
        shown = []
        for number in range(file.n_frames):
            file.seek(number)
            shown.append(np.asarray(file.convert("RGB")).astype(int))
    return np.array(shown)


def close(pixels, colour, within=6):
    return (np.abs(pixels - np.array(colour)) <= within).all(axis=-1)


@pytest.fixture(autouse=True)
def light():
    yield
    plotting.use_theme("light")


def test_it_plays_the_frames_in_order_at_their_speed():
    with opened(plotting.animation(episode(RED, GREEN, BLUE), "T", "Colours.", fps=20, width=60)) as file:
        assert file.format == "PNG" and file.is_animated and file.n_frames == 3
        durations = []
        for number, colour in enumerate((RED, GREEN, BLUE)):
            file.seek(number)
            durations.append(file.info["duration"])
            assert tuple(np.asarray(file.convert("RGB"))[-20, 30]) == colour
        assert durations == [50, 50, 2000]  # the end is seen for two seconds


def test_it_stops_by_itself():
    with opened(plotting.animation(episode(RED, GREEN), "T", "Colours.")) as file:
        assert file.info["loop"] == 3


def test_the_same_frames_give_the_same_bytes():
    frames = list(np.random.default_rng(0).integers(0, 256, size=(5, 30, 40, 3), dtype=np.uint8))
    draw = lambda: plotting.animation({"a": frames, "b": frames[:2]}, "T", "Noise.").png()  # noqa: E731
    assert draw() == draw()


def test_side_by_side_the_shorter_one_waits_paler_and_says_so():
    episodes = {"short": episode(RED), "long": episode(GREEN, GREEN, BLUE)}
    shown = plotting.animation(episodes, "T", "Two.", width=180)
    first, *_, last = pictures(shown)
    left, right = (slice(-100, -14), slice(14, 190)), (slice(-100, -14), slice(-190, -14))
    assert close(first[left], RED).all() and close(first[right], GREEN).all()
    pale = 0.4 * np.array(RED) + 0.6 * 255
    assert close(last[left], pale).all() and close(last[right], BLUE).all()
    assert "short 0 steps, long 2 steps" in shown.alt


def test_a_long_episode_keeps_its_length_in_seconds_and_its_last_frame():
    colours = [(i % 250, i // 250 * 100, 7) for i in range(700)]
    shown = plotting.animation(episode(*colours, height=4, width=4), "T", "Long.", fps=50)
    assert len(shown.frames) <= 201
    assert sum(seconds for _, seconds in shown.frames[:-1]) == pytest.approx(699 / 50, rel=0.01)
    assert shown.frames[-1][0].getpixel((14, shown.frames[-1][0].height - 14)) == colours[-1]


def test_one_frame_is_a_still_picture():
    shown = plotting.animation(episode(RED), "T", "Red.")
    assert shown.alt == "T. Red."
    with opened(shown) as file:
        assert getattr(file, "n_frames", 1) == 1


@pytest.mark.parametrize(("wide", "panel"), [(600, 240), (100, 200), (150, 150), (240, 240)])
def test_pictures_shrink_to_the_width_or_grow_by_a_whole_factor(wide, panel):
    shown = plotting.animation(episode(RED, BLUE, height=wide // 2, width=wide), "T", "Sizes.", width=240)
    picture = shown.frames[0][0]
    assert picture.width - panel == 24 and picture.height - panel // 2 == 24 + 22  # margins, and the title's line


def test_a_long_title_widens_the_picture_instead_of_being_cut():
    title = "A title that is much longer than the picture is wide"
    first = pictures(plotting.animation(episode(RED, BLUE), title, "Title."))[0]
    assert first.shape[1] > 350
    assert close(first[:, -8:], (255, 255, 255)).all()  # no letter comes near the edge


def test_a_long_caption_widens_its_panel():
    frames = {"a label longer than its picture": episode(RED, BLUE), "b": episode(GREEN, GREEN)}
    picture = plotting.animation(frames, "T", "Two.", width=60).frames[-1][0]
    assert picture.width > 400
    column = np.asarray(picture).astype(int)[:, -76:-12]
    assert close(column, GREEN).any() and not close(column, BLUE).any()


def test_frequent_colours_are_kept_as_they_are():
    rng = np.random.default_rng(0)
    frames = [np.full((60, 80, 3), (250, 251, 255), dtype=np.uint8) for _ in range(6)]
    for frame in frames:
        frame[:20] = rng.integers(0, 256, size=(20, 80, 3))  # far more colours than the file has
    last = pictures(plotting.animation(frames, "T", "Noise above a plain.", width=80))[-1]
    assert (last[-30, 20:60] == (250, 251, 255)).all() and (last[2, 2] == 255).all()
    assert np.abs(last[34:54, 12:92] - frames[-1][:20]).mean() < 40


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_letters_and_paper_follow_the_theme(theme):
    plotting.use_theme(theme)
    first = pictures(plotting.animation(episode(RED, BLUE), "MMMM", "Theme.", width=60))[0]
    paper, ink = (tuple(int(style.THEMES[theme][k][i : i + 2], 16) for i in (1, 3, 5)) for k in ("paper", "ink"))
    assert close(first[:30], paper).any() and close(first[:30], ink, within=20).any()


def test_an_episode_of_an_environment_is_a_small_file():
    frames, x = [], np.arange(600)
    for step in range(300):
        frame = np.full((400, 600, 3), 255, dtype=np.uint8)
        frame[200:300, (x > step) & (x < step + 60)] = (0, 0, 0)
        frames.append(frame)
    assert len(plotting.animation({"a": frames, "b": frames[:40]}, "T", "A block moves.").png()) < 60_000


def test_a_notebook_gets_alt_text_and_words(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: shown.append((args[0], kwargs)))
    animation = plotting.animation(episode(RED, BLUE), "Colours", "Red turns <blue>.")
    animation._ipython_display_()
    (image, options), (words, _) = shown
    assert repr(animation) == "Colours. Animation: 1 steps. Red turns <blue>."
    assert options["metadata"]["image/png"]["alt"] == image["text/plain"] == repr(animation)
    assert "Red turns &lt;blue&gt;." in words["text/html"] and "<summary>" in words["text/html"]


@pytest.mark.parametrize(
    "frames",
    [[], {"a": []}, [np.zeros((4, 4))], [np.zeros((4, 4, 3))], [None], [np.zeros((4, 4, 4), dtype=np.uint8)]],
)
def test_what_is_no_picture_is_refused_with_advice(frames):
    with pytest.raises(ValueError, match='render_mode="rgb_array"'):
        plotting.animation(frames, "T", "Nothing.")
