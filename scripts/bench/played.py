"""The demo's story, told and served: where pages of it are measured."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from api.console.frame import make_ready
from api.http.server import spare_the_collector
from scripts.demo.stage import StoryClock
from tests.console.browsing import at_own_address
from tests.servers import EMBEDDED, Servers
from tests.story import play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scripts.demo.cast import Cast, Vial
    from tests.http.serving import Served


class Played(NamedTuple):
    """The log as it is served, who plays in it, the vials that it is about, and the clock that it goes by."""

    log: Served
    cast: Cast
    vials: Sequence[Vial]
    clock: StoryClock


@contextmanager
def played() -> Iterator[Played]:
    """Serve the story for a with block, on a server of its own."""
    clock = StoryClock()
    with (
        TemporaryDirectory() as place,
        closing(Servers()) as servers,
        at_own_address(servers.get(EMBEDDED), Path(place), clock) as log,
    ):
        cast, vials = play(log.doors.ledger, clock)
        make_ready()  # as a service does that begins
        spare_the_collector()
        yield Played(log, cast, vials, clock)
