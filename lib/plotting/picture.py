"""A figure together with its description, so that nobody is left without it."""

import base64
import html
import io
from abc import ABC, abstractmethod

from matplotlib.figure import Figure
from PIL import Image

DPI = 110


class Described(ABC):
    """What a notebook shows as a PNG with alt text, and with the same words folded below it."""

    def __init__(self, alt: str) -> None:
        self.alt = alt

    def __repr__(self) -> str:
        return self.alt

    @abstractmethod
    def png(self) -> bytes:
        """What is shown, as a PNG file."""

    def _ipython_display_(self) -> None:
        """Show the figure, and fold its description below it: JupyterLab gives images no alt text of their own."""
        from IPython.display import display

        display(
            {"image/png": base64.b64encode(self.png()).decode(), "text/plain": self.alt},
            metadata={"image/png": {"alt": self.alt}},
            raw=True,
        )
        fold = f"<details><summary>Figure in words</summary>{html.escape(self.alt)}</details>"
        display({"text/html": fold, "text/plain": ""}, raw=True)


class Picture(Described):
    """What every figure function returns: the figure, and a description that becomes its alt text.

    figure: matplotlib figure, to adjust or save.  alt: what it shows, in words and rounded numbers.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        super().__init__(alt)
        self.figure = figure

    def png(self) -> bytes:
        """The figure as PNG: 256 colours keep a notebook small, and no date or version enters the file."""
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
        small = io.BytesIO()
        with Image.open(buffer) as image:
            image.convert("RGB").quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
                small, format="png", optimize=True
            )
        return small.getvalue()
