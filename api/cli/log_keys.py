"""The log's own keys at the command line: opened with their passphrase, and made when nothing was published yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.cli.output import say
from api.cli.passphrases import new_passphrase_of, passphrase_of
from api.guarding import LOG_KEYS_FOLDER
from ledger.publisher.log_keys import ED25519_FILE, LogKeys
from ledger.publisher.memory_file import FILE_NAME

if TYPE_CHECKING:
    from api.settings import Settings
    from ledger.store.publication import Publication


def open_log_keys(settings: Settings, origin: str, publication: Publication) -> LogKeys:
    """Open the keys that sign a log's checkpoints; make them where nothing was published yet, and print their vkeys.

    Raises NotFound: they are gone, though checkpoints were signed with them. NotTrusted: KEY-20 to KEY-22. OSError.
    """
    folder = settings.data / LOG_KEYS_FOLDER
    first = folder / ED25519_FILE
    if first.exists() or publication.size() or (settings.data / FILE_NAME).exists():
        return LogKeys.load(folder, origin, passphrase_of(settings, first) if first.exists() else "")
    keys = LogKeys.make(folder, origin, new_passphrase_of(settings, first))
    say(f"Made the log's keys in {folder}. Give these lines to those who check the log:")
    for vkey in keys.vkeys:
        say(f"log {vkey}")
    return keys
