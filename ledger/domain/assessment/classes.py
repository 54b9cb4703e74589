"""The class of a unit: capability times the coefficient of its credit, compared with thresholds; all data of the pack.

A class is never stored. It is computed for a day from what the record says of the party and by the edition of that day,
so that it can be told for any day, and why it is another one than on the day before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ledger.domain.law.rules import UNRATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.domain.law.rules import RulePack
    from ledger.domain.states.party import Capability, Credit, Party
    from ledger.ids import StatementId

LETTERS: Final = "aqsiq"
"""The scheme of credit whose levels a rule pack names by their letters alone; of any other by ``scheme/level``."""
_DAY: Final = timedelta(days=1)


class Basis(StrEnum):
    """What a unit's class rests on, or why there is none."""

    SCORE = "score"
    NOT_ASSESSED = "not-assessed"
    NO_SCHEME = "no-scheme"
    NO_COEFFICIENT = "no-coefficient"


class Cause(StrEnum):
    """Why a class is looked at anew on a day."""

    ASSESSED = "assessed"
    ASSESSMENT_ENDED = "assessment-ended"
    RATED = "rated"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class UnitClass:
    """A unit's class on a day.

    number: 1 (the best) to 4; None: unknown, and ``basis`` says why. score: capability times coefficient.
    capability: the assessment that counts; None: none covers the day.
    credit: the rating that counts; None: the unit was not rated, and the pack's coefficient of such units counted.
    rules: the edition that it was computed by. verified: whether all of its numbers were read in the legal text.
    """

    number: int | None
    basis: Basis
    score: Decimal | None
    capability: Capability | None
    credit: Credit | None
    rules: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What makes a class be looked at anew: the statement, or the edition of the rules."""

    cause: Cause
    statement: StatementId | None
    rules: str | None


@dataclass(frozen=True, slots=True)
class ClassPeriod:
    """Days on which a unit's class rests on the same facts. causes: why it begins; empty of the first one asked for."""

    first: date
    last: date
    unit_class: UnitClass
    causes: tuple[Change, ...]


def class_on(party: Party, day: date, rules: RulePack) -> UnitClass:
    """Return a party's class on a local day.

    rules: the edition in force on that day.

    Of several assessments that cover the day the one that began last counts, of such told again the last told. Of the
    ratings in force, one for each scheme, the strictest of those whose coefficient the pack knows counts; where it
    knows none of them, the class is unknown, because a unit that is rated is not a unit that nobody has rated.
    """
    capability, ratings = capability_on(party, day), credits_on(party, day)
    known = [(coefficient.value, one) for one in ratings if (coefficient := rules.credit_coefficients.get(_key(one)))]
    credit = min(known, key=lambda pair: pair[0])[1] if known else None
    key = UNRATED if credit is None else _key(credit)
    basis = _basis(capability, ratings, credit, rules)
    if capability is None or basis is not Basis.SCORE:
        return UnitClass(None, basis, None, capability, credit, rules.name, verified=False)
    score = capability.level * rules.credit_coefficients[key].value
    numbers = (rules.credit_coefficients[key], *rules.unit_class_thresholds.values())
    verified = all(one.verified for one in numbers)
    return UnitClass(
        rules.unit_class(capability.level, key), basis, score, capability, credit, rules.name, verified=verified
    )


def _basis(capability: Capability | None, ratings: Sequence[Credit], credit: Credit | None, rules: RulePack) -> Basis:
    if not rules.unit_class_thresholds:
        return Basis.NO_SCHEME
    if capability is None:
        return Basis.NOT_ASSESSED
    if credit is None and (ratings or UNRATED not in rules.credit_coefficients):
        return Basis.NO_COEFFICIENT
    return Basis.SCORE


def capability_on(party: Party, day: date) -> Capability | None:
    """Return the assessment of a party that counts on a day; None: none covers it."""
    covering = [one for one in party.capabilities if one.valid_from <= day <= one.valid_to]
    return max(enumerate(covering), key=lambda pair: (pair[1].valid_from, pair[0]))[1] if covering else None


def credits_on(party: Party, day: date) -> tuple[Credit, ...]:
    """Return the ratings of a party in force on a day, one for each scheme, by the scheme's name."""
    newest: dict[str, Credit] = {}
    for one in party.credits:
        if one.from_on <= day and (one.scheme not in newest or newest[one.scheme].from_on <= one.from_on):
            newest[one.scheme] = one
    return tuple(newest[scheme] for scheme in sorted(newest))


def class_periods(party: Party, first: date, last: date, packs: Sequence[RulePack]) -> tuple[ClassPeriod, ...]:
    """Return a party's class from one day to another, both included, period by period, with why each began.

    packs: the editions of one jurisdiction by ascending first day, one of which is in force on the first day.

    A period in which the facts are others and the class is the same stands by itself too.
    """
    changes = dict(_changes(party, packs))
    starts = [first, *sorted(day for day in changes if first < day <= last)]
    ends = [*(day - _DAY for day in starts[1:]), last]
    return tuple(
        ClassPeriod(start, end, class_on(party, start, _in_force(packs, start)), changes.get(start, ()) if at else ())
        for at, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


def _changes(party: Party, packs: Sequence[RulePack]) -> Iterator[tuple[date, tuple[Change, ...]]]:
    found: dict[date, list[Change]] = {}
    for one in party.capabilities:
        found.setdefault(one.valid_from, []).append(Change(Cause.ASSESSED, one.statement, None))
        if one.valid_to < date.max:
            found.setdefault(one.valid_to + _DAY, []).append(Change(Cause.ASSESSMENT_ENDED, one.statement, None))
    for rated in party.credits:
        found.setdefault(rated.from_on, []).append(Change(Cause.RATED, rated.statement, None))
    for pack in packs:
        found.setdefault(pack.effective_from, []).append(Change(Cause.RULES, None, pack.name))
    yield from ((day, tuple(changes)) for day, changes in found.items())


def _in_force(packs: Sequence[RulePack], day: date) -> RulePack:
    return [pack for pack in packs if pack.effective_from <= day][-1]


def _key(credit: Credit) -> str:
    return credit.level if credit.scheme == LETTERS else f"{credit.scheme}/{credit.level}"
