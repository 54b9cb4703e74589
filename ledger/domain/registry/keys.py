"""Signing keys as subjects of the log: how it is opened, how keys are enrolled and revoked.

Validity is decided by position in the log, not by clocks: a key may sign from its enrolment up to its revocation, so a
stolen key cannot be dated back. Holds no private key and does no cryptography.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, KeyRef, Name, PartyRef, Role
from ledger.domain.codes import Revocation
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.party import Party
from ledger.domain.states.subjects import Key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

Spki = Annotated[str, Meta(pattern="^[A-Za-z0-9+/]{40,200}={0,2}$", description="DER SubjectPublicKeyInfo, base64.")]
Alg = Annotated[str, Meta(pattern="^(?:ed25519|es256)$", description="ed25519 or es256.")]
Person = Annotated[
    str,
    Meta(
        pattern="^[a-z0-9][a-z0-9-]{0,31}$",
        description="The pseudonymous code of a person; never a name.",
        examples=["t-07"],
    ),
]

# Bodies


class LogOpened(Body, frozen=True):
    """The operator opens the log with its root key: always position 1, and only there.

    name_zh: its name in Chinese.
    """

    party: PartyRef
    name: Name
    key: KeyRef
    spki: Spki
    alg: Alg
    person: Person
    name_zh: Name | None = None


class KeyEnrolled(Body, frozen=True):
    """A key is bound to one person of one party; the key signs too, which proves that its holder has it."""

    key: KeyRef
    spki: Spki
    alg: Alg
    party: PartyRef
    person: Person


class KeyRevoked(Body, frozen=True):
    """A key stops being valid for all later positions; what it signed before stands."""

    key: KeyRef
    ground: Revocation


# Rules

OPENED_ONCE = Rule("ENR-01", "A log is opened by its first statement and by no other.", Answer.REFUSAL)
KEY_NEW = Rule("ENR-02", "A key is enrolled once, for one person of one party.", Answer.REFUSAL)
POSSESSION = Rule("ENR-03", "An enrolment is signed by the key that it enrols, as the second signer.", Answer.REFUSAL)
ENROLLER = Rule(
    "ENR-04", "A key is enrolled by the operator or by a key of the same party that is valid.", Answer.REFUSAL
)
PARTY_REGISTERED = Rule("ENR-05", "A key is enrolled for a registered party.", Answer.REFUSAL)
REVOKER = Rule("ENR-06", "A key is revoked by the operator or by its own party.", Answer.REFUSAL)
REVOKED_ONCE = Rule("ENR-07", "Only an enrolled key that is not revoked yet is revoked.", Answer.REFUSAL)

RULES = (OPENED_ONCE, KEY_NEW, POSSESSION, ENROLLER, PARTY_REGISTERED, REVOKER, REVOKED_ONCE)

# Judges


def judge_log_opened(world: World, said: Signed[LogOpened], rules: RulePack) -> Iterator[Breach]:
    """Judge the opening of a log. Raises Refused: ENR-01, ENR-03."""
    if world.size:
        raise OPENED_ONCE.refuse("this log is open already")
    if [signer.key for signer in said.signers] != [said.body.key]:
        raise POSSESSION.refuse(f"the opening is signed by {said.body.key} alone")
    yield from ()


def judge_key_enrolled(world: World, said: Signed[KeyEnrolled], rules: RulePack) -> Iterator[Breach]:
    """Judge the enrolment of a key. Raises Refused: ENR-02, ENR-03, ENR-04, ENR-05."""
    body = said.body
    if world.key(body.key).known:
        raise KEY_NEW.refuse(f"{body.key} is enrolled already")
    if not world.party(body.party).known:
        raise PARTY_REGISTERED.refuse(f"{body.party} is not registered")
    if len(said.signers) != 2 or said.signers[1].key != body.key:
        raise POSSESSION.refuse(f"the enrolment has two signers, the second being {body.key} itself")
    holder = said.signers[1]
    if (holder.party, holder.person) != (body.party, body.person):
        raise KEY_NEW.refuse(
            f"{body.key} signs as {holder.party} {holder.person}, not as the person it is enrolled for"
        )
    enroller = said.signers[0]
    if enroller.role is not Role.OPERATOR and enroller.party != body.party:
        raise ENROLLER.refuse(f"{enroller.party} cannot enrol a key of {body.party}")
    yield from ()


def judge_key_revoked(world: World, said: Signed[KeyRevoked], rules: RulePack) -> Iterator[Breach]:
    """Judge the revocation of a key. Raises Refused: ENR-06, ENR-07."""
    key = world.key(said.body.key)
    if not key.known or key.revoked:
        raise REVOKED_ONCE.refuse(f"{key.id} is not enrolled, or revoked already")
    signer = said.signers[0]
    if signer.role is not Role.OPERATOR and signer.party != key.party:
        raise REVOKER.refuse(f"{signer.party} cannot revoke a key of {key.party}")
    yield from ()


# Effects


def operator_opened(party: Party, event: Event[LogOpened]) -> Party:
    """Return the operator as the first party, with its role."""
    body = event.said.body
    if party.id != body.party:
        return party
    return Party(id=party.id, known=True, name=body.name, name_zh=body.name_zh, roles=frozenset({Role.OPERATOR}))


def key_enrolled(key: Key, event: Event[LogOpened] | Event[KeyEnrolled]) -> Key:
    """Return the key as enrolled."""
    body = event.said.body
    if key.id != body.key:
        return key
    return Key(id=key.id, known=True, alg=body.alg, spki=body.spki, party=body.party, person=body.person)


def key_revoked(key: Key, event: Event[KeyRevoked]) -> Key:
    """Return the key as revoked."""
    return replace(key, revoked=True) if key.id == event.said.body.key else key
