"""How soon the lineage of an item comes that ever so many others were made of.

`python -m scripts.bench.descent 10000`: the demo's story, in which one statement makes aliquots of a vial, with that
statement appended again and again, unjudged and unsigned, each time with 96 aliquots of its own, as a rack has.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from ledger.ids import Tag
from ledger.statement.entries.entry import parse_entry
from ledger.statement.form.envelope import encode_envelope, parse_envelope
from ledger.store.port import Record
from scripts.bench.pages import measured
from scripts.bench.played import played
from tests.http.test_signing_in import signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.ids import StatementId
    from ledger.store.port import Recorded
    from scripts.demo.stage import StoryClock
    from tests.http.serving import Served

USUAL: Final = (10_000,)
_RACK: Final = 96
KIND: Final = "item.aliquoted/1"


def tables(numbers: tuple[int, ...] = USUAL) -> Iterator[Table]:
    """Yield a table for each number of items that are made."""
    for number in numbers:
        with played() as story:
            log, parent = story.log, story.vials[20].item
            tell_again(log, parent, number, story.clock)
            cookie = signed_in(log, story.cast.first_lab.first.signer)
            table = Table("page", "first", "median", "p99", "of a processor", "asked", "bytes", "target")
            table.title = f"The lineage of an item that {number:,} others were made of; milliseconds"
            paths = {
                "its first page": f"/lineage/{parent}",
                "a page in the middle": f"/lineage/{parent}?after=item:m-{number // 2:06}",
                "as a picture too": f"/lineage/{parent}?graph=1",
                "the item's own page": f"/items/{parent}",
                "who has them": f"/recall?item={parent}",
            }
            for name, path in paths.items():
                table.add_row(name, *measured(log, cookie, path))
            yield table


def tell_again(log: Served, parent: str, number: int, clock: StoryClock) -> None:
    """Append statements by which so many more items were made of one, as the last one that made some of it says it."""
    store = log.doors.ledger.store
    told = [one for one in store.about(Tag(parent)) if one.kind == KIND][-1]
    made = [_told_again(told, begin, min(_RACK, number - begin)) for begin in range(0, number, _RACK)]
    with store.locked() as locked:
        locked.append(made, clock.now())


def _told_again(told: Recorded, begin: int, count: int) -> Record:
    entry = parse_entry(told.entry)
    envelope = parse_envelope(entry.data)
    payload = json.loads(envelope.payload)
    first = payload["body"]["children"][0]
    before = {Tag(one["item"]) for one in payload["body"]["children"]}
    children = [{**first, "item": f"item:m-{at:06}", "label": f"M-{at:06}"} for at in range(begin, begin + count)]
    payload["body"]["children"] = children
    statement: StatementId = f"{told.statement[:-6]}{begin // _RACK:06x}"  # type: ignore[assignment]
    payload["id"] = statement
    tags = frozenset({one for one in entry.tags if one not in before} | {Tag(one["item"]) for one in children})
    data = encode_envelope(envelope._replace(payload=json.dumps(payload, ensure_ascii=False).encode()))
    return Record(statement, told.kind, tags, entry.rules, data, (), (), frozenset(entry.status & tags))


if __name__ == "__main__":
    for one in tables(tuple(map(int, sys.argv[1:])) or USUAL):
        Console(width=110).print(one)
