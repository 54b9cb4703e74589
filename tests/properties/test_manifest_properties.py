"""Whatever is in a manifest: either it comes to a plan, or it is malformed; nothing else, and nothing of a library."""

from __future__ import annotations

import datetime
import zipfile
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from api.manifests.amounts import no_decimal
from api.manifests.layout import BUILT_IN
from api.manifests.reading.formats import as_shown, is_of_time, shows_another_amount
from api.manifests.reading.sheets import read_sheet
from api.manifests.statements import Plan, plan_import
from ledger.errors import Malformed
from ledger.reference.units import load_units
from tests.spec.manifests.workbooks import GOODS, HEADERS, SHEET

PARTS: Final = (SHEET, "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels")
CSV: Final = (
    "sep=;\nConsignment;Approval;Line;Label;Quantity;Unit;Lot\n"
    'consignment:C1;approval:A1;1;HC-1;1,5;µL;"a""b"\nconsignment:C1;approval:A1;1;HC-2;1.5;mL;样本\n'
).encode()
PIECES: Final = (
    b'"', b"<", b">", b"&", b"\0", b"1e999", b"-1", b'r="A1"', b't="s"', b't="d"', b"<!DOCTYPE a>", b"[Red]", b";",
    b"\xff", b"\xef\xbb\xbf", b"=", b"'", b"\r", b"NaN", b"<rPh>", b"<t>", b"<f/>", b"<v/>", b"/", b"x" * 2000,
    b"\xe2\x80\x8b", b"e\xcc\x81", b'date1904="1"', b"_x0000_", b"_xD800_", b"%", b'hidden="1"', b"PK\x03\x04",
)  # fmt: skip
EDITS: Final = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 30), st.one_of(st.sampled_from(PIECES), st.binary(max_size=3))),
    min_size=1,
    max_size=4,
)


@cache
def workbook() -> bytes:
    """Return a workbook with formulas, dates, formats, merged cells and two sheets."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADERS)
    for number in range(4):
        sheet.append((*GOODS, f"HC-{number}", 1.5, "mL", "=B2"))
    sheet["G3"] = datetime.date(2026, 3, 1)
    sheet["E4"].number_format = '[Red]#,##0.0"x";(0)'
    sheet.merge_cells("A4:A5")
    book.create_sheet("Two").append([1, 2])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def edited(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for place, removed, added in edits:
        start = int(place * len(data))
        data = data[:start] + added + data[start + removed :]
    return data


def read(name: str, data: bytes) -> Plan | None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            return plan_import(name, read_sheet(path), BUILT_IN, load_units())
        except Malformed:
            return None


@settings(max_examples=300, deadline=None)
@given(EDITS)
def test_a_csv_comes_to_a_plan_or_is_malformed(edits: list[tuple[float, int, bytes]]) -> None:
    read("m.csv", edited(CSV, edits))


@settings(max_examples=200, deadline=None)
@given(EDITS)
def test_an_archive_comes_to_a_plan_or_is_malformed(edits: list[tuple[float, int, bytes]]) -> None:
    read("m.xlsx", edited(workbook(), edits))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PARTS), EDITS)
def test_a_workbook_comes_to_a_plan_or_is_malformed(part: str, edits: list[tuple[float, int, bytes]]) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook())) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, edited(old.read(name), edits) if name == part else old.read(name))
    read("m.xlsx", packed.getvalue())


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20),
    st.text(alphabet='0#?.,%;@E+-"\\[]$_* /GeneralyYmd¥x', max_size=12),
)
def test_any_format_is_understood_or_said_not_to_be(value: Decimal, code: str) -> None:
    as_shown(value, code)
    shows_another_amount(value, code)
    is_of_time(code)


@given(st.text(max_size=30))
def test_any_amount_is_answered(text: str) -> None:
    no_decimal(text)


@given(st.integers(0, 10**14))
def test_a_whole_number_is_shown_as_its_digits(value: int) -> None:
    assert as_shown(Decimal(value), "General") == str(value) == as_shown(Decimal(value), "@")
    assert as_shown(Decimal(value), "0") == str(value)
    assert as_shown(Decimal(value), "#,##0") == f"{value:,}"
