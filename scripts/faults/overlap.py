"""Two services and two more publishers on one log, for a long time: nobody may cry fork, and nothing may be lost.

    python -m scripts.faults.overlap --seconds 3600

Each service has a publisher of its own, and beside them two loops call ``vialog publish`` as fast as it ends. Callers
hand statements in at both services, each statement at both. One witness must cosign each checkpoint. What is looked at
all the time: that no process ends, that ``/healthz`` is 200, that ``last-checkpoint`` never gets smaller. At the end
every acknowledged statement stands where it was promised, positions have no gap, and ``vialog doctor`` and ``vialog
fsck`` find nothing. Prints a table; exit code 1 if anything of this does not hold.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from api.settings import PREFIX
from api.submissions import write_submission
from ledger.clock import SystemClock
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.parties import PartyRegistered
from ledger.ids import PartyId, new_id
from ledger.publisher.memory_file import FILE_NAME, MemoryFile
from ledger.service import Submission
from ledger.statement.authoring import Author, Circumstances, make_statement
from ledger.statement.signing.signer import FileSigner

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOG: Final = "overlap.vialog/log"
_PASSPHRASE: Final = "of keys that live for one run"
_OPERATOR: Final = PartyId("party:operator")
_CALLERS: Final = 4
_PATIENCE: Final = 60.0


@dataclass
class Seen:
    """What was seen while it ran. wrong: what must not be, in words."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    published: int = 0
    rounds: int = 0
    looks: int = 0
    wrong: list[str] = field(default_factory=list)

    def table(self) -> str:
        """Return it as lines for people."""
        rows = {
            "statements acknowledged": len(self.acknowledged),
            "acknowledged a second time": self.repeated,
            "rounds of `vialog publish`": self.rounds,
            "of them with a new checkpoint": self.published,
            "times health and last-checkpoint were looked at": self.looks,
            "wrong": len(self.wrong),
        }
        return "\n".join([*(f"{name:<50} {value:>8}" for name, value in rows.items()), *self.wrong])


@dataclass(frozen=True)
class Place:
    """A folder with a log, and the environment of the commands on it."""

    folder: Path
    environ: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = [sys.executable, "-m", "api.cli", *arguments]
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, check=False)

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
        """Let a server run for a with block; yield it with the port that it listens at."""
        command = [sys.executable, "-m", "api.cli", *arguments, "--port", "0", "--json"]
        with (self.folder / f"{arguments[0]}.log").open("a") as log:
            process = subprocess.Popen(command, env=self.environ, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            yield process, int(json.loads(process.stdout.readline())["port"])
        finally:
            process.terminate()
            process.communicate()


def run(seconds: float, folder: Path) -> Seen:
    """Run for some seconds in an empty folder, and return what was seen."""
    seen, place = Seen(), _open(folder)
    with ExitStack() as stack:
        stack.enter_context(_witness(place))
        services = [stack.enter_context(place.serving("serve")) for _ in range(2)]
        ports, stop = [port for _, port in services], Event()
        author = _author(folder)
        with ThreadPoolExecutor(_CALLERS + 3) as threads:
            work = [threads.submit(_hand_in, author, ports, stop, seen) for _ in range(_CALLERS)]
            work += [threads.submit(_publish, place, stop, seen) for _ in range(2)]
            work.append(threads.submit(_look, place, ports, stop, seen))
            stop.wait(seconds)
            stop.set()
            for one in work:
                one.result()
        seen.wrong += [
            f"a service has ended with {process.poll()}" for process, _ in services if process.poll() is not None
        ]
        _check(place, seen)
    return seen


def _open(folder: Path) -> Place:
    passphrase = folder / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text(f"{_PASSPHRASE}\n", encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)} | {
        "VIALOG_DATA": str(folder / "data"),
        "VIALOG_LOG_ORIGIN": _LOG,
        "VIALOG_PASSPHRASE_FILE": str(passphrase),
        "VIALOG_CHECKPOINT_EVERY": "0.1",
    }
    place = Place(folder, environ)
    for arguments in (
        ("init", "--operator", _OPERATOR, "--name", "Operator", "--key", str(folder / "root.pem")),
        ("publish",),
    ):
        ran = place.run(*arguments)
        if ran.returncode:
            raise RuntimeError(f"vialog {arguments[0]}: {ran.stderr}")
    return place


