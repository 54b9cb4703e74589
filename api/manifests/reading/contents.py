"""What a file is by what is in it, whatever its name ends in; and that what it is and what it is called agree."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Final

from ledger.errors import Malformed

_XLSX: Final = (".xlsx", ".xlsm")
_AS_XLSX: Final = "save it as a workbook (.xlsx)"
_MARKS: Final = (
    (b"%PDF-", "is a PDF document: take the table over into a workbook (.xlsx) or CSV"),
    (b"{\\rtf", "is a text document (RTF): take the table over into a workbook (.xlsx) or CSV"),
    (b"\x89PNG", "is a picture (PNG), and no table can be read from it"),
    (b"\xff\xd8\xff", "is a picture (JPEG), and no table can be read from it"),
    (b"GIF8", "is a picture (GIF), and no table can be read from it"),
    (b"\x1f\x8b", "is packed (gzip): unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "is packed (7z): unpack it first"),
    (b"Rar!", "is packed (RAR): unpack it first"),
    (b"SQLite format 3\0", "is a database (SQLite), and no table"),
    (b"\x09\x00\x04\x00", f"is a workbook of an old form (.xls): {_AS_XLSX}"),
    (b"\x09\x02\x06\x00", f"is a workbook of an old form (.xls): {_AS_XLSX}"),
    (b"\x09\x04\x06\x00", f"is a workbook of an old form (.xls): {_AS_XLSX}"),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP: Final = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?P<name>\??!?[A-Za-z][\w:.-]*)", re.DOTALL)
_MAIL: Final = re.compile(rb"\s*MIME-Version:", re.IGNORECASE)


def is_workbook(file: str, data: bytes) -> bool:
    """Say whether a manifest is a workbook or, if not, text that may be CSV.

    Raises Malformed: IMP-02 it is something else, or not what its name says.
    """
    if not data:
        raise Malformed("IMP-02", file, "is empty")
    named = file.lower().endswith(_XLSX)
    problem = _of_ole(data) or _of_marks(data) or _of_markup(data)
    if problem is not None:
        raise Malformed("IMP-02", file, problem)
    if data[:4] in {b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"}:
        _check_archive(file, data)
        if not named:
            raise Malformed("IMP-02", file, "is a workbook, though its name says otherwise: name it .xlsx")
        return True
    if named:
        problem = "is not a workbook, though its name says so: if it is CSV, name it .csv; or save it anew as .xlsx"
        raise Malformed("IMP-02", file, problem)
    return False


def _of_marks(data: bytes) -> str | None:
    return next((problem for mark, problem in _MARKS if data.startswith(mark)), None)


def _of_ole(data: bytes) -> str | None:
    if not data.startswith(_OLE):
        return None
    if _utf_16("EncryptedPackage") in data:
        return "is protected by a password: save it without one"
    if _utf_16("WordDocument") in data:
        return f"is a text document of an old form (.doc): {_AS_XLSX}"
    if _utf_16("Workbook") in data or _utf_16("Book") in data:
        return f"is a workbook of an old form (.xls): {_AS_XLSX}"
    return "is protected by a password or of an old form (.xls): save it without a password as .xlsx"


def _utf_16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _of_markup(data: bytes) -> str | None:
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if _MAIL.match(head):
        return f"is a web page in a mail's form (MHTML): open it in a spreadsheet and {_AS_XLSX}"
    found = _MARKUP.match(head)
    if found is None:
        return None
    name = found["name"].lower()
    if name in {b"!doctype", b"html", b"head", b"body", b"table", b"meta", b"style", b"div", b"script", b"tr"}:
        return f"is a web page (HTML), whatever its name says: open it in a spreadsheet and {_AS_XLSX}"
    if name == b"?xml" or b"xmlns" in head:
        return f"is XML: open it in a spreadsheet and {_AS_XLSX}"
    return None


def _check_archive(file: str, data: bytes) -> None:
    """Raise Malformed unless an archive is one with a workbook of the one form in it."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()}
            locked = any(part.flag_bits & 1 for part in archive.infolist())
            kind = (
                archive.read("mimetype")[:100]
                if "mimetype" in names and not locked and _small(archive, "mimetype")
                else b""
            )
    except (zipfile.BadZipFile, OSError, KeyError, NotImplementedError, RuntimeError, ValueError, EOFError):
        raise Malformed("IMP-02", file, "is a damaged workbook or archive: get it anew") from None
    problem = "is protected by a password: save it without one" if locked else _of_archive(names, kind)
    if problem is not None:
        raise Malformed("IMP-02", file, problem)


def _small(archive: zipfile.ZipFile, name: str) -> bool:
    return archive.getinfo(name).file_size < 1_000


def _of_archive(names: set[str], kind: bytes) -> str | None:
    if b"spreadsheet" in kind:
        return f"is an OpenDocument spreadsheet (.ods): {_AS_XLSX}"
    if b"opendocument" in kind:
        return f"is an OpenDocument file, and no spreadsheet: {_AS_XLSX}"
    if "encryptioninfo" in names:
        return "is protected by a password: save it without one"
    if "xl/workbook.bin" in names:
        return f"is a workbook of the binary form (.xlsb): {_AS_XLSX}"
    if any(name.startswith("word/") for name in names):
        return "is a text document (.docx): take the table over into a workbook (.xlsx) or CSV"
    if any(name.startswith("ppt/") for name in names):
        return "is a presentation (.pptx): take the table over into a workbook (.xlsx) or CSV"
    if any(name.endswith(".iwa") for name in names):
        return f"is a spreadsheet of Apple Numbers: {_AS_XLSX}"
    if "[content_types].xml" not in names and "_rels/.rels" not in names:
        return "is an archive (zip), and no workbook: unpack it first"
    return None
