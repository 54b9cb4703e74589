"""Signed statements in files, and what is taken for one: a draft is told as what it is."""

from __future__ import annotations

import sys
import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from api.submissions import MOST_BYTES, read_left, read_submission
from ledger.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ledger.service import Submission

STDIN: Final = "-"
_OF_DRAFTS: Final = {"kind", "body"}


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """Open a file for reading; - is stdin."""
    if str(file) == STDIN:
        yield sys.stdin.buffer
        return
    with file.open("rb") as stream:
        yield stream


def read_signed(file: Path) -> Submission:
    """Read one signed statement. Raises Malformed: it is none, or a draft; OSError."""
    with opened(file) as stream:
        data = stream.read(MOST_BYTES + 2).rstrip(b"\r\n")
    try:
        return read_submission(data)
    except Malformed:
        if is_draft(data):
            raise unsigned_draft(str(file)) from None
        raise


def read_all_signed(file: Path) -> list[tuple[Submission, Mapping[str, str]]]:
    """Read the signed statements of a file, one a line, each with the names that came along.

    Raises Malformed: a line is none, or it is a draft; OSError.
    """
    with opened(file) as stream:
        data = stream.read()
    try:
        found = [read_left(line) for line in data.splitlines() if line.strip()]
    except Malformed:
        if is_draft(data):
            raise unsigned_draft(str(file)) from None
        raise
    if not found:
        raise Malformed("STM-03", "$", "there is no statement in it")
    return found


def is_draft(data: bytes) -> bool:
    """Say whether a file is a draft in TOML, as far as it can be read."""
    try:
        return tomllib.loads(data[:MOST_BYTES].decode("utf-8-sig")).keys() >= _OF_DRAFTS
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return False


def unsigned_draft(file: str) -> Malformed:
    """Return what is said of a draft that was handed in."""
    return Malformed("STM-03", "$", f"a draft, not signed yet: vialog statement sign {file} --key KEY-FILE")
