"""Secrets that are shown once: 32 random bytes, of which only the SHA-256 is kept. So random, they need no salt."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final

TOKEN_PREFIX: Final = "vialog_token_"  # noqa: S105  the open part of it
"""What every token begins with, so that it is known for one wherever it has leaked to."""

_NAME: Final = re.compile("[0-9a-f]{16}")
_SECRET: Final = re.compile("[0-9A-Za-z_-]{43}")


def new_secret(prefix: str = "") -> str:
    """Return a fresh secret of 256 random bits, behind a prefix."""
    return prefix + secrets.token_urlsafe(32)


def new_name() -> str:
    """Return a fresh public name of a session or a token: 16 hex digits that open nothing."""
    return secrets.token_hex(8)


def is_name(text: str) -> bool:
    """Say whether a text has the form of a public name."""
    return _NAME.fullmatch(text) is not None


def is_token(text: str) -> bool:
    """Say whether a text has the form of a token."""
    return text.startswith(TOKEN_PREFIX) and is_secret(text.removeprefix(TOKEN_PREFIX))


def is_secret(text: str) -> bool:
    """Say whether a text has the form of a session's secret."""
    return _SECRET.fullmatch(text) is not None


def digest_of(secret: str) -> bytes:
    """Return what is kept of a secret, and looked up by: how long that takes tells of the digest, not of the secret."""
    return hashlib.sha256(secret.encode()).digest()
