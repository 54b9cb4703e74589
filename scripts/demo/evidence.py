"""The demo's epilogue: a checkpoint over the whole log, a mirror that replays it, and one vial's evidence, verified."""

from __future__ import annotations

import os
import secrets
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.logs.guarding import LOG_KEYS_FOLDER
from api.logs.wiring import make_publisher, open_guard, open_publication
from api.telling.reading import voice_of
from ledger.clock import SystemClock
from ledger.evidence.export import export_bundle
from ledger.evidence.files import verify_files
from ledger.evidence.gathering.frame import cosign_frame, newest_frame
from ledger.ids import Tag
from ledger.mirror.copy import Copy
from ledger.mirror.mirror import Means, Mirror
from ledger.mirror.source import open_files
from ledger.publisher.log_files import write_log_files
from ledger.publisher.log_keys import LogKeys
from ledger.rulepacks.load import load_packs
from ledger.tlog.cosignature import Ed25519Cosigner
from ledger.tlog.policy import parse_policy
from ledger.tlog.vkey import format_vkey

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from api.settings import Settings
    from ledger.clock import Clock
    from ledger.evidence.checks.verdicts import Report
    from ledger.ids import ItemId
    from ledger.store.port import Store
    from ledger.tlog.cosignature import Cosigner

_MIRROR: Final = "mirror.demo.vialog/m1"


@dataclass(frozen=True, slots=True)
class Proving:
    """What the epilogue needs: the demo's folder, its settings, its store and the time of the story.

    As a clock it tells the later of that time and the machine's: a publisher's entries are never dated back.
    """

    folder: Path
    settings: Settings
    store: Store
    clock: Clock

    def now(self) -> datetime:
        """Return the time at which a mirror cosigns what was just published."""
        return max(self.clock.now(), SystemClock().now())


def prove(means: Proving, root: str, item: ItemId) -> Report:
    """Publish, have a mirror replay the log, export the evidence about an item, and verify it by files of one's own.

    Left in the folder: the log's passphrase and files, the mirror's copy and checkpoint, the bundle, policy and trust.
    root: thumbprint of the operator's root key, which the verifier trusts to enrol the others.
    """
    folder, settings, store = means.folder, means.settings, means.store
    mirror = Ed25519Cosigner(_MIRROR, Ed25519PrivateKey.generate())
    with open_publication(settings) as publication:
        keys = LogKeys.make(settings.data / LOG_KEYS_FOLDER, store.origin, _new_passphrase(folder / "passphrase"))
        # Guarded by the machine's clock, believed as it is: the story's is another.
        guard = open_guard(settings, store, publication, clock=SystemClock())
        published = make_publisher(store, publication, keys, guard).publish_once()
        if published is None:
            raise AssertionError("the log has entries that no checkpoint covers yet")
        write_log_files(store, published, folder / "log")
        logs = "".join(f"log {vkey}\n" for vkey in keys.vkeys)
        cosigned = _mirrored(means, f"{logs}quorum none\n", mirror)
        with publication.view() as view:
            frame = newest_frame(view)
            if frame is None:
                raise AssertionError("a checkpoint was published just before")
            (folder / "checkpoint").write_bytes(cosigned)
            (folder / "vial.zip").write_bytes(
                export_bundle(store, cosign_frame(frame, [cosigned]), Tag(item), voice=voice_of(settings))
            )
    (folder / "policy").write_text(f"{logs}mirror m1 {format_vkey(mirror.key)}\nquorum m1\n")
    (folder / "trust").write_text(f"root {root}\n")
    return verify_files(folder / "vial.zip", folder / "policy", folder / "trust")


def _mirrored(means: Proving, policy: str, cosigner: Cosigner) -> bytes:
    """Replay the log from its files, as somebody else would elsewhere, and return its checkpoint, cosigned."""
    folder = means.folder
    with closing(Copy(folder / "mirror.copy")) as copy:
        allowed = Means(parse_policy(policy.encode()), load_packs(), cosigner, means, folder / "mirror.evidence")
        return Mirror(open_files(str(folder / "log"), None), copy, allowed).pull(lambda _verified, _size: None).cosigned


def _new_passphrase(path: Path) -> str:
    """Return a random passphrase, written into a new file that only its owner can read."""
    passphrase = secrets.token_urlsafe(24)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(f"{passphrase}\n")
    return passphrase
