"""The keys of the demo's cast, left in its folder: so that whoever looks at the console signs in as one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.statement.signing.signer import MemorySigner

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.demo.cast import Cast

FOLDER: Final = "keys"
PASSPHRASE: Final = "passphrase"
"""The file that opens the log's own keys, and these."""


def leave_keys(folder: Path, cast: Cast) -> list[str]:
    """Write the key of each party's first person under the demo's passphrase; return the parties' names."""
    keys, names = folder / FOLDER, list[str]()
    keys.mkdir(mode=0o700)
    passphrase = (folder / PASSPHRASE).read_text(encoding="utf-8").strip()
    for one in cast.admitted:
        signer, name = one.first.signer, one.id.partition(":")[2]
        if not isinstance(signer, MemorySigner):
            raise TypeError("the cast's keys are in memory")
        signer.keep(keys / f"{name}.pem", passphrase)
        names.append(name)
    return names
