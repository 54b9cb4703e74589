"""Keys and signatures that some verifiers take and others refuse, made from the curve's own arithmetic."""

from __future__ import annotations

import hashlib
from typing import Final

from ledger import edwards
from ledger.tlog.vkey import SignatureType, VerifierKey

NAME: Final = "witness.example/bent"
BASE: Final = edwards.decode_point(b"\x58" + b"\x66" * 31)
OF_ORDER_8: Final = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
OFF_THE_CURVE: Final = (2).to_bytes(32, "little")
NOT_REDUCED: Final = (edwards.PRIME + 3).to_bytes(32, "little")

_NUMBERS: Final = 1_024  # t1 of ML-DSA-44
_RHO: Final = bytes(range(32))


def encode_point(point: edwards.Point) -> bytes:
    """Return the 32 bytes of a point. RFC 8032 section 5.1.2."""
    inverse = pow(point.z, -1, edwards.PRIME)
    x, y = point.x * inverse % edwards.PRIME, point.y * inverse % edwards.PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


def of_mixed_order(seed: bytes) -> bytes:
    """Return the public key of a seed with a point of order 8 added: eight times the prime order."""
    return encode_point(edwards.multiply(_scalar(seed), BASE) + edwards.decode_point(OF_ORDER_8))


def signed_with(seed: bytes, message: bytes, nonce: int, added: bytes) -> bytes:
    """Return what the holder of a seed can sign, R being nonce times the base and a point of small order added.

    With nonce 0 R itself is of small order. Of order 1 the equation holds with and without the cofactor; of another
    order only with it.
    """
    public = encode_point(edwards.multiply(_scalar(seed), BASE))
    r = encode_point(edwards.multiply(nonce, BASE) + edwards.decode_point(added))
    challenge = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % edwards.ORDER
    return r + ((nonce + challenge * _scalar(seed)) % edwards.ORDER).to_bytes(32, "little")


def weak_ml_dsa_44() -> dict[str, bytes]:
    """Return ML-DSA-44 keys under which a signature of nobody verifies, by what their numbers t1 are."""
    numbers = {"zeros": [0], "1023": [1023], "ones and zeros": [0, 1, 0, 0], "0 and 1023": [0, 1023]}
    return {name: _RHO + _packed(some * (_NUMBERS // len(some))) for name, some in numbers.items()}


def forged_ml_dsa_44(public: bytes, message: bytes) -> bytes:
    """Return a signature of z = 0 without hints, which fits where t1 is near 0. FIPS 204 algorithms 3 and 8."""
    mu = hashlib.shake_256(hashlib.shake_256(public).digest(64) + bytes(2) + message).digest(64)
    challenge = hashlib.shake_256(mu + bytes(6 * _NUMBERS // 8)).digest(32)
    z = sum(1 << 17 << 18 * at for at in range(_NUMBERS)).to_bytes(18 * _NUMBERS // 8, "little")
    return challenge + z + bytes(84)


def bent_vkeys() -> dict[str, VerifierKey]:
    """Return keys that no vkey may write, and an honest one, by what they are."""
    seed = bytes([7]) * 32
    points = {
        "honest": encode_point(edwards.multiply(_scalar(seed), BASE)),
        "of mixed order": of_mixed_order(seed),
        "of small order": OF_ORDER_8,
        "off the curve": OFF_THE_CURVE,
        "not reduced": NOT_REDUCED,
        "minus zero": (1 | 1 << 255).to_bytes(32, "little"),
    }
    kinds = (SignatureType.ED25519, SignatureType.ED25519_COSIGNATURE)
    ed25519 = {f"{name}, {kind:02x}": VerifierKey(NAME, kind, one) for kind in kinds for name, one in points.items()}
    weak = {
        f"t1 of {name}": VerifierKey(NAME, SignatureType.ML_DSA_44_COSIGNATURE, one)
        for name, one in weak_ml_dsa_44().items()
    }
    return ed25519 | weak


def _scalar(seed: bytes) -> int:
    """Return the secret number of a seed. RFC 8032 section 5.1.5."""
    number = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return number & ((1 << 254) - 8) | 1 << 254


def _packed(numbers: list[int]) -> bytes:
    return sum(number << 10 * at for at, number in enumerate(numbers)).to_bytes(10 * len(numbers) // 8, "little")
