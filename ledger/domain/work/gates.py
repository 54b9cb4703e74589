"""What work on items must pass, whatever the work: where it is done, by whom, and what the law asks before.

The gates yield breaches, one for each rule with all the items that break it; what contradicts the record is refused
by ``checks``. Judges of other modules call them; no statement is of this module.
"""

from __future__ import annotations

from itertools import starmap
from typing import TYPE_CHECKING, Any

from ledger.domain.judging import Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack, Task
from ledger.domain.states.border import Approval, ApprovalStatus
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import ON_THE_WAY, Item, Origin
from ledger.domain.window import status_at
from ledger.domain.work.contents import ancestry, high_pathogenic, required_level, warmed
from ledger.domain.work.holds import not_held

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ledger.breach import Breach, Given
    from ledger.ids import ItemId, SiteId
    from ledger.reference.activities import Activity

# Rules

RECEIVED = Rule("GAT-05", "An item is received before it is worked on.", Answer.BREACH)
RELEASED = Rule(
    "GAT-06",
    "An item is moved or used only after customs have released it.",
    Answer.BREACH,
    "Order 160 Art. 19",
    Confidence.V2,
)
CONSENTED = Rule(
    "GAT-07",
    "An item under follow-up supervision is used only after the customs at destination have consented.",
    Answer.BREACH,
    "Order 160 Art. 30",
    Confidence.M,
)
TEMPERATURE = Rule("GAT-09", "An item that was too warm or too cold is not used until somebody decides.", Answer.BREACH)
NOT_WITHDRAWN = Rule(
    "GAT-10",
    "What came in under an approval that is withdrawn is returned or destroyed, not used.",
    Answer.BREACH,
    "Order 160 Art. 27",
    Confidence.M,
    ("approval",),
)
SITE_APPROVED = Rule(
    "GAT-11",
    "Work is done in a laboratory that the approval names.",
    Answer.BREACH,
    "Order 160 Art. 26",
    Confidence.M,
    ("approval", "site"),
)
LEVEL = Rule(
    "GAT-12",
    "A laboratory has the biosafety level that agent, activity and state of the material require.",
    Answer.BREACH,
    "State Council Order 424 Arts 18-21; 国卫科教发〔2023〕24号",
    Confidence.V,
    ("level", "required", "site"),
)
IN_SERVICE = Rule(
    "GAT-13",
    "A laboratory is in service, and at level 3 or 4 its accreditation is valid.",
    Answer.BREACH,
    "State Council Order 424 Arts 18-21",
    Confidence.V,
    ("site", "state"),
)
PERSONS = Rule(
    "GAT-14",
    "High-pathogenic work is done by as many persons as the law asks.",
    Answer.BREACH,
    parameters=("asked", "signed", "task"),
    basis=lambda pack, given: pack.min_persons.get(Task(str(given["task"]))),
)
PURPOSE = Rule(
    "GAT-15",
    "An item is used for an approved purpose only.",
    Answer.BREACH,
    "Order 160 Art. 23",
    Confidence.M,
    ("approval", "purpose"),
)

RULES = (RECEIVED, RELEASED, CONSENTED, TEMPERATURE, NOT_WITHDRAWN, SITE_APPROVED, LEVEL, IN_SERVICE, PERSONS, PURPOSE)

# Gates: they ask the world at the time of the act, whenever it is told


def work(
    world: World,
    said: Signed[Any],
    items: Collection[ItemId],
    laboratory: SiteId,
    rules: RulePack,
    *,
    activity: Activity | None = None,
) -> Iterator[Breach]:
    """Yield what forbids work on items in a laboratory, GAT-05 to GAT-14 in this order.

    activity: None where the statement does not name it.
    """
    yield from received(world, items)
    yield from released(world, items)
    yield from consented(world, items)
    yield from not_held(world, said, items)
    yield from decided(world, items)
    yield from not_withdrawn(world, said, items)
    yield from site_approved(world, items, laboratory)
    yield from level(world, items, laboratory, rules, activity)
    yield from in_service(world, said, items, laboratory, rules)
    yield from persons(world, said, items, rules)


def received(world: World, items: Iterable[ItemId]) -> Iterator[Breach]:
    """Yield GAT-05 for items that no laboratory has received."""
    yield from about(RECEIVED, [item for item in items if world.then.item(item).status in ON_THE_WAY])


def released(world: World, items: Iterable[ItemId]) -> Iterator[Breach]:
    """Yield GAT-06 for items that came in with something that was not released when the work was done.

    What was collected in the country never came in. What was held before the record began came in, if at all, before
    it: that was told when the stock was opened (OPN-04), and is not asked again.
    """
    yield from about(
        RELEASED,
        [item for item in items if not all(one.released or _past_border(one) for one in world.then.roots(item))],
    )


