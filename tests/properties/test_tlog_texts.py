"""No bytes make a parser do anything but accept or say Malformed, and what it accepts it would have written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError, Malformed, NotTrusted
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint, encode_checkpoint
from ledger.tlog.cosignature import Ed25519Cosigner
from ledger.tlog.index import Absent, IndexProof, Leaf, Present, TagState, decode_index_proof, encode_index_proof
from ledger.tlog.note import Note, NoteSignature, format_note, open_note, parse_note, parse_signature_lines
from ledger.tlog.policy import evaluate, parse_policy
from ledger.tlog.proof import LogProof, check_proof, decode_proof, encode_proof
from ledger.tlog.tiles import decode_bundle, encode_bundle, format_path, parse_path
from ledger.tlog.vkey import SignatureType, VerifierKey, format_vkey, parse_vkey

if TYPE_CHECKING:
    from collections.abc import Callable

VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
KEY = parse_vkey(VKEY)
HASH = st.binary(min_size=32, max_size=32)
SIZES = st.integers(1, (1 << 63) - 1)
NAME = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"], exclude_characters="+"), min_size=1).filter(
    lambda name: len(name.encode()) < 256
)
CHECKPOINTS = st.builds(Checkpoint, origin=NAME, size=SIZES, root=HASH)
SIGNATURES = st.lists(
    st.builds(NoteSignature, name=NAME, key_id=st.binary(min_size=4, max_size=4), signature=st.binary(min_size=1)),
    min_size=1,
    max_size=5,
).map(tuple)
CHECKPOINT_NOTES = st.builds(
    lambda checkpoint, signatures: format_note(Note(encode_checkpoint(checkpoint), signatures)),
    CHECKPOINTS,
    SIGNATURES,
)
PROOFS = st.builds(
    LogProof,
    index=SIZES,
    hashes=st.lists(HASH, max_size=63).map(tuple),
    checkpoint=CHECKPOINT_NOTES,
    extra=st.none() | st.binary(max_size=40),
)
STATES = st.builds(TagState, count=SIZES, chain=HASH)
INDEX_PROOFS = st.builds(
    IndexProof,
    name=st.sampled_from(["item:A", "status approval:x-1", "key:" + "0f" * 32]),
    ending=st.builds(Present, STATES) | st.builds(Absent, st.none() | st.builds(Leaf, HASH, STATES)),
    siblings=st.lists(HASH, max_size=256).map(tuple),
)
POLICY = f"""# a policy
log {VKEY} https://log.example
witness W {format_vkey(Ed25519Cosigner("w", Ed25519PrivateKey.from_private_bytes(bytes(32))).key)}
group G 1 W
quorum G
""".encode()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])), SIGNATURES)
def test_a_note_is_read_as_it_was_written(text: str, signatures: tuple[NoteSignature, ...]) -> None:
    note = Note(text + "\n", signatures)
    assert parse_note(format_note(note)) == note


@given(CHECKPOINTS)
def test_a_checkpoint_is_read_as_it_was_written(checkpoint: Checkpoint) -> None:
    assert decode_checkpoint(encode_checkpoint(checkpoint)) == checkpoint


@given(PROOFS)
def test_a_proof_is_read_as_it_was_written(proof: LogProof) -> None:
    assert decode_proof(encode_proof(proof)) == proof


@given(INDEX_PROOFS)
def test_an_index_proof_is_read_as_it_was_written(proof: IndexProof) -> None:
    assert decode_index_proof(encode_index_proof(proof)) == proof


@given(NAME, st.sampled_from(SignatureType), HASH)
def test_a_vkey_is_read_as_it_was_written(name: str, kind: SignatureType, seed: bytes) -> None:
    if kind is SignatureType.ML_DSA_44_COSIGNATURE:
        public = MLDSA44PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw()
    else:
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    key = VerifierKey(name, kind, public)
    assert parse_vkey(format_vkey(key)) == key


def _text(parse: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: parse(data.decode("utf-8", "replace"))


def _rewrites_note(data: bytes) -> None:
    assert format_note(parse_note(data)) == data


def _rewrites_checkpoint(text: str) -> None:
    assert encode_checkpoint(decode_checkpoint(text)) == text


def _rewrites_proof(data: bytes) -> None:
    assert encode_proof(decode_proof(data)) == data


def _rewrites_index_proof(data: bytes) -> None:
    assert encode_index_proof(decode_index_proof(data)) == data


def _rewrites_vkey(text: str) -> None:
    assert format_vkey(parse_vkey(text)) == text


def _rewrites_path(text: str) -> None:
    assert format_path(parse_path(text)) == text


def _rewrites_bundle(data: bytes) -> None:
    assert encode_bundle(decode_bundle(data)) == data


NOTE = format_note(
    Note(encode_checkpoint(Checkpoint("PeterNeumann", 7, bytes(32))), (NoteSignature(KEY.name, KEY.key_id, b"x"),))
)
PARSERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "note": (_rewrites_note, NOTE),
    "signature lines": (parse_signature_lines, NOTE[NOTE.index(b"\n\n") + 2 :]),
    "checkpoint": (_text(_rewrites_checkpoint), NOTE[: NOTE.index(b"\n\n") + 1]),
    "proof": (_rewrites_proof, encode_proof(LogProof(3, (bytes(32),) * 2, NOTE, b"extra"))),
    "index proof": (
        _rewrites_index_proof,
        encode_index_proof(IndexProof("item:A", Absent(Leaf(bytes(32), TagState(1, bytes(32)))), (bytes(32),) * 2)),
    ),
    "vkey": (_text(_rewrites_vkey), VKEY.encode()),
    "path": (_text(_rewrites_path), b"tile/1/x001/234.p/7"),
    "bundle": (_rewrites_bundle, encode_bundle([b"abc", b"", b"de"])),
    "policy": (parse_policy, POLICY),
}
each_parser = pytest.mark.parametrize("format_", PARSERS)


@st.composite
def bent(draw: st.DrawFn, whole: bytes) -> bytes:
    """Return some bytes with a piece of them replaced."""
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, min(len(whole), start + 4)))
    piece = draw(st.binary(max_size=4) | st.sampled_from([b"\n", b"\n\n", b" ", b"=", b"\xe2\x80\x94 ", b"0", b"+"]))
    return whole[:start] + piece + whole[end:]


@each_parser
@given(data=st.data())
def test_a_parser_says_malformed_or_reads_what_would_be_written(format_: str, data: st.DataObject) -> None:
    parse, sample = PARSERS[format_]
    parse(sample)
    try:
        parse(data.draw(bent(sample) | st.binary(max_size=200)))
    except Malformed as problem:
        assert problem.rule.startswith("TLOG-")


@given(bent(NOTE))
def test_a_bent_checkpoint_is_never_believed(note: bytes) -> None:
    with pytest.raises(LedgerError):
        evaluate(parse_policy(POLICY), note)


@given(PROOFS)
def test_a_proof_of_unknown_logs_is_never_believed(proof: LogProof) -> None:
    with pytest.raises(NotTrusted):
        check_proof(proof, bytes(32), parse_policy(POLICY))


@given(st.binary(max_size=300))
def test_bytes_are_never_opened_without_a_signature(data: bytes) -> None:
    with pytest.raises(LedgerError):
        open_note(data, [])
