"""The general rules, applied to every statement before its kind's own: who may speak, when, and how many.

Signatures are verified before; here the record decides whether their keys, parties and roles may say this. Validity is
by position in the log: the world is the record just before the statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.breach import merged
from ledger.domain.dating import clock_tolerance
from ledger.domain.judging import Signatory, Signed, World
from ledger.domain.law.deadlines import deadline
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.registry.keys import KeyEnrolled, LogOpened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from ledger.breach import Breach
    from ledger.domain.kind import Kind
    from ledger.ids import Tag

NOT_OPEN = Rule("GEN-01", "A log's first statement opens it.", Answer.REFUSAL)
FUTURE = Rule("GEN-02", "A statement is not about the future.", Answer.REFUSAL)
KEY_UNKNOWN = Rule("GEN-03", "A statement is signed by enrolled keys.", Answer.REFUSAL)
KEY_REVOKED = Rule("GEN-04", "A revoked key signs nothing more.", Answer.REFUSAL)
KEY_OF_ANOTHER = Rule("GEN-05", "A key signs for the party and the person it is enrolled for.", Answer.REFUSAL)
ROLE_NOT_HELD = Rule("GEN-06", "A signer speaks in a role that its party holds.", Answer.REFUSAL)
ROLE_MAY_NOT = Rule("GEN-07", "A kind is stated by the roles that the catalogue names for it.", Answer.REFUSAL)
REFERENCE = Rule(
    "GEN-08",
    "A party that records an authority's decision names the document.",
    Answer.REFUSAL,
    "Order 424 Art. 53; GACC Order 281 Art. 7",
    Confidence.V,
)
TWO_PERSONS = Rule(
    "GEN-09",
    "What the law has done by two persons is signed by two.",
    Answer.BREACH,
    "Order 424 Arts 12, 35, 53; WS 233-2017 7.3.2, 7.3.11",
    Confidence.V,
    ("asked", "signed"),
)
LATE = Rule(
    "GEN-10",
    "An act is recorded when it is done; a late entry says why.",
    Answer.BREACH,
    "GB 19489-2008 7.4.6.3",
    Confidence.V,
    ("occurred", "recorded"),
)
ANOTHER_LOG = Rule("GEN-11", "A statement is recorded in the log that it names, and in no other.", Answer.REFUSAL)
OUT_OF_ORDER = Rule(
    "GEN-12",
    "Acts of one item, consignment, case, approval, permit or site are told in their order; one told later says why.",
    Answer.BREACH,
    parameters=("newest", "occurred"),
)

RULES = (
    NOT_OPEN,
    FUTURE,
    KEY_UNKNOWN,
    KEY_REVOKED,
    KEY_OF_ANOTHER,
    ROLE_NOT_HELD,
    ROLE_MAY_NOT,
    REFERENCE,
    TWO_PERSONS,
    LATE,
    ANOTHER_LOG,
    OUT_OF_ORDER,
)


def judge_authority(world: World, said: Signed[Any], kind: Kind[Any], rules: RulePack) -> Iterator[Breach]:
    """Judge who speaks, and when.

    Raises Refused: GEN-01 to GEN-08, in this order.
    Returns GEN-09 too few persons; GEN-10 a late entry, of all but a correction: of that ``judge_statement`` asks it.
    """
    if world.size == 0 and not isinstance(said.body, LogOpened):
        raise NOT_OPEN.refuse("nothing is recorded before log.opened")
    if rules.clock_tolerance_seconds is not None and said.occurred_at > world.now + clock_tolerance(rules):
        raise FUTURE.refuse(f"{said.occurred_at:%Y-%m-%dT%H:%M:%SZ} has not come yet")
    for signer in said.signers:
        _judge_key(world, said, signer)
        _judge_role(world, said, signer, kind)
    _judge_reference(said, kind)
    if len(said.persons) < kind.persons:
        yield TWO_PERSONS.breach((), signed=len(said.persons), asked=kind.persons)
    if said.corrects is None:
        yield from late_entry(said, world.now, rules)


def _judge_key(world: World, said: Signed[Any], signer: Signatory) -> None:
    if isinstance(said.body, LogOpened | KeyEnrolled) and said.body.key == signer.key:
        return  # the key that this very statement brings in; its kind's judge compares it with the signer
    key = world.key(signer.key)
    if not key.known:
        raise KEY_UNKNOWN.refuse(f"{signer.key} is not enrolled")
    if key.revoked:
        raise KEY_REVOKED.refuse(f"{signer.key} is revoked")
    if (key.party, key.person, key.alg) != (signer.party, signer.person, signer.alg):
        raise KEY_OF_ANOTHER.refuse(f"{signer.key} is not a key of {signer.party} {signer.person}")


def _judge_role(world: World, said: Signed[Any], signer: Signatory, kind: Kind[Any]) -> None:
    if isinstance(said.body, LogOpened):
        return  # the operator's role comes into being with it
    if signer.role not in world.party(signer.party).roles:
        raise ROLE_NOT_HELD.refuse(f"{signer.party} does not hold the role {signer.role}")
    if signer.role not in kind.roles and signer.role not in kind.recorders:
        raise ROLE_MAY_NOT.refuse(f"{kind.name} is not stated by a {signer.role}")


def late_entry(said: Signed[Any], now: datetime, rules: RulePack) -> Iterator[Breach]:
    """Judge whether an act is told late. Returns GEN-10.

    now: when it is told; of a correction of the same act, when that was first told.
    """
    hours = rules.late_entry_hours
    if hours is not None and now > deadline(said.occurred_at, hours, rules.working_days):
        yield LATE.breach((), occurred=said.occurred_at, recorded=now)


def out_of_order(said: Signed[Any], later: Mapping[Tag, datetime]) -> Iterator[Breach]:
    """Judge whether an act is told out of the order in which things happened. Returns GEN-12.

    later: the subjects of which acts are told that another order would be, each with when such an act occurred.
    """
    yield from merged(
        OUT_OF_ORDER.breach((tag,), occurred=said.occurred_at, newest=newest) for tag, newest in later.items()
    )


def _judge_reference(said: Signed[Any], kind: Kind[Any]) -> None:
    if not kind.recorders or any(signer.role in kind.roles for signer in said.signers):
        return
    if said.body.reference is None:
        raise REFERENCE.refuse(f"{kind.name} without an authority's signature names document, issuer and digest")
