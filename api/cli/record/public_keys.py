"""The public part of a key that is to be enrolled: of a key file that is here, or as ``vialog keys new`` printed it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from api.cli.passphrases import open_key
from ledger.errors import Malformed
from ledger.statement.binary import decode_base64
from ledger.statement.keys import PublicKey, admit

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings
    from ledger.statement.signer import FileSigner

RULES: Final = {
    "DRF-06": "A key that is elsewhere is enrolled by what `vialog keys new` printed of it.",
}

_KEY_FILE: Final = b"-----BEGIN"
_LARGEST: Final = 16_384


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
    """Return what was printed by its names: lines of a name and a value, or one JSON object."""
    try:
        text = data.decode("utf-8-sig")
        if not text.lstrip().startswith("{"):
            lines = (line.split() for line in text.splitlines())
            return {words[0]: words[1] for words in lines if len(words) == 2}
        said = json.loads(text)
    except ValueError:
        return {}
    return {name: value for name, value in said.items() if isinstance(value, str)} if isinstance(said, dict) else {}
