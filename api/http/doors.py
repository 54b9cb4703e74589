"""What the routes stand on: one log, opened, and what is told to the outside about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Request

from api.http.bounds.arrivals import Arrivals
from api.http.bounds.views import Views
from api.http.bounds.whole_logs import WholeLogs
from api.http.health import Writing
from ledger.evidence.report.told import Voice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.accesses.log import AccessLog
    from api.hooks.delivering import Deliverer
    from api.hooks.keeping import Hooks
    from api.http.bounds.standby import Standby
    from api.logs.following import Follower
    from api.notices.keeping import Notices
    from api.sessions.signing_in import SigningIn
    from api.waiting.drafts import KeptDrafts
    from api.waiting.leaving import OpenStatements
    from ledger.publisher.log_keys import LogKeys
    from ledger.publisher.publishing import Publishing
    from ledger.service import Ledger
    from ledger.store.database.publication import Publication
    from ledger.tlog.vkey import VerifierKey
    from projections.database.tables import Tables

THREADS: Final = 128
"""How many requests are worked on at a time; those that come then wait."""

_MOST_WAITING: Final = 96


@dataclass(frozen=True, slots=True)
class Doors:
    """One log behind its doors.

    keys: the log's own public keys, by which a checkpoint is checked before it leaves.
    log_files_token: what opens the entry bundles; None: nothing does.
    proof_within: how many seconds a caller may wait for a proof.
    position_within: how many seconds a reader may wait for a position.
    waiting: how many callers may wait at a time, so that waiting never takes all threads.
    data: the directory whose disk the log, or what is remembered of it, needs; None: not looked at.
    whole_logs: who reads the whole log: so many at a time.
    writing: whether what was handed in could be recorded.
    views: where the views stand, in a session of health's own; None: it tells nothing of them.
    look_up: the same, lent to requests: where to look for what they list.
    follower: what keeps them up, where this service does.
    voice: how the reports of bundles are told; by ids and in UTC if left out.
    signing_in: how people and programs prove who they are.
    accesses: where it stands what they were told of others.
    log_keys: that sign a receipt of a refusal; None where none is given.
    open_statements, kept_drafts: what waits.
    notices: what falls due, as it was noted.
    standby: of a service that only reads, what is told of its primary; None: it records.
    hooks: where parties want to be told. deliverer: who tells these; None: another service does.
    """

    ledger: Ledger
    publication: Publication
    publisher: Publishing
    keys: Sequence[VerifierKey] = ()
    log_files_token: str | None = field(default=None, repr=False)
    proof_within: float = 30.0
    position_within: float = 5.0
    waiting: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_MOST_WAITING))
    whole_logs: WholeLogs = field(default_factory=WholeLogs)
    data: Path | None = None
    writing: Writing = field(default_factory=Writing)
    arrivals: Arrivals = field(default_factory=Arrivals)
    views: Tables | None = None
    look_up: Views = field(default_factory=Views)
    follower: Follower | None = None
    voice: Voice = field(default_factory=Voice)
    signing_in: SigningIn = field(kw_only=True)
    accesses: AccessLog = field(kw_only=True)
    log_keys: LogKeys | None = field(kw_only=True, repr=False)
    open_statements: OpenStatements = field(kw_only=True)
    kept_drafts: KeptDrafts = field(kw_only=True)
    notices: Notices = field(kw_only=True)
    hooks: Hooks | None = field(kw_only=True)
    standby: Standby | None = field(default=None, kw_only=True)
    deliverer: Deliverer | None = field(default=None, kw_only=True)

    def grown(self, after: int, within: float) -> int:
        """Wait until there are more entries and notices, taken together, than so many, and return how many there are.

        within: seconds. Raises Unavailable.
        """
        notices = self.notices.newest()
        return notices + self.ledger.store.wait(after - notices, within)


def doors_of(request: Request) -> Doors:
    """Return what the application of a request stands on."""
    doors: Doors = request.app.state.doors
    return doors


async def _opened(request: Request) -> Doors:
    return doors_of(request)  # awaited: what is not, FastAPI hands to a thread


Opened = Annotated[Doors, Depends(_opened)]
