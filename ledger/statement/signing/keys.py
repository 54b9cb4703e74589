"""Public keys: which are admitted, and when a signature counts.

A key is looked at closely once, at its admission, and a signature is held to the one reading on which all verifiers
agree; of Ed25519 both stand in ``ledger.edwards``. The algorithm belongs to the key, never to the message. Nothing is
cached here: whoever holds many keys keeps the ``PublicKey`` objects.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from ledger import edwards
from ledger.errors import NotTrusted

LoadedKey: TypeAlias = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey

P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# A SubjectPublicKeyInfo of these two algorithms is a constant, then the point: RFC 8410 section 4, RFC 5480 section 2.
# Comparing the constant is the same as decoding the DER, encoding it again and comparing, without a parser.
ED25519_SPKI: Final = bytes.fromhex("302a300506032b6570032100")
_ES256_SPKI: Final = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


class Algorithm(StrEnum):
    """How a key signs: Ed25519 (RFC 8032, cofactorless), or ECDSA on P-256 with SHA-256 as raw r ‖ s, low s."""

    ED25519 = "ed25519"
    ES256 = "es256"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An admitted key. Only admit makes one.

    spki: DER SubjectPublicKeyInfo.
    thumbprint: 64 lower-case hex digits of the SHA-256 of spki, never cut.
    loaded: the same key, ready to verify.
    """

    alg: Algorithm
    spki: bytes
    thumbprint: str
    loaded: LoadedKey = field(repr=False, compare=False)


def thumbprint_of(spki: bytes) -> str:
    """Return the 64 lower-case hex digits of the SHA-256 of a DER SubjectPublicKeyInfo."""
    return hashlib.sha256(spki).hexdigest()


def admit(spki: bytes, alg: str) -> PublicKey:
    """Return a key that every verifier reads alike. Costs some milliseconds for Ed25519.

    spki: DER SubjectPublicKeyInfo.
    alg: "ed25519" or "es256".

    Raises NotTrusted: KEY-01 unknown algorithm, KEY-02 not the exact form, KEY-03 not a canonical point, KEY-04 small
    order, KEY-05 not of prime order, KEY-06 not on P-256.
    """
    match alg:
        case Algorithm.ED25519:
            loaded: LoadedKey = _admit_ed25519(_point(spki, ED25519_SPKI, 32))
        case Algorithm.ES256:
            loaded = _admit_es256(_point(spki, _ES256_SPKI, 64))
        case _:
            raise NotTrusted("KEY-01", "the key's algorithm is none of ed25519, es256")
    return PublicKey(Algorithm(alg), spki, thumbprint_of(spki), loaded)


def verify(public: PublicKey, message: bytes, signature: bytes) -> None:
    """Return when the signature counts.

    message: the signed bytes, not their digest.
    signature: 64 bytes; of Ed25519 R ‖ S, of ES256 r ‖ s, both big-endian.

    Raises NotTrusted: KEY-10 to KEY-14 the signature's form, KEY-15 it does not verify.
    """
    if len(signature) != 64:
        raise NotTrusted("KEY-10", f"the signature has {len(signature)} bytes, not 64")
    try:
        if isinstance(public.loaded, ed25519.Ed25519PublicKey):
            edwards.check_form(signature)
            public.loaded.verify(signature, message)
        else:
            r, s = _check_es256_form(signature)
            public.loaded.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise NotTrusted("KEY-15", f"the signature does not verify with key {public.thumbprint}") from None


def _point(spki: bytes, constant: bytes, size: int) -> bytes:
    if not spki.startswith(constant) or len(spki) != len(constant) + size:
        raise NotTrusted("KEY-02", "the key is not the exact SubjectPublicKeyInfo of its algorithm")
    return spki[len(constant) :]


def _admit_ed25519(encoded: bytes) -> ed25519.Ed25519PublicKey:
    edwards.admit_point(encoded)
    return ed25519.Ed25519PublicKey.from_public_bytes(encoded)


def _admit_es256(coordinates: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + coordinates)
    except ValueError:
        raise NotTrusted("KEY-06", "the key is not a point on P-256") from None


def _check_es256_form(signature: bytes) -> tuple[int, int]:
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < P256_ORDER and 0 < s < P256_ORDER):
        raise NotTrusted("KEY-13", "r or s is out of range")
    if s > P256_ORDER // 2:
        raise NotTrusted("KEY-14", "s is the higher of its two values")
    return r, s
