"""Lists over HTTP come from the views, and say what all of the log says: the same rows in the same order, by pages."""

from __future__ import annotations

import gc
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from weakref import ref

import pytest

from api.access.principal import Principal
from api.access.record import AtHead
from api.http.answering import paged
from api.http.answering.due.owed import Owed
from api.http.answering.due.page import page_of_owed
from api.http.answering.paged import page_of
from api.http.answering.reading import reading
from api.http.answering.subjects import LISTS
from api.http.asking import Known
from api.http.bounds.logged import Telling
from api.http.bounds.views import Views
from ledger.domain.bodies.vocabulary import Packaging
from ledger.domain.custody.custody import CustodyAccepted
from ledger.domain.custody.discrepancy import ItemLabelled
from ledger.domain.registry.parties import SiteRegistered
from ledger.errors import NotFound, Unavailable
from ledger.ids import ItemId, SiteId, Tag, key_tag
from ledger.rulepacks.load import load_packs
from projections.database.session import Session, prepare
from projections.folding.others import Others
from projections.lists import ITEMS, SITES, STANDING, Part, Where, folded
from projections.obligations import Asked
from projections.obligations import Part as PartOwed
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from scripts.demo.cast import FIRST, REAGENTS
from scripts.demo.stage import StoryClock
from tests.authors import made
from tests.http.seen_world import ASKS, LABS, story
from tests.http.serving import by_views_alone, served
from tests.servers import EMBEDDED
from tests.told import story_served

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from contextlib import AbstractContextManager

    from api.http.answering.reading import Reading
    from ledger.statement.signing.signer import StatementSigner
    from projections.lists import Listing, Page
    from scripts.demo.cast import Cast
    from tests.http.serving import Served
    from tests.servers import Servers

    Ways = Collection[Callable[[], AbstractContextManager[None]]]

FORMER: Final = ItemId("item:former")
LABELLED: Final = "zz-9"
"""What the new holder labels it with: it stands behind all others then, for who is told."""

ALL: Final[dict[str, Listing[Any]]] = {**LISTS, "storage": STANDING}


def made_anew(log: Served) -> None:
    prepare(log.database.owner)
    with closing(Session(log.database.owner)) as session:
        rebuild(Log(log.doors.ledger.store, log.doors.publication, load_packs()), session, lambda _, __: None)


@pytest.fixture(scope="module")
def seen(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A log with data of six laboratories, of which one labels anew what the first one gave away; and its views."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("seen")) as log:
        taken = CustodyAccepted(items=(FORMER,), count=1, packaging=Packaging.INTACT)
        renamed = ItemLabelled(item=FORMER, label=LABELLED)
        for one in (*story(), made(taken, LABS["ended"]), made(renamed, LABS["ended"])):
            log.doors.ledger.record(one)
        made_anew(log)
        yield log


@pytest.fixture(scope="module")
def told(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Cast]]:
    """The demo's story with its views, and the persons of all its parties."""
    clock = StoryClock()
    with story_served(servers.get(EMBEDDED), tmp_path_factory.mktemp("told"), clock) as (log, cast, _):
        made_anew(log)
        yield log, cast


@contextmanager
def read(log: Served, signer: StatementSigner) -> Iterator[Reading]:
    doors = log.doors
    record = AtHead(doors.ledger.store, doors.signing_in.clock.now())
    key = record.world.key(key_tag(signer.thumbprint))
    assert key.party is not None
    who = Principal(key.party, key.person, key.id, "session")
    telling = Telling(doors.accesses, doors.signing_in.clock, "list_items", None)
    with reading(Known(who, record), doors, telling) as reads:
        yield reads


def paged_through(reads: Reading, listing: Listing[Any], where: Where, limit: int) -> Iterator[Page[Any]]:
    """Yield all pages of a list, each begun behind the one before."""
    after = None
    while True:
        page = page_of(reads, listing, where, Part(limit, after))
        yield page
        if not page.more:
            return
        after = Tag(page.rows[-1].id)


def compared(log: Served, signer: StatementSigner, asked: Collection[tuple[str, Where, int]], ways: Ways) -> int:
    """Hold lists by the views alone against those of the whole log, each way; return how many rows these have.

    asked: of each the noun, what it is narrowed by and how many rows a page has.
    """
    with read(log, signer) as reads:
        whole = {one: folded(ALL[one[0]], reads.source, one[1], Part(1_000)) for one in asked}
    for way in ways:
        for (noun, where, limit), expected in whole.items():
            if way == WALKED and noun in UNORDERED:
                continue
            with read(log, signer) as reads, by_views_alone(reads.doors), way():
                pages = list(paged_through(reads, ALL[noun], where, limit))
            assert [row for page in pages for row in page.rows] == list(expected.rows), (noun, where)
            if expected.rows or way == COUNTED:
                assert {page.total for page in pages} == {expected.total if way == COUNTED else None}
    return sum(page.total or 0 for page in whole.values())


