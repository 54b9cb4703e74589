"""The keys of the demo's cast, left in its folder: so that whoever looks at the console signs in as one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.ids import key_tag
from ledger.statement.signing.signer import MemorySigner

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from ledger.ids import KeyId
    from scripts.demo.cast import Cast

FOLDER: Final = "keys"
PASSPHRASE: Final = "passphrase"
"""The file that opens the log's own keys, and these."""


def leave_keys(folder: Path, cast: Cast, revoked: Collection[KeyId]) -> list[str]:
    """Write a key of each party under the demo's passphrase; return the parties' names.

    revoked: keys that count no more. It is that of the first person of the two whose key counts.
    """
    keys, names = folder / FOLDER, list[str]()
    keys.mkdir(mode=0o700)
    passphrase = (folder / PASSPHRASE).read_text(encoding="utf-8").strip()
    for one in (*cast.admitted, cast.auditor):
        signers = (author.signer for author in (one.first, one.second))
        signer = next(signer for signer in signers if key_tag(signer.thumbprint) not in revoked)
        name = one.id.partition(":")[2]
        if not isinstance(signer, MemorySigner):
            raise TypeError("the cast's keys are in memory")
        signer.keep(keys / f"{name}.pem", passphrase)
        names.append(name)
    return names
