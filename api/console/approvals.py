"""What the page of an approval has besides: its lines, and its balance as a picture and the same numbers as a table."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from api.asking.resting import in_sight
from api.asking.written import Written
from api.http.answering.asked import answered
from api.language import column_head, label
from api.telling.approvals import line_object, product_in
from ledger.ids import Tag
from ledger.words.reader import code_word
from ledger.words.table import words_in
from projections.asked.entry.lines import BalanceRow
from projections.asked.table import QUESTIONS
from projections.booking import OUT, Flow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.console.telling import Teller
    from api.telling.moments import Moment
    from ledger.domain.states.border import Approval

_FLOWS: Final = tuple(flow.member for flow in OUT if flow is not Flow.ADJUSTED)
_WIDTH: Final = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar. shade: which of the shades it is drawn in. at, width: of a thousand."""

    name: str
    amount: str
    shade: str
    at: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A line's balance. total: in words what the whole bar is. numbers: by name, all of them, in their order."""

    line: int
    product: str
    unit: str
    parts: tuple[Part, ...]
    numbers: tuple[tuple[str, str], ...]


def of_approval(teller: Teller, approval: Approval, moment: Moment, at: str | None) -> dict[str, Any]:
    """Return what the page of an approval names besides."""
    known = None if moment.position is None else str(moment.position)
    asked = Written({"approval": approval.id}, at if moment.instant else None, known)
    found = answered(QUESTIONS["balance"], asked, teller.reads)
    lines = [line_object(number, line) for number, line in sorted(approval.lines.items())]
    called = {one["line"]: product_in(one, teller.language) for one in lines}
    shown = [{**one, "product": called[one["line"]], "unit": _unit(teller, one["unit"])} for one in lines]
    bars = [_bar(teller, one, called) for one in found.rows if isinstance(one, BalanceRow)]
    return {"approved": shown, "bars": bars, "left_out": in_sight(Tag(teller.reads.who.party), teller.today)}


def _unit(teller: Teller, unit: str) -> str:
    return code_word("unit", unit, teller.today)


def in_units(teller: Teller, unit: str) -> str:
    """Return the unit in which the amounts of a picture are: of what is counted its plural."""
    return words_in(teller.language).unit.get(unit, unit).rpartition("/")[2]


def _bar(teller: Teller, row: BalanceRow, called: dict[int, str]) -> Bar:
    amounts = list(_amounts(teller, row))
    whole = sum((amount for _, _, amount in amounts), Fraction(0)) or Fraction(1)
    parts, at = [], Fraction(0)
    for name, shade, amount in amounts:
        width = amount / whole * _WIDTH
        if amount > 0:
            parts.append(Part(name, _told(amount), shade, f"{float(at):.2f}", f"{float(width):.2f}"))
        at += width
    numbers = [(column_head(name, teller.language), getattr(row, name)) for name in _NUMBERS]
    told = tuple(
        (name, label("not known", teller.language) if value is None else str(value)) for name, value in numbers
    )
    product = called.get(row.line, row.product)
    return Bar(row.line, product, in_units(teller, row.unit), tuple(parts), told)


_NUMBERS: Final = (
    "approved",
    "written_off",
    "listed",
    "on_hand",
    "in_transit",
    "in_use",
    *_FLOWS,
    "adjusted",
    "difference",
)


def _amounts(teller: Teller, row: BalanceRow) -> Iterator[tuple[str, str, Fraction]]:
    """Yield the parts of a bar, each with its shade: what is there, what it became, and what has not come in."""
    on_the_way, in_use = Fraction(row.in_transit or 0), Fraction(row.in_use or 0)
    yield label("on hand, at rest", teller.language), "shade-0", Fraction(row.on_hand) - on_the_way - in_use
    yield label("on hand, in transit", teller.language), "shade-way", on_the_way
    yield label("on hand, in use", teller.language), "shade-use", in_use
    for number, name in enumerate(_FLOWS, 1):
        amount = max(Fraction(0), Fraction(getattr(row, name)))
        yield column_head(name, teller.language), f"shade-{number}", amount
    if row.approved is not None:
        rest = max(Fraction(0), Fraction(row.approved) - Fraction(row.listed))
        yield label("not come in", teller.language), f"shade-{len(_FLOWS) + 1}", rest


def _told(amount: Fraction) -> str:
    return str(float(amount)).removesuffix(".0") if amount.denominator != 1 else str(amount)
