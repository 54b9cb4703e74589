"""Which class each unit is of, which units changed theirs, and why.

"Next supervision visits due by unit class; units whose class changed and why": this module answers the second half;
when visits are due follows from the class, and is an obligation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.assessment.classes import class_periods
from ledger.domain.states.party import Party
from projections.questions.folded import subjects_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ledger.domain.assessment.classes import ClassPeriod, UnitClass
    from ledger.domain.judging import Event
    from ledger.domain.law.rules import RulePack
    from ledger.ids import PartyId


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit and its class.

    now: on the last day asked for. periods: all days asked for, period by period, each with why it began.
    """

    party: PartyId
    name: str
    now: UnitClass
    periods: tuple[ClassPeriod, ...]

    @property
    def changed(self) -> tuple[tuple[ClassPeriod, ClassPeriod], ...]:
        """Return the pairs of neighbouring periods between which the class is another one."""
        pairs = zip(self.periods, self.periods[1:], strict=False)
        return tuple(pair for pair in pairs if pair[0].unit_class.number != pair[1].unit_class.number)


def unit_classes(
    events: Iterable[Event[Any]], first: date, last: date, packs: Sequence[RulePack]
) -> tuple[UnitRow, ...]:
    """Return the units of a log with their classes from one day to another, both included, by ascending id.

    A unit is a party that is registered as one, assessed or rated.

    events: oldest first; all of the parties asked about.
    packs: the editions of one jurisdiction by ascending first day, one of them in force on the first day.
    """
    rows = []
    for party in subjects_of(events, "party").values():
        if isinstance(party, Party) and (party.units or party.capabilities or party.credits):
            periods = class_periods(party, first, last, packs)
            rows.append(UnitRow(party.id, party.name, periods[-1].unit_class, periods))
    return tuple(rows)
