"""The parties of the rules' examples: an operator, and others with their roles, each with keys for two persons."""

from __future__ import annotations

from typing import Any, Final

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.judging import Signatory, Signed
from ledger.domain.registry.keys import KeyEnrolled, LogOpened
from ledger.domain.registry.parties import PartyRegistered, RoleGranted
from ledger.ids import PartyId
from tests.spec.world import said, signer

SPKI: Final = "MCowBQYDK2VwAyEA" + "A" * 43 + "="

OPERATOR: Final = signer("party:operator", Role.OPERATOR)
IMPORTER: Final = signer("party:importer", Role.APPLICANT)
LABORATORY: Final = signer("party:laboratory", Role.LABORATORY)
SECOND_PERSON: Final = signer("party:laboratory", Role.LABORATORY, person="p-2", meaning="witnessed")


def opened() -> Signed[Any]:
    """Return the opening of the log by its operator."""
    body = LogOpened(
        party=OPERATOR.party, name="Operator", key=OPERATOR.key, spki=SPKI, alg="ed25519", person=OPERATOR.person
    )
    return said(body, OPERATOR)


def registered(party: str, *, natural_person: bool = False) -> Signed[Any]:
    """Return the registration of a party."""
    body = PartyRegistered(
        party=PartyId(party),
        name=party.partition(":")[2],
        country="CN",
        business="research",
        natural_person=natural_person,
    )
    return said(body, OPERATOR)


def granted(party: str, role: Role) -> Signed[Any]:
    """Return the grant of a role."""
    return said(RoleGranted(party=PartyId(party), role=role), OPERATOR)


def enrolled(who: Signatory) -> Signed[Any]:
    """Return the enrolment of a signer's key by the operator and the key itself."""
    body = KeyEnrolled(key=who.key, spki=SPKI, alg=who.alg, party=who.party, person=who.person)
    return said(body, OPERATOR, who)


def admitted(*signers: Signatory) -> list[Signed[Any]]:
    """Return an open log in which some signers are registered, have their role and their key."""
    given = [opened()]
    for party in dict.fromkeys(one.party for one in signers):
        given.append(registered(party))
    for party, role in dict.fromkeys((one.party, one.role) for one in signers):
        given.append(granted(party, role))
    return given + [enrolled(one) for one in signers]
