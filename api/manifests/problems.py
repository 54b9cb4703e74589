"""What is wrong with a manifest, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_SPANS: Final = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where; column is "" where it is the row as a whole."""

    file: str
    line: int
    column: str
    problem: str

    def __str__(self) -> str:
        """Write it for people: ``manifest.xlsx line 1500, column "Unit": …``."""
        column = f', column "{self.column}"' if self.column else ""
        return f"{self.file} line {self.line}{column}: {self.problem}"


def spans(lines: Iterable[int]) -> str:
    """Write lines for people, those that follow each other as one span: ``lines 3 to 5, 9``; the first 20 spans."""
    found: list[list[int]] = []
    for line in sorted(set(lines)):
        if found and line == found[-1][1] + 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    written = [str(first) if first == last else f"{first} to {last}" for first, last in found]
    more = f" and {len(found) - _MOST_SPANS} more" if len(found) > _MOST_SPANS else ""
    one = len(found) == 1 and found[0][0] == found[0][1]
    return f"{'line' if one else 'lines'} {', '.join(written[:_MOST_SPANS])}{more}"
