"""What the OpenAPI document allows, and what it does not, sent to a service: `python -m scripts.faults.fuzz`.

schemathesis generates it. No answer may have a status, a media type, a header or a form that the document does not
tell of, none may be an error of the service's own, and afterwards the service is well and its log holds. Prints what
schemathesis says; exit code 1 where anything is otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.client.signing_in import sign_in
from api.client.transport import Transport
from api.rows.http import TokenMade
from ledger.clock import SystemClock
from scripts.faults.load import asked
from scripts.faults.scene import set_up, wait_until

if TYPE_CHECKING:
    from scripts.faults.scene import Scene

CASES: Final = 10_000
PHASES: Final = "examples,coverage,fuzzing,stateful"
_HOOKS: Final = "scripts.faults.fuzz_hooks"
_MORE: Final = 1.25
"""How many more are asked for: of what takes few forms there are fewer."""

FOLDER: Final = "VIALOG_FUZZ_FOLDER"
PORT: Final = "VIALOG_FUZZ_PORT"
"""Name, for the hooks, the folder of the scene and the port of its service."""

CALLERS: Final = "callers.json"
"""In that folder: the headers by which each kind of caller asks."""

_METHODS: Final = frozenset(("get", "post", "put", "patch", "delete"))
_CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
)


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What came of it.

    cases: how many were sent. recorded: entries of the log, of which three are those of its beginning.
    said: by schemathesis. wrong: of the service, afterwards.
    """

    cases: int
    recorded: int
    agrees: bool
    said: str
    wrong: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Say whether all is as it should be."""
        return self.agrees and not self.wrong


def run(folder: Path, *, cases: int, seed: int, phases: str = PHASES) -> Fuzzed:
    """Serve a log of its own in an empty folder, and send it at least so many cases, shared among all operations.

    phases: of schemathesis; "coverage", which tries each bound of each schema, takes a thousand cases of its own.
    """
    scene = set_up(folder)
    processes = [scene.witness(), scene.serve()]
    try:
        wait_until(scene.is_well)
        each = ceil(cases * _MORE / _operations(scene))
        (folder / CALLERS).write_text(json.dumps(_callers(scene)))
        answered = _sent(scene, ("--phases", phases, "--max-examples", str(each), "--seed", str(seed)))
        wrong = [] if scene.is_well() else ["the service is not well"]
    finally:
        for process in processes:
            process.terminate()
            process.wait()
    entries = int(json.loads(scene.done("log", "verify", "--json"))["size"])
    report = folder / "report.json"
    sent = json.loads(report.read_text())["test_cases"]["generated"] if report.exists() else 0
    return Fuzzed(sent, entries, answered.returncode == 0, answered.stdout, tuple(wrong))


def session(scene: Scene) -> Transport:
    """Return the scene's service with a session of the operator's."""
    service = Transport(f"http://127.0.0.1:{scene.port}")
    sign_in(service, scene.pen().signer, SystemClock().now())
    return service


def _callers(scene: Scene) -> list[dict[str, str]]:
    """Return how each kind of caller asks: a stranger, a mirror, a person, and programs that read, record or both."""
    person = session(scene)
    tokens = [scene.environ["VIALOG_LOG_FILES_TOKEN"]]
    for scopes in (["read"], ["record"], ["read", "record"]):
        asks = json.dumps({"label": "fuzz", "scopes": scopes, "days": 1}).encode()
        tokens.append(person.ask("POST", "/v1/tokens", asks, repeat=False).said(TokenMade)["token"])
    return [{}, {"Cookie": person.cookie}, *({"Authorization": f"Bearer {one}"} for one in tokens)]


def _operations(scene: Scene) -> int:
    described = json.loads(asked(scene.port, "GET", "/openapi.json")[1])
    return sum(len(_METHODS & path.keys()) for path in described["paths"].values())


def _sent(scene: Scene, how: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    settings = (
        *("--checks", ",".join(_CHECKS)),
        *how,
        *("--generation-database", "none", "--suppress-health-check", "all", "--no-color"),
        *("--report", "json", "--report-json-path", str(scene.folder / "report.json")),
    )
    return subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{scene.port}/openapi.json", *settings],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=scene.folder,  # it leaves files of its own where it is
        env=os.environ
        | {"PYTHONPATH": str(Path(__file__).parents[2]), "SCHEMATHESIS_HOOKS": _HOOKS}
        | {FOLDER: str(scene.folder), PORT: str(scene.port)},
    )


def main() -> None:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m scripts.faults.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES, help="how many at least")
    parser.add_argument("--seed", type=int, default=1, help="what they are generated from")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vialog-fuzz-") as name:
        Path(name).chmod(0o755)  # the server may run as another user; its own directory inside is closed
        fuzzed = run(Path(name), cases=given.cases, seed=given.seed)
    print(fuzzed.said, *fuzzed.wrong, f"{fuzzed.cases:,} cases, {fuzzed.recorded:,} entries", sep="\n")
    sys.exit(0 if fuzzed.holds and fuzzed.cases >= given.cases else 1)


if __name__ == "__main__":
    main()
