"""Following: what is recorded becomes rows, a batch at a time, each batch in one transaction with its position.

A batch is all that is there, up to a bound: one event when the log is quiet. The position of the head alone says what
has been seen. What cannot be applied stops the runner, which says why beside its position and in every answer; nothing
is passed over.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, NotFound, TooOld
from projections.database.tables import BEGUN, NONE_YET, OTHER, Standing
from projections.folding.applying import Applying
from projections.folding.editions import Begun
from projections.folding.past import Stored
from projections.views.catalogue import version

if TYPE_CHECKING:
    from projections.database.tables import Tables
    from projections.running.log import Log

MOST: Final = 2_000
"""How many events are in a batch at most: what their rows take in memory, and how long others wait for the lock."""


class Following:
    """Follows one log into its views. One thread uses it; of several processes at once one goes on, the others fail."""

    def __init__(self, log: Log, tables: Tables, most: int = MOST) -> None:
        """Read nothing yet. most: how many events a batch has at most."""
        self._log = log
        self._tables = tables
        self._most = most
        self._at: tuple[Standing, Applying] | None = None

    def once(self) -> int:
        """Apply the next batch, and return the position that the views then stand at.

        Raises NotFound: there are no views of this version, or with the editions of the rules that have begun.
        IntegrityFailed, TooOld: an event cannot be applied, or the log is another one than a checkpoint says; that is
        noted, and the position stays. Conflict: another process went on; the next call goes on from there. Unavailable.
        """
        try:
            return self._once()
        except BaseException:
            self._at = None  # what is in memory may be ahead of what is written
            raise

    def _once(self) -> int:
        before, applying = self._at or self._begun()
        bound, recorded = before.bound, before.recorded
        checked, editions = bound.checked, before.editions
        try:
            if batch := list(self._log.store.read(before.position, self._most)):
                begun = Begun(self._log.packs, batch[-1].recorded)
                if (editions := begun.names) != before.editions:
                    applying = self._with(begun, before)
                applying.take(batch)
                bound.take(batch)
                recorded = batch[-1].recorded
            if applying.position == before.position:
                self._check_end(before.position)
            bound.compare(self._log.checkpoints, self._log.keys)
        except (IntegrityFailed, TooOld) as error:
            self._tables.stop(before, str(error))
            raise
        after = replace(before, position=applying.position, recorded=recorded, editions=editions)
        if after.position > before.position or bound.checked > checked:
            self._tables.write(applying.noting(), before, after)
            applying.written()
        self._at = after, applying
        return after.position

    def _check_end(self, position: int) -> None:
        if self._log.store.head() < position:
            raise IntegrityFailed(f"the log ends before position {position}, where the views stand")

    def _begun(self) -> tuple[Standing, Applying]:
        standing = self._tables.standing()
        if standing is None:
            raise NotFound(NONE_YET)
        if standing.version != version():
            raise NotFound(OTHER)
        editions = Begun(self._log.packs, standing.recorded)
        if editions.names != standing.editions:
            raise NotFound(BEGUN)
        return standing, Applying(Stored(self._log.store), self._tables, editions, standing.position)

    def _with(self, editions: Begun, before: Standing) -> Applying:
        """Return what goes on with other editions: only from the first entry on, before which nothing is owed."""
        if before.position:
            raise NotFound(BEGUN)
        return Applying(Stored(self._log.store), self._tables, editions)
