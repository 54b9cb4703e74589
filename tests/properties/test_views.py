"""Views: whatever is recorded, and however it is read, their rows are those that the events come to."""

from __future__ import annotations

from contextlib import closing
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.work.derive import ItemPooled
from ledger.domain.work.making import Child
from ledger.domain.work.portions import Portion
from ledger.errors import LedgerError
from ledger.ids import ItemId, Tag
from ledger.statement.catalogue import KINDS
from ledger.store.deciding.earlier import event_of
from projections.balance import mass_balance
from projections.listed import listed
from projections.lists import (
    APPROVALS,
    CASES,
    CONSIGNMENTS,
    PARTIES,
    PERMITS,
    SITES,
    Listing,
    Part,
    Where,
    folded,
)
from projections.lists import ITEMS as ITEMS_LISTED
from projections.source import Source
from projections.views.acts.bookings import BOOKINGS
from projections.views.acts.lines import LINES
from projections.views.balances import balances as balances_of
from tests.imports import LAB, LABORATORY, handed_in, ml, open_ledger, record_all, state, to_the_bench
from tests.narrowing import check_narrowed
from tests.properties.test_worlds import ITEMS, Said, draw_statement, instants
from tests.servers import EMBEDDED
from tests.viewed import balances, booked, in_base_units, naive, viewed
from tests.worklists import SOON, check_worklist

if TYPE_CHECKING:
    from ledger.service import Ledger
    from ledger.statement.authoring import Made
    from tests.servers import Servers
    from tests.viewed import Viewed

POOL: Final = ItemId("item:P")


def pool(data: st.DataObject) -> Made:
    """Draw a pool of both vials, of amounts that no decimal divides."""
    first, second = data.draw(st.sampled_from(["1", "2"])), data.draw(st.sampled_from(["1", "2"]))
    body = ItemPooled(
        inputs=(Portion(item=ITEMS[0], quantity=ml(first)), Portion(item=ITEMS[1], quantity=ml(second))),
        laboratory=LAB,
        output=Child(item=POOL, quantity=ml(str(int(first) + int(second)))),
        loss=ml("0"),
    )
    acknowledges = dict.fromkeys(("GEN-12", "STK-06"), "late-entry")
    return state(body, LABORATORY, acknowledges=acknowledges, at=data.draw(instants))


def hand_in(data: st.DataObject, ledger: Ledger, said: Said) -> None:
    """Hand a drawn statement in, which may be refused."""
    made = pool(data) if data.draw(st.integers(0, 4)) == 0 else draw_statement(data, said)
    said.statements.append(made)
    try:
        ledger.submit(handed_in(made)).result()
    except LedgerError:
        return


NARROWED: Final = (
    Where(),
    Where(status="received"),
    Where(party=Tag(LABORATORY.party)),
    Where(consignment=Tag("consignment:C1"), approval=Tag("approval:A1")),
    Where(site=Tag(LAB), status="expected"),
    Where(text="A"),
    Where(text="b", status="received"),
)


def check_lists(views: Viewed) -> None:
    """Compare the lists of the views with those that are folded from the log, whole and a row at a time."""
    source = Source(views.store)
    lists: tuple[Listing[Any], ...] = (ITEMS_LISTED, APPROVALS, PERMITS, CONSIGNMENTS, PARTIES, SITES, CASES)
    for listing, where in product(lists, NARROWED):
        whole = folded(listing, source, where, Part(1_000))
        with views.tables.still() as still:
            assert listed(listing, still, views.store, where, Part(1_000)) == whole
            after, told = None, list[Any]()
            while (page := listed(listing, still, views.store, where, Part(1, after))).rows:
                assert page == folded(listing, source, where, Part(1, after))
                after = Tag(page.rows[0].id)
                told.append(page.rows[0])
        assert tuple(told) == whole.rows


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_views_are_what_the_events_come_to_however_they_are_read(servers: Servers, data: st.DataObject) -> None:
    with (
        servers.get(EMBEDDED).database() as database,
        viewed(database) as views,
        closing(open_ledger(views.store)) as ledger,
    ):
        record_all(ledger, to_the_bench(*ITEMS))
        said = Said()
        for _ in range(data.draw(st.integers(1, 12))):
            hand_in(data, ledger, said)
            if data.draw(st.booleans()):
                views.follow(data.draw(st.integers(1, 3)))
        views.follow(data.draw(st.sampled_from([1, 2, 1000])))
        followed = views.rows()
        views.check()
        views.rebuild(data.draw(st.integers(1, 3)))
        assert views.rows() == followed
        views.check()
        check_lists(views)
        check_narrowed(views, SOON)
        check_worklist(views, (), (Tag(ITEMS[0]),), (Tag(LABORATORY.party), Tag(LAB)))
        assert booked(followed["booking"]) == balances(views.store)
        assert views.compared() == naive(views.store)
        with views.tables.still() as still:
            summed = balances_of(still.every(LINES), still.ask(BOOKINGS, "sums"))
        events = [event_of(one) for one in views.store.read() if one.kind in KINDS]
        assert in_base_units(summed) == in_base_units(mass_balance(events))
