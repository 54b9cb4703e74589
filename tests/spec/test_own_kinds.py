"""A site of its own kinds alone is, to whoever asks whose it is and where it lies, what it is of all its statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from api.access.rights.said import ids_in, named_by
from api.access.rights.stretches import MAKE_OF_OTHERS
from ledger.domain.fold import changes, fold, kinds_for
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Item
from ledger.ids import Tag, type_of
from ledger.rulepacks.load import load_packs
from ledger.statement.catalogue import KINDS
from ledger.store.memory import MemoryStore
from projections.folding.past import Stored
from projections.names import MADE_OF
from projections.obligations import Asked, Part, folded
from projections.owed_for import Owing
from projections.own_kinds import ASKED_KINDS, SITE_KINDS
from projections.reading import read_checked
from projections.source import Source
from tests.recorded.record import ORIGIN, play

if TYPE_CHECKING:
    from collections.abc import Collection

ASKED_OF_SITES: Final = ("known", "party", "use", "level", "certificate_to", "active", "district", "services")


@pytest.fixture(scope="module")
def log() -> MemoryStore:
    """The story that recorded logs are made of: nearly every kind of statement."""
    store = MemoryStore(ORIGIN)
    play(store)
    return store


def tags_of(log: MemoryStore, id_type: str) -> list[Tag]:
    return sorted({tag for one in Source(log).events(KINDS) for tag in one.tags if type_of(tag) == id_type})


def test_a_site_is_whose_and_where_its_own_kinds_say(log: MemoryStore) -> None:
    def site(tag: Tag, kinds: Collection[str]) -> Site:
        found = fold(tag, map(read_checked, log.about(tag, kinds=kinds)), KINDS)
        assert isinstance(found, Site)
        return found

    sites = tags_of(log, "site")
    assert len(sites) >= 3
    for tag in sites:
        whole, own = site(tag, kinds_for("site", KINDS)), site(tag, SITE_KINDS)
        assert [getattr(own, name) for name in ASKED_OF_SITES] == [getattr(whole, name) for name in ASKED_OF_SITES]
    assert any(site(tag, kinds_for("site", KINDS)).places for tag in sites)


def test_what_each_chain_alone_says_is_owed_is_what_the_whole_log_says(log: MemoryStore) -> None:
    position = log.head()
    at = max(one.recorded for one in log.read())
    asked = Asked(at)
    source, packs = Source(log), load_packs()
    every = folded(source, packs, asked, Part(100_000)).rows
    alone = Owing(Stored(log), packs, asked, position)
    assert len(every) > 50
    found = [row for tag in sorted({one.subject for one in every}) for row in alone.rows(tag)]
    assert sorted(found, key=lambda one: one.place) == sorted(every, key=lambda one: one.place)


def test_what_a_body_names_is_found_among_the_tags_of_its_event(log: MemoryStore) -> None:
    events = list(Source(log).events(KINDS))
    assert len(events) > 100
    for event in events:
        assert named_by(event) == ids_in(event.said.body), event.said.kind


def test_neither_rights_nor_duties_ask_for_what_stands_in_a_site() -> None:
    asked = SITE_KINDS | ASKED_KINDS["site"]
    assert asked & kinds_for("site", KINDS) == SITE_KINDS
    assert {"item.stored/1", "item.received/1"}.isdisjoint(asked)


def test_only_kinds_of_the_table_make_items_of_others(log: MemoryStore) -> None:
    own = kinds_for("item", KINDS)
    made = {
        event.said.kind
        for tag in tags_of(log, "item")
        for event, before, after in changes(tag, map(read_checked, log.about(tag, kinds=own)), KINDS)
        if isinstance(before, Item) and isinstance(after, Item) and after.parents != before.parents
    }
    assert made
    assert made <= MAKE_OF_OTHERS
    assert MADE_OF.keys() >= MAKE_OF_OTHERS
