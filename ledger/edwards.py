"""The curve edwards25519, just enough of it to admit a public key and to hold a signature to one form.

Verifiers of Ed25519 disagree on points of small or mixed order and on odd encodings, and OpenSSL takes a key of small
order, whose signature fits any message. What passes here they all read alike, be it over a statement or over a note.

Points and whole numbers in plain Python: right and slow (milliseconds), used once for each key at its admission and
never for a secret, so that time tells nothing. Signatures are made and verified elsewhere.
RFC 8032 section 5.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ledger.errors import NotTrusted

PRIME: Final = 2**255 - 19
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
"""The prime order L of the group that the base point generates."""

COFACTOR: Final = 8
_D: Final = -121665 * pow(121666, -1, PRIME) % PRIME
_ROOT_OF_MINUS_ONE: Final = pow(2, (PRIME - 1) // 4, PRIME)


@dataclass(frozen=True, slots=True)
class Point:
    """A point in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z. One point has many; do not compare them."""

    x: int
    y: int
    z: int
    t: int

    def __add__(self, other: Point) -> Point:
        """Add two points; the formula is complete, so it doubles too. RFC 8032 section 5.1.4."""
        a = (self.y - self.x) * (other.y - other.x)
        b = (self.y + self.x) * (other.y + other.x)
        c = 2 * self.t * other.t * _D
        d = 2 * self.z * other.z
        e, f, g, h = b - a, d - c, d + c, b + a
        return Point(e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


IDENTITY: Final = Point(0, 1, 1, 0)


def multiply(scalar: int, point: Point) -> Point:
    """Return a point added to itself scalar times; scalar is not negative."""
    result = IDENTITY
    while scalar:
        if scalar & 1:
            result += point
        point += point
        scalar >>= 1
    return result


def is_identity(point: Point) -> bool:
    """Say whether a point is the neutral one, (0, 1)."""
    return point.x % PRIME == 0 and (point.y - point.z) % PRIME == 0


def decode_point(encoded: bytes) -> Point:
    """Read a point from its 32 bytes: y little-endian, the sign of x in the top bit.

    Raises ValueError: not canonical (y not below the prime, or x = 0 with the sign set), or not on the curve.
    RFC 8032 section 5.1.3.
    """
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= PRIME:
        raise ValueError("the y coordinate is not reduced")
    x = _recover_x(y)
    if x == 0 and sign:
        raise ValueError("minus zero is no coordinate")
    if x & 1 != sign:
        x = PRIME - x
    return Point(x, y, 1, x * y % PRIME)


def _recover_x(y: int) -> int:
    """Return one root of x² = (y² - 1) / (dy² + 1)."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if x * x % PRIME != square:
        x = x * _ROOT_OF_MINUS_ONE % PRIME
    if x * x % PRIME != square:
        raise ValueError("no point of the curve has this y coordinate")
    return x


def admit_point(encoded: bytes) -> None:
    """Return when 32 bytes are a public key that every verifier reads alike. Costs some milliseconds.

    Raises NotTrusted: KEY-03 not the canonical encoding of a point, KEY-04 of small order, KEY-05 not of prime order.
    """
    try:
        point = decode_point(encoded)
    except ValueError as error:
        raise NotTrusted("KEY-03", f"the key is not a canonical point: {error}") from None
    if is_identity(multiply(COFACTOR, point)):
        raise NotTrusted("KEY-04", "the key is of small order: its signatures fit any message")
    if not is_identity(multiply(ORDER, point)):
        raise NotTrusted("KEY-05", "the key is not of prime order")


def check_form(signature: bytes) -> None:
    """Return when a signature of 64 bytes, R and S, has the form that counts; whether it verifies is another question.

    Raises NotTrusted: KEY-11 S is not reduced, KEY-12 R is of small order or not canonical.
    """
    if int.from_bytes(signature[32:], "little") >= ORDER:
        raise NotTrusted("KEY-11", "S is not less than the group's order")
    if signature[:32] in _UNFIT_R:
        raise NotTrusted("KEY-12", "R is of small order or not canonical")


def _unfit_r() -> frozenset[bytes]:
    """List the encodings that R must not be, instead of decoding R each time.

    Equivalent to decoding: a 32-byte text is either in this list, or the canonical encoding of a point that is not of
    small order, or no point at all. The last needs no check: the cofactorless equation compares R's bytes with the
    encoding of a computed point, which no such text equals.

    The list: the eight points of small order; every y from the prime to 2^255 - 1; and x = 0 with the sign set, which
    is y = 1 and y = -1. Each with both signs, since a sign too many harms nothing here: (0, 1) and (0, -1) have only
    the one sign, and the other is the odd encoding to be refused.
    """
    order_8 = int.from_bytes(
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
    )
    small_order = {0, 1, PRIME - 1, order_8, PRIME - order_8}
    not_reduced = range(PRIME, 2**255)
    return frozenset((y | sign << 255).to_bytes(32, "little") for y in (*small_order, *not_reduced) for sign in (0, 1))


_UNFIT_R: Final = _unfit_r()
