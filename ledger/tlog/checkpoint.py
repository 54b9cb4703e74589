"""Checkpoints: what a log signs, the text of a note in three lines (C2SP tlog-checkpoint).

    origin newline                the log's name, which is also the name of its keys: 1 to 255 bytes of UTF-8,
                                  no Unicode space, no control character, no "+"
    size newline                  decimal, no leading zero, below 2^63
    base64(root) newline          32 bytes; of size 0 the SHA-256 of nothing

There are no extension lines: none is written, and a text that has some is refused, because the ML-DSA-44
cosignature would not cover them. Never signs and never verifies anything.

>>> text = encode_checkpoint(Checkpoint("ledger.example/log1", 0, EMPTY_ROOT))
>>> text
'ledger.example/log1\\n0\\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\\n'
>>> decode_checkpoint(text).size
0
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ledger.errors import IntegrityFailed, Malformed
from ledger.tlog.tree import EMPTY_ROOT, HASH_SIZE
from ledger.tlog.vkey import is_key_name
from ledger.tlog.wire import read_base64, read_number, write_base64

_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its origin, the number of its leaves, and the 32-byte root over them."""

    origin: str
    size: int
    root: bytes


def encode_checkpoint(checkpoint: Checkpoint) -> str:
    """Return the text of a checkpoint.

    Raises Malformed: TLOG-03, the checkpoint has no such text.
    """
    text = f"{checkpoint.origin}\n{checkpoint.size}\n{write_base64(checkpoint.root)}\n"
    decode_checkpoint(text)
    return text


def decode_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint that a note's text states.

    Raises Malformed: TLOG-03, not exactly the three lines, or of size 0 with another root than that of the empty tree.
    """
    checkpoint = read_lines(text)
    try:
        check_empty(checkpoint)
    except IntegrityFailed as error:
        raise Malformed("TLOG-03", "root", str(error)) from None
    return checkpoint


def check_empty(checkpoint: Checkpoint) -> None:
    """Raise IntegrityFailed for a checkpoint of size 0 whose root is not that of the empty tree."""
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise IntegrityFailed("not the root of the empty tree")


def read_lines(text: str) -> Checkpoint:
    """Return what the three lines say, be it true of any tree or not.

    For a witness, which answers a log that signs what cannot be otherwise than a text that is no checkpoint.

    Raises Malformed: TLOG-03, not exactly the three lines.
    """
    *lines, rest = text.split("\n")
    if rest or len(lines) != _LINES:
        raise Malformed("TLOG-03", "$", "not exactly three lines, each with its newline")
    origin, size, root = lines
    if not is_key_name(origin):
        raise Malformed("TLOG-03", "origin", "not a key name")
    return Checkpoint(
        origin,
        read_number(size, rule="TLOG-03", member="size"),
        read_base64(root, rule="TLOG-03", member="root", length=HASH_SIZE),
    )
