"""Replay a whole log from its first entry and check all that must hold, whoever kept it. Needs nothing but the entries.

What must hold: form, positions without gaps, times that never go back, leaves, signatures by keys that the log itself
enrolled before and had not revoked, tags, derived ones included, and what each state entry says of the index over the
entries before it. Each entry is recorded again in memory, so what
is compared are bytes. How a statement was judged may differ, with rules that were mended since: that is reported, and
is no failure. Memory grows with the log: what is replayed is kept, as judging reads it back.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.domain.judging import Event
from ledger.errors import IntegrityFailed, LedgerError, NeedsAcknowledgement, unreadable
from ledger.ids import key_tag
from ledger.statement.entries.enrolment import ENROLLING, REVOKED, check_enrolment
from ledger.statement.entries.entry import (
    NO_RULES,
    Entry,
    check_acknowledged,
    index_names,
    leaf_of,
    parse_entry,
    parse_known,
)
from ledger.statement.entries.state_entry import STATE_KIND, is_state, state_id, state_of
from ledger.statement.form.envelope import PAYLOAD_TYPE, pae, parse_envelope
from ledger.statement.form.payload import read_known, read_payload
from ledger.statement.reading import read_statement
from ledger.statement.signing.keys import PublicKey, admit, verify
from ledger.statement.statement import Opened, open_envelope
from ledger.store.deciding.judgement import Bench, judge, place
from ledger.store.deciding.worlds import Worlds
from ledger.store.memory import MemoryStore
from ledger.store.port import Record
from ledger.tlog.whole_index import WholeIndex
from ledger.words.sentences import breach_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ledger.breach import Breach
    from ledger.domain.judging import Signed
    from ledger.ids import Tag
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import LockedLog, Recorded

"""The rules of an entry that is not a statement: those that the publisher appends."""


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


class _Judged(NamedTuple):
    """What came of judging an entry again, as ``Verified`` says it."""

    difference: str = ""
    unjudged: str = ""


def verify_log(
    entries: Iterable[Recorded],
    origin: str,
    packs: RulePacks,
    *,
    beyond: bool = False,
    into: MemoryStore | None = None,
) -> Iterator[Verified]:
    """Verify the entries of a log, oldest first from the first one, and yield each one that holds.

    entries: as a store or a mirror holds them; none of their fields is believed.
    origin: the log's name.
    packs: what the entries are judged by again; an entry names its edition.

    beyond: True to go on behind an entry that this program is too old for, and check what can still be checked.
    into: an empty store in which each entry that holds is recorded again; one that nobody else sees if left out.

    Raises IntegrityFailed, naming the first entry that does not hold and why. TooOld: this program does not know what
    an entry holds. That the log was not cut off at its end no entry can show: compare size and last leaf with a
    checkpoint.
    """
    replay = _Replay(MemoryStore(origin) if into is None else into, packs)
    for stored in entries:
        try:
            verified = replay.take(stored)
        except LedgerError as error:
            found = unreadable(replay.size + 1, error)
            if isinstance(found, IntegrityFailed) or not beyond:
                raise found from error
            replay.unread = str(found)
            verified = replay.glance(stored)
        yield verified


@dataclass(frozen=True, slots=True)
class _Enrolled:
    """A key as an earlier entry enrolled it."""

    public: PublicKey
    party: str
    person: str


class _Replay:
    """The log as replayed so far."""

    def __init__(self, store: MemoryStore, packs: RulePacks) -> None:
        self._store = store
        self._packs = packs
        self._worlds = Worlds()
        self._index = WholeIndex()
        self._keys: dict[str, _Enrolled] = {}
        self._revoked: set[str] = set()
        self._newest: datetime | None = None
        self._operator = ""
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
                record, judged = self._appended(stored, entry), _Judged()
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
            if (key := self._keys.get(signer.key)) is not None and signer.key == signature.keyid:
                verify(key.public, message, signature.sig)

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

    def _statement(self, log: LockedLog, stored: Recorded, entry: Entry) -> tuple[Record, _Judged]:
        opened = open_envelope(entry.data, lambda thumbprint: self._find_key(thumbprint, entry))
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
        self._check_keys(said)
        judged = self._judge(log, said, named, entry)
        self._worlds.advance(
            Event(entry.position, entry.recorded, entry.tags, said, entry.rules, entry.breaches, entry.status)
        )
        if said.kind in ENROLLING:
            public = admit(base64.b64decode(said.body.spki), said.body.alg)
            self._keys[public.thumbprint] = _Enrolled(public, said.body.party, said.body.person)
            self._operator = self._operator or said.body.party
        elif said.kind == REVOKED:
            self._revoked.add(said.body.key)
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

    def _judge(self, log: LockedLog, said: Signed[Any], named: frozenset[Tag], entry: Entry) -> _Judged:
        rules = self._packs.by_name(entry.rules)
        if rules is None:
            pack, _, digest = entry.rules.partition(" ")
            said_so = f"judged under {pack}, edition {digest}, which this reader does not have"
            return _Judged(unjudged=f"{said_so}: judgement not checked")
        try:
            again = judge(Bench(log, self._worlds, rules, entry.recorded), said, named)
        except NeedsAcknowledgement as answer:
            return _Judged(difference=f"today not acknowledged: {_told(answer.breaches)}")
        except LedgerError as answer:
            return _Judged(difference=f"{type(answer).__name__}: {answer}")
        return _Judged(difference=_other_breaches(entry.breaches, again.breaches))

    def _check_keys(self, said: Signed[Any]) -> None:
        """Raise IntegrityFailed unless each signer's key was enrolled for it before, and not revoked.

        Enrolled and revoked is what a statement at an earlier position enrols and revokes, whatever was voided since:
        who may sign is a matter of positions, and no judgement. The operator is whoever opened the log.
        """
        brought = said.body.key if said.kind in ENROLLING else None
        if brought is not None and brought.removeprefix("key:") in self._keys:
            raise IntegrityFailed(f"{brought} was enrolled before")
        enroller = said.signers[0]
        if brought not in {None, enroller.key} and enroller.party not in {self._operator, said.body.party}:
            raise IntegrityFailed(f"{enroller.party} may not enrol a key of {said.body.party}")
        for signer in said.signers:
            if signer.key == brought:
                continue  # brought in by this very statement; its signature shows who holds it
            enrolled = self._keys[signer.key.removeprefix("key:")]
            if signer.key in self._revoked:
                raise IntegrityFailed(f"{signer.key} was revoked when it signed")
            if (enrolled.party, enrolled.person, enrolled.public.alg) != (signer.party, signer.person, signer.alg):
                raise IntegrityFailed(f"{signer.key} was not enrolled for {signer.party} {signer.person}")

    def _find_key(self, thumbprint: str, entry: Entry) -> PublicKey | None:
        """Return a key that an earlier entry enrolled, or that this very one brings in."""
        if thumbprint in self._keys:
            return self._keys[thumbprint].public
        payload = read_payload(parse_envelope(entry.data).payload)
        if payload.kind not in ENROLLING:
            return None
        body = read_statement(payload).body
        return admit(base64.b64decode(body.spki), body.alg) if body.key == key_tag(thumbprint) else None


def _other_breaches(recorded: tuple[Breach, ...], today: tuple[Breach, ...]) -> str:
    """Say what an entry tells of breaches and judging again does not, and the reverse; "" where both tell the same."""
    if recorded == today:
        return ""
    parts = (
        ("recorded and not found today", [one for one in recorded if one not in today]),
        ("found today and not recorded", [one for one in today if one not in recorded]),
    )
    return "; ".join(f"{words}: {_told(some)}" for words, some in parts if some) or "recorded in another order"


def _told(breaches: Iterable[Breach]) -> str:
    return "; ".join(f"{one.rule}: {breach_words(one)}" for one in breaches)


def _differing(derived: frozenset[Tag], stored: frozenset[Tag]) -> str:
    missing = [f"{tag} is missing" for tag in sorted(derived - stored)]
    return ", ".join((*missing, *(f"{tag} is too much" for tag in sorted(stored - derived))))
