"""The process that publishes beside ``vialog serve``, which starts it: ``python -m api.cli.operate.beside_service``.

Reads the passphrase of the log's keys, as a line of JSON, from standard input, and ends with it. Writes how it stands
to standard output, a line of JSON for each change; what a person is to read goes to standard error as the service's.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import closing, suppress
from threading import Lock
from typing import TYPE_CHECKING, Final

from msgspec.structs import asdict

from api.cli.exits import exit_code
from api.cli.operate.serve import prepare_to_serve
from api.logs.guarding import LOG_KEYS_FOLDER
from api.logs.publishing import Standing, Stated
from api.logs.wiring import make_publisher, open_guard, open_publication, open_store
from api.settings import read_settings
from ledger.errors import Halted, IntegrityFailed, LedgerError, Unavailable
from ledger.publisher.log_keys import LogKeys
from ledger.publisher.running import RunningPublisher

if TYPE_CHECKING:
    from ledger.publisher.publishing import Publishing

_LOG: Final = logging.getLogger("vialog.publisher")
_WRITING: Final = Lock()


def main() -> int:
    """Publish until standard input ends; return the exit code."""
    prepare_to_serve()
    passphrase: str = json.loads(sys.stdin.buffer.readline())
    settings = read_settings()
    try:
        with open_store(settings) as store, open_publication(settings) as publication:
            guard = open_guard(settings, store, publication, heard=_hear)
            keys = LogKeys.load(settings.data / LOG_KEYS_FOLDER, store.origin, passphrase)
            publisher = make_publisher(store, publication, keys, guard)
            every = settings.checkpoint_every
            with closing(RunningPublisher(publisher, store, publication, every=every, told=_tell)):
                while os.read(sys.stdin.fileno(), 1_024):
                    pass
    except LedgerError as error:
        if not isinstance(error, Unavailable):
            _say(_standing(error, late=True, witnesses={}))
        _LOG.critical("the publisher does not start: %s", error)
        return exit_code(error)
    return 0


def _tell(now: Publishing) -> None:
    _say(_standing(now.stopped_by, late=now.late, witnesses=dict(now.witness_problems)))


def _standing(error: BaseException | None, *, late: bool, witnesses: dict[str, str]) -> Standing:
    halted = isinstance(error, IntegrityFailed | Halted)
    return Standing(late, witnesses, None if error is None else str(error), halted)


def _hear(witness: str, seconds: int) -> None:
    _say(Stated(witness, seconds))


def _say(said: Stated | Standing) -> None:
    with _WRITING, suppress(BrokenPipeError):  # whoever reads it is gone, and so is standard input
        sys.stdout.buffer.write(json.dumps(asdict(said)).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
