"""The demo's epilogue: a checkpoint over the whole log, and one vial's evidence, verified as a stranger would."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from api.cli.log_keys import FOLDER
from api.wiring import make_publisher, open_publication
from ledger.evidence.export import export_bundle
from ledger.evidence.files import verify_files
from ledger.evidence.frame import newest_frame
from ledger.ids import Tag
from ledger.publisher.log_keys import LogKeys

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings
    from ledger.evidence.verdicts import Report
    from ledger.ids import ItemId
    from ledger.store.port import Store


def prove(folder: Path, settings: Settings, store: Store, root: str, item: ItemId) -> Report:
    """Publish a checkpoint, export the evidence about an item, and verify it by a policy and a trust file of its own.

    folder: where the log's passphrase, the bundle, the policy and the trust file are left.
    root: thumbprint of the operator's root key, which the verifier trusts to enrol the others.
    """
    with open_publication(settings) as publication:
        keys = LogKeys.make(settings.data / FOLDER, store.origin, _new_passphrase(folder / "passphrase"))
        make_publisher(settings, store, publication, keys).publish_once()
        with publication.view() as view:
            frame = newest_frame(view)
            if frame is None:
                raise AssertionError("a checkpoint was published just before")
            (folder / "vial.zip").write_bytes(export_bundle(store, frame, Tag(item)))
    (folder / "policy").write_text("".join(f"log {vkey}\n" for vkey in keys.vkeys) + "quorum none\n")
    (folder / "trust").write_text(f"root {root}\n")
    return verify_files(folder / "vial.zip", folder / "policy", folder / "trust")


def _new_passphrase(path: Path) -> str:
    """Return a random passphrase, written into a new file that only its owner can read."""
    passphrase = secrets.token_urlsafe(24)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(f"{passphrase}\n")
    return passphrase
