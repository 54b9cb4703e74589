"""The inclusion proofs of a bundle in one file: each hash once, and for each entry which of them prove it.

    "vialog-inclusion-proofs/1" newline
    "hashes " number newline
    number lines, each base64(hash) newline          32 bytes each, no two alike, in the order of their first use
    for each entry, by ascending position:
        position *(" " number) newline               its proof: places of hashes above, from 0, the leaf's sibling first

A proof is that of RFC 6962 2.1.1 for the leaf index position - 1 in the tree under the bundle's checkpoint. The last
line is the state entry's. Neighbours share most of their hashes, so a thousand proofs take little more than the
tree's own nodes. Written in one form: read, written again and compared. Nothing is proven by reading.

>>> text = encode_proofs({1: (bytes(32),), 2: (b"1" * 32,)})
>>> text.splitlines()[0], text.splitlines()[-1]
(b'vialog-inclusion-proofs/1', b'2 1')
>>> decode_proofs(text)[1] == (bytes(32),)
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed, newer_format
from ledger.tlog.tree import HASH_SIZE
from ledger.tlog.wire import read_base64, read_number, write_base64

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADER: Final = "vialog-inclusion-proofs/1"
COUNT: Final = "hashes "

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
    try:
        header, counted, *lines = data.decode("ascii").split("\n")
    except ValueError:
        raise Malformed("EVD-05", "$", "is not ASCII of at least two lines") from None
    if header != HEADER or not counted.startswith(COUNT):
        problem = f"does not begin with {HEADER} and the number of hashes"
        raise Malformed("EVD-05", "$", problem, newer=newer_format(header, HEADER))
    count = read_number(counted.removeprefix(COUNT), rule="EVD-05", member="hashes")
    hashes = [
        read_base64(line, rule="EVD-05", member=f"hashes[{at}]", length=HASH_SIZE)
        for at, line in enumerate(lines[:count])
    ]
    proofs = dict(_proof(line, hashes) for line in lines[count:-1])
    if encode_proofs(proofs) != data:
        raise Malformed("EVD-05", "$", "is not written in its one form: order, hashes twice or never used")
    return proofs


def _proof(line: str, hashes: Sequence[bytes]) -> tuple[int, tuple[bytes, ...]]:
    position, *places = (read_number(word, rule="EVD-05", member="proof") for word in line.split(" "))
    if any(place >= len(hashes) for place in places):
        raise Malformed("EVD-05", f"position {position}", "names a hash that is not there")
    return position, tuple(hashes[place] for place in places)
