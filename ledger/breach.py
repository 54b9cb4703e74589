"""A breach: that a rule of the regulation is broken, whom that concerns, and what was found. Never a sentence.

A breach stands in the log for ever (docs/formats.md, section 9), so it holds nothing that somebody may want to word
better or in another language later: its rule by id, the subjects that it concerns, and values under the names of the
table below. Sentences are made of it by ``ledger.words``, clause and confidence are in the rule's row.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from ledger.clock import format_time
from ledger.ids import Tag, is_tag
from ledger.quantity import Quantity, format_decimal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Value: TypeAlias = "int | str | tuple[str, ...] | None"
"""A value as it is written; None: not on record, or not stated."""

Given: TypeAlias = "int | str | date | Decimal | Quantity | Collection[str] | None"
"""A value before it is written; a datetime is a date."""

MOST_LISTED: Final = 10
"""How many of a list of values are written; how many there are is a parameter of its own."""


class Sort(StrEnum):
    """What the values of a parameter are, and so how they are written."""

    ID = "id"
    INSTANT = "instant"
    DATE = "date"
    QUANTITY = "quantity"
    DECIMAL = "decimal"
    INTEGER = "integer"
    CODE = "code"
    TEXT = "text"


PARAMETERS: Final[Mapping[str, Sort]] = {
    "activity": Sort.CODE,
    "agents": Sort.CODE,
    "allowed": Sort.QUANTITY,
    "allotted": Sort.QUANTITY,
    "amount": Sort.QUANTITY,
    "announced": Sort.QUANTITY,
    "approval": Sort.ID,
    "asked": Sort.INTEGER,
    "authority": Sort.CODE,
    "before": Sort.INTEGER,
    "capability": Sort.INTEGER,
    "case": Sort.ID,
    "conditional": Sort.CODE,
    "consignment": Sort.ID,
    "count": Sort.INTEGER,
    "counted": Sort.INTEGER,
    "country": Sort.CODE,
    "day": Sort.DATE,
    "days": Sort.INTEGER,
    "declared": Sort.QUANTITY,
    "declared_on": Sort.DATE,
    "demanded": Sort.CODE,
    "destination": Sort.ID,
    "differing": Sort.CODE,
    "direction": Sort.CODE,
    "discovered": Sort.INSTANT,
    "drawn": Sort.QUANTITY,
    "due": Sort.INSTANT,
    "due_on": Sort.DATE,
    "evidence": Sort.CODE,
    "experts": Sort.INTEGER,
    "grade": Sort.CODE,
    "high": Sort.DECIMAL,
    "items": Sort.ID,
    "kept": Sort.CODE,
    "left": Sort.QUANTITY,
    "level": Sort.INTEGER,
    "line": Sort.INTEGER,
    "lines": Sort.TEXT,
    "listed": Sort.QUANTITY,
    "low": Sort.DECIMAL,
    "maximum": Sort.DECIMAL,
    "method": Sort.CODE,
    "method_approved": Sort.CODE,
    "minimum": Sort.DECIMAL,
    "missing": Sort.ID,
    "months": Sort.INTEGER,
    "named": Sort.INTEGER,
    "newest": Sort.INSTANT,
    "occurred": Sort.INSTANT,
    "papers": Sort.CODE,
    "party": Sort.ID,
    "permit": Sort.ID,
    "places": Sort.TEXT,
    "purpose": Sort.CODE,
    "record": Sort.CODE,
    "recorded": Sort.INSTANT,
    "required": Sort.INTEGER,
    "result": Sort.CODE,
    "route": Sort.CODE,
    "scheme": Sort.CODE,
    "seals_recorded": Sort.TEXT,
    "seals_seen": Sort.TEXT,
    "signed": Sort.INTEGER,
    "since": Sort.INSTANT,
    "site": Sort.ID,
    "state": Sort.CODE,
    "status": Sort.CODE,
    "storage": Sort.CODE,
    "task": Sort.CODE,
    "term": Sort.INTEGER,
    "there": Sort.QUANTITY,
    "un_number": Sort.CODE,
    "unit": Sort.CODE,
    "unit_class": Sort.INTEGER,
    "unmeasured": Sort.CODE,
    "valid_from": Sort.DATE,
    "valid_to": Sort.DATE,
    "written": Sort.CODE,
}
"""Every parameter of every breach: one name, one meaning, one sort; docs/formats.md says what each one is."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A fact that is possible but breaks a rule of the regulation.

    rule: a row of ``docs/rules.md``.
    subjects: the tags that it concerns, ascending, each once; none of what concerns the statement as a whole.
    parameters: what was found, as it is written, by ascending name.
    """

    rule: str
    subjects: tuple[Tag, ...] = ()
    parameters: tuple[tuple[str, Value], ...] = ()

    @property
    def given(self) -> dict[str, Value]:
        """Return the parameters by name."""
        return dict(self.parameters)

    def concerns(self, tag: Tag) -> bool:
        """Say whether it concerns a subject of its statement."""
        return not self.subjects or tag in self.subjects

    def as_named(self, ids: Iterable[str]) -> Breach:
        """Return it with its subjects in the order in which some ids name them; what these do not name comes last."""
        places = {tag: place for place, tag in enumerate(dict.fromkeys(ids))}
        return replace(self, subjects=tuple(sorted(self.subjects, key=lambda one: places.get(one, len(places)))))

    def among(self, tags: Collection[Tag]) -> Breach:
        """Return it with those of its subjects that are among some tags."""
        if all(one in tags for one in self.subjects):
            return self
        return replace(self, subjects=tuple(one for one in self.subjects if one in tags))


def make_breach(rule: str, subjects: Iterable[str], parameters: Mapping[str, Given]) -> Breach:
    """Make a breach, each value written as its parameter's sort asks.

    Raises KeyError, TypeError: a parameter is not of the table, or its value not of its sort; that is a bug.
    """
    written = tuple((name, _written(name, value)) for name, value in sorted(parameters.items()))
    return Breach(rule, tuple(sorted({Tag(one) for one in subjects})), written)


def merged(breaches: Iterable[Breach]) -> tuple[Breach, ...]:
    """Return breaches with those of equal rule and parameters joined into one, in the order of the first of each."""
    found: dict[tuple[str, tuple[tuple[str, Value], ...]], list[Breach]] = {}
    for one in breaches:
        found.setdefault((one.rule, one.parameters), []).append(one)
    return tuple(_joined(alike) for alike in found.values())


def _joined(alike: list[Breach]) -> Breach:
    if len(alike) == 1 or not all(one.subjects for one in alike):
        return min(alike, key=lambda one: len(one.subjects))
    return replace(alike[0], subjects=tuple(sorted({tag for one in alike for tag in one.subjects})))


def _written(name: str, value: Given) -> Value:
    sort = PARAMETERS[name]
    if value is None:
        return None
    if isinstance(value, str | int | date | Decimal | Quantity):
        return _one(name, sort, value)
    # A set has no order of its own, and what an entry says must not depend on the one that this process gives it.
    values = sorted(value) if isinstance(value, Set) else list(value)
    listed = [_one(name, sort, one) for one in values[:MOST_LISTED]]
    return tuple(one for one in listed if isinstance(one, str))


def _one(name: str, sort: Sort, value: int | str | date | Decimal | Quantity) -> int | str:
    match sort, value:
        case Sort.INTEGER, int():
            return int(value)
        case Sort.INSTANT, datetime():
            return format_time(value)
        case Sort.DATE, date() if not isinstance(value, datetime):
            return value.isoformat()
        case Sort.DECIMAL, Decimal():
            return format_decimal(value)
        case Sort.QUANTITY, Quantity():
            return str(value)
        case Sort.ID, str() if is_tag(value):
            return str(value)
        case ((Sort.CODE | Sort.TEXT), str()):
            return str(value)
        case _:
            raise TypeError(f"{name} is of the sort {sort}: {value!r} is not")
