"""Cosignatures sign exactly the specified bytes, and nothing else passes for one."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger.errors import Malformed, NotTrusted
from ledger.tlog.cosignature import (
    CosignatureVerifier,
    Cosigner,
    Ed25519Cosigner,
    MlDsa44Cosigner,
    ed25519_message,
    subtree_message,
    verifier_for,
)
from ledger.tlog.note import Ed25519Signer, Note, NoteSignature, format_note, open_note, parse_note
from ledger.tlog.vkey import format_vkey, parse_vkey

TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
EXAMPLE = (
    TEXT + "\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
TIME = 1_679_315_147
ED25519 = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ML_DSA_44 = MLDSA44PrivateKey.from_seed_bytes(bytes(range(32)))
COSIGNERS = (Ed25519Cosigner("witness.example/1", ED25519), MlDsa44Cosigner("witness.example/1", ML_DSA_44))
each_cosigner = pytest.mark.parametrize("cosigner", COSIGNERS, ids=["Ed25519", "ML-DSA-44"])


def note(*signatures: NoteSignature, text: str = TEXT) -> bytes:
    return format_note(Note(text, signatures))


def test_the_example_of_the_specification_states_its_time_after_the_key_id() -> None:
    witness = parse_note(EXAMPLE.encode()).signatures[1]
    assert witness.name == "witness.example.com/w1"
    assert int.from_bytes(witness.signature[:8], "big") == TIME
    assert len(witness.signature) == 8 + 64


def test_an_ed25519_cosignature_signs_two_lines_and_the_checkpoint() -> None:
    message = b"cosignature/v1\ntime 1679315147\n" + TEXT.encode()
    assert ed25519_message(TEXT, TIME) == message
    line = COSIGNERS[0].cosign(TEXT, TIME)
    assert line.signature[:8] == bytes.fromhex("00000000641850cb")
    assert line.signature[8:] == ED25519.sign(message)


def test_an_ml_dsa_44_cosignature_signs_the_specified_structure() -> None:
    origin, root = b"example.com/behind-the-sofa", "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"
    message = (
        b"subtree/v1\n\0" + b"\x11witness.example/1" + bytes.fromhex("00000000641850cb")
        + b"\x1b" + origin + bytes(8) + bytes.fromhex("00000000013e2dc3") + bytes.fromhex(root)
    )  # fmt: skip
    assert subtree_message("witness.example/1", TEXT, TIME) == message
    line = COSIGNERS[1].cosign(TEXT, TIME)
    assert len(line.signature) == 8 + 2420
    ML_DSA_44.public_key().verify(line.signature[8:], message)


def test_the_key_id_names_the_type() -> None:
    public = ED25519.public_key().public_bytes_raw()
    assert COSIGNERS[0].key.key_id == hashlib.sha256(b"witness.example/1\n\x04" + public).digest()[:4]
    public = ML_DSA_44.public_key().public_bytes_raw()
    assert COSIGNERS[1].key.key_id == hashlib.sha256(b"witness.example/1\n\x06" + public).digest()[:4]


@each_cosigner
def test_a_cosigner_is_known_by_its_vkey(cosigner: Cosigner) -> None:
    assert parse_vkey(format_vkey(cosigner.key)) == cosigner.key


@each_cosigner
def test_a_cosignature_opens_the_note_and_states_its_time(cosigner: Cosigner) -> None:
    opened = open_note(note(cosigner.cosign(TEXT, TIME)), [verifier_for(cosigner.key)])
    assert [(one.key, one.time) for one in opened.signed] == [(cosigner.key, TIME)]


def test_a_log_signs_its_checkpoint_in_both_ways() -> None:
    origin = "example.com/behind-the-sofa"
    signer, cosigner = Ed25519Signer(origin, ED25519), MlDsa44Cosigner(origin, ML_DSA_44)
    both = note(signer.sign(TEXT), cosigner.cosign(TEXT, TIME))
    opened = open_note(both, [verifier_for(signer.key), verifier_for(cosigner.key)])
    assert [one.key for one in opened.signed] == [signer.key, cosigner.key]


@each_cosigner
@pytest.mark.parametrize(
    ("old", "new"),
    [("sofa", "sofb"), ("20852163", "20852164"), ("CsUY", "DsUY")],
    ids=["origin", "size", "root"],
)
def test_a_cosignature_covers_each_line(cosigner: Cosigner, old: str, new: str) -> None:
    line = cosigner.cosign(TEXT, TIME)
    with pytest.raises(NotTrusted):
        open_note(note(line, text=TEXT.replace(old, new)), [verifier_for(cosigner.key)])


@pytest.mark.rule("TLOG-11")
@each_cosigner
def test_a_cosignature_covers_its_time(cosigner: Cosigner) -> None:
    line = cosigner.cosign(TEXT, TIME)
    later = NoteSignature(line.name, line.key_id, (TIME + 1).to_bytes(8, "big") + line.signature[8:])
    with pytest.raises(NotTrusted) as caught:
        open_note(note(later), [verifier_for(cosigner.key)])
    assert caught.value.rule == "TLOG-11"


@each_cosigner
@pytest.mark.parametrize("length", [1, 7, 8, 9, 71, 2427])
def test_a_cosignature_of_another_length_does_not_verify(cosigner: Cosigner, length: int) -> None:
    line = cosigner.cosign(TEXT, TIME)
    cut = NoteSignature(line.name, line.key_id, line.signature[:length].ljust(length, b"\0"))
    with pytest.raises(NotTrusted):
        open_note(note(cut), [verifier_for(cosigner.key)])


def test_an_ml_dsa_44_cosignature_commits_to_the_name() -> None:
    other = MlDsa44Cosigner("witness.example/2", ML_DSA_44)
    renamed = NoteSignature(other.key.name, other.key.key_id, COSIGNERS[1].cosign(TEXT, TIME).signature)
    with pytest.raises(NotTrusted):
        open_note(note(renamed), [verifier_for(other.key)])


def test_an_ml_dsa_44_cosignature_of_what_is_no_checkpoint_does_not_verify() -> None:
    line = COSIGNERS[1].cosign(TEXT, TIME)
    with pytest.raises(NotTrusted):
        open_note(note(line, text=TEXT + "extension\n"), [verifier_for(COSIGNERS[1].key)])
    with pytest.raises(Malformed):
        COSIGNERS[1].cosign("no checkpoint\n", TIME)


def test_a_plain_signature_is_no_cosignature() -> None:
    key = Ed25519Cosigner("witness.example/1", ED25519).key
    plain = Ed25519Signer("witness.example/1", ED25519).sign(TEXT)
    with pytest.raises(NotTrusted):
        open_note(note(NoteSignature(key.name, key.key_id, bytes(8) + plain.signature)), [verifier_for(key)])


def test_a_cosignature_with_time_zero_states_none() -> None:
    signature = bytes(8) + ML_DSA_44.sign(subtree_message("witness.example/1", TEXT, 0))
    assert CosignatureVerifier(COSIGNERS[1].key).verify(TEXT, signature) is None


@pytest.mark.rule("TLOG-11")
def test_a_time_of_2_to_the_63_is_not_trusted() -> None:
    time = 1 << 63
    signature = time.to_bytes(8, "big") + ED25519.sign(ed25519_message(TEXT, time))
    with pytest.raises(NotTrusted, match="2\\^63"):
        CosignatureVerifier(COSIGNERS[0].key).verify(TEXT, signature)


@each_cosigner
@pytest.mark.parametrize("time", [0, -1, 1 << 63])
def test_no_cosigner_states_an_impossible_time(cosigner: Cosigner, time: int) -> None:
    with pytest.raises(ValueError, match="a cosignature states a time"):
        cosigner.cosign(TEXT, time)
