"""How long a late act of a busy site holds up the views: its chain is made anew from all that was stored there.

Vials are put into ever other positions of one laboratory, each act in its order. Then a change of the site's
accreditation is told that happened before all of them, and the views take that one statement. The yardstick is one
more vial stored, told in its order. All stand in the log as if judged, with the tags that their payloads give them.
"""

from __future__ import annotations

from datetime import date, timedelta
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Final

from rich.table import Table

from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemStored
from ledger.domain.registry.parties import SiteChanged
from ledger.rulepacks.load import load_packs
from ledger.statement.authoring import KIND_OF, Circumstances, make_statement
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.store.port import Record
from scripts.bench.places import folder, server
from scripts.bench.received import received
from scripts.bench.viewed import viewed
from scripts.demo.cast import LAB

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ledger.domain.bodies.vocabulary import Body
    from scripts.bench.received import Bench
    from scripts.bench.viewed import Viewed

STORED: Final = (1_000, 10_000)
_BATCH: Final = 2_000


def tables(*stored: int) -> Iterator[Table]:
    """Yield the table of what a late act costs. stored: how many acts the site has."""
    table = Table("acts of the site", "told", "taken in", "of a processor")
    table.title = "One statement more about a site, late or in its order"
    with (
        folder() as place,
        server(place) as running,
        received(running) as bench,
        viewed(running, bench.ledger.store) as views,
    ):
        begun, done = bench.clock.now(), 0
        bench.clock.later(days=1)
        for count in stored or STORED:
            acts = [_store(bench, number) for number in range(done, count)]
            for first in range(0, len(acts), _BATCH):
                _put(bench, acts[first : first + _BATCH])
            views.catch_up()
            done = count
            for told, act in (("in its order", _store(bench, count)), ("late", _change(bench, begun))):
                _put(bench, [act])
                table.add_row(f"{count:,}", told, *_measured(views))
    yield table


def _measured(views: Viewed) -> tuple[str, str]:
    begun, used = perf_counter(), process_time()
    views.catch_up()
    return f"{1000 * (perf_counter() - begun):,.0f} ms", f"{1000 * (process_time() - used):,.0f} ms"


def _store(bench: Bench, number: int) -> Record:
    vial = bench.vials[number % len(bench.vials)]
    body = ItemStored(site=LAB, items=(Placed(item=vial.item, place=f"F1/R{number % 40}/B{number}"),))
    return _record(bench, body, bench.clock.now())


def _change(bench: Bench, begun: datetime) -> Record:
    return _record(bench, SiteChanged(site=LAB, certificate_to=date(2032, 5, 31)), begun + timedelta(hours=1))


def _record(bench: Bench, body: Body, at: datetime) -> Record:
    author, when = bench.cast.first_lab.first, Circumstances(occurred_at=at)
    made = make_statement(bench.ledger.store.origin, body, [author], when)
    tags = read_payload(parse_envelope(made.envelope).payload).tags
    rules = load_packs().at_instant("CN", at).name
    return Record(made.id, KIND_OF[type(body)], tags, rules, made.envelope)


def _put(bench: Bench, records: Sequence[Record]) -> None:
    with bench.ledger.store.locked() as log:
        log.append(records, bench.clock.now())
