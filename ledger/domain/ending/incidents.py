"""Losses, thefts, leaks and other incidents: who was told in time, and how the case ended.

The hours run from the discovery. Never says who was exposed: persons are no part of the log.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, CaseRef, Instant, ItemRef, Items, SiteRef
from ledger.domain.cases import check_new, opened
from ledger.domain.codes import Cause
from ledger.domain.custody.positions import check_leaves
from ledger.domain.dating import there_since
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.deadlines import deadline, unit_code
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.subjects import Case, CaseStatus, Item, ItemStatus
from ledger.domain.states.supervision import Response
from ledger.domain.work.checks import GONE, check_items, check_site
from ledger.domain.work.contents import high_pathogenic
from ledger.domain.work.gates import about

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ItemId

LOSS: Final = "loss"
INCIDENT: Final = "incident"

# Bodies

AnyItems = Annotated[tuple[ItemRef, ...], Meta(max_length=900, description="Items; there may be none.")]


class Loss(StrEnum):
    """How items came to be gone."""

    LOST = "lost"
    STOLEN = "stolen"
    ROBBED = "robbed"
    LEAKED = "leaked"


class Incident(StrEnum):
    """What happened, if nothing is gone."""

    SPILL = "spill"
    EXPOSURE = "exposure"
    LEAK = "leak"
    OTHER = "other"


class ReportedTo(StrEnum):
    """Whom the party has told."""

    COMPETENT_AUTHORITY = "competent-authority"
    HEALTH_AUTHORITY = "health-authority"
    VETERINARY_AUTHORITY = "veterinary-authority"
    POLICE = "police"
    CUSTOMS = "customs"


Told = Annotated[tuple[ReportedTo, ...], Meta(max_length=5, description="Whom the party has told so far.")]


class LossReported(Body, frozen=True):
    """A party states that items in its custody are lost, stolen, robbed or leaked.

    site: where they stand in storage positions, which become free; left out of items that stand in none.
    """

    case: CaseRef
    items: Items
    loss: Loss
    discovered_at: Instant
    reported_to: Told = ()
    site: SiteRef | None = None


class IncidentReported(Body, frozen=True):
    """A party states a spill, an exposure or a leak at a site of its own; no item is gone by it."""

    case: CaseRef
    site: SiteRef
    incident: Incident
    discovered_at: Instant
    items: AnyItems = ()
    reported_to: Told = ()


class IncidentClosed(Body, frozen=True):
    """A party ends its case of a loss or an incident with the cause that was found.

    items: all items of the case.
    found: those of them that were lost and are there again.
    """

    case: CaseRef
    cause: Cause
    items: AnyItems = ()
    found: AnyItems = ()


# Rules

CASE_NEW = Rule("INC-01", "A loss or an incident is a case of its own.", Answer.REFUSAL)
DISCOVERED = Rule("INC-02", "Something is reported after it was discovered.", Answer.REFUSAL)
CASE_OPEN = Rule("INC-03", "A party closes its own open case, naming all its items.", Answer.REFUSAL)
FOUND = Rule("INC-04", "Only what the case says is lost is found again.", Answer.REFUSAL)
IN_TIME = Rule(
    "INC-05",
    "A loss or a leak of high-pathogenic material is reported within hours.",
    Answer.BREACH,
    parameters=("discovered", "term", "unit"),
    basis=lambda pack, _: pack.loss_report_hours,
)
AUTHORITIES_TOLD = Rule(
    "INC-06",
    "Of high-pathogenic material the health or veterinary authority is told, and of a theft or loss the police too.",
    Answer.BREACH,
    "State Council Order 424 Art. 17",
    Confidence.V,
    ("authority",),
)

DISCOVERED_SINCE = Rule(
    "INC-07",
    "What befell items is discovered no earlier than they were made, or their consignment announced.",
    Answer.BREACH,
    parameters=("discovered",),
)

WATCH_OVER = Rule("INC-08", "An incident is closed when the watch over who was exposed has ended.", Answer.BREACH)

RULES = (CASE_NEW, DISCOVERED, CASE_OPEN, FOUND, IN_TIME, AUTHORITIES_TOLD, DISCOVERED_SINCE, WATCH_OVER)

# Judges


def judge_loss_reported(world: World, said: Signed[LossReported], rules: RulePack) -> Iterator[Breach]:
    """Judge the report of a loss. Raises Refused: INC-01, GAT-01 to GAT-03, STK-08, INC-02.

    Returns INC-05, INC-06, INC-07.
    """
    body = said.body
    check_new(world, body.case, CASE_NEW)
    check_items(world, said, body.items, gone=GONE - {ItemStatus.DEPLETED, ItemStatus.MISSING})
    check_leaves(world, body.items, body.site)
    police = body.loss is not Loss.LEAKED
    yield from _reported(world, said, body, rules, police=police)


def judge_incident_reported(world: World, said: Signed[IncidentReported], rules: RulePack) -> Iterator[Breach]:
    """Judge the report of an incident. Raises Refused: INC-01, GAT-04, GAT-01 to GAT-03, INC-02.

    Returns INC-05, INC-06, INC-07.
    """
    body = said.body
    check_new(world, body.case, CASE_NEW)
    check_site(world, said, body.site)
    check_items(world, said, body.items, gone=frozenset())
    yield from _reported(world, said, body, rules, police=False)


def judge_incident_closed(world: World, said: Signed[IncidentClosed], rules: RulePack) -> Iterator[Breach]:
    """Judge the end of a case. Raises Refused: INC-03, INC-04. Returns INC-08."""
    body = said.body
    case = world.case(body.case)
    if case.matter not in {LOSS, INCIDENT} or case.status is not CaseStatus.OPEN or case.party != said.party:
        raise CASE_OPEN.refuse(f"{body.case} is no open loss or incident of {said.party}")
    if case.items != frozenset(body.items):
        raise CASE_OPEN.refuse(f"{body.case} is about other items than those named")
    for item in body.found:
        if item not in case.items or world.item(item).status is not ItemStatus.LOST:
            raise FOUND.refuse(f"{item} is not lost by {body.case}")
    if isinstance(case.detail, Response) and case.detail.ended < case.detail.watches:
        yield WATCH_OVER.breach((case.id,))


def _reported(
    world: World,
    said: Signed[LossReported] | Signed[IncidentReported],
    body: LossReported | IncidentReported,
    rules: RulePack,
    *,
    police: bool,
) -> Iterator[Breach]:
    if body.discovered_at > said.occurred_at:
        raise DISCOVERED.refuse(f"{body.case} is reported before it was discovered")
    yield from _of_dangerous(world, body, rules, police=police)
    early = [item for item in body.items if body.discovered_at < there_since(world, item)]
    yield from about(DISCOVERED_SINCE, early, discovered=body.discovered_at)


def _of_dangerous(
    world: World, body: LossReported | IncidentReported, rules: RulePack, *, police: bool
) -> Iterator[Breach]:
    dangerous = [item for item in body.items if high_pathogenic(world, (item,), rules)]
    if not dangerous:
        return
    hours = rules.loss_report_hours
    if hours is not None and world.now > deadline(body.discovered_at, hours, rules.working_days):
        yield IN_TIME.breach(
            (body.case, *dangerous), discovered=body.discovered_at, term=hours.value, unit=unit_code(hours)
        )
    yield from _told(body, dangerous, police=police)


def _told(body: LossReported | IncidentReported, dangerous: Collection[ItemId], *, police: bool) -> Iterator[Breach]:
    told = set(body.reported_to)
    if not told & {ReportedTo.HEALTH_AUTHORITY, ReportedTo.VETERINARY_AUTHORITY}:
        yield AUTHORITIES_TOLD.breach((body.case, *dangerous), authority="health-or-veterinary-authority")
    elif police and ReportedTo.POLICE not in told:
        yield AUTHORITIES_TOLD.breach((body.case, *dangerous), authority=ReportedTo.POLICE)


# Effects


def loss_reported(item: Item, event: Event[LossReported]) -> Item:
    """Return the item as lost; its custodian still answers for it."""
    if item.id not in event.said.body.items:
        return item
    return replace(item, status=ItemStatus.LOST, place=None)


def loss_opened(case: Case, event: Event[LossReported]) -> Case:
    """Return the case as opened by a loss."""
    return _opened(case, event, LOSS)


def incident_opened(case: Case, event: Event[IncidentReported]) -> Case:
    """Return the case as opened by an incident."""
    new = _opened(case, event, INCIDENT)
    return case if new is case else replace(new, site=event.said.body.site)


def incident_closed(case: Case, event: Event[IncidentClosed]) -> Case:
    """Return the case as closed."""
    if case.id != event.said.body.case:
        return case
    return replace(case, status=CaseStatus.CLOSED)


def item_found(item: Item, event: Event[IncidentClosed]) -> Item:
    """Return an item that was lost and is there again."""
    if item.id not in event.said.body.found or item.status is not ItemStatus.LOST:
        return item
    empty = item.quantity is not None and item.quantity.value <= 0
    return replace(item, status=ItemStatus.DEPLETED if empty else ItemStatus.RECEIVED)


def _opened(case: Case, event: Event[LossReported] | Event[IncidentReported], matter: str) -> Case:
    new = opened(case, event, matter)
    return case if new is case else replace(new, opened_on=event.said.body.discovered_at)
