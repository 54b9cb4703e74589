"""Duties under supervision: visits, findings, watches, recalls, withdrawn consent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from msgspec.structs import replace

from ledger.domain.acts import LINKS
from ledger.domain.duties.duty import Duty, Hearing, Owed, When, Who
from ledger.domain.states.subjects import Case, CaseStatus, Item, ItemStatus
from ledger.domain.states.supervision import Response, Supervision
from ledger.domain.supervision import reaching
from ledger.domain.supervision.findings import FindingDecision, UnitAnswer
from ledger.domain.supervision.notices import response_of
from ledger.domain.work.checks import GONE
from ledger.ids import CaseId, ItemId, Tag, type_of
from ledger.statement.duties.items import NONE_LEFT, made_of, none_left

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ledger.domain.duties.duty import Step
    from ledger.domain.judging import World


def _supervision(step: Step) -> Supervision | None:
    """Return what the supervision adds up to; None where what opened it was taken back."""
    detail = cast("Case", step.after).detail
    return detail if isinstance(detail, Supervision) else None


def _response(step: Step) -> Response:
    return response_of(cast("Case", step.after))


def _planned(step: Step) -> Iterator[Owed]:
    if (due := step.end_of(step.body.period_to)) is None:
        return
    for number in range(1, step.body.visits + 1):
        yield Owed(str(number), (Tag(step.body.party),), step.event.said.party, step.body.party, due=due)


def _visited_so_often(step: Step, owed: Owed) -> bool:
    found = _supervision(step)
    return found is not None and len(found.visits) >= int(owed.key)


def _next(step: Step) -> Iterator[Owed]:
    found, due = _supervision(step), step.end_of(step.body.next_on)
    if found is not None and due is not None:
        yield Owed(str(step.body.next_on), (Tag(found.unit),), step.authority, found.unit, due=due)


def _unit_of(world: World, case: Tag) -> Iterator[Tag]:
    detail = world.case(CaseId(case)).detail
    if isinstance(detail, Supervision):
        yield Tag(detail.unit)


def _visited_next(step: Step, owed: Owed) -> bool:
    """Say whether the unit is visited by the authority that named the day, in whatever supervision of the unit."""
    detail = step.world.case(step.body.case).detail
    same_unit = isinstance(detail, Supervision) and Tag(detail.unit) in owed.concerns
    return same_unit and (owed.debtor is None or cast("Supervision", detail).takes_part(owed.debtor))


def _names_another(step: Step, owed: Owed) -> bool:
    """Say whether the same supervision, reopened, is closed again and names a day anew."""
    return step.body.case == step.tag and step.body.next_on is not None


def _found(step: Step) -> Iterator[Owed]:
    found = _supervision(step)
    if found is not None:
        about = (Tag(found.unit), *map(Tag, getattr(step.body, "items", ())))
        yield Owed(str(step.body.finding), about, found.unit, step.event.said.party, due=step.body.due)


def _of_finding(step: Step, owed: Owed) -> bool:
    return str(step.body.finding) == owed.key


def _waits(step: Step, owed: Owed) -> bool:
    """Say whether it is the authority's turn: the unit objected, or says that it has corrected it."""
    objected = getattr(step.body, "answer", UnitAnswer.OBJECTED) is UnitAnswer.OBJECTED
    return _of_finding(step, owed) and objected


def _corrected_at(step: Step) -> datetime:
    """Return when the unit's part was done: at the end of the day that it states, if that is over."""
    end, at = step.end_of(getattr(step.body, "corrected_on", None)), step.event.said.occurred_at
    return at if end is None else min(at, end)


def _goes_on(step: Step, owed: Owed) -> bool:
    return _of_finding(step, owed) and getattr(step.body, "decision", None) is not FindingDecision.DROPPED


def _dropped(step: Step, owed: Owed) -> bool:
    return _of_finding(step, owed) and step.body.decision is FindingDecision.DROPPED


def _new_date(step: Step, owed: Owed) -> datetime | None:
    return step.body.due if _of_finding(step, owed) else None


def _watched(step: Step) -> Iterator[Owed]:
    yield Owed(str(_response(step).watches), debtor=step.event.said.party, due=step.body.until)


def _watch_ended(step: Step, owed: Owed) -> bool:
    return _response(step).ended >= int(owed.key)


def _holders(step: Step) -> Iterator[Owed]:
    """Yield a confirmation for each party that has something of what is recalled, or of what is taken in with it."""
    case = cast("Case", step.after)
    if step.event.said.kind == "recall.extended/1":
        taken_in = frozenset({*step.body.items, *step.body.mates})
        case = replace(case, items=taken_in, approval=None, consignment=None)
    world, held = step.world, dict[Any, list[Tag]]()
    for item in map(world.item, _items_of(world)):
        if item.custodian is not None and item.status not in GONE and reaching.reaches(world, case, item.id):
            held.setdefault(item.custodian, []).append(Tag(item.id))
    for party, items in sorted(held.items()):
        yield Owed(party, tuple(sorted(items)), party, case.party, due=case.due)


