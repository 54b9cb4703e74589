"""One range of positions, checked entry by entry: what can be done for each range in a process of its own.

For each entry: it is there; its bytes are in the one form and say what the columns beside them say; its leaf is their
hash; its envelope verifies with keys that might sign there; its statement id, kind, log and tags are those of its
payload; what is disclosed beside it fits its digests.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from typing import TYPE_CHECKING

from ledger.domain.status import ruled
from ledger.errors import IntegrityFailed, LedgerError, Malformed, NotTrusted
from ledger.fsck.keys import KeyRefused, KeyRing, Keys
from ledger.statement.entries.enrolment import KEY_RECORDS, is_key_record, newer_key_record
from ledger.statement.entries.entry import Entry, check_acknowledged, leaf_of, newer_line, parse_known
from ledger.statement.entries.state_entry import STATE_KIND, StateEntry, is_state, state_id, state_of
from ledger.statement.form.disclosure import digest_of
from ledger.statement.statement import open_known
from ledger.store.database.survey import Survey
from ledger.store.server.undisturbed import STOPPING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.connection import Connection

    from ledger.ids import StatementId
    from ledger.store.port import Recorded


@dataclass(slots=True)
class Checked:
    """What a range adds up to, as far as it holds.

    leaves: the leaf hashes, 32 bytes each, nothing between them. tags: of each entry, as its header writes them.
    status, kinds: of each entry too.
    states: what state entries say, by position. first, last: when the first and the last entry were recorded.
    disclosed: how many disclosures are kept beside them. withheld: how many of their digests have none.
    bad: the first position that does not hold, and why; None when all of them do.
    unread: the first position that holds as far as it could be checked, and what this program is too old for; the
        entries behind it are checked too, unless what cannot be read is the entry itself.
    """

    after: int
    upto: int
    leaves: bytearray = field(default_factory=bytearray)
    tags: list[str] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    states: dict[int, StateEntry] = field(default_factory=dict)
    first: datetime | None = None
    last: datetime | None = None
    disclosed: int = 0
    withheld: int = 0
    bad: tuple[int, str] | None = None
    unread: tuple[int, str] | None = None

    @property
    def size(self) -> int:
        """Return the number of entries that hold."""
        return len(self.tags)


@dataclass(frozen=True, slots=True)
class RangeChecker:
    """Checks ranges of one log over one connection."""

    origin: str
    keys: KeyRing
    survey: Survey

    def check(self, after: int, upto: int) -> Checked:
        """Check the entries after a position up to another one. Raises Unavailable."""
        checked = Checked(after, upto)
        events = self.survey.events(after, upto)
        digests: dict[StatementId, Sequence[str] | None] = {}
        for due, event in enumerate(events, start=after + 1):
            try:
                self._take(checked, digests, due, event)
            except LedgerError as error:
                if isinstance(error, Malformed) and error.newer:
                    _leave(checked, due, error.newer)
                else:
                    checked.bad = (due, str(error))
                break
        else:
            if checked.size < upto - after:
                checked.bad = (after + checked.size + 1, "the entry is missing")
        self._check_disclosures(checked, events, digests)
        return checked

    def _take(
        self, checked: Checked, digests: dict[StatementId, Sequence[str] | None], due: int, event: Recorded
    ) -> None:
        if event.position != due:
            raise IntegrityFailed("the entry is missing")
        entry = parse_known(event.entry)
        _check_columns(event, entry)
        if entry.later:
            _leave(checked, due, newer_line(entry))
        if checked.last is not None and entry.recorded < checked.last:
            raise IntegrityFailed("it was recorded before the entry in front of it")
        if is_state(entry):
            checked.states[due] = _state(event, entry)
        else:
            digests[event.statement] = self._read(checked, event, entry)
        checked.first = checked.first or entry.recorded
        checked.last = entry.recorded
        checked.leaves += event.leaf
        checked.tags.append(" ".join(sorted(entry.tags)))
        checked.status.append(" ".join(sorted(entry.status)))
        checked.kinds.append(sys.intern(event.kind))  # sent to the parent once for a range, not once for an entry

    def _read(self, checked: Checked, event: Recorded, entry: Entry) -> Sequence[str] | None:
        """Check a statement as far as this program knows it.

        Returns the digests of what was disclosed beside it; None where they cannot be read.
        """
        try:
            return self._open(checked, event, entry)
        except LedgerError as error:
            newer = error.newer if isinstance(error, Malformed) else ""
            if not newer and not (_is_about_keys(error) and self.keys.is_unknown_at(entry.position)):
                raise
            _leave(checked, entry.position, newer or "an earlier statement about keys, which it does not know")
            return None

    def _open(self, checked: Checked, event: Recorded, entry: Entry) -> Sequence[str]:
        opened = open_known(entry.data, self.keys.find)
        payload = opened.payload
        if payload.later:
            _leave(checked, entry.position, payload.later)
        if is_key_record(payload.kind) and payload.kind not in KEY_RECORDS:
            _leave(checked, entry.position, newer_key_record(payload.kind))
        for signer in payload.signers:
            self.keys.check(signer, entry.position)
        self.keys.check_enrolment(payload, entry.position)
        if payload.log != self.origin:
            raise IntegrityFailed(f"it is a statement for the log {payload.log}")
        if (payload.id, payload.kind) != (event.statement, event.kind):
            raise IntegrityFailed(f"it is stored as {event.kind} {event.statement}, but is {payload.kind} {payload.id}")
        if missing := payload.tags - entry.tags:
            raise IntegrityFailed(f"its header leaves out {min(missing)}, which its payload names")
        if missing := ruled(payload.kind, payload.body) - entry.status:
            raise IntegrityFailed(f"its header leaves {min(missing)} out of its status, which its kind rules on")
        check_acknowledged(entry, payload.acknowledged)
        return payload.sd

    def _check_disclosures(
        self, checked: Checked, events: Sequence[Recorded], digests: Mapping[StatementId, Sequence[str] | None]
    ) -> None:
        positions = {event.statement: event.position for event in events[: checked.size]}
        checked.withheld = sum(len(known) for known in digests.values() if known)
        for statement, digest, text in self.survey.disclosures(list(positions)):
            known = digests.get(statement, ())
            if digest_of(text) != digest or (known is not None and digest not in known):
                _fail(checked, positions[statement], "a disclosure kept beside it is not one that it has a digest of")
            checked.disclosed += 1
            checked.withheld -= known is not None


def _check_columns(event: Recorded, entry: Entry) -> None:
    if entry.position != event.position:
        raise IntegrityFailed(f"the entry stored at {event.position} says position {entry.position}")
    if entry.recorded != event.recorded:
        raise IntegrityFailed(f"the store says recorded {event.recorded}, the entry {entry.recorded}")
    if event.leaf != leaf_of(event.entry):
        raise IntegrityFailed("the stored leaf is not the hash of the entry")


def _state(event: Recorded, entry: Entry) -> StateEntry:
    if event.kind != STATE_KIND:
        raise IntegrityFailed(f"a {event.kind} stands there that was not judged")
    if event.statement != (due := state_id(entry.data)):
        raise IntegrityFailed(f"the state entry is stored under the id {event.statement}, not {due}")
    return state_of(entry)


def _is_about_keys(error: LedgerError) -> bool:
    """Say whether an error says that a key may not sign, and not that a signature does not verify."""
    return error.rule == "KEY-16" if isinstance(error, NotTrusted) else isinstance(error, KeyRefused)


def _leave(checked: Checked, position: int, found: str) -> None:
    checked.unread = checked.unread or (position, found)


def _fail(checked: Checked, position: int, why: str) -> None:
    if checked.bad is None or position < checked.bad[0]:
        checked.bad = (position, why)


_checker: list[RangeChecker] = []


def start_process(conninfo: str, origin: str, keys: Keys, leash: Connection) -> None:
    """Get a worker process ready: its own connection, its own admitted keys. They end with the process.

    leash: its other end is held by the parent alone; when that is closed, also by the parent's death, the process ends.

    Nobody else ends it: what is sent to the whole group, as Ctrl-C is, is the parent's to answer.
    """
    for stopping in STOPPING:
        signal.signal(stopping, signal.SIG_IGN)
    Thread(target=_end_with, args=(leash,), daemon=True).start()
    _checker[:] = [RangeChecker(origin, KeyRing(keys), Survey(conninfo))]


def _end_with(leash: Connection) -> None:
    leash.poll(None)
    os._exit(1)


def check_range(after: int, upto: int) -> Checked:
    """Check a range in a worker process."""
    return _checker[0].check(after, upto)