def consented(world: World, items: Iterable[ItemId]) -> Iterator[Breach]:
    """Yield GAT-07 for items whose approval asks for follow-up before the customs at destination have consented."""
    then = world.then

    def awaits(root: Item) -> bool:
        follow_up = root.approval is not None and then.approval(root.approval).follow_up
        return follow_up and not (root.consignment is not None and then.consignment(root.consignment).consented)

    yield from about(CONSENTED, [item for item in items if any(map(awaits, then.roots(item)))])


def decided(world: World, items: Iterable[ItemId]) -> Iterator[Breach]:
    """Yield GAT-09 for items with an undecided excursion of temperature, their own or one that they were made after."""
    yield from about(TEMPERATURE, [item for item in items if any(starmap(warmed, ancestry(world.then, item)))])


def not_withdrawn(world: World, said: Signed[Any], items: Collection[ItemId]) -> Iterator[Breach]:
    """Yield GAT-10 for approvals that stood withdrawn when the work was done."""
    for approval in world.approvals_of(items):
        if status_at(approval, said.occurred_at) is ApprovalStatus.WITHDRAWN:
            yield NOT_WITHDRAWN.breach(under(world, items, approval), approval=approval.id)


def site_approved(world: World, items: Collection[ItemId], site: SiteId) -> Iterator[Breach]:
    """Yield GAT-11 for approvals that name sites, but not this one."""
    for approval in world.approvals_of(items):
        if approval.sites and site not in approval.sites:
            yield SITE_APPROVED.breach(under(world, items, approval), approval=approval.id, site=site)


def level(
    world: World, items: Iterable[ItemId], site: SiteId, rules: RulePack, activity: Activity | None = None
) -> Iterator[Breach]:
    """Yield GAT-12 for items whose work requires more than a site's level, or than its having none."""
    own = world.then.site(site).level
    for item in items:
        required = required_level(world.then, item, activity, rules)
        if required is not None and (own is None or own < required):
            yield LEVEL.breach((item,), required=required, level=own, site=site)


def in_service(
    world: World, said: Signed[Any], items: Collection[ItemId], site: SiteId, rules: RulePack
) -> Iterator[Breach]:
    """Yield GAT-13 for a site out of service, or of level 3 or 4 without accreditation on the day of the work."""
    place = world.then.site(site)
    if not place.active:
        yield IN_SERVICE.breach((*items, site), site=site, state="out-of-service")
    elif _accreditation_lacks(place, said, rules):
        yield IN_SERVICE.breach((*items, site), site=site, state="not-accredited")


def persons(
    world: World, said: Signed[Any], items: Iterable[ItemId], rules: RulePack, task: Task = Task.WORK
) -> Iterator[Breach]:
    """Yield GAT-14 where fewer persons sign for high-pathogenic work than the rule pack asks for the task."""
    asked = rules.min_persons.get(task)
    if asked is None or len(said.persons) >= asked.value:
        return
    if dangerous := [item for item in items if high_pathogenic(world, (item,), rules)]:
        yield PERSONS.breach(dangerous, signed=len(said.persons), asked=asked.value, task=task)


def purpose(world: World, items: Collection[ItemId], stated: str) -> Iterator[Breach]:
    """Yield GAT-15 for approvals that name purposes, but not this one."""
    for approval in world.approvals_of(items):
        if approval.purposes and stated not in approval.purposes:
            yield PURPOSE.breach(under(world, items, approval), approval=approval.id, purpose=stated)


def named(items: Collection[ItemId]) -> str:
    """Write items for people: the first three, and how many more."""
    first = ", ".join(list(items)[:3])
    return f"{first} and {len(items) - 3} more" if len(items) > 3 else first


def about(rule: Rule, items: Collection[ItemId], **given: Given) -> Iterator[Breach]:
    """Yield one breach of a rule for all items that break it; none of no items."""
    if items:
        yield rule.breach(items, **given)


def came_in(world: World, items: Iterable[ItemId]) -> list[ItemId]:
    """Return those of some items that came in with a consignment, themselves or by what they were made from."""
    return [item for item in items if world.consignments_of([item])]


def under(world: World, items: Iterable[ItemId], approval: Approval) -> Iterator[str]:
    """Yield an approval, and those of some items that came in under it."""
    yield approval.id
    yield from (item for item in items if any(root.approval == approval.id for root in world.roots(item)))


def _past_border(root: Item) -> bool:
    return root.origin in {Origin.DOMESTIC, Origin.OPENING_STOCK}


def _accreditation_lacks(place: Site, said: Signed[Any], rules: RulePack) -> bool:
    if place.level is None or place.level < 3:
        return False
    return place.certificate_to is None or place.certificate_to < rules.working_days.local_date(said.occurred_at)
