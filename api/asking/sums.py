"""What an answer comes to, in a sentence: of a balance what was approved, what of it entered, and where that went.

Of findings how many each unit has, and how long they took on average.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.language import label
from ledger.quantity import write_ratio
from ledger.words.reader import name_of
from ledger.words.telling import fact_told
from projections.asked.entry.lines import BalanceRow
from projections.asked.supervision.supervision import FindingRow
from projections.booking import OUT, UNEXPLAINED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.ids import PartyId
    from ledger.words.reader import Reader
    from ledger.words.template import JsonValue
    from projections.asked.question import Row

_OUT: Final = ("on_hand", *(flow.member for flow in OUT))
"""What may have become of what was listed, by the members of a row."""


_UNEXPLAINED: Final = tuple(flow.member for flow in UNEXPLAINED)
"""Of that what no act says where it went."""

_ALWAYS: Final = frozenset({"approved", "written_off", "open", "listed", "on_hand", "together"})
_NAMED: Final = frozenset({*_OUT, *_ALWAYS, "difference"})


def sums(rows: Sequence[Row], reader: Reader) -> Iterator[str]:
    """Yield a sentence for each row of a balance and for each unit with findings; nothing of other answers.

    rows: all of the answer, also those that are not shown.
    """
    for row in rows:
        if isinstance(row, BalanceRow):
            yield fact_told("sum", _values(row), reader)
    by_unit: defaultdict[PartyId, list[FindingRow]] = defaultdict(list)
    for row in rows:
        if isinstance(row, FindingRow):
            by_unit[row.unit].append(row)
    for unit, found in by_unit.items():
        yield _findings(name_of(unit, reader), found, reader)


def is_unexplained(rows: Sequence[Row]) -> bool:
    """Say whether of some line no act says where something went: ``open-lines`` tells the statements."""
    return any(_unexplained(row) for row in rows if isinstance(row, BalanceRow))


def _unexplained(row: BalanceRow) -> Fraction:
    return sum((Fraction(getattr(row, name)) for name in _UNEXPLAINED), Fraction(0))


def _findings(unit: str, found: Sequence[FindingRow], reader: Reader) -> str:
    form = label("{unit}: findings {number}, open {open}, overdue {overdue}, found again {repeated}", reader.language)
    told = form.format(
        unit=unit,
        number=len(found),
        open=sum(one.settled is None for one in found),
        overdue=sum(one.overdue for one in found),
        repeated=sum(one.times > 1 for one in found),
    )
    took = [one.days for one in found if one.days is not None]
    if not took:
        return told
    average = label("; settled {number}, in {days} days on average", reader.language)
    return told + average.format(number=len(took), days=f"{sum(took) / len(took):.1f}")


def _values(row: BalanceRow) -> dict[str, JsonValue]:
    """Return the amounts that the sentence names; of what did not happen none."""
    amounts = {name: Fraction(value) for name, value in asdict(row).items() if name in _NAMED and value is not None}
    amounts["together"] = sum((amounts[name] for name in _OUT), Fraction(0))
    if row.approved is not None and row.written_off is not None:
        amounts["open"] = amounts["approved"] - amounts["written_off"]
    amounts["unexplained"] = _unexplained(row)
    papers = amounts.pop("difference", None)
    apart = papers or Fraction(0)
    amounts |= {"over": max(apart, Fraction(0)), "under": max(-apart, Fraction(0))}
    told = {name: number for name, number in amounts.items() if number or name in _ALWAYS}
    closes = {
        "even": papers == 0 and not amounts["unexplained"] and amounts["together"] == amounts["listed"],
        "differs": bool(papers),
        "unsaid": papers is None,
    }
    return {
        "line": row.line,
        **{name: True for name, so in closes.items() if so},
        **{name: {"value": write_ratio(number), "unit": row.unit} for name, number in told.items()},
    }
