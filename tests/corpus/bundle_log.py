"""A small log for the corpus of bundles: made of seeds alone, so that it has the same bytes each time.

Nothing is judged here: an operator that lies can record anything, and whether a bundle gives it away is the question.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from ledger.breach import Breach
from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.bodies.vocabulary import Role
from ledger.evidence.gathering.frame import Frame
from ledger.ids import PartyId, StatementId, Tag
from ledger.meaning import Meaning
from ledger.rulepacks.load import load_packs
from ledger.statement.authoring import KIND_OF, Author
from ledger.statement.entries.entry import NO_RULES, leaf_of
from ledger.statement.entries.state_entry import STATE_KIND, StateEntry, encode_state, state_id
from ledger.statement.form.disclosure import digest_of
from ledger.statement.form.header import Acknowledgement, Capture, CaptureMode
from ledger.statement.form.tags import tags_of
from ledger.statement.form.writing import build_payload
from ledger.statement.signing.keys import P256_ORDER, Algorithm, thumbprint_of
from ledger.statement.signing.signer import MemorySigner
from ledger.statement.statement import sign_statement
from ledger.statement.text import strict_json
from ledger.statement.text.binary import encode_base64url
from ledger.statement.text.strict_text import FREE_TEXT
from ledger.store.memory import MemoryStore
from ledger.store.port import Record
from ledger.tlog.checkpoint import Checkpoint, encode_checkpoint
from ledger.tlog.cosignature import Ed25519Cosigner
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.index import EMPTY, status_name
from ledger.tlog.note import Ed25519Signer, Note, format_note
from ledger.tlog.pages import MemoryPages, extend_index
from ledger.tlog.vkey import format_vkey
from tests.authors import ruled_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ledger.domain.bodies.vocabulary import Body
    from ledger.statement.signing.signer import StatementSigner
    from ledger.statement.text.strict_json import JsonValue
    from ledger.store.port import Recorded, Store

ORIGIN: Final = "ledger.example/evidence"
START: Final = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
RULE_PACK: Final = load_packs().by_id("cn-281/2026-08-01").name


def seed(name: str) -> bytes:
    """Return the 32 bytes that a name stands for."""
    return hashlib.sha256(f"vialog evidence corpus: {name}".encode()).digest()


class SteadyEs256:
    """An ES256 key whose signatures are the same each time (RFC 6979)."""

    def __init__(self, name: str) -> None:
        """Take the key of a name."""
        number = int.from_bytes(seed(name), "big") % (P256_ORDER - 1) + 1
        self._private = ec.derive_private_key(number, ec.SECP256R1())
        self.alg: Final = Algorithm.ES256
        self.spki: Final = self._private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.thumbprint: Final = thumbprint_of(self.spki)

    def sign(self, message: bytes) -> bytes:
        """Return r ‖ s with the lower s."""
        signature = self._private.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        r, s = utils.decode_dss_signature(signature)
        return r.to_bytes(32, "big") + min(s, P256_ORDER - s).to_bytes(32, "big")


def author(party: str, role: Role, person: str = "p-1", signer: StatementSigner | None = None) -> Author:
    """Return a person of a party with the key of their name."""
    key = signer or MemorySigner.from_seed(Algorithm.ED25519, seed(f"party:{party}/{person}"))
    return Author(key, PartyId(f"party:{party}"), person, role)


def meaning(who: Author, what: Meaning) -> Author:
    """Return an author who means something else by signing."""
    return Author(who.signer, who.party, who.person, who.role, what)


def log_signer(name: str = "log") -> Ed25519Signer:
    """Return the log's own signer, or another that signs under its origin."""
    return Ed25519Signer(ORIGIN, ed25519.Ed25519PrivateKey.from_private_bytes(seed(name)))


def witness(name: str) -> Ed25519Cosigner:
    """Return a witness."""
    return Ed25519Cosigner(f"{name}.example", ed25519.Ed25519PrivateKey.from_private_bytes(seed(name)))


WITNESSES: Final = ("w1", "w2", "w3")
MIRROR: Final = "m1"
COSIGNED: Final = (*WITNESSES[:2], MIRROR)
"""Who cosigns unless something else is said: the quorum, and the mirror, which has replayed."""


