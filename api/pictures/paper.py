"""The sheet that charts are drawn on: everything has a place in points, so that no font of this machine moves anything.

What is written is text in the file, not paths: it can be read aloud, searched and translated, and a reader's own fonts
show it. The same picture is the same bytes on every machine with the same version of the library.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import warnings
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

MARGIN: Final = 24.0
SIZE: Final = 11.0
"""Of letters."""
LINE: Final = 16.0
"""From one line of text to the next."""

_POINTS: Final = 72.0  # of an inch
_FONTS: Final = (
    "'DejaVu Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', 'WenQuanYi Zen Hei', 'SimHei', sans-serif"
)
_STYLE: Final[Any] = {
    "font.family": ["DejaVu Sans"],  # comes with the library: what is measured with it is the same everywhere
    "font.size": SIZE,
    "svg.fonttype": "none",
    "svg.hashsalt": "vialog",
    "axes.linewidth": 0.8,
    "hatch.linewidth": 0.8,
}
"""Settings of the library, whose names its types spell out one by one."""
_FAMILY: Final = re.compile(r"font-family: [^;\"]*")
_WORD: Final = re.compile(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+")
_WIDE: Final = frozenset("WF")
_NARROW: Final = 0.6
"""How wide a letter that is not Chinese is on the average, of its size."""


class Sheet:
    """A sheet of a size, with its origin at the top left."""

    def __init__(self, width: float, height: float) -> None:
        """Begin an empty sheet."""
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / _POINTS, height / _POINTS), dpi=_POINTS, facecolor="white")

    def write(self, left: float, base: float, text: str, *, align: str = "left", bold: bool = False) -> None:
        """Write one line of text. base: where its letters stand."""
        weight = "bold" if bold else "normal"
        place = left / self.width, 1 - base / self.height
        # A dollar sign would begin a formula.
        self.figure.text(*place, text, ha=align, va="baseline", weight=weight, parse_math=False)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return a part of the sheet with a scale of its own, with nothing around it but a line below."""
        box = left / self.width, 1 - (top + height) / self.height, width / self.width, height / self.height
        axes = self.figure.add_axes(box)
        axes.spines[["top", "right"]].set_visible(False)
        return axes


def svg(width: float, height: float, title: str, about: str, paint: Callable[[Sheet], None]) -> bytes:
    """Return a picture as the bytes of an SVG file.

    title, about: what it is and what it shows, for those who do not see it. paint: draws it.
    """
    file = io.StringIO()
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # The library has no Chinese letters to measure; nothing here stands where a measure would put it.
        warnings.filterwarnings("ignore", message="Glyph ")
        sheet = Sheet(width, height)
        paint(sheet)
        sheet.figure.savefig(file, format="svg", metadata={"Date": None, "Creator": "Vialog", "Title": title})
    told = _FAMILY.sub(f"font-family: {_FONTS}", file.getvalue())
    called = html.escape(title, quote=False)
    heading = f"<title>{called}</title>"
    described = f'<title id="title">{called}</title>\n <desc id="desc">{html.escape(about, quote=False)}</desc>'
    named = '<svg role="img" aria-labelledby="title desc" '
    return told.replace("<svg ", named, 1).replace(heading, described, 1).encode()


def wrapped(text: str, width: float) -> list[str]:
    """Return a text in lines of a width at most: broken between words, and anywhere between Chinese letters."""
    lines, line = [], ""
    for word in (piece for one in _WORD.findall(text) for piece in _pieces(one, width)):
        if line and length((line + word).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word if line else word.lstrip()
    return [*lines, line.rstrip()] if line or not lines else lines


def length(text: str) -> float:
    """Return how long a text is, in points, by what letters are wide at most, asking no font."""
    return SIZE * sum(1.0 if unicodedata.east_asian_width(one) in _WIDE else _NARROW for one in text)


def _pieces(word: str, width: float) -> list[str]:
    """Return a word, in pieces where it is longer than a line."""
    pieces = [""]
    for one in word:
        if length((pieces[-1] + one).rstrip()) > width and pieces[-1]:
            pieces.append("")
        pieces[-1] += one
    return pieces
