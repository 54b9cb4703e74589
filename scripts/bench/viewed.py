"""Views of a log, made once, and who keeps them up: what measurements of the views begin with."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.rulepacks.load import load_packs
from ledger.store.database.publication import Publication
from ledger.store.server.embedded import Role
from projections.database.session import Session, prepare
from projections.database.tables import Tables
from projections.running.following import Following
from projections.running.log import Log
from projections.running.rebuilding import rebuild

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.port import Store
    from ledger.store.server.embedded import Running


@dataclass(frozen=True, slots=True)
class Viewed:
    """A log as views read it, their tables, and who follows."""

    log: Log
    session: Session
    following: Following

    def make_anew(self) -> int:
        """Make the views anew; return up to which position."""
        return rebuild(self.log, self.session, lambda _, __: None).position

    def catch_up(self) -> int:
        """Take all that is there; return up to which position."""
        position, before = self.following.once(), -1
        while position != before:
            position, before = self.following.once(), position
        return position


@contextmanager
def viewed(running: Running, store: Store) -> Iterator[Viewed]:
    """Give the views of a log of a server for a with block."""
    prepare(running.conninfo(Role.OWNER))
    with (
        closing(Publication(running.conninfo())) as publication,
        closing(Session(running.conninfo(Role.OWNER))) as session,
    ):
        log = Log(store, publication, load_packs())
        views = Viewed(log, session, Following(log, Tables(session)))
        views.make_anew()
        yield views