def policy() -> bytes:
    """Return the verifier's policy: this log, two of three witnesses, and beside them a mirror."""
    lines = [
        f"log {format_vkey(log_signer().key)}",
        *(f"witness {name} {format_vkey(witness(name).key)}" for name in WITNESSES),
        f"group two 2 {' '.join(WITNESSES)}",
        f"mirror {MIRROR} {format_vkey(witness(MIRROR).key)}",
        "quorum two",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def disclosure(name: str, value: str) -> str:
    """Return a disclosure whose salt comes from its name and value."""
    salt = encode_base64url(seed(f"{name}={value}")[:16])
    return encode_base64url(strict_json.encode([salt, name, value], allowed=FREE_TEXT))


@dataclass(slots=True)
class Saying:
    """What a statement says besides its body and authors, and what a lying operator does to it.

    tags: derived ones; breaches: what the header tells; hidden: tags that its header leaves out; unruled: those whose
        status it leaves out; ruling: those whose status it names too; log, id, kind: other
        than the right ones. corrects: the position of the statement that it corrects.
    """

    acknowledges: dict[str, str] = field(default_factory=dict)
    disclose: Sequence[str] = ()
    tags: Collection[str] = ()
    breaches: tuple[Breach, ...] = ()
    hidden: Collection[str] = ()
    unruled: Collection[str] = ()
    ruling: Collection[str] = ()
    log: str | None = None
    id: str | None = None
    kind: str | None = None
    corrects: int | None = None


def statement_at(position: int) -> StatementId:
    """Return the id of the statement that stands at a position, unless something else was said."""
    return StatementId(f"01990000-0000-7000-8000-{position:012x}")


class SaidTwice(MemoryStore):
    """A log in memory that lets an id be said twice: beside each entry stands the id that is in its bytes."""

    def __init__(self, origin: str) -> None:
        """Hold an empty log."""
        super().__init__(origin)
        self.said: Final = dict[int, StatementId]()

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        return map(self._as_it_says, super().read(after, limit))

    def about(self, tag: Tag, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Recorded]:
        return map(self._as_it_says, super().about(tag, after, kinds))

    def about_any(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[Recorded]:
        return map(self._as_it_says, super().about_any(wanted, after))

    def _as_it_says(self, one: Recorded) -> Recorded:
        return msgspec.structs.replace(one, statement=self.said.get(one.position, one.statement))


class SmallLog:
    """A log that anything can be appended to."""

    def __init__(self, store: Store | None = None) -> None:
        """Begin with no entry, in memory or in an empty store."""
        self.store: Final = store or SaidTwice(ORIGIN)
        self._rewritten = set[str]()

    @property
    def next(self) -> int:
        """Return the position of the next entry."""
        return self.store.head() + 1

    def payload(self, body: Body, authors: Sequence[Author], saying: Saying | None = None) -> bytes:
        """Return the payload of the next statement."""
        saying = saying or Saying()
        return build_payload(
            log=saying.log or self.store.origin,
            id=StatementId(saying.id or statement_at(self.next)),
            kind=saying.kind or KIND_OF[type(body)],
            occurred_at=START + timedelta(minutes=self.next),
            signers=[one.named() for one in authors],
            capture=Capture(CaptureMode.API),
            body=msgspec.json.decode(msgspec.json.encode(body)),
            acknowledges=[Acknowledgement(rule, reason) for rule, reason in saying.acknowledges.items()],
            sd=[digest_of(text) for text in saying.disclose],
            corrects=None if saying.corrects is None else statement_at(saying.corrects),
            reason=None if saying.corrects is None else "misread",
        )

    def entry(self, position: int) -> bytes:
        """Return the entry at a position."""
        (found,) = self.store.read(position - 1, 1)
        return found.entry

    def say(self, body: Body, *authors: Author, saying: Saying | None = None) -> int:
        """Append a signed statement and return its position."""
        payload = self.payload(body, authors, saying)
        return self.append(sign_statement(payload, [one.signer for one in authors]), payload, saying)

    def append(self, data: bytes, payload: bytes, saying: Saying | None = None) -> int:
        """Append any data as if it were the envelope of a payload; return the position."""
        saying = saying or Saying()
        value = strict_json.parse(payload)  # and no more: it may be a later program's
        if not isinstance(value, dict):
            raise TypeError("a payload is an object")
        tags = tags_of(value) | frozenset(map(Tag, saying.tags))
        # The store wants a fresh id for each record; what the payload says may be another.
        identity = statement_at(self.next)
        if isinstance(self.store, SaidTwice):
            self.store.said[self.next] = StatementId(str(value["id"]))
        borne = tags - set(saying.hidden)
        status = (self._status(value) | frozenset(map(Tag, saying.ruling))) - set(saying.unruled)
        named = identity, str(value["kind"]), borne
        told = tuple(saying.disclose), saying.breaches, status & borne
        return self._append(Record(*named, RULE_PACK, data, *told))

    def _status(self, value: Mapping[str, JsonValue]) -> frozenset[Tag]:
        """Return the tags whose status a payload counts for, with those of what it is the first to correct or void."""
        body = value["body"]
        is_voiding = value["kind"] == KIND_OF[StatementVoided]
        named = body.get("statement") if is_voiding and isinstance(body, dict) else value.get("corrects")
        if named is None or named in self._rewritten:
            return ruled_by(value)
        self._rewritten.add(str(named))
        found = self.store.find(StatementId(str(named)))
        return ruled_by(value) | (frozenset() if found is None else line_of(found.entry, "status"))

    def publish(self, cosigned_by: Sequence[str] = COSIGNED, unindexed: Collection[int] = ()) -> Frame:
        """Append a state entry, sign a checkpoint over all and have it cosigned.

        unindexed: positions that a lying operator leaves out of the index.
        """
        state, pages = _index((one.position, one.entry) for one in self.store.read() if one.position not in unindexed)
        state = replace(state, size=self.store.head())
        data = encode_state(state)
        self._append(Record(state_id(data), STATE_KIND, frozenset(), NO_RULES, data))
        entries = [one.entry for one in self.store.read()]
        return _frame(entries, self.note(cosigned_by), state, pages)

    def note(self, cosigned_by: Sequence[str], signer: str = "log", root: bytes | None = None) -> bytes:
        """Return the signed and cosigned checkpoint over all entries."""
        return _note([one.entry for one in self.store.read()], cosigned_by, signer, root)

    def _append(self, record: Record) -> int:
        position = self.next
        with self.store.locked() as log:
            due = START + timedelta(minutes=position, seconds=1)
            log.append([record], max(due, log.recorded or due))
        return position


def reissued(entries: Sequence[bytes]) -> Frame:
    """Return the frame of other entries, the state entry last: index, tree and signatures made anew for them."""
    state, pages = _index(enumerate(entries[:-1], start=1))
    written = [*entries[:-1], entries[-1].partition(b"\n\n")[0] + b"\n\n" + encode_state(state)]
    return _frame(written, _note(written, COSIGNED), state, pages)


def tags_in(entry: bytes) -> frozenset[Tag]:
    """Return what an entry's header names as its tags, whatever that is."""
    return line_of(entry, "tags")


def line_of(entry: bytes, name: str) -> frozenset[Tag]:
    """Return what a line of an entry's header names, whatever that is; nothing of one without the line."""
    header = entry.partition(b"\n\n")[0].decode("ascii")
    return frozenset(Tag(tag) for line in header.split("\n") if line.startswith(name) for tag in line.split()[1:])


def _names_in(entry: bytes) -> set[str]:
    return {*tags_in(entry), *map(status_name, line_of(entry, "status"))}


def _index(entries: Iterable[tuple[int, bytes]]) -> tuple[StateEntry, MemoryPages]:
    events = [(position, leaf_of(entry), _names_in(entry)) for position, entry in entries]
    pages = MemoryPages()
    grown = extend_index(EMPTY, pages, events)
    pages.write(grown.pages)
    return StateEntry(grown.root, len(events), len({name for _, _, names in events for name in names})), pages


def _frame(entries: Sequence[bytes], note: bytes, state: StateEntry, pages: MemoryPages) -> Frame:
    tree = GrowingTree(map(leaf_of, entries))
    return Frame(note, Checkpoint(ORIGIN, tree.size, tree.root()), entries[-1], state, tree, pages)


def _note(
    entries: Sequence[bytes], cosigned_by: Sequence[str], signer: str = "log", root: bytes | None = None
) -> bytes:
    tree = GrowingTree(map(leaf_of, entries))
    text = encode_checkpoint(Checkpoint(ORIGIN, tree.size, root or tree.root()))
    time = int((START + timedelta(minutes=max(60, tree.size))).timestamp())
    cosignatures = (witness(name).cosign(text, time + at) for at, name in enumerate(cosigned_by))
    return format_note(Note(text, (log_signer(signer).sign(text), *cosignatures)))
