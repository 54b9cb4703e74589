"""The inclusion proofs of a bundle in one file: each hash once, and for each entry which of them prove it.

    "vialog-inclusion-proofs/1" newline
    "hashes " number newline
    number lines, each base64(hash) newline          32 bytes each, no two alike, in the order of their first use
    for each entry, by ascending position:
        position *(" " number) newline               its proof: places of hashes above, from 0, the leaf's sibling first

A proof is that of RFC 6962 2.1.1 for the leaf index position - 1 in the tree under the bundle's checkpoint. The last
line is the state entry's. Neighbours share most of their hashes, so a thousand proofs take little more than the
tree's own nodes. Written in one form. Nothing is proven by reading.

>>> text = encode_proofs({1: (bytes(32),), 2: (b"1" * 32,)})
>>> text.splitlines()[0], text.splitlines()[-1]
(b'vialog-inclusion-proofs/1', b'2 1')
>>> decode_proofs(text)[1] == (bytes(32),)
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed, newer_format
from ledger.tlog.proof import MAX_HASHES
from ledger.tlog.tree import HASH_SIZE
from ledger.tlog.wire import read_base64, read_number, write_base64

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADER: Final = "vialog-inclusion-proofs/1"
COUNT: Final = "hashes "
_LINE: Final = 45  # bytes of a hash in base64, and the newline
_MOST: Final = 65_536  # as many as an archive has files, and the state entry's

RULES: Final = {
    "EVD-05": "A bundle's inclusion proofs are written in their one form.",
}


def encode_proofs(proofs: Mapping[int, Sequence[bytes]]) -> bytes:
    """Write the proofs of some positions."""
    places: dict[bytes, int] = {}
    lines = [
        " ".join(map(str, (position, *(places.setdefault(one, len(places)) for one in proofs[position]))))
        for position in sorted(proofs)
    ]
    written = [HEADER, f"{COUNT}{len(places)}", *map(write_base64, places), *lines]
    return "".join(f"{line}\n" for line in written).encode("ascii")


def decode_proofs(data: bytes) -> dict[int, tuple[bytes, ...]]:
    """Return the proofs of a file by their positions, ascending.

    Raises Malformed: EVD-05, not in the one form.
    """
    header, _, rest = data.partition(b"\n")
    counted, _, rest = rest.partition(b"\n")
    if header != HEADER.encode() or not counted.startswith(COUNT.encode()):
        problem, newer = f"does not begin with {HEADER} and the number of hashes", _ascii(header)
        raise Malformed("EVD-05", "$", problem, newer=newer_format(newer, HEADER))
    count = read_number(_ascii(counted.removeprefix(COUNT.encode())), rule="EVD-05", member="hashes")
    if count * _LINE > len(rest):
        raise Malformed("EVD-05", "hashes", "are fewer than it says")
    hashes = _read_hashes(rest[: count * _LINE])
    return _read_proofs(rest[count * _LINE :], hashes)


def _read_hashes(block: bytes) -> list[bytes]:
    """Return the hashes that some lines write: all of one length, no two alike."""
    lines = (block[at : at + _LINE].removesuffix(b"\n") for at in range(0, len(block), _LINE))
    hashes = [
        read_base64(_ascii(line), rule="EVD-05", member=f"hashes[{at}]", length=HASH_SIZE)
        for at, line in enumerate(lines)
    ]
    if len(set(hashes)) != len(hashes):
        raise Malformed("EVD-05", "hashes", "one stands there twice")
    return hashes


def _read_proofs(block: bytes, hashes: Sequence[bytes]) -> dict[int, tuple[bytes, ...]]:
    """Return the proofs that lines write, by ascending position; they use all hashes, each first in its turn."""
    if block.count(b"\n") > _MOST or not block.endswith(b"\n"):
        raise Malformed("EVD-05", "$", f"more than {_MOST} proofs, or none, or no newline at the end")
    proofs, last, used = dict[int, tuple[bytes, ...]](), -1, 0
    for line in block.removesuffix(b"\n").split(b"\n"):
        position, places = _read_places(line)
        for place in places:
            if place > used or place >= len(hashes):
                raise Malformed("EVD-05", f"position {position}", "names a hash that is not there, or out of its turn")
            used = max(used, place + 1)
        if position <= last:
            raise Malformed("EVD-05", f"position {position}", "is not behind the one before it")
        last, proofs[position] = position, tuple(hashes[place] for place in places)
    if used != len(hashes):
        raise Malformed("EVD-05", "hashes", "one is never used")
    return proofs


def _read_places(line: bytes) -> tuple[int, list[int]]:
    if line.count(b" ") > MAX_HASHES:
        raise Malformed("EVD-05", "proof", f"of more than {MAX_HASHES} hashes")
    position, *places = (read_number(_ascii(word), rule="EVD-05", member="proof") for word in line.split(b" "))
    return position, places


def _ascii(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise Malformed("EVD-05", "$", "is not ASCII") from None
