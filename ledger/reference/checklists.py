"""The forms by which units are visited: their points, which of these are starred, and what a point is worth.

``checklists.csv`` holds what was read of annex 2 of 269/2015: that it has the points A1.1 to A1.8, A2.1 to A2.8, B1.1
to B1.31 and B2.1 to B2.13, that of 100 a starred one is worth 10 and another 5, and of some what they ask. Which
numbers these have, and of most points whether they are starred, was not read: there stands nothing. That a point which
does not conform is taken off the whole is a conclusion (U). No rule reads this table; it is for forms that people fill
in, and for what the points of a visit come to.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

WHOLE: Final = 100
STARRED: Final = 10
UNSTARRED: Final = 5


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a form.

    in_force: the first day of the form. number: as the form prints it; "" where that was not read.
    part: A1, A2, B1 or B2; "" likewise.
    says_en, says_zh: what it asks; "" where that was not read. starred: None: not read.
    confidence: how the row is known, V, V2, M or U.
    """

    form: str
    in_force: date
    part: str
    number: str
    says_en: str
    says_zh: str
    starred: bool | None
    clause: str
    confidence: str

    @property
    def worth(self) -> int | None:
        """Return how many points of the whole it is worth; None: it is not known whether it is starred."""
        return worth(self.starred)


def worth(starred: bool | None) -> int | None:  # noqa: FBT001  what a point is, as the table has it
    """Return how many points of the whole a point is worth; None: it is not known whether it is starred."""
    return None if starred is None else STARRED if starred else UNSTARRED


@cache
def load_checklist(form: str) -> tuple[Point, ...]:
    """Return the points of a form in its order, those without a number last; none of a form that is not here."""
    text = files("ledger.reference").joinpath("checklists.csv").read_text("utf-8")
    return tuple(_point(row) for row in csv.DictReader(text.splitlines()) if row["form"] == form)


def numbered(form: str) -> Mapping[str, Point]:
    """Return the points of a form whose numbers are known, by these."""
    return {one.number: one for one in load_checklist(form) if one.number}


def _point(row: Mapping[str, str]) -> Point:
    return Point(
        row["form"],
        date.fromisoformat(row["in_force"]),
        row["part"],
        row["point"],
        row["says_en"],
        row["says_zh"],
        {"yes": True, "no": False, "": None}[row["starred"]],
        row["clause"],
        row["confidence"],
    )
