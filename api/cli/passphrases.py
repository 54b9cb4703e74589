"""Passphrases and key files. A passphrase is asked for, or read from a file; never an argument, never printed."""

from __future__ import annotations

import os
import sys
from io import BufferedReader
from typing import TYPE_CHECKING, Final

import typer

from ledger.errors import NotTrusted
from ledger.files import holds_something, read_own, refuse_existing
from ledger.statement.signing.signer import FileSigner

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings
    from ledger.statement.signing.keys import Algorithm

_LONGEST: Final = 4_096  # bytes of a line; longer than any passphrase


def open_key(settings: Settings, path: Path) -> FileSigner:
    """Open a key file. Raises NotTrusted: KEY-20 to KEY-22. OSError."""
    return FileSigner.load(path, passphrase_of(settings, path))


def make_key(settings: Settings, path: Path, alg: Algorithm) -> FileSigner:
    """Write a fresh key to a new file; its passphrase is asked for twice.

    Raises NotTrusted: KEY-20, KEY-22, KEY-24. FileExistsError, never overwriting; other OSErrors.
    """
    return FileSigner.generate(path, alg, new_passphrase_of(settings, path))


def passphrase_of(settings: Settings, path: Path) -> str:
    """Return the passphrase of a key file. Raises NotTrusted: KEY-20, KEY-22 of the passphrase file. OSError."""
    path.stat()  # before anybody is asked for the passphrase of a file that is not there
    return _known(settings) or _ask(f"Passphrase of {path}")


def new_passphrase_of(settings: Settings, path: Path) -> str:
    """Return the passphrase for a new key file, asked for twice. Raises as passphrase_of; FileExistsError."""
    if holds_something(path):
        refuse_existing(path)  # before anybody thinks of a passphrase; whoever writes the file refuses too
    return _known(settings) or _ask(f"New passphrase for {path}", twice=True)


def _known(settings: Settings) -> str | None:
    """Return the first line of the passphrase file, or None where there is no such setting."""
    if settings.passphrase_file is None:
        return None
    line = read_own(settings.passphrase_file, _LONGEST).partition(b"\n")[0].rstrip(b"\r")
    try:
        text = line.decode("utf-8-sig")  # some editors begin a file with a mark that nobody sees
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
