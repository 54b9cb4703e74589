"""Keeps up the views of a log, as `vialog views follow` does beside a service, until its standard input ends."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing, contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from ledger.rulepacks.load import load_packs
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication
from projections.database.session import Session
from projections.database.tables import Tables
from projections.running.following import Following
from projections.running.log import Log

if TYPE_CHECKING:
    from collections.abc import Iterator

_WAITS: Final = 0.5
"""Seconds after which it looks whether it is to end."""


def main() -> None:
    """Follow. Arguments: how the application and the owner connect."""
    app, owner = sys.argv[1:]
    ended = Event()
    Thread(target=_end, args=(ended,), daemon=True).start()
    with (
        closing(PostgresStore(app)) as store,
        closing(Publication(app)) as published,
        closing(Session(owner)) as session,
    ):
        following = Following(Log(store, published, load_packs()), Tables(session))
        while not ended.is_set():
            store.wait(following.once(), _WAITS)


def _end(ended: Event) -> None:
    sys.stdin.read()
    ended.set()


@contextmanager
def followed(app: str, owner: str) -> Iterator[None]:
    """Let a process of its own follow, for a with block."""
    command = [sys.executable, "-m", "scripts.bench.follower", app, owner]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        try:
            yield
        finally:
            process.communicate()


if __name__ == "__main__":
    main()