@contextmanager
def _witness(place: Place) -> Iterator[None]:
    """Let a witness answer for a with block, whose cosignature every checkpoint needs."""
    key = place.folder / "witness.pem"
    vkey = place.run("witness", "key", "new", str(key), "--name", "overlap.vialog/w1").stdout.strip()
    logs = [word for line in place.run("log", "vkey").stdout.splitlines() for word in ("--log", line)]
    options = ("--key", str(key), "--state", str(place.folder / "witness.sqlite"))
    with place.serving("witness", "serve", *options, *logs) as (_, port):
        policy = place.folder / "policy"
        policy.write_text(f"witness w1 {vkey} http://127.0.0.1:{port}\nquorum w1\n", encoding="utf-8")
        place.environ["VIALOG_WITNESS_POLICY"] = str(policy)
        yield


def _author(folder: Path) -> Author:
    return Author(FileSigner.load(folder / "root.pem", _PASSPHRASE), _OPERATOR, "root", Role.OPERATOR)


def _hand_in(author: Author, ports: list[int], stop: Event, seen: Seen) -> None:
    """Hand each statement in at one service, then at the other: the second answer is the first."""
    for order in cycle((ports, ports[::-1])):
        if stop.is_set():
            return
        body = PartyRegistered(party=PartyId(new_id("party")), name="x", country="CN", business="research")
        made = make_statement(_LOG, body, [author], Circumstances(occurred_at=SystemClock().now()))
        data = write_submission(Submission(made.envelope, made.disclosures))
        for port in order:
            _take(seen, *_ask(port, "POST", "/v1/statements", data))


def _ask(port: int, method: str, path: str, body: bytes | None) -> tuple[int, Any]:
    """Ask a service once, on a connection of its own."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)) as connection:
        connection.request(method, path, body)
        with connection.getresponse() as response:
            return response.status, json.loads(response.read())


def _take(seen: Seen, status: int, answer: Any) -> None:  # noqa: ANN401  JSON
    if status not in {200, 201}:
        seen.wrong.append(f"a statement was answered {status}: {answer}")
        return
    statement, position = str(answer["statement"]), int(answer["position"])
    if seen.acknowledged.setdefault(statement, position) != position:
        seen.wrong.append(f"{statement} was promised {seen.acknowledged[statement]} and {position}")
    seen.repeated += status == http.client.OK


def _publish(place: Place, stop: Event, seen: Seen) -> None:
    while not stop.is_set():
        ran = place.run("publish", "--json")
        seen.rounds += 1
        if ran.returncode:
            seen.wrong.append(f"vialog publish ended with {ran.returncode}: {ran.stderr.strip()}")
        else:
            seen.published += bool(json.loads(ran.stdout)["published"])


def _look(place: Place, ports: list[int], stop: Event, seen: Seen) -> None:
    memory, size = MemoryFile(place.folder / "data" / FILE_NAME), 0
    while not stop.wait(0.2):
        seen.looks += 1
        held = memory.read()
        if held is None or held.size < size:
            seen.wrong.append(f"last-checkpoint went back from {size} to {held and held.size}")
        size = max(size, 0 if held is None else held.size)
        for port in ports:
            status, said = _ask(port, "GET", "/healthz", None)
            if status != http.client.OK:
                seen.wrong.append(f"health of the service at {port} is {status}: {said}")


def _check(place: Place, seen: Seen) -> None:
    """Hold what stands against what was promised."""
    ran = place.run("log", "show", "--limit", "10000000", "--after", "0", "--json")
    shown = [json.loads(line) for line in ran.stdout.splitlines()]
    stands = {str(one["statement"]): int(one["position"]) for one in shown}
    if [one["position"] for one in shown] != list(range(1, len(shown) + 1)):
        seen.wrong.append("positions have a gap")
    lost = [statement for statement, position in seen.acknowledged.items() if stands.get(statement) != position]
    seen.wrong += [f"{statement} does not stand where it was promised" for statement in lost]
    for arguments in (("doctor",), ("fsck", "--jobs", "1")):
        ran = place.run(*arguments)
        if ran.returncode:
            seen.wrong.append(f"vialog {arguments[0]} ended with {ran.returncode}: {ran.stdout}{ran.stderr}")


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description="Two services and two more publishers on one log.")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long; the end is checked after that")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vialog-overlap-") as folder:
        Path(folder).chmod(0o711)
        started = monotonic()
        seen = run(wanted.seconds, Path(folder))
        sys.stdout.write(f"{seen.table()}\nafter {monotonic() - started:.0f} s\n")
    sys.exit(1 if seen.wrong else 0)


if __name__ == "__main__":
    main()
