"""What an answer comes to, in a sentence: of a balance what was approved, what of it entered, and where that went."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ledger.quantity import write_ratio
from ledger.words.telling import fact_told
from projections.asked.entry.lines import BalanceRow
from projections.balance import OUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.words.reader import Reader
    from ledger.words.template import JsonValue
    from projections.asked.question import Row

_OUT: Final = ("on_hand", *(flow.member for flow in OUT))
"""What may have become of what was listed, by the members of a row."""


_ALWAYS: Final = frozenset({"approved", "written_off", "open", "listed", "on_hand", "together"})
_NAMED: Final = frozenset({*_OUT, *_ALWAYS, "difference"})


def sums(rows: Sequence[Row], reader: Reader) -> Iterator[str]:
    """Yield a sentence for each row of a balance; nothing of other answers, whose rows add up to nothing."""
    for row in rows:
        if isinstance(row, BalanceRow):
            yield fact_told("sum", _values(row), reader)


def _values(row: BalanceRow) -> dict[str, JsonValue]:
    """Return the amounts that the sentence names; of what did not happen none."""
    amounts = {name: Fraction(value) for name, value in asdict(row).items() if name in _NAMED and value is not None}
    amounts["together"] = sum((amounts[name] for name in _OUT), Fraction(0))
    if row.approved is not None and row.written_off is not None:
        amounts["open"] = amounts["approved"] - amounts["written_off"]
    told = {name: number for name, number in amounts.items() if number or name in _ALWAYS}
    return {
        "line": row.line,
        **{name: {"value": write_ratio(number), "unit": row.unit} for name, number in told.items()},
    }
