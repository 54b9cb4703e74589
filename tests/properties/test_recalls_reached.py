"""What a recall reaches is found below what it names; it is the same as is found by looking at every item there is."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Packaging
from ledger.domain.border.certification import ConsignmentCertified, Harmless
from ledger.domain.border.listing import ListedItem
from ledger.domain.custody.custody import CustodyAccepted
from ledger.domain.judging import Event
from ledger.domain.states.holding import Holding, is_of
from ledger.domain.supervision.reaching import reaches
from ledger.domain.supervision.recalls import MATTER, RecallAsked, RecallGround, RecallOrdered
from ledger.ids import CaseId, ConsignmentId, ItemId, SiteId, Tag, type_of
from ledger.rulepacks.load import load_packs
from ledger.statement.duties import DUTIES, obligations
from projections.folding.editions import Begun
from projections.folding.outcome import Outcome
from projections.folding.whole import Whole
from projections.questions.record import Record
from projections.questions.supervision.recalls import recalls
from projections.views.obligations import OBLIGATIONS
from tests.properties.test_answers_by_table import judged_story
from tests.spec.bench import CUSTOMS
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import NOON, events_of, said

if TYPE_CHECKING:
    from ledger.domain.states.subjects import Case, Item

ROOTS: Final = ("item", "approval", "consignment")
STORIES: Final = 60
ORDERED: Final = RecallOrdered(case=CaseId("case:drawn"), ground=RecallGround.QUALITY, asked=RecallAsked.HOLD)


def recalled(number: int) -> list[Event[Any]]:
    """Return statements of every kind about a few items, as their form allows and no rule would, and recalls of some.

    A recall names items, an approval or a consignment that came up somewhere, and may be of a lot or a donor.
    """
    events, _ = judged_story(number)
    chance, told = random.Random(number), list(events)
    named = {of: sorted({tag for one in events for tag in one.tags if type_of(tag) == of}) for of in ROOTS}
    items = Record(events).items
    for at in range(3):
        of = chance.choice([one for one in ROOTS if named[one]])
        tags = chance.sample(named[of], min(len(named[of]), 2 if of == "item" else 1))
        root = {"items": tuple(tags)} if of == "item" else {of: tags[0]}
        like = chance.choice([None, *items])
        lot, donor = (None, None) if like is None else (like.lot, like.sample.donor)
        body = replace(ORDERED, case=CaseId(f"case:drawn-{at}"), lot=lot, donor=donor, **root)
        last = told[-1]
        statement = said(body, CUSTOMS, at=last.said.occurred_at + timedelta(hours=1))
        tags_of = frozenset({Tag(body.case), *tags})
        told.append(Event(last.position + 1, statement.occurred_at, tags_of, statement, last.rules))
    return told


def looked_at(record: Record, case: Case) -> tuple[set[ItemId], set[ItemId], set[ItemId]]:
    """Return what a recall reaches, what went into a pool with that, and what of its lot or donor it does not reach."""
    reached = {item.id for item in record.items if reaches(record.world, case, item.id)}
    rest = [item for item in record.items if item.id not in reached]
    pools = [set(item.parents) for item in record.items if item.id in reached and reached & set(item.parents)]
    mates = {item.id for item in rest if any(item.id in pool for pool in pools)}
    return reached, mates, {item.id for item in rest if _is_named(case, item)}


def _is_named(case: Case, item: Item) -> bool:
    holding = case.detail
    if not isinstance(holding, Holding) or (holding.lot is None and holding.donor is None):
        return False
    return is_of(item, holding.lot, holding.donor)


def test_what_is_below_a_recall_is_what_looking_at_every_item_finds() -> None:
    found: list[Any] = []
    for number in range(STORIES):
        events = recalled(number)
        record, rows = Record(events), {row.case: row for row in recalls(events)}
        for case in (one for one in record.cases if one.matter == MATTER):
            row = rows.pop(case.id)
            told = tuple({where.item for where in some} for some in (row.reached, row.mates, row.unnamed))
            assert told == looked_at(record, case)
            found.append(told)
        assert not rows
    reached, mates, unnamed = (sum(map(bool, told)) for told in zip(*found, strict=True))
    assert reached > STORIES // 6, (reached, mates, unnamed)
    assert mates
    assert unnamed > STORIES // 6


def test_what_is_owed_in_a_whole_log_is_what_looking_at_every_subject_finds() -> None:
    packs, confirming = load_packs(), 0
    for number in range(STORIES):
        events = recalled(number)
        found = obligations(events, packs)
        assert found == obligations(events, packs, {tag for event in events for tag in event.tags})
        confirming += sum(one.duty is DUTIES["confirm-recall"] for one in found)
    assert confirming > STORIES // 6


def test_what_came_in_under_a_certification_is_below_its_consignment_in_the_views_too() -> None:
    """No listing brings such goods onto the record; who has some of them confirms a recall as anybody else."""
    goods, item, at = ConsignmentId("consignment:certified"), ItemId("item:certified"), NOON + timedelta(hours=1)
    certified = ConsignmentCertified(
        consignment=goods,
        applicant=IMPORTER.party,
        consignee=LABORATORY.party,
        consignor_country="BR",
        destination=SiteId("site:lab"),
        ground=Harmless.INACTIVATED,
        statement="0" * 64,
        items=(ListedItem(item=item, label="V-1"),),
    )
    taken = CustodyAccepted(items=(item,), count=1, packaging=Packaging.INTACT, consignment=goods)
    told = [
        said(certified, IMPORTER),
        said(taken, LABORATORY),
        said(replace(ORDERED, consignment=goods), CUSTOMS, at=at),
    ]
    whole, packs = Whole(), load_packs()
    for event in events_of(told):
        whole.gather(event, bytes(32))
    made = [one for tags in whole.parts(1) for one in Outcome(whole, Begun(packs, at)).notings(tags)]
    rows = [row for one in made for row in one.rows.of(OBLIGATIONS) if row[1] == "confirm-recall"]
    assert [(row[0], row[3]) for row in rows] == [(ORDERED.case, LABORATORY.party)]
