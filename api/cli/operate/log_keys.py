"""The log's own keys at the command line: opened with their passphrase, and made when nothing was published yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.cli.output import say
from api.cli.passphrases import new_passphrase_of, passphrase_of
from api.logs.guarding import LOG_KEYS_FOLDER
from ledger.files import holds_something
from ledger.publisher.log_keys import ED25519_FILE, ML_DSA_44_FILE, LogKeys
from ledger.publisher.memory_file import FILE_NAME

if TYPE_CHECKING:
    from api.settings import Settings
    from ledger.store.database.publication import Publication

_BOTH: Final = 2


def open_log_keys(settings: Settings, origin: str, publication: Publication) -> LogKeys:
    """Return the keys that sign a log's checkpoints, as ``open_with_passphrase`` does."""
    return open_with_passphrase(settings, origin, publication)[0]


def open_with_passphrase(settings: Settings, origin: str, publication: Publication) -> tuple[LogKeys, str]:
    """Open the keys that sign a log's checkpoints; make them where nothing was published yet, and print their vkeys.

    Returned with the passphrase that opens them, for the key beside them that signs what hooks are told.

    Raises NotFound: they are gone, though checkpoints were signed with them. NotTrusted: KEY-20 to KEY-22, KEY-24.
    OSError.
    """
    folder = settings.data / LOG_KEYS_FOLDER
    made = [file for file in (folder / ED25519_FILE, folder / ML_DSA_44_FILE) if holds_something(file)]
    if len(made) == _BOTH or publication.size() or (settings.data / FILE_NAME).exists():
        passphrase = passphrase_of(settings, made[0]) if made else ""
        return LogKeys.load(folder, origin, passphrase), passphrase
    # Where making them was interrupted one stands; nothing is signed yet, and the other gets the same passphrase.
    passphrase = passphrase_of(settings, made[0]) if made else new_passphrase_of(settings, folder / ED25519_FILE)
    keys = LogKeys.make(folder, origin, passphrase)
    say(f"Made the log's keys in {folder}. Give these lines to those who check the log:")
    for vkey in keys.vkeys:
        say(f"log {vkey}")
    return keys, passphrase
