"""Where everything stands on a label, in dots: the DataMatrix on the left, the lines of text beside it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from api.labels.typefaces import typeface
from ledger.errors import Malformed

if TYPE_CHECKING:
    from api.labels.stock import Size

_MARGIN: Final = 1.3
_MODULE: Final = (0.25, 0.5)
"""How large a module of a DataMatrix is at least, so that scanners read it, and at most. In millimetres."""
_TEXT: Final = (1.5, 4.0)
"""How high a line is at least, which people still read, and at most. In millimetres."""
_QUIET: Final = 2
"""Modules around a DataMatrix that stay empty; ISO/IEC 16022 asks for one."""
_MEASURED: Final = 100
"""Dots of the height at which letters are measured."""
_BREAKS: Final = frozenset(" -/._")


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a label. lines: its text, the first of them what the item is called."""

    code: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. size: its height."""

    x: int
    y: int
    size: int
    text: str


@dataclass(frozen=True, slots=True)
class Arranged:
    """A label, arranged. modules: by rows, True is dark. cut: whether not all of its text has room."""

    width: int
    height: int
    code: str
    modules: tuple[tuple[bool, ...], ...]
    module: int
    x: int
    y: int
    lines: tuple[Line, ...]
    cut: bool


def arrange(label: Label, size: Size, dots: int) -> Arranged:
    """Return where everything stands. dots: to a millimetre. Raises Malformed LBL-02; Unavailable: no typeface."""
    modules = _modules(label.code)
    width, height, margin = round(size.width * dots), round(size.height * dots), round(_MARGIN * dots)
    room = min(height - 2 * margin, round(width * 0.45) - margin)
    module = min(room // len(modules), int(_MODULE[1] * dots))
    if module < _MODULE[0] * dots:
        need = len(modules) * _MODULE[0]
        raise Malformed("LBL-02", "size", f"the DataMatrix alone needs {need:.1f} mm and has {room / dots:.1f} mm")
    side = module * len(modules)
    x = margin + side + max(_QUIET * module, round(0.8 * dots))
    lines, cut = _fitted(label.lines, x, (width - margin - x, height - 2 * margin), dots)
    top = margin + max(0, (height - 2 * margin - sum(_pitch(one.size) for one in lines)) // 2)
    placed, y = [], top
    for one in lines:
        placed.append(Line(one.x, y, one.size, one.text))
        y += _pitch(one.size)
    return Arranged(width, height, label.code, modules, module, margin, (height - side) // 2, tuple(placed), cut)


@lru_cache(maxsize=4_096)
def _modules(code: str) -> tuple[tuple[bool, ...], ...]:
    import zxingcpp

    made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.DataMatrix, forceSquare=True)
    image: Any = made.to_image(scale=1, add_quiet_zones=False)  # a buffer, which its types do not say
    rows: Any = memoryview(image).tolist()
    return tuple(tuple(dot == 0 for dot in row) for row in rows)


def _pitch(size: int) -> int:
    return size + max(1, size // 5)


def _fitted(texts: Sequence[str], x: int, room: tuple[int, int], dots: int) -> tuple[list[Line], bool]:
    """Return the lines at the largest size at which all have room; at the smallest as many as have, and whether cut."""
    least, most = (round(one * dots) for one in _TEXT)
    wide = [_widths(text) for text in texts]

    def at(size: int) -> list[Line]:
        return [
            Line(x, 0, _larger(size, number), part)
            for number, text in enumerate(texts)
            for part in _wrapped(text, wide[number], room[0] / _larger(size, number))
        ]

    def height(size: int) -> int:
        return sum(_pitch(one.size) for one in at(size))

    if (size := bisect_right(range(least, most + 1), room[1], key=height)) > 0:
        return at(least + size - 1), False
    kept: list[Line] = []
    for one in at(least):
        if sum(_pitch(line.size) for line in (*kept, one)) > room[1]:
            break
        kept.append(one)
    return [*kept[:-1], *(Line(one.x, 0, one.size, f"{one.text[:-3]}...") for one in kept[-1:])], True


def _larger(size: int, number: int) -> int:
    """Return how high a line is: what an item is called, its first text, stands out."""
    return round(size * 1.3) if number == 0 else size


def _widths(text: str) -> tuple[float, ...]:
    """Return how wide the letters of a text are, of the height of a line."""
    font = typeface(text, _MEASURED)
    return tuple(font.getlength(one) / _MEASURED for one in text)


def _wrapped(text: str, widths: Sequence[float], room: float) -> Iterator[str]:
    """Yield the lines of a text, broken behind a space, a hyphen or the like where there is one. room: as widths."""
    begin, last, used = 0, 0, 0.0
    for at, letter in enumerate(text):
        if used + widths[at] > room and at > begin:
            end = last if last > begin + (at - begin) // 2 else at
            yield text[begin:end].strip()
            begin, used = end, sum(widths[end:at])
        used += widths[at]
        if letter in _BREAKS:
            last = at + 1
    yield text[begin:].strip()
