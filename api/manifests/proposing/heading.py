"""Where the header of a manifest is: the line among the first ones that names the most columns that are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.manifests.proposing.words import NEVER, PART_OF_IT, said_by

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from api.manifests.reading.grid import Row


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that may be the header.

    known: how many of its columns are known as members of the kind. named: how many it names at all.
    texts: what stands in it.
    """

    line: int
    known: int
    named: int
    texts: tuple[str, ...] = ()

    @property
    def worth(self) -> tuple[int, int]:
        """Return by what it is compared with others."""
        return self.known, self.named


def headings_in(rows: Sequence[Row], members: Collection[str]) -> list[Heading]:
    """Return the lines that may be the header, the likeliest first, of those as likely the first one.

    members: the paths that a column could fill.
    """
    found = [_heading(row, members) for row in rows]
    return sorted(
        (one for one in found if one.named > 1 or one.known), key=lambda one: (-one.known, -one.named, one.line)
    )


def _heading(row: Row, members: Collection[str]) -> Heading:
    texts = [cell for cell in row.cells if isinstance(cell, str) and any(map(str.isalpha, cell))]
    if len(texts) < sum(cell is not None for cell in row.cells) / 2:
        return Heading(row.line, 0, 0)  # numbers and dates: goods, not names
    surely = [
        text
        for text in texts
        if any(
            rank < PART_OF_IT and (member == NEVER or member in members)
            for member, rank in said_by(text, members).ranks.items()
        )
    ]
    return Heading(row.line, len(surely), len(texts), tuple(texts))
