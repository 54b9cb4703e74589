"""An item whose evidence is asked for while whatever belongs to its log is killed, and whether it still holds.

Its laboratory asks for the bundle with a claimed answer, as it would give it away; a policy and a trust file of its
own check it when all is over.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Final

from api.client.signing_in import sign_in
from api.client.transport import Transport
from ledger.clock import SystemClock
from ledger.errors import LedgerError
from ledger.evidence.checks.verdicts import Verdict
from ledger.evidence.files import verify_files
from ledger.statement.signing.signer import FileSigner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.faults.scene import Scene

_ITEM: Final = "item:kept"
_QUESTIONS: Final = ("custody-chain", "whereabouts")
_COLLECTED: Final = timedelta(days=1)
_HOLDS: Final = (Verdict.KNOWN, Verdict.NOT_CHECKED)
"""That nothing is missing is never checked here: no mirror has cosigned."""


class Given:
    """Bundles with a claimed answer, as they were given out."""

    def __init__(self, scene: Scene) -> None:
        """Admit a laboratory to a log that nobody serves yet, and put an item of it on record."""
        self._scene = scene
        self._key = scene.folder / "laboratory.pem"
        self._bundles: list[Path] = []
        self._item()

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._bundles)

    def take(self) -> None:
        """Ask for one more, in a session of its own; where the service does not answer there is none."""
        question = _QUESTIONS[len(self) % len(_QUESTIONS)]
        service = Transport(f"http://127.0.0.1:{self._scene.port}")
        with suppress(LedgerError, OSError, HTTPException):
            sign_in(service, FileSigner.load(self._key, self._scene.passphrase), SystemClock().now())
            answer = service.ask("GET", f"/v1/items/{_ITEM}/evidence?question={question}")
            file = self._scene.folder / f"{len(self)}.zip"
            file.write_bytes(answer.body)
            self._bundles.append(file)
        service.close()

    def check(self) -> Iterator[str]:
        """Yield what does not hold: a claim that fails or whose signer is unknown, an answer that does not agree."""
        root = FileSigner.load(self._scene.root, self._scene.passphrase)
        trust = self._scene.folder / "trust"
        trust.write_text(f"root {root.thumbprint}\n")
        for file in self._bundles:
            report = verify_files(file, self._scene.policy, trust)
            answered = [claim.verdict for claim in report.claims if claim.about == "answer"]
            if report.verdict not in _HOLDS or answered != [Verdict.KNOWN]:
                yield f"evidence that was given before, {file.name}: {report.verdict}; its answer: {answered}"

    def _item(self) -> None:
        done, root, key = self._scene.done, self._scene.root, self._key
        done("keys", "new", key)
        registered = ("--party", "party:laboratory", "--country", "CN", "--business", "testing")
        person = ("--public", key, "--person", "p-1")
        done("admit", "Laboratory", *registered, "--role", "laboratory", *person, "--key", root, "--yes")
        site = ("--site", "site:bench", "--party", "party:laboratory", "--name", "Bench", "--use", "laboratory")
        done("record", "site.registered/1", *site, "--key", key, "--yes")
        collected = (SystemClock().now() - _COLLECTED).date().isoformat()
        done(
            *("record", "item.collected/1", "--key", key, "--yes"),
            *("--laboratory", "site:bench", "--country", "CN", "--collected-by", "Laboratory", "--basis", "other"),
            *("--document.document", "C-1", "--document.issued-by", "Laboratory", "--document.digest", "0" * 64),
            *("--item.item", _ITEM, "--item.label", "V-1", "--item.quantity", "10 mL"),
            *("--item.type", "cord-blood", "--item.collected-on", collected),
        )
