"""Who takes part in the logs that the tests of attacks make: a laboratory with a key, and registered parties."""

from __future__ import annotations

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.parties import PartyRegistered
from ledger.ids import PartyId
from tests.authors import author

LABORATORY = author("party:lab", Role.LABORATORY)


def registration(number: int) -> PartyRegistered:
    return PartyRegistered(party=PartyId(f"party:p{number}"), name=f"P{number}", country="CN", business="research")
