"""Parties: what each may speak as, where an authority belongs, and what a unit is registered as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.ordering import sort_key
from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.states.party import Party
    from projections.views.view import Row, Whence


def row(party: Party, _: Whence) -> Row:
    """Return the row of a party."""
    belongs = party.assignments[-1] if party.assignments else None
    unit = party.units[-1] if party.units else None
    return (
        party.id,
        party.name,
        party.name_zh,
        tuple(sorted(role.value for role in party.roles)),
        party.natural_person,
        None if belongs is None else belongs.department.value,
        None if belongs is None else belongs.district,
        None if belongs is None else belongs.office,
        None if unit is None else unit.number,
        () if unit is None else tuple(sorted(unit.types)),
        sort_key(party.name or party.id),
    )


PARTIES = View(
    name="party",
    of="party",
    columns=(
        "party",
        "name",
        "name_zh",
        "roles",
        "natural_person",
        "department",
        "district",
        "office",
        "registration",
        "business",
        "sort_key",
    ),
    key=1,
    state=row,
)
