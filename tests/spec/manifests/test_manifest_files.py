"""Manifests as files: what they are whatever they are called, their encoding, their separator, their header."""

from __future__ import annotations

import gzip
import os
import threading
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Final

import pytest

from api.manifests.layout import BUILT_IN
from api.manifests.problems import spans
from api.manifests.reading.contents import is_workbook
from api.manifests.reading.encodings import Encoding, likely_encoding
from api.manifests.reading.sheets import read_manifest, read_sheet
from api.manifests.statements import plan_import
from ledger.errors import Malformed
from ledger.reference.units import load_units
from tests.spec.manifests.workbooks import HEADERS, csv_of, labels, planned, said, written

if TYPE_CHECKING:
    from pathlib import Path

OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
HEADER: Final = ",".join(HEADERS[:6])
ROW: Final = "consignment:C1,approval:A1,1,HC-1,1.5,mL"


def refused(folder: Path, data: bytes, name: str = "m.csv", header: int = 1) -> str:
    (folder / name).write_bytes(data)
    with pytest.raises(Malformed) as caught:
        read_sheet(folder / name, header=header)
    return str(caught.value)


def archive(**parts: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, data in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return packed.getvalue()


def locked(data: bytes) -> bytes:
    """Return an archive that says of its parts that a password opens them."""
    entry = data.index(b"PK\x01\x02")
    return data[: entry + 8] + b"\x01" + data[entry + 9 :]


@pytest.mark.rule("IMP-02")
@pytest.mark.parametrize("name", ["m.csv", "m.xlsx", "m.xls", "m"])
@pytest.mark.parametrize(
    ("data", "what"),
    [
        pytest.param(b"", "is empty", id="nothing"),
        pytest.param(b"<html><body><table><tr><td>Label", "is a web page (HTML)", id="HTML"),
        pytest.param(b"\xef\xbb\xbf\r\n <!-- made --><TABLE>", "is a web page (HTML)", id="HTML below a mark"),
        pytest.param(b"<?xml version='1.0'?><Workbook/>", "is XML", id="XML of 2003"),
        pytest.param(b"MIME-Version: 1.0\r\n", "is a web page in a mail's form (MHTML)", id="MHTML"),
        pytest.param(b"%PDF-1.7\n", "is a PDF document", id="PDF"),
        pytest.param(b"{\\rtf1", "is a text document (RTF)", id="RTF"),
        pytest.param(b"\x89PNG\r\n", "is a picture (PNG)", id="PNG"),
        pytest.param(gzip.compress(b"Label"), "is packed (gzip)", id="gzip"),
        pytest.param(OLE, "is protected by a password or of an old form (.xls)", id="OLE"),
        pytest.param(OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password:", id="password"),
        pytest.param(OLE + "Workbook".encode("utf-16-le"), "is a workbook of an old form (.xls)", id="xls"),
        pytest.param(
            archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "is an OpenDocument", id="ods"
        ),
        pytest.param(archive(xl__workbook_dot_bin=b""), "is a workbook of the binary form (.xlsb)", id="xlsb"),
        pytest.param(archive(word__document=b""), "is a text document (.docx)", id="docx"),
        pytest.param(archive(Index__Document_dot_iwa=b""), "is a spreadsheet of Apple Numbers", id="Numbers"),
        pytest.param(archive(list_dot_csv=b"Label"), "is an archive (zip), and no workbook", id="zip"),
        pytest.param(locked(archive(xl__workbook=b"")), "is protected by a password", id="zip with a password"),
        pytest.param(b"PK\x03\x04" + bytes(50), "is a damaged workbook or archive", id="half a zip"),
    ],
)
def test_a_file_is_named_by_what_is_in_it_whatever_it_is_called(
    tmp_path: Path, name: str, data: bytes, what: str
) -> None:
    assert refused(tmp_path, data, name).startswith(f"IMP-02: {name}: {what}")


@pytest.mark.rule("IMP-02")
def test_a_workbook_is_called_one_and_csv_is_not(tmp_path: Path) -> None:
    data = written(tmp_path, ("HC-1", 1, "vial")).read_bytes()
    assert refused(tmp_path, data, "list.csv") == (
        "IMP-02: list.csv: is a workbook, though its name says otherwise: name it .xlsx"
    )
    assert refused(tmp_path, f"{HEADER}\n{ROW}\n".encode(), "list.xlsx").startswith(
        "IMP-02: list.xlsx: is not a workbook, though its name says so: if it is CSV, name it .csv"
    )
    assert is_workbook("LIST.XLSX", data)


@pytest.mark.parametrize("text", ["<LOD,1", "<5 mL", "{", "PK", "%"])
def test_text_that_only_begins_like_something_else_is_csv(text: str) -> None:
    assert not is_workbook("m.csv", text.encode())


@pytest.mark.rule("IMP-02")
@pytest.mark.parametrize(
    ("encoding", "said_of_it"),
    [
        ("utf-16", ": is not UTF-8 but UTF-16; "),
        ("utf-16-le", ": is not UTF-8 (it looks like UTF-16); "),
        ("utf-16-be", ": is not UTF-8 (it looks like UTF-16); "),
        ("utf-32", ": is not UTF-8 but UTF-32; "),
    ],
)
def test_another_encoding_is_named(tmp_path: Path, encoding: str, said_of_it: str) -> None:
    data = f"{HEADER}\n{ROW.replace('HC-1', '样本一号')}\n".encode(encoding)
    assert refused(tmp_path, data) == f"IMP-02: m.csv{said_of_it}save the file as CSV UTF-8, or as XLSX"


@pytest.mark.rule("IMP-02")
@pytest.mark.parametrize(("label", "encoding"), [("樣本一號", "big5"), ("喆一号", "gb18030"), ("样本㈱", "gb18030")])
def test_what_may_be_another_chinese_encoding_is_not_read_unasked(tmp_path: Path, label: str, encoding: str) -> None:
    data = f"{HEADER}\n{ROW.replace('HC-1', label)}\n".encode(encoding)
    assert refused(tmp_path, data).endswith("; save the file as CSV UTF-8, or as XLSX")


@pytest.mark.parametrize("encoding", ["gb18030", "gbk"])
def test_chinese_as_spreadsheets_in_china_save_it_is_read_and_said_to_be_that(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(f"{HEADER}\r\n{ROW.replace('HC-1', '样本一号')}\r\n".encode(encoding))
    read = read_manifest(path)
    assert read.encoding is Encoding.GB18030
    assert [row.cells[3] for row in read.sheet().rows] == ["样本一号"]


@pytest.mark.rule("IMP-02")
@pytest.mark.parametrize("text", ["500,µL", "Röhrchen 1,mL", "é,mL"])
def test_an_encoding_of_europe_is_not_taken_for_chinese(tmp_path: Path, text: str) -> None:
    data = f"{HEADER}\r{ROW}\rconsignment:C1,approval:A1,1,HC-2,{text}\r".encode("cp1252")
    assert "m.csv line 3: is not UTF-8 (it looks like Windows-1252 or another" in refused(tmp_path, data)


@pytest.mark.rule("IMP-02")
def test_a_byte_0_is_named_by_its_line(tmp_path: Path) -> None:
    data = f"{HEADER}\n{ROW}\n{ROW.replace('HC-1', 'HC' + chr(0))}\n".encode()
    assert refused(tmp_path, data) == "IMP-02: m.csv line 3: holds a byte 0, so it is damaged or no text"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_header_decides_the_separator_whatever_stands_above(
    tmp_path: Path, separator: str, end: str, mark: str
) -> None:
    lines = ["A list, of, the clinic; as it is", f'"A quote that; never, ends{separator * 20}', HEADER, ROW]
    text = end.join([*lines[:2], *(line.replace(",", separator) for line in lines[2:]), ""])
    (tmp_path / "m.csv").write_bytes(f"{mark}{text}".encode())
    plan = plan_import("m.csv", read_sheet(tmp_path / "m.csv", header=3), BUILT_IN, load_units())
    assert (said(plan), labels(plan), plan.statements[0].lines) == ([], ["HC-1"], (4,))


def test_separators_within_quotes_do_not_decide(tmp_path: Path) -> None:
    header = '"Note, with, some,\n,,,,,, commas";Consignment;Approval;Line;Label'
    (tmp_path / "m.csv").write_text(f"{header}\n;consignment:C1;approval:A1;1;HC-1\n", encoding="utf-8")
    assert labels(planned(tmp_path / "m.csv")) == ["HC-1"]


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "\ufeffsep=;"])
def test_a_first_line_that_says_the_separator_is_no_line_of_the_table(tmp_path: Path, first: str) -> None:
    (tmp_path / "m.csv").write_bytes(f"{first}\r\n{HEADER}\r\n{ROW}\r\n".replace(",", ";").encode())
    plan = planned(tmp_path / "m.csv")
    assert (said(plan), labels(plan), plan.statements[0].lines) == ([], ["HC-1"], (3,))


@pytest.mark.parametrize(("word", "separator"), [("|", "|"), ("\t", "\t")])
def test_a_separator_that_is_said_need_not_be_one_that_is_looked_for(tmp_path: Path, word: str, separator: str) -> None:
    (tmp_path / "m.csv").write_text(f"sep={word}\n{HEADER}\n{ROW}\n".replace(",", separator), encoding="utf-8")
    assert labels(planned(tmp_path / "m.csv")) == ["HC-1"]


@pytest.mark.rule("IMP-02")
def test_a_separator_that_is_none_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, f"sep=a\n{HEADER}\n".encode()).startswith("IMP-02: m.csv line 1: says a separator")


