"""The key with which a service signs what it tells hooks: Standard Webhooks, asymmetric (``v1a``, Ed25519).

Signed is ``{webhook-id}.{webhook-timestamp}.{body}``. The key signs nothing else: no checkpoint, no statement. Who
holds it can tell hooks what never happened; whoever is told reads at the log what did.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.errors import NotTrusted
from ledger.files import holds_something
from ledger.statement.signing.key_files import read_key, write_key
from ledger.statement.text.binary import encode_base64

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

FILE: Final = "hooks.pem"
"""Beside the log's own keys, under the same passphrase."""


class HookKey:
    """The key of one log's service."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        """Sign with a private key."""
        self._private = private

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> HookKey:
        """Return the key in a folder, made where there is none.

        Raises NotTrusted: KEY-20 to KEY-22, KEY-24. OSError.
        """
        file = folder / FILE
        if not holds_something(file):
            folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
            write_key(file, Ed25519PrivateKey.generate(), passphrase)
        private = read_key(file, passphrase)
        if not isinstance(private, Ed25519PrivateKey):
            raise NotTrusted("KEY-21", f"a key in {folder} is of another algorithm than its file's name says")
        return cls(private)

    @property
    def public(self) -> str:
        """Return the public half as hooks are given it: ``whpk_`` and 32 bytes in base64."""
        return f"whpk_{encode_base64(self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))}"

    def headers(self, message: str, at: datetime, body: bytes) -> dict[str, str]:
        """Return the headers of one attempt. message: its id, the same in every attempt. at: of this attempt."""
        seconds = str(int(at.timestamp()))
        signed = self._private.sign(f"{message}.{seconds}.".encode() + body)
        return {
            "webhook-id": message,
            "webhook-timestamp": seconds,
            "webhook-signature": f"v1a,{encode_base64(signed)}",
        }
