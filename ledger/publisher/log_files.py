"""The published log as files in a folder, as a mirror without a network reads them (C2SP tlog-tiles).

    checkpoint                              the newest signed checkpoint
    tile/entries/<N>[.p/<W>]                the entries that it covers

Bundles never change: what an earlier call wrote stays. They are confidential, so their owner's alone (mode 0600). The
checkpoint is written last, so that whoever reads it finds all that it covers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.files import PUBLIC, write_over
from ledger.tlog.tiles import TILE_WIDTH, bundles_for, encode_bundle, format_path

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store.database.publication import Published
    from ledger.store.port import Store


def write_log_files(store: Store, published: Published, folder: Path) -> int:
    """Write a published checkpoint and the entries under it; return how many bundles are new. Raises OSError."""
    written = 0
    for bundle in bundles_for(0, published.checkpoint.size):
        path = folder / format_path(bundle)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            entries = store.read(bundle.index * TILE_WIDTH, bundle.width)
            write_over(path, encode_bundle([one.entry for one in entries]))
            written += 1
    write_over(folder / "checkpoint", published.note, PUBLIC)
    return written
