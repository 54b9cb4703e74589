"""The committer's folded subjects: however statements are batched and whatever is kept, the answers are the same."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.acts import place_of
from ledger.domain.border.inspection import ConsignmentHeld
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemStored
from ledger.domain.ending.disposal import DisposalRequested, Method
from ledger.domain.work.derive import ItemAliquoted
from ledger.domain.work.making import Child
from ledger.ids import CaseId, ItemId, Tag
from ledger.statement.entries.entry import parse_entry
from ledger.store.deciding.earlier import event_of
from ledger.store.deciding.worlds import Worlds
from ledger.store.memory import MemoryStore
from ledger.store.port import Record
from tests.authors import START
from tests.imports import (
    CUSTOMS,
    GOODS,
    LAB,
    LABORATORY,
    TestClock,
    answer_of,
    handed_in,
    ml,
    open_ledger,
    record_all,
    state,
    to_the_bench,
    together,
    told,
    under,
    use,
    voiding,
)
from tests.servers import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.domain.judging import World
    from ledger.service import Ledger
    from ledger.statement.authoring import Made
    from ledger.store.port import LockedLog

ITEMS: Final = (ItemId("item:A"), ItemId("item:B"))
CHILD: Final = ItemId("item:C")

items = st.sampled_from(ITEMS)
amounts = st.sampled_from(["1", "2", "4", "10"])
instants = st.integers(0, 4).map(lambda minutes: START + timedelta(minutes=minutes))
"""When something happened, as far ahead of the ledger's clock as is tolerated: told in whatever order."""
earlier = st.integers(0, 30)
"""Which of the statements before, counted round."""


@dataclass
class Said:
    """What was stated so far, recorded or not."""

    statements: list[Made] = field(default_factory=list)

    def one(self, number: int) -> Made:
        """Return one of the statements before."""
        return self.statements[number % len(self.statements)]


def draw_statement(data: st.DataObject, said: Said) -> Made:
    """Draw a statement: mostly one that can be recorded, or one about an earlier one."""
    item, number, at = data.draw(items), data.draw(earlier), data.draw(instants)
    late = dict.fromkeys(("GEN-12", "STK-06"), "late-entry")
    match data.draw(
        st.sampled_from(["use", "use", "store", "dispose", "hold", "divide", "correct", "void", "again", "other"])
    ):
        case "store":
            place = Placed(item=item, place=data.draw(st.sampled_from(["F1", "F2"])))
            return state(ItemStored(site=LAB, items=(place,)), LABORATORY, acknowledges=late, at=at)
        case "dispose":
            case = CaseId(f"case:{number % 4}")
            body = DisposalRequested(case=case, items=(item,), ground="expired", method=Method.AUTOCLAVE)
            return state(body, LABORATORY, acknowledges=late, at=at)
        case "hold":
            return state(
                ConsignmentHeld(consignment=GOODS, ground=f"x-{number % 3}"), CUSTOMS, acknowledges=late, at=at
            )
        case "divide":
            child = Child(item=CHILD, quantity=ml("4"))
            split = ItemAliquoted(parent=item, laboratory=LAB, children=(child,), residual=ml("6"), loss=ml("0"))
            return state(split, LABORATORY, acknowledges=late, at=at)
        case "correct" if said.statements:
            return use(
                data.draw(st.sampled_from([*ITEMS, CHILD])), data.draw(amounts), corrects=said.one(number), at=at
            )
        case "void" if said.statements:
            return voiding(said.one(number))
        case "again" if said.statements:
            return said.one(number)
        case "other" if said.statements:
            return under(said.one(number).id, use(item, "1"), LABORATORY)
        case _:
            return use(item, data.draw(amounts), at=at)


@cache
def beginning() -> Sequence[Record]:
    """Return the records of two vials of 10 mL at the bench."""
    store = MemoryStore(ORIGIN)
    with closing(open_ledger(store)) as ledger:
        record_all(ledger, to_the_bench(*ITEMS))
    entries = [(event, parse_entry(event.entry)) for event in store.read()]
    return [
        Record(event.statement, event.kind, entry.tags, entry.rules, entry.data, status=entry.status)
        for event, entry in entries
    ]


def begun() -> MemoryStore:
    """Return a store with two vials at the bench."""
    store = MemoryStore(ORIGIN)
    with store.locked() as log:
        log.append(beginning(), START)
    return store


def keeping(ledger: Ledger, capacity: int) -> Worlds:
    """Let a ledger keep so many subjects from batch to batch."""
    ledger._committer._deciding.worlds = Worlds(capacity)
    return ledger._committer._deciding.worlds


def cold(log: LockedLog, tag: Tag) -> object:
    """Return a subject folded from the log alone."""
    worlds = Worlds()
    worlds.load(log, [tag])
    return worlds.world(START).subjects[tag]


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_batches_caches_and_neighbours_change_no_answer(data: st.DataObject) -> None:
    shared, own = begun(), begun()
    clocks = TestClock(), TestClock()
    with ExitStack() as stack:
        ledgers = [stack.enter_context(closing(open_ledger(shared, clock))) for clock in clocks]
        kept = [keeping(ledgers[0], 3), keeping(ledgers[1], 50_000)]
        single = stack.enter_context(closing(open_ledger(own)))
        keeping(single, 0)
        said = Said()
        for _ in range(data.draw(st.integers(1, 5))):
            which = data.draw(st.sampled_from([0, 1]))
            batch = []
            for _ in range(data.draw(st.integers(1, 4))):
                batch.append(draw_statement(data, said))
                said.statements.append(batch[-1])
            handed = [handed_in(one) for one in batch]
            answers = [told(one) for one in together(ledgers[which], clocks[which], *handed)]
            assert answers == [told(answer_of(single.submit(one))) for one in handed]
        assert [event.entry for event in shared.read()] == [event.entry for event in own.read()]
        with shared.locked() as log:
            for worlds in kept:
                worlds.catch_up(log)
                subjects = worlds.world(START).subjects
                assert subjects == {tag: cold(log, tag) for tag in subjects}


def unlinked(world: World, tags: Sequence[Tag]) -> set[Tag]:
    """Return what some subjects are linked to, over however many steps, and what the world does not hold."""
    pending, seen = set(tags), set[Tag]()
    while pending:
        seen |= pending
        pending = {link for tag in pending & world.subjects.keys() for link in world.subjects[tag].links} - seen
    return seen - world.subjects.keys()


def test_a_world_at_an_earlier_place_holds_what_its_subjects_were_linked_to_there() -> None:
    store, item = begun(), ITEMS[0]
    with closing(open_ledger(store)) as ledger:
        requests = [
            state(
                DisposalRequested(case=CaseId(case), items=(item,), ground="expired", method=Method.AUTOCLAVE),
                LABORATORY,
            )
            for case in ("case:1", "case:2")
        ]
        record_all(ledger, requests)
    with store.locked() as log:
        second = event_of(log.named([requests[1].id])[requests[1].id])
        worlds = Worlds()
        worlds.load(log, second.tags)
        assert unlinked(worlds.world(START), sorted(second.tags)) == set()
        for place in (place_of(second), second.position):
            world = worlds.before(worlds.past(log), place, second)
            assert world.item(item).disposal == "case:1"
            assert world.case(CaseId("case:1")).known
            assert not world.case(CaseId("case:2")).known
