"""How soon a service answers over HTTP, and that the second request on one connection waits for nothing.

Without TCP_NODELAY each answer but the first on a connection would wait 40 ms for an acknowledgement. Asked of a
service of its own, on loopback; the yardstick is the same request on a connection of its own.
"""

from __future__ import annotations

import http.client
import statistics
from contextlib import closing
from time import perf_counter
from typing import TYPE_CHECKING, Final

from rich.table import Table

from scripts.bench.against import verdict
from scripts.bench.places import folder
from scripts.faults.scene import Scene, set_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

REQUESTS: Final = 200
TARGET: Final = 0.010


def tables() -> Iterator[Table]:
    """Yield the table of requests on fresh and on kept connections."""
    with folder() as place:
        scene = set_up(place)
        with scene.served():
            pen = scene.pen()
            gets = _measured(scene, lambda: ("GET", "/log/checkpoint", None))
            posts = _measured(scene, lambda: ("POST", "/v1/statements", pen.write()[1]))
    table = Table("request", "on a connection of its own", "the second on one", "target", "ratio to it")
    table.title = f"Medians of {REQUESTS} requests to a service on loopback"
    for name, (fresh, second) in (("GET a checkpoint", gets), ("POST a statement", posts)):
        target = max(TARGET, 2 * fresh)
        ratio = verdict(second / target, met=second <= target)
        table.add_row(name, f"{1000 * fresh:.1f} ms", f"{1000 * second:.1f} ms", f"≤ {1000 * target:.0f} ms", ratio)
    yield table


def _measured(scene: Scene, request: Callable[[], tuple[str, str, bytes | None]]) -> tuple[float, float]:
    """Return the median seconds of a request on a connection of its own, and of the second one on a connection."""
    asked = [request() for _ in range(2 * REQUESTS)]
    fresh, second = zip(*(_both(scene.port, asked[at : at + 2]) for at in range(0, len(asked), 2)), strict=True)
    return statistics.median(fresh), statistics.median(second)


def _both(port: int, asked: Sequence[tuple[str, str, bytes | None]]) -> tuple[float, float]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        begun = perf_counter()
        times = []
        for one in asked:
            connection.request(*one)
            with connection.getresponse() as answer:
                answer.read()
            times.append(perf_counter())
    return times[0] - begun, times[1] - times[0]
