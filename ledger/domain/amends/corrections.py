"""Correcting and voiding: how a party takes back what it said, so that everybody can see that it did.

A correction is a statement of the same kind that names the one it replaces; a voiding only takes one out. Both leave
the first words in the log (GB 19489-2008 7.4.6.4). Here is who may, and in which world each rule is asked; what may not
come of it is in ``consequences``, and folding does it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ledger.breach import merged
from ledger.domain.amends.consequences import (
    Since,
    check_new,
    check_possible,
    judge_beyond,
    judge_consequences,
    judge_write_offs,
)
from ledger.domain.bodies.vocabulary import Body, StatementRef
from ledger.domain.codes import VoidingGround
from ledger.domain.fold import rewritten
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.registry.authority import late_entry, out_of_order
from ledger.errors import Refused
from ledger.ids import Tag, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from ledger.breach import Breach
    from ledger.domain.kind import Kind
    from ledger.domain.law.rules import RulePack

_CLAUSE: Final = "GB 19489-2008 7.4.6.4"

FINAL: Final = frozenset(
    {
        "log.opened/1",
        "key.enrolled/1",
        "key.revoked/1",
        "party.registered/1",
        "role.granted/1",
        "role.withdrawn/1",
        "statement.voided/1",
    }
)
"""What cannot be taken back: who may sign would change for statements that stand, and a voiding has no content."""

_GOODS: Final = frozenset({"item", "consignment", "approval"})

# Bodies


class StatementVoided(Body, frozen=True):
    """A party takes back a statement of its own and puts nothing in its place."""

    statement: StatementRef
    ground: VoidingGround


# Rules

STANDS = Rule("COR-01", "Only a statement that is on record and still stands is corrected or voided.", Answer.REFUSAL)
AUTHOR = Rule("COR-02", "A statement is corrected or voided by the party that made it.", Answer.REFUSAL)
MAY_CHANGE = Rule(
    "COR-03",
    "Keys, parties, roles, the opening of the log and voidings are neither corrected nor voided.",
    Answer.REFUSAL,
)
SAME_KIND = Rule("COR-04", "A correction is of the kind of the statement that it corrects.", Answer.REFUSAL)
REASON = Rule("COR-05", "A correction says why.", Answer.REFUSAL, _CLAUSE, Confidence.V)
AS_MANY = Rule(
    "COR-08",
    "As many persons correct or void a statement as made it, and all parties that signed it.",
    Answer.BREACH,
    _CLAUSE,
    Confidence.V,
    ("asked", "missing", "signed"),
)

RULES = (STANDS, AUTHOR, MAY_CHANGE, SAME_KIND, REASON, AS_MANY)

# Judges


@dataclass(frozen=True, slots=True)
class Hindsight:
    """What a correction, a voiding or an act told out of order is judged in besides the world that it speaks in.

    event: the statement as it would be recorded; its tags include all of those of what it rewrites.
    before: the record as it is. after: the record with the statement folded in.
    then: of a correction or voiding, the record at its place: all that happened before its own time, and of what goes
        by position what stands before what it rewrites. Its ``now`` is when that was recorded, its ``size`` the number
        of positions before. told: the same, of all that was told before what it rewrites.
    others: the goods that it names and that what it corrects was not about, as ``others_named`` gives them.
    instead: the record at its own time without what it corrects, if it tells of another act (``tells_another``).
    spoken_of: of the subjects that would be on record no more, those that other statements rest on.
    passed: of a correction that changes the time, the subjects in whose chain it comes to stand out of order.
    since: the acts on record that happen after one that is put in, or moved.
    """

    event: Event[Any]
    before: World
    after: World
    then: World | None = None
    told: World | None = None
    others: frozenset[Tag] = frozenset()
    instead: World | None = None
    spoken_of: frozenset[Tag] = frozenset()
    passed: Mapping[Tag, datetime] = field(default_factory=dict)
    since: Sequence[Since] = ()


def others_named(named: Iterable[Tag], target: Event[Any]) -> frozenset[Tag]:
    """Return the items, consignments and approvals among some ids that a statement was not about."""
    return frozenset(tag for tag in named if type_of(tag) in _GOODS) - target.tags


def tells_another(then: World, said: Signed[Any], target: Event[Any], others: Iterable[Tag]) -> bool:
    """Say whether a correction tells of another act than what it corrects: of other goods, or of a later time.

    then: the record at the place of ``target``, which it corrects.
    others: the goods that only the correction names. What was not on record then it can only have forgotten.
    """
    later = said.occurred_at > max(target.recorded, target.said.occurred_at)
    return later or any(tag in then.subjects and then.subjects[tag].known for tag in others)


def judge_statement(
    world: World, said: Signed[Any], kind: Kind[Any], rules: RulePack, hindsight: Hindsight | None = None
) -> Iterator[Breach]:
    """Judge a statement after the general rules and ``judge_correction``, which are asked of the present world.

    world: the record at the time of the act; its ``target`` is what the statement corrects or voids, if that still
        stands.
    hindsight: of a statement that corrects or voids what stands, or that is told out of order, and of no other.

    A correction's own rules are asked of the world in which it should have been made: would these words have been
    accepted then? One that tells of another act is a new statement as well, and asked also of the present without what
    it corrects. What follows for all that was said since is asked of the present and of the world after it.

    What contradicts the record at the time of the act, and does not contradict what was told, is told out of order and
    no more: of two times one is wrong, and nobody knows which. What the law asks before an act is asked of its time.

    Raises Refused: the kind's own rules; COR-06, COR-07, COR-09, COR-10, COR-12 and what else ``judge_consequences``
    names.
    Returns GEN-10 and GEN-12 of a correction, the kind's own breaches, COR-11, PMT-22, SHA-04, SHA-07.
    """
    if hindsight is None or hindsight.then is None or said.corrects is None:
        found = _asked(kind, said, rules, world, None if hindsight is None else hindsight.before)
        yield from merged(found)
    else:
        then, instead = hindsight.then, hindsight.instead
        yield from late_entry(said, world.now if hindsight.others or instead else then.now, rules)
        yield from out_of_order(said, hindsight.passed)
        found = _asked(kind, said, rules, then, hindsight.told)
        found += [] if instead is None else kind.judge(instead, said, rules)
        yield from merged(found)  # what is wrong in both is told once
        if world.target is not None:
            check_new(hindsight.before, then, kind, world.target, hindsight.event)
    if hindsight is not None:
        judge_consequences(hindsight.before, hindsight.after, hindsight.spoken_of)
        yield from judge_write_offs(hindsight.before, hindsight.after)
        told = {one.rule for one in found}  # what is wrong at its own place is told from there
        yield from (one for one in judge_beyond(hindsight.before, hindsight.after) if one.rule not in told)
        check_possible(hindsight.since, rules)


def _asked(kind: Kind[Any], said: Signed[Any], rules: RulePack, then: World, told: World | None) -> list[Breach]:
    try:
        return list(kind.judge(then, said, rules))
    except Refused:
        if told is None:
            raise
        return list(kind.judge(told.told(then), said, rules))


def judge_statement_voided(world: World, said: Signed[StatementVoided], rules: RulePack) -> Iterator[Breach]:
    """Judge nothing more: who may void what is judged by ``judge_correction``, what comes of it afterwards."""
    yield from ()


def check_correctable(said: Signed[Any]) -> None:
    """Check a correction before anything of what it names is read. Raises Refused: COR-03."""
    if said.corrects is not None and said.kind in FINAL:
        raise MAY_CHANGE.refuse(f"a {said.kind} corrects nothing")


def judge_correction(world: World, said: Signed[Any], rules: RulePack) -> Iterator[Breach]:
    """Judge that a statement may correct or void another. Yields nothing of a first statement.

    world: the statement that is corrected or voided is its ``target``; nothing else of it is asked.

    Raises Refused: COR-01, COR-03, COR-02; COR-04 and COR-05 of a correction. Returns COR-08.
    """
    if rewritten(said) is None:
        return
    check_correctable(said)
    target = _target(world, said)
    if said.corrects is not None:
        _check_correction(target, said)
    yield from _fewer(target, said)


def _check_correction(target: Event[Body], said: Signed[Any]) -> None:
    if target.said.kind != said.kind:
        raise SAME_KIND.refuse(f"a {said.kind} does not correct a {target.said.kind}")
    if said.reason is None:
        raise REASON.refuse(f"the correction of {said.corrects} gives no reason")


def _target(world: World, said: Signed[Any]) -> Event[Body]:
    target = world.target
    if target is None:
        raise STANDS.refuse("the statement named is not on record, or corrected or voided already")
    if target.said.kind in FINAL:
        raise MAY_CHANGE.refuse(f"a {target.said.kind} stands for ever")
    if target.said.party != said.party:
        raise AUTHOR.refuse(f"{target.said.id} is a statement of {target.said.party}")
    return target


def _fewer(target: Event[Body], said: Signed[Any]) -> Iterator[Breach]:
    missing = sorted(target.said.parties - said.parties)
    if missing or len(said.persons) < len(target.said.persons):
        yield AS_MANY.breach((), signed=len(said.persons), asked=len(target.said.persons), missing=missing)
