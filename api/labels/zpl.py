"""Labels for printers that speak ZPL II: ASCII alone, whatever stands on them, so that no text can be a command.

The printer draws the DataMatrix (^BX), and text of ASCII in a typeface of its own (^A0). Such printers have no Chinese
typeface, so other text goes as a picture (^GFA). In a text of ours, every character but letters, digits and spaces is
written as its number (^FH), so ``^XZ`` on a label ends no label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.labels.arranging import arrange
from api.labels.drawing import paint_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from api.labels.arranging import Arranged, Label
    from api.labels.stock import Size

DOTS: Final = (8, 12, 24)
"""To a millimetre, of the printers that there are: 203, 300 and 600 to an inch."""


def zpl(labels: Iterable[Label], size: Size, dots: int) -> bytes:
    """Return labels one after the other. Raises as ``arrange``."""
    return "".join(f"{line}\n" for label in labels for line in _told(arrange(label, size, dots))).encode("ascii")


def _told(one: Arranged) -> Iterator[str]:
    yield f"^XA^PW{one.width}^LL{one.height}^LH0,0"
    side = len(one.modules)
    yield f"^FO{one.x},{one.y}^BXN,{one.module},200,{side},{side}^FD{one.code}^FS"
    if all(line.text.isascii() for line in one.lines):
        yield from (f"^FO{line.x},{line.y}^A0N,{line.size}^FH_^FD{_numbered(line.text)}^FS" for line in one.lines)
    else:
        yield _pictured(one)
    yield "^PQ1^XZ"


def _numbered(text: str) -> str:
    return "".join(one if one.isalnum() or one == " " else f"_{ord(one):02X}" for one in text)


def _pictured(one: Arranged) -> str:
    left = min(line.x for line in one.lines)
    image = paint_text(one).crop((left, 0, one.width, one.height))
    row = -(-image.width // 8)
    # In a picture of ours a light dot is 1, in the printer's a dark one is: the bits behind a row's end stay 0, light.
    bits = image.tobytes("raw", "1;I")
    return f"^FO{left},0^GFA,{len(bits)},{len(bits)},{row},{bits.hex().upper()}^FS"
