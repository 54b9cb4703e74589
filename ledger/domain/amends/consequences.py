"""What may not come of a correction, a voiding or an act told late: the record as it is, and as it would be.

Whether the right words would have been accepted at their own time is asked by their kind's judge; here is what has been
said since and counts on them. Only what the statement itself would make wrong is refused, never what was so before.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ledger.domain.approval.balance import users
from ledger.domain.approval.conversions import FACTOR_STANDS
from ledger.domain.authorisation.drawing import drawn_beyond
from ledger.domain.bodies.printed import name_key
from ledger.domain.bodies.vocabulary import WriteOff
from ledger.domain.border.entry import NOT_BELOW_RELEASED, SINGLE_USE
from ledger.domain.border.listing import LABEL_NEW
from ledger.domain.custody.opening import ONE_DAY
from ledger.domain.fold import initial
from ledger.domain.judging import Event, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.shares import shares_beyond
from ledger.domain.states.border import Approval, Consignment, Line
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import ON_THE_WAY, Item
from ledger.domain.work.collection import LABEL_NEW as SITE_LABEL_NEW
from ledger.errors import Refused
from ledger.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ledger.breach import Breach
    from ledger.domain.kind import Kind
    from ledger.domain.law.rules import RulePack
    from ledger.domain.states.subjects import Subject
    from ledger.ids import Tag

# Rules

NOT_LESS = Rule(
    "COR-06", "A correction, a voiding or an act told late leaves nothing with less than nothing.", Answer.REFUSAL
)
NOT_ORPHANED = Rule(
    "COR-07",
    "What later statements are about is not taken out of the record; they are corrected first.",
    Answer.REFUSAL,
)
NOT_TWICE = Rule(
    "COR-09", "A correction brings nothing into being that a later statement has brought into being.", Answer.REFUSAL
)

STAYS_RELEASED = Rule(
    "COR-10",
    "Goods that were received or worked on stay released, and goods that are released stay declared.",
    Answer.REFUSAL,
)
WRITTEN_OFF_LESS = Rule(
    "COR-11",
    "What was written off for goods that have come in is not written off less.",
    Answer.BREACH,
    parameters=("amount", "approval", "consignment", "left", "line"),
)
STAYS_POSSIBLE = Rule(
    "COR-12",
    "An act that is told late, or moved by a correction, leaves possible what is recorded of later times.",
    Answer.REFUSAL,
)

RULES = (NOT_LESS, NOT_ORPHANED, NOT_TWICE, STAYS_RELEASED, WRITTEN_OFF_LESS, STAYS_POSSIBLE)


# Judging


@dataclass(frozen=True, slots=True)
class Since:
    """An act on record that happened after another one which is told only now.

    was, would_be: the worlds that it happened in, without the other act and with it.
    """

    event: Event[Any]
    kind: Kind[Any]
    was: World
    would_be: World


def check_possible(acts: Iterable[Since], rules: RulePack) -> None:
    """Check that acts are still possible after an earlier one. Raises Refused: COR-12.

    One that would be refused anyway is passed over, as is a rule of theirs that is only broken.
    """
    for act in acts:
        problem = _refusal(act, act.would_be, rules)
        was = _refusal(act, act.was, rules)
        if problem is not None and (was is None or was.rule != problem.rule):
            event = act.event
            raise STAYS_POSSIBLE.refuse(
                f"{event.said.kind} at position {event.position} happened at "
                f"{event.said.occurred_at:%Y-%m-%d %H:%M:%S}Z and would not be possible: {problem}"
            )


def _refusal(act: Since, world: World, rules: RulePack) -> Refused | None:
    try:
        for _ in act.kind.judge(world, act.event.said, rules):
            pass
    except Refused as refusal:
        return refusal
    return None


def check_new(present: World, then: World, kind: Kind[Any], target: Event[Any], correction: Event[Any]) -> None:
    """Check that what a correction newly brings into being is not on record since. Raises Refused: COR-09.

    present, then: the record as it is, and at the place of the corrected statement, ``target``.
    """
    for tag in correction.tags:
        was = then.subjects.get(tag) or initial(tag)
        if was.known or not kind.evolve(was, correction).known or kind.evolve(was, target).known:
            continue
        now = present.subjects.get(tag)
        if now is not None and now.known:
            raise NOT_TWICE.refuse(f"{tag} is on record by a later statement")


def judge_consequences(before: World, after: World, spoken_of: Collection[Tag]) -> None:
    """Check what the record would be after a correction, a voiding or an act told late.

    before, after: the same subjects as they are, and with the statement in question corrected, taken out or put in.
        They include all that it was about, such as the items that it brought into being.
    spoken_of: of the subjects that would be on record no more, those that other statements rest on.

    Raises Refused: COR-06 an item or an approval line with less than nothing; COR-07 what others speak of would be
    gone; COR-10 goods in use would not be released, or released ones not declared; CON-37 less declared than is
    released; CON-34 an approval of single use in use twice; APR-27 a factor changed by which something was counted;
    CON-12 two items with one label.
    """
    for tag, was, subject in _anew(before, after):
        if was.known and not subject.known and (subject != initial(tag) or tag in spoken_of):
            raise NOT_ORPHANED.refuse(f"it would leave later statements about {tag} without it")
        _check_subject(was, subject, after)


def judge_write_offs(before: World, after: World) -> Iterator[Breach]:
    """Judge what would be written off no more, though the goods have come in. Returns COR-11.

    before, after: as for ``judge_consequences``.
    """
    for _, was, approval in _anew(before, after):
        if not isinstance(was, Approval) or not isinstance(approval, Approval):
            continue
        for number, line in was.lines.items():
            now = approval.lines.get(number)
            for user, amount in sorted(line.committed.items()):
                left = Decimal(0) if now is None else now.committed.get(user, Decimal(0))
                if left < amount and after.consignment(user).received_items:
                    yield WRITTEN_OFF_LESS.breach(
                        (was.id, user),
                        approval=was.id,
                        line=number,
                        consignment=user,
                        amount=Quantity(amount, line.approved.unit),
                        left=Quantity(left, line.approved.unit),
                    )


def judge_beyond(before: World, after: World) -> Iterator[Breach]:
    """Judge what would go beyond a permit or a site's share, by all that is told since. Returns PMT-22, SHA-04, SHA-07.

    before, after: as for ``judge_consequences``.
    """
    for _, was, subject in _anew(before, after):
        match was, subject:
            case Permit(), Permit():
                yield from drawn_beyond(was, subject)
            case Approval(), Approval():
                yield from shares_beyond(was, subject)
            case _:
                pass


def _anew(before: World, after: World) -> list[tuple[Tag, Subject, Subject]]:
    """Return what was folded anew, sorted; a world may hold many thousands that have nothing to do with it."""
    changed = sorted(tag for tag, subject in after.subjects.items() if before.subjects.get(tag) is not subject)
    return [(tag, before.subjects.get(tag) or initial(tag), after.subjects[tag]) for tag in changed]


def _check_subject(was: Subject, subject: Subject, after: World) -> None:
    match was, subject:
        case Item(), Item():
            _check_item(was, subject, after)
        case Approval(), Approval():
            _check_use(was, subject)
            for number, line in was.lines.items():
                _check_line(f"{was.id} line {number}", line, subject.lines.get(number))
        case Permit(), Permit():
            _check_drawn(was, subject)
        case Consignment(), Consignment():
            if was.declared_on is not None and subject.declared_on is None and subject.released_items:
                raise STAYS_RELEASED.refuse(f"it would leave released goods of {was.id} undeclared")
        case Site(), Site():
            if len(subject.opened) > 1 and len(was.opened) < 2:
                raise ONE_DAY.refuse(f"the stock of {was.id} would be opened on {len(subject.opened)} days")
        case _:
            pass


def _check_item(was: Item, item: Item, after: World) -> None:
    if item.quantity is not None and item.quantity.value < 0:
        raise NOT_LESS.refuse(f"it would leave {item.id} with less than nothing")
    if was.released and not item.released and (item.worked or item.status not in ON_THE_WAY):
        raise STAYS_RELEASED.refuse(f"it would leave {item.id} in use without a release")
    if item.label is None or item.label == was.label:
        return
    key = name_key(item.label)
    for goods in after.consignments_of([item.id]):
        if goods.labels.get(key, item.id) != item.id:
            raise LABEL_NEW.refuse(f"the label {item.label} is on {goods.labels[key]}")
    if item.site is not None and not after.consignments_of([item.id]):
        other = after.site(item.site).labels.get(key, item.id)
        if other != item.id:
            raise SITE_LABEL_NEW.refuse(f"the label {item.label} is on {other}")


def _check_use(was: Approval, approval: Approval) -> None:
    using = users(approval)
    if approval.write_off is not WriteOff.SINGLE or len(using) < 2:
        return
    if was.write_off is not WriteOff.SINGLE or not using <= users(was):
        raise SINGLE_USE.refuse(f"{approval.id} would be used by {' and '.join(sorted(using))}")


def _check_drawn(was: Permit, permit: Permit) -> None:
    for number, line in was.lines.items():
        if line.drawn and number not in permit.lines:
            raise NOT_ORPHANED.refuse(f"it would leave amounts drawn on {was.id} line {number} without it")


def _check_line(name: str, was: Line, line: Line | None) -> None:
    if line is None or line.approved.unit != was.approved.unit:
        if was.reserved or was.committed:
            raise NOT_ORPHANED.refuse(f"it would leave amounts declared on {name} without it")
        return
    for unit in was.converted & line.converted:
        if line.factors.get(unit) != was.factors.get(unit):
            raise FACTOR_STANDS.refuse(f"{name} has been counted in {unit}")
    if line.approved.value < line.reserved_total + line.committed_total:
        raise NOT_LESS.refuse(f"it would overdraw {name}")
    for user, released in line.committed.items():
        declared, before = (one.declared.get(user, Decimal(0)) for one in (line, was))
        if declared < before and declared < released:
            raise NOT_BELOW_RELEASED.refuse(f"more than would be declared of {name} is released for {user}")