@pytest.mark.rule("IMP-14")
@pytest.mark.parametrize("below", ["", "\n\n", ",,,,,\n", "  ,\n"])
def test_a_manifest_of_nothing_is_refused(tmp_path: Path, below: str) -> None:
    data = f"{HEADER}\n{below}".encode()
    assert refused(tmp_path, data) == "IMP-14: m.csv: no rows stand below the header in line 1"


@pytest.mark.rule("IMP-03")
@pytest.mark.parametrize("header", [",".join(HEADERS), ",".join(HEADERS).upper(), "\ufeff" + ",".join(HEADERS)])
def test_a_header_that_comes_again_is_no_row(tmp_path: Path, header: str) -> None:
    path = csv_of(tmp_path, "HC-1,1,vial")
    path.write_text(f"{path.read_text()}{header}\nconsignment:C1,approval:A1,1,HC-2,1,vial\n", encoding="utf-8")
    plan = planned(path)
    assert (said(plan), labels(plan)) == (["line 3: repeats the header: delete the line"], ["HC-1", "HC-2"])


@pytest.mark.parametrize(
    "header",
    [
        "consignment,APPROVAL,Line,label",
        " Consignment ,Approval\u00a0,Line,Label",
        '"Consignment","Approval","Line\n","Label"',
        "\ufeffConsignment,Approval,Line,Label",
    ],
)
def test_headers_are_compared_without_case_and_blanks(tmp_path: Path, header: str) -> None:
    (tmp_path / "m.csv").write_text(f"{header}\nconsignment:C1,approval:A1,1,HC-1\n", encoding="utf-8")
    assert labels(planned(tmp_path / "m.csv")) == ["HC-1"]


