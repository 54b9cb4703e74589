"""Whether a log records and publishes, told within a second whatever happens.

Asked of the database over a connection of its own, by a thread of its own: neither callers that wait for the head of
the log nor a database that is frozen keep the answer back. Nobody is told addresses, paths or a driver's words; the
service's log has them.
"""

from __future__ import annotations

import logging
import shutil
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from anyio import CapacityLimiter, move_on_after
from anyio.to_thread import run_sync
from fastapi.responses import JSONResponse

from api.http.problems import problem_answer, problem_of, reader_language
from ledger.errors import LedgerError, Unavailable
from projections.running.looking import look

if TYPE_CHECKING:
    from starlette.types import Scope

    from api.http.doors import Doors
    from api.logs.following import Follower
    from projections.database.tables import Tables

_LOG: Final = logging.getLogger("vialog.http")
_WITHIN: Final = 0.65
_WHOLE: Final = 0.75
"""Seconds in which all is told, the views too if they answer: the rest of a second is for a busy server."""

_PERIODS: Final = 3
_MARGIN: Final = 10.0
"""Seconds beside some periods that a checkpoint may take, as when a witness answers late."""

_FAILED_FOR: Final = 60.0
"""Seconds after which a statement that could not be recorded says nothing about now."""

_LEAST_SPACE: Final = 32 * 2**20
_NOT_NOW: Final = "nothing is recorded while clocks disagree; the service's log says which"
_HALTED: Final = "nothing may be recorded until a person has looked; the service's log says why"


def is_late(behind: float, every: float) -> bool:
    """Say whether entries have had no checkpoint for too long; both in seconds, of which every is a period."""
    return behind > _PERIODS * every + _MARGIN


class Writing:
    """Whether what was handed in last could be recorded."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._failed: float | None = None

    def recorded(self) -> None:
        """Something was."""
        self._failed = None

    def failed(self) -> None:
        """Something was not, and not for its own fault."""
        self._failed = monotonic()

    @property
    def fails(self) -> bool:
        """Say whether the last one, a short time ago, was not."""
        return (failed := self._failed) is not None and monotonic() - failed < _FAILED_FOR


class _Views:
    """How the views stand, looked at beside the log: they never keep back what is told of it."""

    def __init__(self, tables: Tables, follower: Follower | None) -> None:
        self._tables = tables
        self._follower = follower
        self._alone = CapacityLimiter(1)
        self._one = Lock()
        self._seen: tuple[float, dict[str, Any]] = (-1.0, {})

    async def told(self, asked: float, head: int) -> dict[str, Any]:
        """Return how they stand beside a head of the log that was read after it was asked."""
        with move_on_after(max(0.0, asked + _WHOLE - monotonic())):
            return await run_sync(self._look, asked, head, limiter=self._alone, abandon_on_cancel=True)
        return {"state": "unknown"}

    def _look(self, asked: float, head: int) -> dict[str, Any]:
        with self._one:  # a session is one thread's, and who gave up has left a thread behind
            if self._seen[0] < asked:
                self._seen = monotonic(), self._looked(head)
            return self._seen[1]

    def _looked(self, head: int) -> dict[str, Any]:
        try:
            found = look(self._tables, head)
        except LedgerError as error:
            _LOG.warning("health: the views: %s", error)
            return {"state": "unknown"}
        state = "stopped" if self._follower is not None and self._follower.stopped else found.state
        return {"state": state, "position": found.position, "lag": found.lag}


class Health:
    """Looks after one log. The event loop's alone."""

    def __init__(self, doors: Doors) -> None:
        """Look at nothing yet."""
        self._doors = doors
        self._alone = CapacityLimiter(1)
        self._seen: tuple[float, dict[str, Any]] = (-1.0, {})
        self._views = None if doors.views is None else _Views(doors.views, doors.follower)

    async def answer(self, scope: Scope) -> JSONResponse:
        """Say what is true now: 200, or 503 as a problem that says which part does not work."""
        said = await self.found()
        if (problem := said.pop("problem", None)) is None:
            return JSONResponse({"status": "ok"} | said, headers={"Cache-Control": "no-store"})
        language = reader_language(scope)
        return problem_answer(said | problem_of(Unavailable(problem), language), language, {})

    async def found(self) -> dict[str, Any]:
        """Return what is true now, and which part does not work as problem; what cannot be seen in time is absent."""
        found: dict[str, Any] | None = None
        asked = monotonic()
        with move_on_after(_WITHIN):
            found = await run_sync(self._look, asked, limiter=self._alone, abandon_on_cancel=True)
        began, seen = self._seen
        if found is None and began >= asked:
            found = seen  # it came while others kept us from looking
        if found is None:
            found = {"problem": "the database does not answer"}
        said = {"log": self._doors.ledger.store.origin, "witnesses": self._doors.publisher.witness_problems} | found
        if self._views is not None and "size" in found:
            said["views"] = await self._views.told(asked, found["size"])
        return said

    @property
    def late(self) -> float:
        """Return for how many seconds the newest entries have had no checkpoint."""
        return self._doors.publisher.behind

    def _look(self, asked: float) -> dict[str, Any]:
        """Return size, checkpoint and what is wrong, if anything is: many who ask at once share one look at it."""
        began, seen = self._seen
        if began < asked:
            began = monotonic()
            seen = self._looked()
            self._seen = (began, seen)
        return seen

    def _copied(self) -> dict[str, Any]:
        """Return how a copy stands that is only read."""
        try:
            standing = self._doors.publication.standing()
        except LedgerError as error:
            _LOG.warning("health: %s", error)
            return {"problem": "the database does not answer"}
        return {"size": standing.head, "checkpoint": standing.size, "only_reads": True}

    def _looked(self) -> dict[str, Any]:
        doors = self._doors
        if doors.publisher.stopped_by is not None:
            return {"problem": "the publisher has stopped, and a person must look; the service's log says why"}
        if doors.standby is not None:
            return self._copied()
        permit = doors.ledger.permit
        remembers = permit.remembers()
        try:
            standing = doors.publication.standing()
        except LedgerError as error:
            _LOG.warning("health: %s", error)
            return {"problem": "the database does not answer"}
        found: dict[str, Any] = {"size": standing.head, "checkpoint": standing.size}
        if standing.read_only:
            return found | {"problem": "the database takes nothing"}
        try:
            permit.time(standing, remembers)
        except LedgerError as error:
            _LOG.warning("health: %s", error)
            return found | {"problem": _NOT_NOW if isinstance(error, Unavailable) else _HALTED}
        if doors.data is not None and shutil.disk_usage(doors.data).free < _LEAST_SPACE:
            return found | {"problem": "the disk is full"}
        if doors.writing.fails:
            return found | {"problem": "what was handed in last could not be recorded"}
        behind = doors.publisher.behind
        if is_late(behind, doors.publisher.every):
            return found | {"problem": f"the newest entries have had no checkpoint for {behind:.0f} seconds"}
        return found
