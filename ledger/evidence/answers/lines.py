"""The lines of an approval: by number {product, approved, committed, factors}; committed in the approved unit."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ledger.evidence.answers.amounts import into
from ledger.quantity import alike, base_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.evidence.answers.amounts import Amount


def with_line(
    state: dict[str, Any],
    number: object,
    *,
    approved: Amount | None = None,
    factors: Mapping[str, Fraction] | None = None,
    released: Amount | None = None,
) -> dict[str, Any]:
    """Return an approval with a line changed; as it is where it has no such line."""
    line = state["lines"].get(number)
    if line is None:
        return state
    line = {**line, "factors": {**line["factors"], **(factors or {})}}
    if approved is not None:
        line["approved"] = into(approved, line["approved"][1]) if alike(approved[1], line["approved"][1]) else approved
    if released is not None and (counted := counts(line, released)) is not None:
        line["committed"] += counted
    return {**state, "lines": {**state["lines"], number: line}}


def counts(line: Mapping[str, Any], amount: Amount) -> Fraction | None:
    """Return an amount in the approved unit of a line; None where nobody has stated the conversion."""
    unit = line["approved"][1]
    if alike(amount[1], unit):
        return into(amount, unit)[0]
    base = base_of(amount[1])
    factor = line["factors"].get(base)
    return None if factor is None else into(amount, base)[0] * factor