def test_no_terminal_obeys_what_is_in_a_header(tmp_path: Path) -> None:
    header = f"{','.join(HEADERS)},\x1b[31mNote\u200b"
    assert planned(csv_of(tmp_path, "HC-1,1,vial", header=header)).unused == ("\\u001b[31mNote\\u200b",)


@pytest.mark.rule("IMP-06")
def test_a_manifest_with_no_header_that_is_known_is_told_which_ones_would_be(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("Tube,Amount\nHC-1,1\n", encoding="utf-8")
    with pytest.raises(Malformed) as caught:
        planned(tmp_path / "m.csv")
    assert str(caught.value) == (
        "IMP-06: m.csv: has none of the columns that are known without a mapping: consignment, approval, line, item, "
        "label, quantity, unit, lot, type, collected on, collected until, donor, donor origin, storage, thaws; its "
        "line 1 names Tube, Amount"
    )


@pytest.mark.rule("IMP-06")
def test_a_column_that_each_row_needs_is_asked_for_once_and_may_be_said_for_all(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("Consignment,Approval,Tube\nconsignment:C1,approval:A1,HC-1\n", encoding="utf-8")
    with pytest.raises(Malformed) as caught:
        planned(tmp_path / "m.csv")
    assert str(caught.value) == (
        'IMP-06: m.csv: has no column "line", "label", and each row needs one; its line 1 names Consignment, Approval, '
        "Tube"
    )
    (tmp_path / "m.csv").write_text("Label\nHC-1\n", encoding="utf-8")
    fixed = BUILT_IN.with_constants({"consignment": "consignment:C1", "approval": "approval:A1", "line": "1"})
    plan = plan_import("m.csv", read_sheet(tmp_path / "m.csv"), fixed, load_units())
    assert (said(plan), labels(plan)) == ([], ["HC-1"])


@pytest.mark.rule("IMP-05")
@pytest.mark.parametrize(("member", "value"), [("consignment", "C1"), ("line", "0"), ("line", "one")])
def test_what_is_said_for_all_rows_is_checked_once(tmp_path: Path, member: str, value: str) -> None:
    with pytest.raises(Malformed, match=f'IMP-05: {member}: "?{value}"? '):
        plan_import(
            "m.csv",
            read_sheet(csv_of(tmp_path, "HC-1,1,vial", "HC-2,1,vial")),
            BUILT_IN.with_constants({member: value}),
            load_units(),
        )


@pytest.mark.rule("IMP-02")
@pytest.mark.parametrize("text", ['HC-1,"1', '"HC"-1,1', '"HC-1"" ,1'])
def test_what_is_no_csv_is_told_how_quotes_are_written(tmp_path: Path, text: str) -> None:
    data = f"{HEADER}\nconsignment:C1,approval:A1,1,{text},mL\n".encode()
    assert refused(tmp_path, data) == (
        "IMP-02: m.csv line 2: is not CSV: a quoted text is not closed, or goes on behind its closing quote: "
        "a quote in a text is written twice"
    )


def test_quotes_in_a_quoted_text_are_written_twice(tmp_path: Path) -> None:
    assert labels(planned(csv_of(tmp_path, '"5"" rack, 1",1,vial'))) == ['5" rack, 1']


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "m.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(f"{HEADER}\n{ROW}\n".encode(),))
    writer.start()
    plan = planned(pipe)
    writer.join()
    assert labels(plan) == ["HC-1"]


@pytest.mark.rule("IMP-01")
def test_a_file_that_never_ends_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    with pytest.raises(Malformed, match=r"IMP-01: zero\.csv: has more than 33554432 bytes"):
        read_sheet(tmp_path / "zero.csv")


@pytest.mark.parametrize(
    ("lines", "written_so"),
    [((3,), "line 3"), ((5, 3, 4), "lines 3 to 5"), ((3, 4, 9, 9), "lines 3 to 4, 9"), ((1, 3), "lines 1, 3")],
)
def test_lines_that_follow_each_other_are_written_as_one_span(lines: tuple[int, ...], written_so: str) -> None:
    assert spans(lines) == written_so


def test_at_most_20_spans_are_written() -> None:
    assert spans(range(1, 60, 2)).endswith(", 37, 39 and 10 more")


@pytest.mark.parametrize(
    ("text", "codec", "encoding"),
    [
        ("item,place\nHC-1,柜1\n", "gb18030", Encoding.GB18030),
        ("item,place\nHC-1,第二个柜子\n", "gb18030", Encoding.GB18030),
        ("item,kept\nHC-1,5°C\n", "cp1252", Encoding.WINDOWS_1252),
        ("item,place\nHC-1,Müllers Kühlschrank\n", "cp1252", Encoding.WINDOWS_1252),
    ],
)
def test_one_chinese_character_tells_the_encoding_of_a_chinese_spreadsheet(
    text: str, codec: str, encoding: Encoding
) -> None:
    assert likely_encoding(text.encode(codec)) is encoding
