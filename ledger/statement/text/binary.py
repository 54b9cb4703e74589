"""Bytes written as text: base64 and base64url (RFC 4648), each in its one canonical form.

Decoders usually forgive: wrong alphabet, missing padding, bits left over at the end. Signed text must have one
spelling, so here a text is decoded, encoded again and compared; nothing is forgiven.
"""

from __future__ import annotations

import base64
import binascii


def encode_base64(data: bytes) -> str:
    """Write bytes in the standard alphabet, padded (RFC 4648 section 4)."""
    return binascii.b2a_base64(data, newline=False).decode()


def decode_base64(text: str) -> bytes:
    """Read bytes from the canonical form of the standard alphabet.

    Raises ValueError: another alphabet, other padding, bits left over or anything that is not base64.
    """
    data = binascii.a2b_base64(text, strict_mode=True)
    if encode_base64(data) != text:
        raise ValueError("not canonical base64")
    return data


def encode_base64url(data: bytes) -> str:
    """Write bytes in the URL-safe alphabet without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode_base64url(text: str) -> bytes:
    """Read bytes from the canonical form of the URL-safe alphabet without padding.

    Raises ValueError: another alphabet, padding, bits left over or anything that is not base64url.
    """
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode_base64url(data) != text:
        raise ValueError("not canonical base64url")
    return data
