"""What must be true of a log after any number of kills: nothing acknowledged is lost or doubled, old proofs verify."""

from __future__ import annotations

from contextlib import closing, suppress
from http.client import HTTPException
from typing import TYPE_CHECKING, Final

from ledger.errors import LedgerError
from ledger.store.database.postgres import PostgresStore
from ledger.store.server.embedded import start
from ledger.tlog.policy import parse_policy
from ledger.tlog.proof import check_proof, decode_proof
from scripts.faults.evidence import Given
from scripts.faults.load import asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scripts.faults.scene import Scene


class Kept:
    """Proofs, checkpoints and evidence as a party keeps them, taken while the campaign went on."""

    def __init__(self, scene: Scene) -> None:
        """Keep them in the folder of a scene whose log nobody serves yet."""
        self._scene = scene
        self.evidence: Final = Given(scene)
        self._proofs: dict[str, bytes] = {}
        self._checkpoints: list[Path] = []

    def __len__(self) -> int:
        """Return how many proofs are kept."""
        return len(self._proofs)

    def take(self, acknowledged: Mapping[str, int], number: int = 5) -> None:
        """Take the newest checkpoint, evidence, and proofs of some acknowledged statements, as far as there are any."""
        self.evidence.take()
        with suppress(OSError, HTTPException):
            for statement in [*acknowledged][-500::100][:number]:
                status, proof = asked(self._scene.port, "GET", f"/v1/statements/{statement}/proof")
                if status == 200:
                    self._proofs[statement] = proof
            status, note = asked(self._scene.port, "GET", "/log/checkpoint")
            if status == 200:
                file = self._scene.folder / f"{len(self._checkpoints)}.checkpoint"
                file.write_bytes(note)
                self._checkpoints.append(file)

    def check(self) -> Iterator[str]:
        """Yield what does not hold: evidence by itself, a proof or a checkpoint against all entries."""
        yield from self.evidence.check()
        policy = parse_policy(self._scene.policy.read_bytes())
        with start(self._scene.data) as running, closing(PostgresStore(running.conninfo())) as store:
            for statement, proof in self._proofs.items():
                recorded = next((one for one in store.read() if one.statement == statement), None)
                try:
                    check_proof(decode_proof(proof), recorded.leaf if recorded else b"", policy)
                except LedgerError as error:
                    yield f"a proof of {statement} that was given before: {error}"
        given = [part for file in self._checkpoints for part in ("--checkpoint", file)]
        for command in (("fsck", "--policy", self._scene.policy, *given), ("log", "verify"), ("doctor",)):
            try:
                self._scene.done(*command)
            except AssertionError as error:
                yield str(error)


def check_log(scene: Scene, acknowledged: Mapping[str, int]) -> Iterator[str]:
    """Yield what does not hold of the entries: acknowledged and lost, doubled, or a gap in the positions."""
    found: dict[str, int] = {}
    with start(scene.data) as running, closing(PostgresStore(running.conninfo())) as store:
        for due, one in enumerate(store.read(), start=1):
            if one.position != due:
                yield f"position {due} is missing"
                return
            if one.statement in found:
                yield f"{one.statement} stands at {found[one.statement]} and at {one.position}"
            found[one.statement] = one.position
    for statement, position in acknowledged.items():
        if found.get(statement) != position:
            yield f"{statement} was acknowledged at {position}, and stands at {found.get(statement)}"
