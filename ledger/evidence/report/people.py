"""Who is who in a bundle: its parties with what they may speak as, and its sites, by the statements that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.evidence.report.facts import Fact
from ledger.evidence.report.standing import some

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.evidence.report.standing import Standing, Stated
    from ledger.words.template import JsonValue

_OPENED: Final = "log.opened/1"
_ADMITTED: Final = {_OPENED: ["operator"], "party.registered/1": []}
"""By kind that brings a party into being, what it may speak as at once."""

_CHANGED: Final = ("level", "certificate", "certificate_to", "active")


def operator(known: Standing) -> str | None:
    """Return the party that operates the log; None where no event here says so."""
    opened = (said.body.get("party") for said in map(known.signed, known.events) if said.kind == _OPENED)
    return next((str(party) for party in opened), None)


def people(known: Standing) -> Iterator[Fact]:
    """Yield a fact for each party and each site, in the order of the log."""
    for event in known.events:
        said = known.signed(event)
        if said.kind in _ADMITTED:
            yield _party(known, said)
        elif said.kind == "site.registered/1":
            yield _site(known, said)


def _party(known: Standing, said: Stated) -> Fact:
    party, at = said.body.get("party"), [known.at(said)]
    roles: list[JsonValue] = list(_ADMITTED[said.kind])
    for event in known.events:
        changed = known.signed(event)
        role = changed.body.get("role")
        if changed.kind in {"role.granted/1", "role.withdrawn/1"} and changed.body.get("party") == party:
            roles = [one for one in roles if one != role] + ([str(role)] if changed.kind == "role.granted/1" else [])
            at.append(known.at(changed))
    return Fact("party", {**said.body, "roles": roles}, tuple(sorted(at)))


def _site(known: Standing, said: Stated) -> Fact:
    changes = [one for one in map(known.signed, known.events) if one.kind == "site.changed/1"]
    mine = [one for one in changes if one.body.get("site") == said.body.get("site")]
    values = dict(said.body)
    for one in sorted(mine, key=lambda one: (one.occurred_at, known.at(one))):
        values |= some({name: one.body.get(name) for name in _CHANGED})
    return Fact("site", values, tuple(sorted(map(known.at, [said, *mine]))))