def _confirmed(step: Step, owed: Owed) -> bool:
    """Say whether the holder confirms, and has by now named all of it that it still has, whatever it was made into."""
    if step.event.said.party != owed.key:
        return False
    world, named = step.world, reaching.holding_of(cast("Case", step.after)).named
    has = [one for one in map(world.item, _items_of(world)) if one.custodian == owed.key and one.status not in GONE]
    return all(one.id in named for one in has if not set(owed.concerns).isdisjoint(made_of(world, Tag(one.id))))


def _items_of(world: World) -> Iterator[ItemId]:
    return (ItemId(tag) for tag in world.subjects if type_of(tag) == "item")


def _let_go(step: Step, owed: Owed) -> bool:
    return cast("Case", step.after).status is CaseStatus.CLOSED


def _withdrawn(step: Step) -> Iterator[Owed]:
    """Yield what is to be disposed of: what is named, and all that was made of it, before or since."""
    item = cast("Item", step.after)
    made_of_it = not {one.id for one in step.world.lineage(item.id)}.isdisjoint(step.body.items)
    if step.body.dispose and made_of_it and item.status not in NONE_LEFT:
        yield Owed(step.body.case, concerns=(Tag(step.body.case),), debtor=item.custodian)


def _disposed(step: Step, owed: Owed) -> bool:
    return cast("Item", step.after).status is ItemStatus.DISPOSED


SUPERVISION: Final[tuple[Duty, ...]] = (
    Duty(
        id="visit-unit",
        says="A unit is visited as often as its supervision plans, before the plan's period is over.",
        about=Case,
        owed_by=Who.AUTHORITY,
        owed_to=Who.UNIT,
        opens=frozenset({"supervision.planned/1"}),
        owed=_planned,
        stated=True,
        closes=When(frozenset({"supervision.visited/1"}), _visited_so_often),
        lapses=When(frozenset({"supervision.closed/1"}), _let_go),
        clause="269/2015 Art. 9",
    ),
    Duty(
        id="visit-next",
        says="A unit is visited again by the day that the authority named when it closed a supervision.",
        about=Case,
        spans=("case", "party"),
        hears=Hearing(frozenset({"supervision.visited/1"}), _unit_of, "the unit"),
        owed_by=Who.AUTHORITY,
        owed_to=Who.UNIT,
        opens=frozenset({"supervision.closed/1"}),
        owed=_next,
        stated=True,
        closes=When(frozenset({"supervision.visited/1"}), _visited_next),
        lapses=When(frozenset({"supervision.closed/1"}), _names_another),
    ),
    Duty(
        id="correct-finding",
        says="A unit corrects what officers found by its date, and somebody who is not of the unit verifies it.",
        about=Case,
        owed_by=Who.UNIT,
        owed_to=Who.AUTHORITY,
        opens=frozenset({"finding.raised/1", "finding.reopened/1"}),
        owed=_found,
        stated=True,
        pauses=When(frozenset({"finding.answered/1", "finding.corrected/1"}), _waits),
        paused_at=_corrected_at,
        resumes=When(frozenset({"finding.decided/1", "finding.rejected/1"}), _goes_on),
        moves=frozenset({"finding.rejected/1"}),
        moved=_new_date,
        closes=When(frozenset({"finding.verified/1"}), _of_finding),
        lapses=When(frozenset({"finding.decided/1"}), _dropped),
        missed="FND-07",
        clause="269/2015 annex 2",
    ),
    Duty(
        id="end-exposure-watch",
        says="A watch over exposed persons ends by the date that was set for it.",
        about=Case,
        owed_by=Who.REPORTER,
        owed_to=Who.HEALTH_AUTHORITY,
        opens=frozenset({"exposure.watch-opened/1"}),
        owed=_watched,
        stated=True,
        closes=When(frozenset({"exposure.watch-ended/1"}), _watch_ended),
    ),
    Duty(
        id="confirm-recall",
        says="Each holder of something of what is recalled confirms what it has of it.",
        about=Case,
        spans=("item",),
        owed_by=Who.KEEPER,
        owed_to=Who.ORDERING_AUTHORITY,
        opens=frozenset({"recall.ordered/1", "recall.extended/1"}),
        owed=_holders,
        stated=True,
        closes=When(frozenset({"recall.confirmed/1"}), _confirmed),
        lapses=When(frozenset({"recall.lifted/1"}), _let_go),
        missed="RCL-08",
    ),
    Duty(
        id="dispose-of-withdrawn",
        says="What is to be disposed of because consent was withdrawn is disposed of, with all that was made of it.",
        about=Item,
        spans=("item",),
        hears=Hearing(frozenset({"consent.withdrawn/1"}), made_of, "what the item was made of"),
        owed_by=Who.KEEPER,
        owed_to=Who.DONOR,
        opens=frozenset({"consent.withdrawn/1"}),
        owed=_withdrawn,
        closes=When(frozenset({"item.destroyed/1", "destruction.executed/1", "waste.certified/1"}), _disposed),
        lapses=When(LINKS[Item], none_left),
        clause="HGR Regulations Art. 12",
    ),
)
