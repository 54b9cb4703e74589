"""How much memory a service has after many requests of all kinds, beside what it had at the start.

`python -m scripts.bench memory 200000` sends so many as fast as they are answered: statements, one by one
and in batches, an entry with its proof, lists, a subject's page, the worklist, the access log, a checkpoint, figures.
In the second half nothing is recorded any more: what grows with the log stands then, and what still grows from interval
to interval is a leak. The page is that of a key: the operator's own would tell of every party that it registered here,
and ask for nothing else. The yardstick is the service itself after the first tenth, when all that is loaded late has
been loaded.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from threading import Lock, local
from typing import TYPE_CHECKING, Final

from rich.table import Table

from ledger.ids import key_tag
from scripts.bench.places import folder
from scripts.faults.fuzz import session
from scripts.faults.scene import set_up
from scripts.processes import publisher_of, resident

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.rows.http import Health
    from scripts.faults.scene import Scene

REQUESTS: Final = 20_000
INTERVALS: Final = 10
_MEGABYTE: Final = 1_000_000
_PATIENCE: Final = 120
"""Seconds that an answer may take on a machine that others use too."""
_CALLERS: Final = 8
_BATCH: Final = 20
_WELL: Final = {200, 201, 202}
_LATER: Final = 503
"""What reads the whole log, while the views lag, is told to come again where others do: that bounds memory."""

_READS: Final = (
    *("/v1/parties?limit=20", "/v1/keys/{key}", "/v1/worklist", "/v1/keys?limit=20"),
    *("/v1/questions", "/v1/entries/1", "/v1/sessions/current", "/v1/accesses?limit=20"),
    *("/log/checkpoint", "/metrics", "/readyz", "/openapi.json"),
)
_POSTS_AMONG: Final = 4
_BATCHES_AMONG: Final = 50
"""Every so many requests a statement is recorded, and a batch."""


class _Asking:
    """Asks one service in turns, by many threads, each with a connection of its own."""

    def __init__(self, scene: Scene, last: int) -> None:
        """Ask a service. last: from this request on nothing is recorded."""
        self._last = last
        self._port, self._pen, self._writing = scene.port, scene.pen(), Lock()
        self._cookie = session(scene).cookie
        self._here = local()
        self.later = 0

    def ask(self, number: int) -> None:
        """Send the request of a number. Raises AssertionError: it is not answered as it should be."""
        method, path, body = self._request(number)
        try:
            status, said = self._answer(method, path, body)
        except ConnectionError:  # a line that rested was ended; a statement that is sent twice is recorded once
            del self._here.line
            status, said = self._answer(method, path, body)
        if method == "GET" and status == _LATER:
            self.later += 1
            return
        assert status in _WELL, (method, path, status, said[:500])

    def _answer(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        if not hasattr(self._here, "line"):
            self._here.line = HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE)
        line: HTTPConnection = self._here.line
        try:
            line.request(method, path, body, {"Cookie": self._cookie})
            with closing(line.getresponse()) as answer:
                return answer.status, answer.read()
        except TimeoutError as error:
            raise AssertionError(f"{method} {path} is not answered within {_PATIENCE} s") from error

    def _request(self, number: int) -> tuple[str, str, bytes | None]:
        if number < self._last and number % _BATCHES_AMONG == 0:
            return "POST", "/v1/statements/batch", b"\n".join(self._written() for _ in range(_BATCH))
        if number < self._last and number % _POSTS_AMONG == 0:
            return "POST", "/v1/statements", self._written()
        return "GET", _READS[number % len(_READS)].format(key=key_tag(self._pen.signer.thumbprint)), None

    def _written(self) -> bytes:
        with self._writing:
            return self._pen.write()[1]


def tables(requests: int = REQUESTS) -> Iterator[Table]:
    """Yield the table of a service's memory. requests: how many are sent in all."""
    each = max(1, requests // INTERVALS)
    table = Table(
        "requests", "entries of the log", "the service", "its publisher", "told to come again", "beside the first tenth"
    )
    table.title = f"Megabytes that are resident, after requests of all kinds by {_CALLERS} callers"
    with folder() as place:
        scene = set_up(place)
        with scene.served(marked=False) as service, ThreadPoolExecutor(_CALLERS) as callers:
            asking, first = _Asking(scene, each * (INTERVALS // 2)), 0
            table.add_row("0", *_row(scene, service.pid), "0")
            for interval in range(INTERVALS):
                numbers = range(interval * each, (interval + 1) * each)
                for _ in callers.map(asking.ask, numbers):
                    pass
                row, now = _row(scene, service.pid), resident(service.pid)
                first = first or now
                table.add_row(f"{numbers.stop:,}", *row, f"{asking.later:,}", f"{now / first:.2f}")
    yield table


def _row(scene: Scene, service: int) -> tuple[str, ...]:
    """Return how many entries the log has, and the megabytes of the service and of its publisher."""
    with closing(HTTPConnection("127.0.0.1", scene.port, timeout=_PATIENCE)) as line:
        line.request("GET", "/healthz")
        said: Health = json.loads(line.getresponse().read())
    held = (resident(service), sum(map(resident, publisher_of(service))))
    return f"{said['size']:,}", *(f"{one / _MEGABYTE:.0f}" for one in held)
