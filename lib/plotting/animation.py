"""Rendered episodes as an animated picture, several of them side by side.

The file is an animated PNG. JupyterLab, GitHub and exported HTML pages all show `image/png` (an exported page drops
`image/gif`), browsers play it, and what cannot play it, such as a printed page, shows its first frame. It plays
`PLAYS` times and rests on its last frame: nothing keeps moving beside the text. A browser that is told not to
animate images leaves it still.
"""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lib.plotting.picture import Described
from lib.plotting.style import ink, paper

PLAYS = 3
PAUSE = 2.0  # seconds on the last frame, so that the end is seen before it begins again
MAX_FRAMES = 200  # a longer episode is shown with some of its frames left out, at the same speed
PALETTE, EXACT = 64, 16  # colours in the file; how many of them are the most frequent ones, unchanged
GAP, LINE, LETTERS = 12, 22, 15  # pixels: between panels and around them; of a line of text; of its letters


class Animation(Described):
    """An animated picture and its description.

    frames: what is shown, one after the other, each with the seconds that it stays.
    alt: what it shows, in words.
    """

    def __init__(self, frames: Sequence[tuple[Image.Image, float]], alt: str) -> None:
        super().__init__(alt)
        self.frames = list(frames)

    def png(self) -> bytes:
        """The animation as a PNG with one palette of few colours: the same frames give the same bytes."""
        first, *others = _with_one_palette([picture for picture, _ in self.frames])
        milliseconds = [round(1000 * seconds) for _, seconds in self.frames]
        buffer = io.BytesIO()
        options = {"save_all": True, "append_images": others, "duration": milliseconds, "loop": PLAYS}
        first.save(buffer, format="png", optimize=True, **(options if others else {}))
        return buffer.getvalue()


def animation(
    frames: Sequence[np.ndarray] | Mapping[str, Sequence[np.ndarray]],
    title: str,
    alt: str,
    fps: float = 30,
    width: int = 300,
) -> Animation:
    """Play an episode, or several side by side that begin together.

    frames: pictures (H, W, 3) of uint8, the first after `reset` and one after each step, as `env.render()` gives
        them with render_mode="rgb_array"; or label -> such pictures. An episode that is over waits on its last
        picture, paler than before.
    alt: what is seen to happen, for those who do not see it.
    fps: pictures in a second.  width: of one panel in pixels; small pictures grow by a whole factor.
    """
    panels = dict(frames) if isinstance(frames, Mapping) else {"": frames}
    panels = {label: [np.asarray(frame) for frame in shown] for label, shown in panels.items()}
    for label, shown in panels.items():
        if not shown or any(one.ndim != 3 or one.shape[2] != 3 or one.dtype != np.uint8 for one in shown):
            raise ValueError(
                f"The animation {label or title!r} needs at least one frame, and frames of shape (height, width, 3) "
                'with numbers of type uint8: was the environment made with render_mode="rgb_array"?'
            )
    longest = max(map(len, panels.values()))
    every = -(-longest // MAX_FRAMES)
    times = [*range(0, longest - 1, every), longest - 1]
    scaled = {label: _Panel(label, shown, width) for label, shown in panels.items()}
    pictures = [_side_by_side([panel.at(time) for panel in scaled.values()], title) for time in times]
    seconds = [*(every / fps for _ in times[1:]), PAUSE]
    lengths = ", ".join(f"{label} {len(shown) - 1} steps".strip() for label, shown in panels.items())
    kind = f"Animation: {lengths}. " if longest > 1 else ""
    return Animation(list(zip(pictures, seconds, strict=True)), f"{title}. {kind}{alt}")


class _Panel:
    """One episode with its label."""

    def __init__(self, label: str, frames: list[np.ndarray], width: int) -> None:
        self.label, self.frames, self.width = label, frames, width

    def at(self, time: int) -> Image.Image:
        """The panel at that time; the last frame, paler, once the episode is over."""
        picture = Image.fromarray(self.frames[min(time, len(self.frames) - 1)])
        if picture.width > self.width:
            height = round(picture.height * self.width / picture.width)
            picture = picture.resize((self.width, height), Image.Resampling.BOX)
        else:
            factor = max(1, self.width // picture.width)
            picture = picture.resize((factor * picture.width, factor * picture.height), Image.Resampling.NEAREST)
        if time >= len(self.frames):
            picture = Image.blend(picture, Image.new("RGB", picture.size, paper()), 0.6)
        if not self.label:
            return picture
        last = len(self.frames) - 1
        longest = f"{self.label} · {last} steps"
        width = max(picture.width, round(_font().getlength(longest)) + 1)
        framed = Image.new("RGB", (width, picture.height + LINE), paper())
        framed.paste(picture, (0, LINE))
        _write(framed, (0, 0), longest if time >= last else self.label)
        return framed


def _side_by_side(panels: list[Image.Image], title: str) -> Image.Image:
    """The panels in a row under the title."""
    width = sum(panel.width for panel in panels) + GAP * (len(panels) - 1)
    width = max(width, round(_font(bold=True).getlength(title)) + 1)
    height = max(panel.height for panel in panels) + LINE
    whole = Image.new("RGB", (width + 2 * GAP, height + 2 * GAP), paper())
    _write(whole, (GAP, GAP), title, bold=True)
    left = GAP
    for panel in panels:
        whole.paste(panel, (left, GAP + LINE))
        left += panel.width + GAP
    return whole


def _write(picture: Image.Image, place: tuple[int, int], text: str, bold: bool = False) -> None:
    ImageDraw.Draw(picture).text(place, text, fill=ink(), font=_font(bold))


def _font(bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font of the figures; it comes with Matplotlib."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(mpl.get_data_path()) / "fonts" / "ttf" / name, LETTERS)


def _with_one_palette(pictures: list[Image.Image]) -> list[Image.Image]:
    """The pictures with the same few colours; the nearest one for each pixel."""
    packed = [np.asarray(picture, dtype=np.int64) @ (1 << 16, 1 << 8, 1) for picture in pictures]
    colours = _palette(packed)
    present = np.zeros(1 << 24, dtype=bool)
    for codes in packed:
        present[codes] = True
    used, nearest = np.flatnonzero(present), np.zeros(1 << 24, dtype=np.uint8)
    for some in np.array_split(used, 1 + len(used) // 10_000):
        distance = ((_channels(some)[:, None] - _channels(colours)[None]) ** 2).sum(axis=-1)
        nearest[some] = distance.argmin(axis=1)
    done = [
        Image.frombytes("P", picture.size, nearest[codes].tobytes())
        for picture, codes in zip(pictures, packed, strict=True)
    ]
    for picture in done:
        picture.putpalette(_channels(colours).astype(np.uint8).tobytes())
    return done


def _palette(packed: list[np.ndarray]) -> np.ndarray:
    """Colours as packed numbers: the most frequent ones of some frames, and others that stand for the rest."""
    some = np.concatenate([packed[round(i)] for i in np.linspace(0, len(packed) - 1, 8)])
    codes, counts = np.unique(some, return_counts=True)
    by_frequency = codes[np.argsort(-counts, kind="stable")]
    if len(by_frequency) <= PALETTE:
        return by_frequency
    picture = Image.fromarray(_channels(some).astype(np.uint8))
    fewer = picture.quantize(PALETTE - EXACT, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    others = np.array(fewer.getpalette(), dtype=np.int64).reshape(-1, 3) @ (1 << 16, 1 << 8, 1)
    return np.concatenate([by_frequency[:EXACT], others])


def _channels(codes: np.ndarray) -> np.ndarray:
    """Red, green and blue in a new last axis."""
    return np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=-1)