@contextmanager
def counted() -> Iterator[None]:
    """Look at all that may be listed, and count it."""
    yield


@contextmanager
def walked() -> Iterator[None]:
    """Look at what is behind the first place, as where there are many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paged, "MOST_COUNTED", 0)
        patch.setattr(paged, "_AT_ONCE", 7)
        yield


COUNTED: Final = counted
WALKED: Final = walked
UNORDERED: Final = {"keys", "storage"}
"""Of which the views have no order: where there are many, the whole log is read."""

EVERY_LIST: Final = [(noun, Where(), 50) for noun in ALL]
NARROWED: Final = [
    ("items", Where(consignment=Tag(FIRST)), 20),
    ("items", Where(text="p-01"), 20),
    ("items", Where(text="ac-0", approval=Tag(REAGENTS)), 20),
    ("items", Where(status="destroyed"), 20),
    ("cases", Where(status="closed"), 3),
]


@pytest.mark.parametrize("who", ["first_lab", "importer", "destination", "carrier"])
def test_each_list_is_the_same_for_who_plays_in_the_story(told: tuple[Served, Cast], who: str) -> None:
    log, cast = told
    signer = getattr(cast, who).first.signer
    assert compared(log, signer, [*EVERY_LIST, *NARROWED], (COUNTED, WALKED)) > 0


def test_what_was_labelled_again_since_stands_where_its_reader_had_it(seen: Served) -> None:
    items = [("items", Where(), 1)]
    assert compared(seen, LABS["foreign"].signer, items, (COUNTED, WALKED)) == 2
    with read(seen, LABS["foreign"].signer) as reads, walked():
        assert [row.label for row in page_of(reads, ITEMS, Where(), Part(2)).rows] == ["foreign", "former"]
    with read(seen, LABS["ended"].signer) as reads, walked():
        assert [row.label for row in page_of(reads, ITEMS, Where(), Part(2)).rows] == ["ended", LABELLED]


def test_who_audits_is_told_by_what_the_audit_shows(seen: Served) -> None:
    compared(seen, ASKS.signer, EVERY_LIST, (COUNTED,))
    with read(seen, ASKS.signer) as reads, by_views_alone(reads.doors), walked(), pytest.raises(Unavailable):
        page_of(reads, ITEMS, Where(), Part(2))


def test_what_the_views_lack_is_looked_up_in_the_log(seen: Served) -> None:
    site = SiteRegistered(site=SiteId("site:newest"), party=ASKS.party, name="a first one", use="store", level=2)
    seen.doors.ledger.record(made(site, ASKS))
    owner = LABS["foreign"].signer  # of the register everybody is told
    compared(seen, owner, [("sites", Where(), 2)], (COUNTED, WALKED))
    with read(seen, owner) as reads, by_views_alone(reads.doors):
        assert page_of(reads, SITES, Where(), Part(1)).rows[0].id == "site:newest"
    behind = Part(2, Tag("site:newest"))
    with read(seen, owner) as reads, walked():
        assert page_of(reads, SITES, Where(), behind).rows == folded(SITES, reads.source, Where(), behind).rows


def test_a_list_does_not_begin_behind_what_is_not_seen(seen: Served) -> None:
    for after in ("item:foreign", "item:nothing"):
        with read(seen, ASKS.signer) as reads, by_views_alone(reads.doors), pytest.raises(NotFound, match=after):
            page_of(reads, ITEMS, Where(), Part(2, Tag(after)))


def test_without_views_the_whole_log_is_read(seen: Served) -> None:
    without = replace(seen, doors=replace(seen.doors, look_up=Views()))
    with read(without, ASKS.signer) as reads:
        page = page_of(reads, ITEMS, Where(), Part(10))
    with read(seen, ASKS.signer) as reads:
        assert page == page_of(reads, ITEMS, Where(), Part(10))
    with read(without, ASKS.signer) as reads, by_views_alone(reads.doors), pytest.raises(Unavailable):
        page_of(reads, ITEMS, Where(), Part(10))


def test_what_a_request_read_goes_when_it_ends_and_waits_for_no_collector(told: tuple[Served, Cast]) -> None:
    log, cast = told
    gc.collect()
    gc.disable()
    try:
        with read(log, cast.first_lab.first.signer) as reads:
            assert page_of(reads, ITEMS, Where(), Part(10)).rows
            assert page_of_owed(reads, Asked(reads.record.world.now), PartOwed(10)).rows
            reads.inbox.unread()
            _, more = Owed(reads, Asked(reads.record.world.now)).first(1)
            assert more  # so the list was left where it stopped
            left = ref(reads), ref(reads.record), ref(reads.source), ref(reads.sites)
        del reads
        assert [one() for one in left] == [None] * 4
        assert not [one for one in gc.get_objects() if isinstance(one, (Others, Owed))]
    finally:
        gc.enable()
