"""Balances: the mass balance of each approval line, summed up from the bookings. Equal to ``projections.balance``.

    listed = on hand + used + sampled + sold + disposed + returned + re-exported + missing + lost + processed + adjusted

Every change of an amount is a booking, so a line closes by its bookings; what was written off beyond what was listed is
the difference between goods and papers. What is booked of items that are in transit or in use is what there is of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ledger.errors import IntegrityFailed
from ledger.ids import ApprovalId
from ledger.quantity import alike, base_of
from projections.balance import LineBalance, per_base
from projections.booking import OUT, Flow
from projections.on_hand import Whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LineRow = tuple[Any, ...]
"""A row of the view of lines."""

SumRow = tuple[Any, ...]
"""A row of the sums of bookings: approval, line, base unit, flow, denominator, numerators, unit, first position,
and how the items are there that it is of."""


@dataclass(slots=True)
class _Dimension:
    """One line in one dimension, in its base unit. unit: as the first booking writes it, at the position.

    here: by how items are there, what there is of them; None: of those that are not, which is nothing.
    """

    unit: str
    position: int
    flows: dict[Flow, Fraction]
    here: dict[str | None, Fraction] = field(default_factory=lambda: defaultdict(Fraction))


def _flow(name: str) -> Flow:
    if name not in set(Flow):
        raise IntegrityFailed(
            f"the views tell of a flow {name}, and there is none: they were changed; run `vialog views rebuild`"
        )
    return Flow(name)


def balances(lines: Iterable[LineRow], sums: Iterable[SumRow]) -> list[LineBalance]:
    """Return the balance of every approval line with items, sorted by approval, line and base unit.

    Raises IntegrityFailed: a row tells what no event makes.
    """
    papers = {(row[0], row[1]): row for row in lines}
    found = _summed(sums)
    return [
        _balance(approval, line, one, papers.get((approval, line)))
        for (approval, line, _), one in sorted(found.items(), key=lambda pair: pair[0])
    ]


def _summed(sums: Iterable[SumRow]) -> Mapping[tuple[str, int, str], _Dimension]:
    found: dict[tuple[str, int, str], _Dimension] = {}
    for approval, line, base, flow, denominator, numerator, unit, position, how in sums:
        one = found.setdefault((approval, line, base), _Dimension(unit, position, {}))
        if position < one.position:
            one.unit, one.position = unit, position
        amount, booked = Fraction(numerator) / Fraction(denominator), _flow(flow)
        one.flows[booked] = one.flows.get(booked, Fraction(0)) + amount
        one.here[how] += amount if flow == Flow.LISTED else -amount
    return found


def _balance(approval: str, number: int, one: _Dimension, papers: LineRow | None) -> LineBalance:
    approved_unit = None if papers is None else str(papers[3])
    unit = approved_unit if approved_unit is not None and alike(one.unit, approved_unit) else one.unit
    row = LineBalance(ApprovalId(approval), number, "" if papers is None else str(papers[2]), unit)
    for flow, amount in one.flows.items():
        row.flows[flow] = amount * per_base(unit)
    row.on_hand = row.flows[Flow.LISTED] - sum(row.flows[flow] for flow in OUT)
    row.in_transit = one.here[Whereabouts.IN_TRANSIT] * per_base(unit)
    row.in_use = one.here[Whereabouts.IN_USE] * per_base(unit)
    if papers is not None and (factor := _factor(papers, unit)):
        row.approved = Fraction(papers[4]) / factor
        row.written_off = Fraction(papers[6]) / factor
    return row


def _factor(papers: LineRow, unit: str) -> Fraction | None:
    """Return how many approved units one unit is; None where nobody has stated the conversion."""
    approved_unit = str(papers[3])
    if alike(unit, approved_unit):
        return per_base(approved_unit) / per_base(unit)
    factors = {base: Fraction(Decimal(factor)) for base, _, factor in (str(one).partition(" ") for one in papers[9])}
    found = factors.get(base_of(unit))
    return None if found is None else found / per_base(unit)
