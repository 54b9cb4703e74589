"""More bundles on which two verifiers could differ, beside those of the corpus: Python says what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger.domain.bodies.vocabulary import Role
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.export import export_bundle
from ledger.ids import Tag
from ledger.meaning import Meaning
from ledger.statement.entries.entry import leaf_of
from ledger.tlog.cosignature import MlDsa44Cosigner, ed25519_message
from ledger.tlog.index import IndexProof, Present, decode_index_proof, encode_index_proof, state_of
from ledger.tlog.note import Note, NoteSignature, format_note, parse_note
from ledger.tlog.vkey import format_vkey
from tests.corpus.bundle_edits import Opened, edited, packed_anew, refiled, swap
from tests.corpus.bundle_log import ORIGIN, Saying, SmallLog, author, meaning, seed, witness
from tests.corpus.bundle_story import (
    CUSTOMS,
    FIRST,
    LINEAGE,
    OPERATOR,
    SCIENTIST,
    STRANGER,
    TECHNICIAN,
    begun,
    enrolment,
    told,
    use,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.statement.authoring import Author

HOLDER = meaning(STRANGER, Meaning.ENROLLED)


def odd_bundles() -> dict[str, bytes]:
    """Return the bundles by their names."""
    return {tell.__name__: _told_by(tell) for tell in _TALES} | _edits()


def enrolled_by_three(log: SmallLog) -> None:
    log.say(enrolment(STRANGER), OPERATOR, SCIENTIST, HOLDER)


def enrolled_twice(log: SmallLog) -> None:
    log.say(enrolment(STRANGER), OPERATOR, HOLDER)
    log.say(enrolment(STRANGER), OPERATOR, HOLDER)


def enrolled_for_another_person(log: SmallLog) -> None:
    other = author("laboratory", Role.LABORATORY, "p-8", STRANGER.signer)
    log.say(enrolment(other), OPERATOR, HOLDER)


def enrolled_with_another_key_of_its_holder(log: SmallLog) -> None:
    same = author("laboratory", Role.LABORATORY, SCIENTIST.person, STRANGER.signer)
    log.say(enrolment(same), OPERATOR, meaning(SCIENTIST, Meaning.ENROLLED))


def enrolled_under_another_name(log: SmallLog) -> None:
    log.say(enrolment(STRANGER, key="0" * 64), OPERATOR, HOLDER, saying=Saying(tags=[_key_of(STRANGER)]))


def enrolled_by_another_party(log: SmallLog) -> None:
    log.say(enrolment(STRANGER), CUSTOMS, HOLDER)


def enrolled_by_a_colleague(log: SmallLog) -> None:
    log.say(enrolment(STRANGER), SCIENTIST, HOLDER)


def signed_as_a_colleague(log: SmallLog) -> None:
    posing = author("laboratory", Role.LABORATORY, "p-2", SCIENTIST.signer)
    log.say(use(FIRST), posing, saying=Saying(tags=LINEAGE))


def _told_by(tell: Callable[[SmallLog], None]) -> bytes:
    """Return a bundle of a log in which something odd is followed by an act of the one whom it is about."""
    log, _ = begun()
    tell(log)
    log.say(use(FIRST), STRANGER, TECHNICIAN, saying=Saying(tags=LINEAGE))
    return export_bundle(log.store, log.publish(), Tag(FIRST))


def _key_of(who: Author) -> str:
    return f"key:{who.signer.thumbprint}"


def _edits() -> dict[str, bytes]:
    story = told()
    good = export_bundle(story.log.store, story.frame, Tag(FIRST), ["note"])
    used, last = story.at["used"], story.at["aliquoted"]
    note = parse_note(read_archive(good)[bundle.CHECKPOINT])

    def time_goes_back(one: Opened) -> None:
        one.put(used, swap(one.files[bundle.entry_name(used)], b"recorded 2026", b"recorded 2027"))

    def index_proof_made_to_fit(one: Opened) -> None:
        one.withhold(last)
        name = one.index_of(Tag(FIRST))
        proof = decode_index_proof(one.files[name])
        held = [(at, leaf_of(one.files[bundle.entry_name(at)])) for at in (story.at["listed"], used)]
        one.files[name] = encode_index_proof(IndexProof(proof.name, Present(state_of(held)), proof.siblings))

    return {
        "time-goes-back": edited(good, time_goes_back),
        "packed-anew": packed_anew(good),
        "index-proof-made-to-fit": edited(good, index_proof_made_to_fit),
        "cosigned-after-the-end-of-time": refiled(good, {bundle.CHECKPOINT: _signed(note, _too_late(note.text))}),
        "cosigned-at-no-time": refiled(good, {bundle.CHECKPOINT: _signed(note, _cosigned(note.text, 0), keep=2)}),
        "cosigned-in-the-year-30000": refiled(
            good, {bundle.CHECKPOINT: _signed(note, _cosigned(note.text, 1 << 40), keep=2)}
        ),
    }


def _signed(note: Note, *more: NoteSignature, keep: int = 3) -> bytes:
    return format_note(Note(note.text, (*note.signatures[:keep], *more)))


def _too_late(text: str) -> NoteSignature:
    return _cosigned(text, 1 << 63)


def _cosigned(text: str, time: int) -> NoteSignature:
    """Return a cosignature by the third witness at a time that it would never state itself."""
    cosigner = witness("w3")
    signature = cosigner._private.sign(ed25519_message(text, time))
    return NoteSignature(cosigner.key.name, cosigner.key.key_id, time.to_bytes(8, "big") + signature)


def quantum_bundles(good: bytes) -> dict[str, tuple[bytes, bytes]]:
    """Return bundles, each with its policy, under ML-DSA-44 signatures: good, bent, and without the quorum."""
    log = MlDsa44Cosigner(ORIGIN, MLDSA44PrivateKey.from_seed_bytes(seed("log, ml-dsa-44")))
    cosigner = MlDsa44Cosigner("w4.example", MLDSA44PrivateKey.from_seed_bytes(seed("w4")))
    note = parse_note(read_archive(good)[bundle.CHECKPOINT])
    by_log, by_witness = log.cosign(note.text, 1_790_000_000), cosigner.cosign(note.text, 1_790_000_001)
    bent = NoteSignature(by_log.name, by_log.key_id, by_log.signature[:-100] + bytes(100))
    lines = (f"log {format_vkey(log.key)}", f"mirror w4 {format_vkey(cosigner.key)}", "quorum w4", "")
    policy = "\n".join(lines).encode()
    return {
        "quantum": (refiled(good, {bundle.CHECKPOINT: _signed(note, by_log, by_witness)}), policy),
        "quantum-bent": (refiled(good, {bundle.CHECKPOINT: _signed(note, bent, by_witness)}), policy),
        "quantum-without-its-witness": (refiled(good, {bundle.CHECKPOINT: _signed(note, by_log)}), policy),
    }


_TALES: tuple[Callable[[SmallLog], None], ...] = (
    enrolled_by_three,
    enrolled_twice,
    enrolled_for_another_person,
    enrolled_with_another_key_of_its_holder,
    enrolled_under_another_name,
    enrolled_by_another_party,
    enrolled_by_a_colleague,
    signed_as_a_colleague,
)
