"""The replay: each entry of a log checked in its turn, and recorded again in memory; what is compared are bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.domain.judging import Event
from ledger.errors import IntegrityFailed, LedgerError, unreadable
from ledger.statement.entries.enrolment import check_enrolment
from ledger.statement.entries.entry import NO_RULES, check_acknowledged, index_names, leaf_of, parse_entry, parse_known
from ledger.statement.entries.state_entry import STATE_KIND, is_state, state_id, state_of
from ledger.statement.form.envelope import PAYLOAD_TYPE, pae, parse_envelope
from ledger.statement.form.payload import read_known
from ledger.statement.reading import read_statement
from ledger.statement.signing.keys import verify
from ledger.statement.statement import open_envelope
from ledger.store.deciding.judgement import place
from ledger.store.deciding.worlds import Worlds
from ledger.store.port import Record
from ledger.tlog.whole_index import WholeIndex
from ledger.verification.again import Judge, Judged
from ledger.verification.keyring import Keyring

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.ids import Tag
    from ledger.rulepacks.load import RulePacks
    from ledger.statement.entries.entry import Entry
    from ledger.statement.statement import Opened
    from ledger.store.memory import MemoryStore
    from ledger.store.port import LockedLog, Recorded


@dataclass(frozen=True, slots=True)
class Verified:
    """An entry that holds.

    leaf: its leaf hash, 32 bytes, computed here.
    difference: what judging it again answers today, where that is not what was recorded; "" where it is the same.
    unjudged: why it was not judged again: the edition that it names is not here; "" where it was.
    unread: what this program is too old for, at or before this position, so that of this entry only leaf, order and
        signatures were checked, as far as they can be; "" where all was.
    """

    position: int
    kind: str
    leaf: bytes
    difference: str = ""
    unjudged: str = ""
    unread: str = ""


class Replay:
    """The log as replayed so far."""

    def __init__(self, store: MemoryStore, packs: RulePacks) -> None:
        self._store = store
        self._worlds = Worlds()
        self._judge = Judge(packs, self._worlds)
        self._index = WholeIndex()
        self._keys = Keyring()
        self._newest: datetime | None = None
        self.size = 0
        self.unread = ""
        """What this program is too old for; from there on nothing is known of the record."""

    def take(self, stored: Recorded) -> Verified:
        """Verify the next entry and record it again. Raises LedgerError: it does not hold, or cannot be read."""
        if self.unread:
            return self.glance(stored)
        entry = parse_entry(stored.entry)
        self._check_place(stored, entry)
        with self._store.locked() as log:
            if entry.rules == NO_RULES:
                record, judged = self._appended(stored, entry), Judged()
            else:
                record, judged = self._statement(log, stored, entry)
            (again,) = log.append([record], entry.recorded)
        if again.entry != stored.entry:
            raise IntegrityFailed("recorded again it has other bytes")
        self.size += 1
        self._newest = entry.recorded
        self._index.add(entry.position, again.leaf, index_names(entry))
        self._worlds.trim()
        return Verified(entry.position, stored.kind, again.leaf, *judged)

    def _check_place(self, stored: Recorded, entry: Entry) -> None:
        if not entry.position == stored.position == self.size + 1:
            raise IntegrityFailed(f"the entry stored at {stored.position} says position {entry.position}")
        if stored.leaf != leaf_of(stored.entry):
            raise IntegrityFailed("the stored leaf is not the hash of the entry")
        if stored.recorded != entry.recorded:
            raise IntegrityFailed(f"the store says recorded {stored.recorded}, the entry {entry.recorded}")
        if self._newest is not None and entry.recorded < self._newest:
            raise IntegrityFailed("it was recorded before the entry in front of it")

    def glance(self, stored: Recorded) -> Verified:
        """Check of the next entry what needs no record: leaf and order, and signatures by keys known from before.

        Raises IntegrityFailed: it does not hold.
        """
        position = self.size + 1
        if (stored.position, stored.leaf) != (position, leaf_of(stored.entry)):
            raise IntegrityFailed(f"position {position}: the stored position or leaf is not that of the entry")
        try:
            self._check_readable(stored)
        except LedgerError as error:
            if isinstance(found := unreadable(position, error), IntegrityFailed):
                raise found from error
        self.size = position
        return Verified(position, stored.kind, stored.leaf, unread=self.unread)

    def _check_readable(self, stored: Recorded) -> None:
        """Check an entry as far as it can be read. Raises LedgerError: it does not hold, or cannot be read further."""
        entry = parse_known(stored.entry)
        self._check_place(stored, entry)
        self._newest = entry.recorded
        if is_state(entry):
            return
        envelope = parse_envelope(entry.data)
        signers = read_known(envelope.payload).signers
        message = pae(PAYLOAD_TYPE, envelope.payload)
        for signer, signature in zip(signers, envelope.signatures, strict=False):
            if (key := self._keys.known(signer.key)) is not None and signer.key == signature.keyid:
                verify(key, message, signature.sig)

    def _appended(self, stored: Recorded, entry: Entry) -> Record:
        """Return a state entry, which the publisher appended and nobody judged; nothing else may pass for one.

        No proof ties it to the entries: whoever replays them is the only one who can tell whether it is true.
        """
        if stored.kind != STATE_KIND:
            raise IntegrityFailed(f"a {stored.kind} stands there that was not judged")
        if stored.statement != (due := state_id(entry.data)):
            raise IntegrityFailed(f"the state entry is stored under the id {stored.statement}, not {due}")
        state = state_of(entry)
        if state.index_root != self._index.root():
            raise IntegrityFailed("the state entry's index root is not that of the entries before it")
        if state.names != self._index.names:
            raise IntegrityFailed(f"the state entry counts {state.names} names, the entries have {self._index.names}")
        return Record(stored.statement, stored.kind, entry.tags, entry.rules, entry.data)

    def _statement(self, log: LockedLog, stored: Recorded, entry: Entry) -> tuple[Record, Judged]:
        opened = open_envelope(entry.data, lambda thumbprint: self._keys.find(thumbprint, entry))
        said = read_statement(opened.payload)
        self._check_names(stored, opened)
        check_acknowledged(entry, said.acknowledged or {})
        check_enrolment(opened.payload, entry.position)
        self._worlds.catch_up(log)
        named = opened.payload.tags
        placed = place(log, self._worlds, said, named, entry.recorded)
        if placed.tags != entry.tags:
            raise IntegrityFailed(f"its tags are not those that follow from it: {_differing(placed.tags, entry.tags)}")
        if placed.status != entry.status:
            differing = _differing(placed.status, entry.status)
            raise IntegrityFailed(f"its status is not the one that follows from it: {differing}")
        self._worlds.load(log, placed.tags)
        self._keys.check(said)
        judged = self._judge.judge(log, said, named, entry)
        self._worlds.advance(
            Event(entry.position, entry.recorded, entry.tags, said, entry.rules, entry.breaches, entry.status)
        )
        self._keys.learn(said)
        again = said.id, said.kind, placed.tags, entry.rules, entry.data
        return Record(*again, breaches=entry.breaches, status=placed.status), judged

    def _check_names(self, stored: Recorded, opened: Opened) -> None:
        payload = opened.payload
        if payload.log != self._store.origin:
            raise IntegrityFailed(f"it is a statement for the log {payload.log}")
        if (stored.statement, stored.kind) != (payload.id, payload.kind):
            raise IntegrityFailed(
                f"it is stored as {stored.kind} {stored.statement}, but is {payload.kind} {payload.id}"
            )


def _differing(derived: frozenset[Tag], stored: frozenset[Tag]) -> str:
    missing = [f"{tag} is missing" for tag in sorted(derived - stored)]
    return ", ".join((*missing, *(f"{tag} is too much" for tag in sorted(stored - derived))))
