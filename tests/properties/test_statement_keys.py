"""Admission and verification agree with the curve's arithmetic and with OpenSSL where all verifiers agree."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import edwards
from ledger.errors import NotTrusted
from ledger.statement.signing.keys import Algorithm, admit, verify
from ledger.statement.signing.signer import MemorySigner
from tests.corpus.sample import seeded

SEEDS = st.binary(min_size=32, max_size=32)
SIGNERS = {alg: seeded(1, alg) for alg in Algorithm}
KEYS = {alg: admit(signer.spki, alg) for alg, signer in SIGNERS.items()}


@settings(max_examples=20)
@given(SEEDS, st.sampled_from(Algorithm), st.binary(max_size=50))
def test_every_key_that_is_made_properly_is_admitted_and_signs(seed: bytes, alg: Algorithm, message: bytes) -> None:
    signer = MemorySigner.from_seed(alg, seed)
    verify(admit(signer.spki, alg), message, signer.sign(message))


@settings(max_examples=20)
@given(SEEDS, st.integers(1, 7))
def test_a_key_plus_a_point_of_small_order_is_not_admitted(seed: bytes, times: int) -> None:
    torsion = edwards.decode_point(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"))
    public = ed25519.Ed25519PrivateKey.from_private_bytes(seed).public_key()
    point = edwards.decode_point(public.public_bytes_raw()) + edwards.multiply(times, torsion)
    inverse = pow(point.z, -1, edwards.PRIME)
    x, y = point.x * inverse % edwards.PRIME, point.y * inverse % edwards.PRIME
    mixed = ed25519.Ed25519PublicKey.from_public_bytes((y | (x & 1) << 255).to_bytes(32, "little"))
    spki = mixed.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(NotTrusted, match="KEY-05"):
        admit(spki, "ed25519")


@given(st.sampled_from(Algorithm), st.integers(0, 511), st.binary(max_size=50))
def test_no_signature_counts_after_one_bit_is_changed(alg: Algorithm, bit: int, message: bytes) -> None:
    signature = bytearray(SIGNERS[alg].sign(message))
    signature[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NotTrusted):
        verify(KEYS[alg], message, bytes(signature))


@given(st.sampled_from(Algorithm), st.binary(min_size=64, max_size=64))
def test_no_random_signature_counts(alg: Algorithm, signature: bytes) -> None:
    with pytest.raises(NotTrusted):
        verify(KEYS[alg], b"", signature)


@given(st.sampled_from(Algorithm), SEEDS)
def test_any_bytes_are_a_key_or_not_trusted(alg: Algorithm, tail: bytes) -> None:
    spki = SIGNERS[alg].spki
    try:
        assert admit(spki[:-32] + tail, alg).spki == spki[:-32] + tail
    except NotTrusted as error:
        assert error.rule in {"KEY-03", "KEY-04", "KEY-05", "KEY-06"}
