"""Build the corpus of hostile statements: one fault in each file, and what is said about it.

``python -m tests.corpus.build`` writes ``malformed/*.json`` and ``malformed/expected.json`` beside this file. Each is
an envelope signed with seeded keys (see ``sample``), so that its one fault is the only thing wrong with it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.corpus.envelope_faults import envelope_faults, signature_faults
from tests.corpus.payload_faults import payload_faults

if TYPE_CHECKING:
    from tests.corpus.sealing import Fault

FOLDER: Final = Path(__file__).parent / "malformed"
INDEX: Final = "expected.json"


def faults() -> list[Fault]:
    """Return the whole corpus."""
    return [*payload_faults(), *envelope_faults(), *signature_faults()]


def files() -> dict[str, bytes]:
    """Return every file of the corpus by its name, the index among them."""
    corpus = faults()
    index = {f"{one.name}.json": {"rule": one.rule, "member": one.member} for one in corpus}
    written = {f"{one.name}.json": one.data for one in corpus}
    return written | {INDEX: (json.dumps(index, indent=1, sort_keys=True) + "\n").encode()}


def write() -> None:
    """Write the corpus, and take away what is no longer of it."""
    FOLDER.mkdir(exist_ok=True)
    written = files()
    for path in FOLDER.iterdir():
        if path.name not in written:
            path.unlink()
    for name, data in written.items():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    write()
