"""A data directory that remembers a log which the database does not hold: lost, and not to be begun anew there.

A new log in its place would be signed with the keys of the old one, whose checkpoints others hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.logs.guarding import LOG_KEYS_FOLDER
from api.logs.wiring import open_database
from ledger.errors import IntegrityFailed, NotFound
from ledger.publisher.log_keys import ED25519_FILE, ML_DSA_44_FILE
from ledger.publisher.memory_file import FILE_NAME, MemoryFile
from ledger.store.database.inspection import inspect

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings

REMEDY: Final = "restore it from a backup (docs/operations.md), or use another directory"


def remembered(data: Path) -> str | None:
    """Return in words what a data directory remembers of a log whose database is gone; None where it remembers none.

    Raises OSError: the directory cannot be read.
    """
    memory = MemoryFile(data / FILE_NAME)
    things = ["last checkpoint"] if memory.path.exists() else []
    if any((data / LOG_KEYS_FOLDER / name).exists() for name in (ED25519_FILE, ML_DSA_44_FILE)):
        things.insert(0, "keys")
    if not things:
        return None
    return f"{data} holds the {' and the '.join(things)} of {_name(memory)}, whose database is gone"


def _name(memory: MemoryFile) -> str:
    try:
        last = memory.read()
    except IntegrityFailed:
        last = None  # damaged: there was a log all the same
    return "a log" if last is None else f"the log {last.origin}"


def refuse_lost(settings: Settings) -> None:
    """Raise IntegrityFailed where the data directory remembers a log and the database holds none; make nothing.

    Raises also what open_database does, and OSError.
    """
    found = remembered(settings.data)
    if found is not None and not _holds_log(settings):
        raise IntegrityFailed(f"{found}: {REMEDY}")


def _holds_log(settings: Settings) -> bool:
    try:
        with open_database(settings) as database:
            kept = inspect(database.owner).kept
    except NotFound:
        return False
    return kept is not None and kept.origin is not None
