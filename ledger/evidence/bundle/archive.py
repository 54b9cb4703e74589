"""The zip of a bundle in its one form: the same files always make the same bytes, and any tool can unpack them.

Files stand in ascending order of their names, not compressed, one record right after the other, and nothing else
stands before, between or after. Numbers are little-endian; a name is ASCII and has no directory record of its own.

    archive  = *record *listing ending
    record   = 50 4b 03 04, u16 10, u16 0, u16 0, u16 0, u16 33, u32 crc, u32 size, u32 size, u16 len(name), u16 0,
               name, data
    listing  = 50 4b 01 02, u16 788, u16 10, u16 0, u16 0, u16 0, u16 33, u32 crc, u32 size, u32 size, u16 len(name),
               u16 0, u16 0, u16 0, u16 0, u32 2175008768, u32 offset of the record, name
    ending   = 50 4b 05 06, u16 0, u16 0, u16 files, u16 files, u32 bytes of all listings, u32 offset of the first,
               u16 0

    10 is the version that unpacks it, 33 the day 1980-01-01, 788 "made on Unix", 2175008768 an ordinary file that its
    owner writes and all may read; crc is the CRC-32 of the data.

To read: take records from the front while the signature is a record's, write the archive of what was found piece by
piece, and compare. So two readers cannot see different files in one archive, and nothing can be hidden in it. At most
65,535 files and 256 MiB. What the files are is not known here. No I/O.

>>> dict(read_archive(write_archive({"b": b"2", "a": b"1"})))
{'a': b'1', 'b': b'2'}
>>> len(write_archive({}))
22
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from ledger.errors import Malformed

MAX_ARCHIVE: Final = 1 << 28
MAX_FILES: Final = 65_535

RULES: Final = {
    "EVD-01": "A bundle is a zip in its one form: sorted names, nothing compressed, nothing between, at most 256 MiB.",
}

_RECORD: Final = struct.Struct("<4s5H3I2H")
_LISTING: Final = struct.Struct("<4s6H3I5H2I")
_ENDING: Final = struct.Struct("<4s4H2IH")
_VERSION: Final = 10
_DAY: Final = 33
_MADE_BY: Final = 788
_ORDINARY: Final = 0o100644 << 16
_PACKED_ANEW: Final = "it was packed anew, compressed or in another way: ask for the file as it was made"
_NAME: Final = re.compile(r"[!-~]{1,200}\Z")


class Archive(Mapping[str, bytes]):
    """The files of an archive by their names, ascending; each is cut out when it is asked for, and none held twice."""

    def __init__(self, data: bytes, places: Mapping[str, slice]) -> None:
        """Take the bytes of an archive, and where in them the content of each file stands."""
        self._data = data
        self._places = places

    def __getitem__(self, name: str) -> bytes:
        """Return a file's content."""
        return self._data[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return how many files there are."""
        return len(self._places)

    def beginning(self, name: str, most: int) -> bytes:
        """Return the first bytes of a file, at most so many; none of a file that is not there."""
        place = self._places.get(name, slice(0, 0))
        return self._data[place.start : min(place.start + most, place.stop)]

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Yield each name with the number of the file's bytes."""
        return ((name, place.stop - place.start) for name, place in self._places.items())


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of some files by their names.

    Raises Malformed: EVD-01, a name is not printable ASCII, or there is too much.
    """
    return b"".join(list(_pieces(files)))


def _pieces(files: Mapping[str, bytes] | Mapping[str, memoryview]) -> Iterator[bytes | memoryview]:
    """Yield what an archive consists of, piece by piece; raises as write_archive."""
    if len(files) > MAX_FILES or not all(_NAME.match(name) for name in files):
        raise Malformed("EVD-01", "$", f"more than {MAX_FILES} files, or a name that is not printable ASCII")
    listings, at = list[bytes](), 0
    for name in sorted(files):
        data, written = files[name], name.encode("ascii")
        crc, size = zlib.crc32(data), len(data)
        head = _RECORD.pack(b"PK\3\4", _VERSION, 0, 0, 0, _DAY, crc, size, size, len(written), 0)
        yield from (head, written, data)
        listings += (
            _LISTING.pack(
                *(b"PK\1\2", _MADE_BY, _VERSION, 0, 0, 0, _DAY, crc, size, size, len(written)),
                *(0, 0, 0, 0, _ORDINARY, at),
            ),
            written,
        )
        at += len(head) + len(written) + size
    listed = b"".join(listings)
    if at + len(listed) + _ENDING.size > MAX_ARCHIVE:
        raise Malformed("EVD-01", "$", f"larger than {MAX_ARCHIVE} bytes")
    yield listed
    yield _ENDING.pack(b"PK\5\6", 0, 0, len(files), len(files), len(listed), at, 0)


def read_archive(data: bytes) -> Archive:
    """Return the files of an archive by their names, in ascending order.

    Raises Malformed: EVD-01, not the one form of its files.
    """
    if len(data) > MAX_ARCHIVE:
        raise Malformed("EVD-01", "$", f"larger than {MAX_ARCHIVE} bytes")
    view, places = memoryview(data), _places(data)
    at = 0
    for piece in _pieces({name: view[place] for name, place in places.items()}):
        if view[at : at + len(piece)] != piece:
            break
        at += len(piece)
    else:
        if at == len(data):
            return Archive(data, places)
    raise Malformed("EVD-01", "$", "not a zip in the one form: sorted names, nothing compressed, nothing between")


def _places(data: bytes) -> dict[str, slice]:
    """Return where the content of each record stands, from the front on until one is out of order or one too many."""
    view, places, at = memoryview(data), dict[str, slice](), 0
    while data[at : at + 4] == b"PK\3\4" and at + _RECORD.size <= len(data) and len(places) <= MAX_FILES:
        _, _, flags, method, _, _, crc, _, size, name_length, _ = _RECORD.unpack_from(data, at)
        start = at + _RECORD.size
        begin, at = start + name_length, start + name_length + size
        name = data[start:begin].decode("ascii", errors="replace")
        if places and name <= next(reversed(places)):
            break
        if flags or method:
            raise Malformed("EVD-01", ascii(name), _PACKED_ANEW)
        if zlib.crc32(view[begin:at]) != crc:
            raise Malformed("EVD-01", ascii(name), "its bytes are not those of its check sum")
        places[name] = slice(begin, min(at, len(data)))
    return places
