"""The curve edwards25519, just enough of it to admit a public key.

Points and whole numbers in plain Python: right and slow (milliseconds), used once for each key at its admission and
never for a secret, so that time tells nothing. Signatures are made and verified elsewhere.
RFC 8032 section 5.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

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
