"""Passphrases and key files. A passphrase is asked for, or read from a file; never an argument, never printed."""

from __future__ import annotations

import os
import stat
import sys
from io import BufferedReader
from typing import TYPE_CHECKING, Final

import typer

from ledger.errors import NotTrusted
from ledger.statement.signer import FileSigner

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings
    from ledger.statement.keys import Algorithm

_LONGEST: Final = 1_024


def open_key(settings: Settings, path: Path) -> FileSigner:
    """Open a key file. Raises NotTrusted: KEY-20 to KEY-22. OSError."""
    return FileSigner.load(path, passphrase_of(settings, path))


def make_key(settings: Settings, path: Path, alg: Algorithm) -> FileSigner:
    """Write a fresh key to a new file; its passphrase is asked for twice.

    Raises NotTrusted: KEY-22 the passphrase is empty. FileExistsError, never overwriting; other OSErrors.
    """
    return FileSigner.generate(path, alg, new_passphrase_of(settings, path))


def passphrase_of(settings: Settings, path: Path) -> str:
    """Return the passphrase of a key file. Raises NotTrusted: KEY-20, KEY-22 of the passphrase file. OSError."""
    path.stat()  # before anybody is asked for the passphrase of a file that is not there
    return _known(settings) or _ask(f"Passphrase of {path}")


def new_passphrase_of(settings: Settings, path: Path) -> str:
    """Return the passphrase for a new key file, asked for twice. Raises as passphrase_of; FileExistsError."""
    if path.exists():  # before anybody thinks of a passphrase; whoever writes the file refuses too
        raise FileExistsError(17, "there is a file of this name already; a key is never overwritten", str(path))
    return _known(settings) or _ask(f"New passphrase for {path}", twice=True)


def _known(settings: Settings) -> str | None:
    """Return the first line of the passphrase file, or None where there is no such setting."""
    if settings.passphrase_file is None:
        return None
    with settings.passphrase_file.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise NotTrusted("KEY-20", f"others can reach {settings.passphrase_file}: run chmod 600 on it")
        line = file.readline(_LONGEST).rstrip(b"\r\n")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise NotTrusted("KEY-22", f"{settings.passphrase_file} is not UTF-8") from None
    if not text:
        raise NotTrusted("KEY-22", f"the first line of {settings.passphrase_file} is empty")
    return text


def _nobody_answers() -> bool:
    """Say whether there is neither a terminal nor anything on stdin, as for a service; otherwise typer asks."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return sys.stdin is None or (isinstance(sys.stdin.buffer, BufferedReader) and not sys.stdin.buffer.peek(1))
    return False


def _ask(question: str, *, twice: bool = False) -> str:
    if _nobody_answers():
        raise NotTrusted("KEY-22", f"{question}: there is no terminal to ask at; set VIALOG_PASSPHRASE_FILE")
    answer: str = typer.prompt(question, hide_input=True, confirmation_prompt=twice, err=True)
    return answer
