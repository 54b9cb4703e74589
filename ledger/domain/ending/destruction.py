"""Destruction of items: performed by one person, witnessed by another, with evidence that it worked.

Never says who approved it (``disposal``) nor what a contractor did with the remains (``waste``); a destruction that an
authority orders is in ``executions``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Amount, Body, CaseRef, Code, Digest, ItemRef, Number, SiteRef
from ledger.domain.custody.positions import check_leaves, vacated
from ledger.domain.ending.disposal import DISPOSAL, Method, listed_method
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.holding import Asked
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, CaseStatus, Item, ItemStatus
from ledger.domain.work import checks, gates
from ledger.domain.work.holds import not_held, not_kept
from ledger.domain.work.portions import check_portion, less
from ledger.meaning import Meaning

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ItemId

# Bodies


class Indicator(StrEnum):
    """What the chemical or biological indicator of a cycle showed."""

    PASSED = "passed"
    FAILED = "failed"
    NONE = "none"


class Destroyed(Body, frozen=True):
    """An item destroyed; quantity: how much of it, left out when it is all there is."""

    item: ItemRef
    quantity: Amount | None = None


class ItemDestroyed(Body, frozen=True):
    """Items are destroyed by one person before another's eyes; to that end they leave their storage positions there.

    case: the approved disposal; left out where there is none.
    cycle: the equipment's own number of the cycle.
    evidence: SHA-256 of the cycle's record, or of the certificate.
    """

    laboratory: SiteRef
    items: Annotated[tuple[Destroyed, ...], Meta(min_length=1, max_length=900, description="At least one item.")]
    method: Method
    indicator: Indicator
    case: CaseRef | None = None
    equipment: Code | None = None
    cycle: Number | None = None
    evidence: Digest | None = None


# Rules

CASE_KNOWN = Rule(
    "DST-01",
    "A destruction names the disposal that it carries out; an order has a statement of its own.",
    Answer.REFUSAL,
)
APPROVED = Rule(
    "DST-02",
    "Items are destroyed after their disposal is approved.",
    Answer.BREACH,
    "WS 315-2010 7.3.1",
    Confidence.V,
    ("case",),
)
SAME_METHOD = Rule(
    "DST-03",
    "Items are destroyed by the method that was approved.",
    Answer.BREACH,
    parameters=("method", "method_approved"),
)
EVIDENCE = Rule(
    "DST-04",
    "A destruction has evidence that its method worked: of a steam cycle its number and its indicator.",
    Answer.BREACH,
    "WS 233-2017 7.3.11",
    Confidence.V,
    ("evidence", "method"),
)
NOT_APPROVER = Rule("DST-05", "Who approved a disposal does not carry it out.", Answer.BREACH)
WITNESSED = Rule(
    "DST-06",
    "A destruction is performed by one person and witnessed by another.",
    Answer.BREACH,
    "WS 233-2017 7.3.11",
    Confidence.V,
)

RULES = (CASE_KNOWN, APPROVED, SAME_METHOD, EVIDENCE, NOT_APPROVER, WITNESSED)

# Judge


def judge_item_destroyed(world: World, said: Signed[ItemDestroyed], rules: RulePack) -> Iterator[Breach]:
    """Judge a destruction.

    Raises Refused: GAT-01 to GAT-04, STK-08; UNI-01, UNI-02, PRT-01, PRT-05, PRT-02, PRT-04; DST-01.
    Returns GAT-05, GAT-06, GAT-08, GAT-16, GAT-12, GAT-13, DST-02 to DST-06, DSP-05, in this order.
    """
    body = said.body
    items = tuple(one.item for one in body.items)
    checks.check_items(world, said, items, gone=checks.EMPTIED)
    checks.check_site(world, said, body.laboratory)
    check_leaves(world, items, body.laboratory)
    for one in body.items:
        if one.quantity is not None:
            check_portion(world, one.item, one.quantity.quantity, rules)
    if body.case is not None and world.case(body.case).matter != DISPOSAL:
        raise CASE_KNOWN.refuse(f"{body.case} is no disposal")
    yield from gates.received(world, items)
    yield from gates.released(world, items)
    yield from not_held(world, said, items, doing=Asked.DESTROY)
    yield from not_kept(world, said, items)
    yield from gates.level(world, items, body.laboratory, rules)
    yield from gates.in_service(world, said, items, body.laboratory, rules)
    yield from _unapproved(world, said, items)
    yield from _unproved(body, items)
    yield from _unwitnessed(world, said, items)
    yield from listed_method(world, items, body.method, rules)


def _unapproved(world: World, said: Signed[ItemDestroyed], items: Collection[ItemId]) -> Iterator[Breach]:
    if said.body.case is None:
        yield APPROVED.breach(items, case=None)
        return
    case = world.then.case(said.body.case)
    yield from gates.about(APPROVED, [item for item in items if item not in case.approved], case=case.id)
    if case.method != said.body.method:
        yield SAME_METHOD.breach((case.id, *items), method=said.body.method, method_approved=case.method)


def _unproved(body: ItemDestroyed, items: Collection[ItemId]) -> Iterator[Breach]:
    if (lacking := lacking_evidence(body)) is not None:
        yield EVIDENCE.breach(items, method=body.method, evidence=lacking)


def lacking_evidence(body: ItemDestroyed) -> str | None:
    """Return the code of the evidence that is missing or speaks against the method; None where nothing does."""
    if body.indicator is Indicator.FAILED:
        return "indicator-failed"
    if body.method in {Method.AUTOCLAVE, Method.PRESSURE_STERILISATION}:
        stated = body.equipment is not None and body.cycle is not None and body.indicator is not Indicator.NONE
        return None if stated else "cycle-not-stated"
    return "no-document" if body.evidence is None else None


def _unwitnessed(world: World, said: Signed[ItemDestroyed], items: Collection[ItemId]) -> Iterator[Breach]:
    case = None if said.body.case is None else world.case(said.body.case)
    if case is not None and said.signed_as(Meaning.PERFORMED) & case.approved_by:
        yield NOT_APPROVER.breach((case.id, *items))
    if len(said.persons) < 2:
        return  # the general rules say it already
    if not said.witnessed:
        yield WITNESSED.breach(items)


# Effects


def disposal_executed(case: Case, event: Event[ItemDestroyed]) -> Case:
    """Return the case of a disposal as carried out; a cycle that failed has carried out nothing."""
    body = event.said.body
    if case.id != body.case or body.indicator is Indicator.FAILED:
        return case
    return replace(case, status=case.further(CaseStatus.EXECUTED))


def site_emptied(site: Site, event: Event[ItemDestroyed]) -> Site:
    """Return the site with the items' positions free; what is left of an item after a destruction is stored anew."""
    body = event.said.body
    if site.id != body.laboratory or body.indicator is Indicator.FAILED:
        return site
    return vacated(site, (one.item for one in body.items), event.said.occurred_at)


def item_destroyed(item: Item, event: Event[ItemDestroyed]) -> Item:
    """Return the item with nothing left of what was destroyed; after a cycle that failed it is all still there."""
    body = event.said.body
    for one in body.items:
        if one.item == item.id:
            return replace(item, worked=True) if body.indicator is Indicator.FAILED else _destroyed(item, one)
    return item


def _destroyed(item: Item, one: Destroyed) -> Item:
    rest = less(item, item.quantity if one.quantity is None else one.quantity.quantity)
    if one.quantity is None or rest.status is ItemStatus.DEPLETED:
        return replace(rest, status=ItemStatus.DISPOSED, place=None, checked_out=None)
    return replace(rest, place=None)
