"""How soon pages of the console come from a long log: the demo's story told again and again, beside one telling of it.

`python -m scripts.bench.pages 165` measures 165 tellings, some 100,000 events. All tellings but the first are appended
unjudged and unsigned, with ids of their own: pages read what is recorded, and judge nothing.
"""

from __future__ import annotations

import http.client
import re
import statistics
import sys
from contextlib import closing, contextmanager
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from api.access.sight import REGISTER
from api.sessions.challenge import sign_challenge
from ledger.ids import Tag
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.entry import parse_entry
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.statement.form.envelope import encode_envelope, parse_envelope
from ledger.store.port import Record
from projections.database.session import Session, prepare
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from scripts.bench.places import folder
from scripts.demo.cast import FIRST, REAGENTS
from scripts.demo.stage import StoryClock
from tests.console.browsing import at_own_address
from tests.http.test_signing_in import challenged
from tests.servers import EMBEDDED, Servers
from tests.story import play

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.ids import StatementId
    from ledger.statement.signing.signer import StatementSigner
    from ledger.store.port import Recorded
    from tests.http.serving import Served

TELLINGS: Final = (1, 17)
_BATCH: Final = 2_000
_ROUNDS: Final = 5
_RENAMED: Final = re.compile(r"(?<![a-z])((?:item|approval|permit|consignment|case):[A-Za-z0-9-]+)")
_NUMBERED: Final = re.compile(r'("(?:label|number)":"[^"]+)"')
_STATEMENT: Final = re.compile(r"\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{6})[0-9a-f]{6}\b")


def tables(tellings: tuple[int, ...] = TELLINGS) -> Iterator[Table]:
    """Yield a table for each length of the log."""
    for count in tellings:
        with folder() as place, told(place, count) as (log, people, paths, size):
            table = Table("who", "page", "first", "median after", "bytes")
            table.title = f"Pages of a log of {size:,} events, {count} tellings of the demo's story; milliseconds"
            for name, signer in people.items():
                cookie = cookie_of(log, signer)
                for page, path in paths.items():
                    table.add_row(name, page, *measured(log, cookie, path))
            yield table


@contextmanager
def told(place: Path, count: int) -> Iterator[tuple[Served, dict[str, StatementSigner], dict[str, str], int]]:
    """Serve a log of so many tellings, with its views, for a with block."""
    clock = StoryClock()
    with closing(Servers()) as servers, at_own_address(servers.get(EMBEDDED), place, clock) as log:
        cast, vials = play(log.doors.ledger, clock)
        _tell_again(log, count - 1, clock)
        prepare(log.database.owner)
        with closing(Session(log.database.owner)) as session:
            rebuild(Log(log.doors.ledger.store, log.doors.publication, load_packs()), session, lambda _, __: None)
        paths = {
            "worklist": "/worklist",
            "worklist of a party": f"/worklist?about={cast.first_lab.id}",
            "search, a label": "/search?q=PL-010",
            "item": f"/items/{vials[9].item}",
            "item with children": f"/items/{vials[20].item}",
            "approval": f"/approvals/{REAGENTS}",
            "consignment": f"/consignments/{FIRST}",
            "party": f"/parties/{cast.first_lab.id}",
        }
        people = {"laboratory": cast.first_lab.first.signer, "importer": cast.importer.first.signer}
        yield log, people, paths, log.doors.ledger.store.head()


def _tell_again(log: Served, count: int, clock: StoryClock) -> None:
    store = log.doors.ledger.store
    told_once = [one for one in store.read() if one.kind != STATE_KIND and one.kind not in REGISTER]
    waiting: list[Record] = []
    for number in range(1, count + 1):
        waiting += [_renamed(one, number) for one in told_once]
        while len(waiting) >= _BATCH or (number == count and waiting):
            with store.locked() as locked:
                locked.append(waiting[:_BATCH], clock.now())
            del waiting[:_BATCH]


def _renamed(one: Recorded, number: int) -> Record:
    entry = parse_entry(one.entry)
    envelope = parse_envelope(entry.data)

    def named(text: str) -> str:
        renamed = _RENAMED.sub(rf"\1-{number}", text)
        return _STATEMENT.sub(rf"\g<1>{number:06x}", _NUMBERED.sub(rf'\1-{number}"', renamed))

    payload = named(envelope.payload.decode()).encode()
    tags, status = (frozenset(Tag(named(tag)) for tag in tags) for tags in (entry.tags, entry.status))
    statement: StatementId = named(one.statement)  # type: ignore[assignment]
    breaches = tuple(
        replace(breach, subjects=tuple(Tag(named(tag)) for tag in breach.subjects)) for breach in entry.breaches
    )
    data = encode_envelope(envelope._replace(payload=payload))
    return Record(statement, one.kind, tags, entry.rules, data, (), breaches, status)


def cookie_of(log: Served, signer: StatementSigner) -> str:
    """Sign somebody in, and return the cookie."""
    answer = log.ask("POST", "/v1/sessions", sign_challenge(challenged(log, signer.thumbprint), signer))
    return answer.headers["set-cookie"].partition(";")[0]


def measured(log: Served, cookie: str, path: str) -> tuple[str, str, str]:
    """Return in milliseconds how soon a page comes first and again, and its bytes."""

    def once() -> tuple[float, int]:
        begun = perf_counter()
        with closing(http.client.HTTPConnection("127.0.0.1", log.port, timeout=300)) as connection:
            connection.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "en"})
            answer = connection.getresponse()
            size = len(answer.read())
        if answer.status not in {200, 303}:
            raise RuntimeError(f"{path}: {answer.status}")
        return perf_counter() - begun, size

    first, size = once()
    after = statistics.median(once()[0] for _ in range(_ROUNDS))
    return f"{1000 * first:.0f}", f"{1000 * after:.0f}", f"{size:,}"


if __name__ == "__main__":
    for one in tables(tuple(map(int, sys.argv[1:])) or TELLINGS):
        Console(width=110).print(one)
