"""Text set in lines: no word and no id is broken, and wide characters count as the two columns that they take."""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len

_WIDE: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60"
_CLOSING: Final = "，。；：、）》”！？"
_OPENING: Final = "（《“"
# A line may break at a blank, and before and after a wide character; none begins with what closes, nor ends with what
# opens.
_PIECE: Final = re.compile(rf"\s+|[{_OPENING}]*(?:[^\s{_WIDE}]+|[{_WIDE}])[{_CLOSING}]*|[{_OPENING}]+")

_BELOW: Final = "  "


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most so many columns; a word that is wider stands in a line of its own."""
    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if cell_len(line + piece.rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def hung(text: str, before: str, width: int) -> list[str]:
    """Return a text in lines of at most so many columns, with what stands before the first of them.

    The others begin below the text. Where a word has no room beside what stands before it, as a hash has beside a long
    name, all of the text stands below that.
    """
    room = width - cell_len(before)
    lines = wrapped(text, room)
    if before.strip() and max(map(cell_len, lines)) > room:
        return [before.rstrip(), *(f"{_BELOW}{one}" for one in wrapped(text, width - len(_BELOW)))]
    blank = " " * cell_len(before)
    return [f"{blank if number else before}{line}".rstrip() for number, line in enumerate(lines)]
