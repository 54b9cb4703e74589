"""The parts of a workbook: an archive of XML files (ECMA-376, transitional and strict), taken to be hostile.

Sizes are checked before anything is unpacked; a part is read in pieces; document types, and so entities, are not read.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol
from xml.parsers import expat

from ledger.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_UNPACKED: Final = 256 * 2**20
_MOST_PARTS: Final = 1_000
_PIECE: Final = 2**16
_LONGEST_TOKEN: Final = 2**20  # nothing in a workbook is longer; the parser would read it again with each piece
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What the library raises of damaged parts, of those packed in other ways and of those with a password."""


class Reader(Protocol):
    """What is told of the elements of a part, by their names without namespaces."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""

    def text(self, data: str) -> None:
        """Go on with the text of an element."""

    def end(self, name: str) -> None:
        """End an element."""


class Relation(NamedTuple):
    """What one part says of another: of which sort it is, such as ``worksheet``, and its name."""

    sort: str
    part: str


class Parts:
    """The parts of one workbook."""

    def __init__(self, file: str, data: bytes) -> None:
        """Open a workbook. Raises Malformed: IMP-01 it unpacks to too much, IMP-02 it is damaged."""
        self.file = file
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except _UNREADABLE:
            raise self.damaged("its directory") from None
        infos = self._archive.infolist()
        unpacked = sum(info.file_size for info in infos)
        if len(infos) > _MOST_PARTS or unpacked > MOST_UNPACKED:
            problem = f"unpacks to {len(infos)} parts of {unpacked} bytes, more than {_MOST_PARTS} or {MOST_UNPACKED}"
            raise Malformed("IMP-01", file, problem)
        self._infos = {info.filename.replace("\\", "/").lower(): info for info in infos}

    def damaged(self, part: str) -> Malformed:
        """Return that a part cannot be read."""
        remedy = "open it in a spreadsheet and save it as .xlsx"
        problem = f"is not a workbook that can be read: {part} is missing or damaged; {remedy}"
        return Malformed("IMP-02", self.file, problem)

    def has(self, part: str) -> bool:
        """Say whether there is a part of this name; case does not matter."""
        return part.lower() in self._infos

    def pieces(self, part: str, reader: Reader) -> Iterator[None]:
        """Read a part piece by piece, and tell the reader what is in it.

        Raises Malformed: IMP-02 it is not there, damaged, or not plain XML.
        """
        parser = _parser(reader, self.damaged(part))
        try:
            with self._archive.open(self._infos[part.lower()]) as stream:
                read = 0
                while piece := stream.read(_PIECE):
                    parser.Parse(piece)
                    read += len(piece)
                    if read - parser.CurrentByteIndex > _LONGEST_TOKEN:
                        raise self.damaged(part)
                    yield
                parser.Parse(b"", True)  # noqa: FBT003  it is the end, and has no name
        except (*_UNREADABLE, KeyError, expat.ExpatError):
            raise self.damaged(part) from None

    def read(self, part: str, reader: Reader) -> None:
        """Read a whole part. Raises as ``pieces``."""
        for _ in self.pieces(part, reader):
            pass

    def relations(self, part: str) -> dict[str, Relation]:
        """Return what a part names, by id; "" is the workbook as a whole. Raises as ``pieces``."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        reader = _Relations(folder)
        if self.has(relations):
            self.read(relations, reader)
        return reader.found


class _Relations:
    """The elements of a part of relations."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.found: dict[str, Relation] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            part = posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")
            self.found[attributes.get("Id", "")] = Relation(attributes.get("Type", "").rpartition("/")[2], part)

    def text(self, data: str) -> None:
        pass

    def end(self, name: str) -> None:
        pass


def _parser(reader: Reader, damaged: Malformed) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def start(name: str, attributes: Mapping[str, str]) -> None:
        reader.start(_local(name), {_local(one): value for one, value in attributes.items()})

    def refuse(*_: object) -> None:
        raise damaged

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: reader.end(_local(name))
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def unescaped(text: str) -> str:
    """Return a text of a workbook with the characters that stand in it as ``_x000D_`` (ST_Xstring, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
