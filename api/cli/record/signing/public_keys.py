"""The public part of a key that is to be enrolled: of a key file that is here, or as ``vialog keys new`` printed it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from api.cli.passphrases import open_key
from ledger.errors import Malformed
from ledger.statement.signing.keys import Algorithm, PublicKey, admit
from ledger.statement.text.binary import decode_base64

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings
    from ledger.statement.signing.signer import FileSigner

RULES: Final = {
    "DRF-06": "A key that is elsewhere is enrolled by what `vialog keys new` printed of it.",
}

_KEY_FILE: Final = b"-----BEGIN"
_LARGEST: Final = 16_384
_SPKI: Final = re.compile(r"M[A-Za-z0-9+/]{40,200}={0,2}")
"""A DER sequence, as which every SPKI begins, in base64; a thumbprint has small letters and digits alone."""


def read_public(settings: Settings, path: Path) -> tuple[PublicKey, FileSigner | None]:
    """Return a key's public part; with the key itself, where the file is its key file.

    Raises Malformed: DRF-06 the file is neither. NotTrusted: KEY-01 to KEY-06 the key is not admitted; as open_key.
    OSError.
    """
    with path.open("rb") as stream:
        data = stream.read(_LARGEST)
    if data.lstrip().startswith(_KEY_FILE):
        signer = open_key(settings, path)
        return admit(signer.spki, signer.alg), signer
    said = _printed(data)
    try:
        return admit(decode_base64(said["spki"]), said["alg"]), None
    except (KeyError, ValueError):
        problem = "is neither a key file nor what `vialog keys new` printed of one"
        raise Malformed("DRF-06", str(path), problem) from None


def _printed(data: bytes) -> dict[str, str]:
    """Return algorithm and SPKI as they were printed: lines of a name and a value, or one JSON object.

    What stands before the values is in the language of whoever printed it, so these are known by their form.
    """
    try:
        text = data.decode("utf-8-sig")
        if not text.lstrip().startswith("{"):
            values = [words[-1] for line in text.splitlines() if (words := line.split())]
            return {"alg" if value in set(Algorithm) else "spki": value for value in values if _is_of_key(value)}
        said = json.loads(text)
    except ValueError:
        return {}
    return {name: value for name, value in said.items() if isinstance(value, str)} if isinstance(said, dict) else {}


def _is_of_key(value: str) -> bool:
    return value in set(Algorithm) or _SPKI.fullmatch(value) is not None
