"""Keys and signatures of notes are held to the one reading on which all verifiers agree, as those of statements are."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from ledger import edwards
from ledger.errors import Malformed, NotTrusted
from ledger.tlog.cosignature import Ed25519Cosigner, MlDsa44Cosigner, ed25519_message, subtree_message, verifier_for
from ledger.tlog.note import Ed25519Signer
from ledger.tlog.vkey import VerifierKey, format_vkey, parse_vkey
from tests.corpus.bent_keys import (
    NAME,
    OF_ORDER_8,
    bent_vkeys,
    encode_point,
    forged_ml_dsa_44,
    signed_with,
    weak_ml_dsa_44,
)

TEXT = "log.example/1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
SEED = bytes([7]) * 32
PRIVATE = Ed25519PrivateKey.from_private_bytes(SEED)
IDENTITY = encode_point(edwards.IDENTITY)
TIME = 1_788_000_000


@pytest.mark.rule("TLOG-02")
@pytest.mark.parametrize(("what", "key"), bent_vkeys().items(), ids=list(bent_vkeys()))
def test_a_vkey_writes_only_a_key_that_is_admitted(what: str, key: VerifierKey) -> None:
    if what.startswith("honest"):
        assert parse_vkey(format_vkey(key)) == key
        return
    with pytest.raises(Malformed) as caught:
        parse_vkey(format_vkey(key))
    assert (caught.value.rule, caught.value.member) == ("TLOG-02", "vkey")


@pytest.mark.parametrize("public", weak_ml_dsa_44().values(), ids=list(weak_ml_dsa_44()))
def test_under_a_key_whose_t1_is_near_zero_anybody_signs(public: bytes) -> None:
    """Why such keys are refused: FIPS 204 verifies what nobody has signed."""
    message = subtree_message(NAME, TEXT, TIME)
    MLDSA44PublicKey.from_public_bytes(public).verify(forged_ml_dsa_44(public, message), message)


def test_honest_ml_dsa_44_keys_are_far_from_weak() -> None:
    for number in range(32):
        key = MlDsa44Cosigner(NAME, MLDSA44PrivateKey.from_seed_bytes(bytes([number]) * 32)).key
        assert parse_vkey(format_vkey(key)) == key


@pytest.mark.rule("TLOG-11")
def test_a_log_that_signs_with_r_of_small_order_is_not_trusted() -> None:
    signature = signed_with(SEED, TEXT.encode(), 0, IDENTITY)
    PRIVATE.public_key().verify(signature, TEXT.encode())  # the library takes it
    with pytest.raises(NotTrusted, match="TLOG-11"):
        verifier_for(Ed25519Signer("log.example/1", PRIVATE).key).verify(TEXT, signature)


@pytest.mark.rule("TLOG-11")
def test_a_witness_that_cosigns_with_r_of_small_order_is_not_trusted() -> None:
    message = ed25519_message(TEXT, TIME)
    signature = signed_with(SEED, message, 0, IDENTITY)
    PRIVATE.public_key().verify(signature, message)
    with pytest.raises(NotTrusted, match="TLOG-11"):
        verifier_for(Ed25519Cosigner(NAME, PRIVATE).key).verify(TEXT, TIME.to_bytes(8, "big") + signature)


@pytest.mark.parametrize("nonce", [0, 12_345])
def test_what_verifies_only_with_the_cofactor_is_not_trusted(nonce: int) -> None:
    signature = signed_with(SEED, TEXT.encode(), nonce, OF_ORDER_8)
    with pytest.raises(NotTrusted, match="TLOG-11"):
        verifier_for(Ed25519Signer("log.example/1", PRIVATE).key).verify(TEXT, signature)


def test_an_s_that_is_not_reduced_is_not_trusted() -> None:
    good = PRIVATE.sign(TEXT.encode())
    more = int.from_bytes(good[32:], "little") + edwards.ORDER
    with pytest.raises(InvalidSignature):
        PRIVATE.public_key().verify(good[:32] + more.to_bytes(32, "little"), TEXT.encode())
    with pytest.raises(NotTrusted, match="TLOG-11"):
        verifier_for(Ed25519Signer("log.example/1", PRIVATE).key).verify(TEXT, good[:32] + more.to_bytes(32, "little"))
