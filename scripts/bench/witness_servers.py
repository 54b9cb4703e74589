"""Three witnesses on loopback, each a process of `vialog witness serve`; two sign with Ed25519, one with ML-DSA-44."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

from api.settings import PREFIX
from ledger.tlog.policy import Group, Party, Policy
from ledger.witness.keys import CosignerAlgorithm, make_cosigner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ledger.publisher.log_keys import LogKeys

ALGORITHMS: Final = (CosignerAlgorithm.ED25519, CosignerAlgorithm.ED25519, CosignerAlgorithm.ML_DSA_44)
_HOST: Final = "127.0.0.1"
_PASSPHRASE: Final = "of keys that live for one measurement"
_PATIENCE: Final = 60.0


@contextmanager
def witness_servers(place: Path, keys: LogKeys) -> Iterator[Policy]:
    """Let witnesses of a log answer for a with block, and yield the policy that all of them must cosign.

    place: a folder for their keys and states. keys: the log's.
    """
    passphrase = place / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text(f"{_PASSPHRASE}\n", encoding="utf-8")
    parties: dict[str, Party] = {}
    with ExitStack() as stack:
        for number, algorithm in enumerate(ALGORITHMS, start=1):
            key, port = place / f"w{number}.pem", _free_port()
            cosigner = make_cosigner(key, f"bench.vialog/w{number}", algorithm, _PASSPHRASE)
            logs = [word for vkey in keys.vkeys for word in ("--log", vkey)]
            options = ["--key", str(key), "--state", str(place / f"w{number}.sqlite"), "--port", str(port)]
            stack.enter_context(_process([*options, *logs], passphrase))
            parties[f"w{number}"] = Party(cosigner.key, f"http://{_HOST}:{port}")
        for party in parties.values():
            _await(int(party.url.rpartition(":")[2]))
        yield Policy((), parties, {"all": Group(len(parties), tuple(parties))}, "all")


@contextmanager
def _process(options: Sequence[str], passphrase: Path) -> Iterator[None]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "witness", "serve", *options],
        env=environment | {f"{PREFIX}PASSPHRASE_FILE": str(passphrase)},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.create_server((_HOST, 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _await(port: int) -> None:
    """Wait until somebody listens at a port. Raises ConnectionRefusedError: nobody does in time."""
    until = monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection((_HOST, port)).close()
        except ConnectionRefusedError:
            if monotonic() > until:
                raise
            sleep(0.1)
        else:
            return
