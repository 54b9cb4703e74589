"""Three witnesses on loopback, each a process of `vialog witness serve`; two sign with Ed25519, one with ML-DSA-44."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from api.settings import PREFIX
from ledger.tlog.policy import Group, Party, Policy
from ledger.witness.keys import CosignerAlgorithm, make_cosigner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ledger.publisher.log_keys import LogKeys

ALGORITHMS: Final = (CosignerAlgorithm.ED25519, CosignerAlgorithm.ED25519, CosignerAlgorithm.ML_DSA_44)
_PASSPHRASE: Final = "of keys that live for one measurement"


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
            key = place / f"w{number}.pem"
            cosigner = make_cosigner(key, f"bench.vialog/w{number}", algorithm, _PASSPHRASE)
            logs = [word for vkey in keys.vkeys for word in ("--log", vkey)]
            options = ["--key", str(key), "--state", str(place / f"w{number}.sqlite"), "--port", "0", "--json"]
            url = stack.enter_context(_process([*options, *logs], passphrase))
            parties[f"w{number}"] = Party(cosigner.key, url)
        yield Policy((), parties, {"all": Group(len(parties), tuple(parties))}, "all")


@contextmanager
def _process(options: Sequence[str], passphrase: Path) -> Iterator[str]:
    """Let a witness answer for a with block, and yield its address, as it says it once it listens."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "witness", "serve", *options],
        env=environment | {f"{PREFIX}PASSPHRASE_FILE": str(passphrase)},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        yield str(json.loads(process.stdout.readline())["url"])
    finally:
        process.terminate()
        process.communicate()
