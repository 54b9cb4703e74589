"""What one checkpoint costs the index when 500 tags are touched, at 10,000, 100,000 and 1,000,000 tags.

As the publisher does it: read the pages on the tags' paths from PostgreSQL through its cache, extend the index, and
publish the pages that changed. The cost is to grow with the tags touched, not with all tags: the path to a tag is a
page longer where there are sixteen times as many. The yardstick is the whole index made anew in memory, which is what
an index without pages would cost. The first pages of each size come from there as well, so that each root is computed
twice, by different code.
"""

from __future__ import annotations

import random
import statistics
from contextlib import closing
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.table import Table

from ledger.clock import SystemClock
from ledger.publisher.log_keys import LogKeys
from ledger.publisher.page_cache import ChangingPages, PageCache
from ledger.statement.entries.entry import NO_RULES
from ledger.statement.entries.state_entry import STATE_KIND, StateEntry, encode_state, state_id
from ledger.store.database.migrate import migrate, name_log
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication, Update
from ledger.store.port import Record
from ledger.store.server.embedded import Role
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.note import format_note
from ledger.tlog.pages import extend_index
from ledger.tlog.tiles import tile_bytes, tiles_for
from ledger.tlog.whole_index import WholeIndex
from scripts.bench.places import folder, server
from scripts.bench.received import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SIZES: Final = (10_000, 100_000, 1_000_000)
EVENTS: Final = 100
TAGS_EACH: Final = 5
WARM: Final = 2
ROUNDS: Final = 9
_CHUNK: Final = 20_000  # pages in one transaction, where all of them are written


class Cost(NamedTuple):
    """What one checkpoint cost: pages that changed, seconds to read and extend, seconds to publish."""

    pages: int
    extend: float
    publish: float

    @property
    def both(self) -> float:
        """Return the seconds in all."""
        return self.extend + self.publish


def tables() -> Iterator[Table]:
    """Yield the table of the index's cost."""
    table = Table("tags", "pages changed", "extend", "publish", "both", f"to {SIZES[0]:,} tags", "whole anew", "to it")
    table.title = f"One checkpoint's index: {EVENTS} events touch {EVENTS * TAGS_EACH} tags, {ROUNDS} rounds"
    first: Cost | None = None
    with folder() as place, server(place) as running:
        migrate(running.conninfo(Role.OWNER))
        name_log(running.conninfo(Role.OWNER), ORIGIN)
        with (
            closing(PostgresStore(running.conninfo())) as store,
            closing(Publication(running.conninfo())) as publication,
        ):
            log = _Log(store, publication)
            for size in SIZES:
                anew = log.grow(size)
                median = _median([log.checkpoint() for _ in range(WARM + ROUNDS)][WARM:])
                first = first or median
                times = (median.extend, median.publish, median.both)
                table.add_row(
                    f"{size:,}",
                    str(median.pages),
                    *(f"{1000 * one:.0f} ms" for one in times),
                    f"{median.both / first.both:.2f}",
                    f"{1000 * anew:,.0f} ms",
                    f"{median.both / anew:.4f}",
                )
    yield table


def _median(costs: list[Cost]) -> Cost:
    pages, extend, publish = (statistics.median(column) for column in zip(*costs, strict=True))
    return Cost(round(pages), extend, publish)


@dataclass(slots=True)
class _Log:
    """A log of nothing but state entries, whose index is that of events which nobody stored.

    whole: the same index in memory; anew: seconds that it has cost.
    """

    store: PostgresStore
    publication: Publication
    keys: LogKeys = field(default_factory=lambda: LogKeys.generate(ORIGIN))
    clock: SystemClock = field(default_factory=SystemClock)
    tree: GrowingTree = field(default_factory=GrowingTree)
    cache: PageCache = field(default_factory=PageCache)
    whole: WholeIndex = field(default_factory=WholeIndex)
    anew: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def grow(self, tags: int) -> float:
        """Let the index have so many tags, and return the seconds in which memory alone has made all of it."""
        begun = perf_counter()
        for number in range(self.whole.names, tags):
            self.whole.add(number + 1, bytes(32), [_tag(number)])
        root = self.whole.root()
        self.anew += perf_counter() - begun
        chunk: dict[str, bytes] = {}
        for path, page in self.whole.pages():
            chunk[path] = page
            if len(chunk) == _CHUNK:
                self.publication.publish(self._update(root, chunk))
                chunk.clear()
        self.publication.publish(self._update(root, chunk))
        return self.anew

    def checkpoint(self) -> Cost:
        """Touch some tags, publish, and return what that cost the index."""
        touched = self.chance.sample(range(self.whole.names), EVENTS * TAGS_EACH)
        events = [
            (self.tree.size + at, bytes(32), [_tag(number) for number in touched[at::EVENTS]]) for at in range(EVENTS)
        ]
        begun = perf_counter()
        with self.publication.view() as view:
            self.cache.settle(view.size)
            grown = extend_index(view.index_root, ChangingPages(view, self.cache), events)
        extended = perf_counter()
        self._check(grown.root, events)
        update = self._update(grown.root, grown.pages)
        ready = perf_counter()
        self.publication.publish(update)
        published = perf_counter()
        self.cache.advance(update.size, grown.pages)
        return Cost(len(grown.pages), extended - begun, published - ready)

    def _check(self, root: bytes, events: list[tuple[int, bytes, list[str]]]) -> None:
        for event in events:
            self.whole.add(*event)
        if self.whole.root() != root:
            raise AssertionError("the index in pages and the index in memory have different roots")

    def _update(self, root: bytes, pages: Mapping[str, bytes]) -> Update:
        """Append the state entry and sign the checkpoint with which some pages are published."""
        now = self.clock.now()
        with self.store.locked() as log:
            data = encode_state(StateEntry(root, log.head, self.whole.names))
            record = Record(state_id(data), STATE_KIND, frozenset(), NO_RULES, data)
            (recorded,) = log.append([record], max(now, log.recorded or now))
        before = self.tree.size
        self.tree.append(recorded.leaf)
        checkpoint = Checkpoint(ORIGIN, self.tree.size, self.tree.root())
        note = format_note(self.keys.sign(checkpoint, int(now.timestamp())))
        tiles = {tile: tile_bytes(tile, self.tree) for tile in tiles_for(before, self.tree.size)}
        return Update(before, self.tree.size, note, tiles, pages)


def _tag(number: int) -> str:
    return f"item:{number:026d}"
