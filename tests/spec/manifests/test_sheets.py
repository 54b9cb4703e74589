"""Answers as tables for other programs: numbers and times stay usable, and no text becomes a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from api.asking.cells import columns_of
from api.asking.sheets import cells, guarded, heads, write_csv, written
from api.asking.workbook import is_exact, workbook
from ledger.domain.states.subjects import ItemStatus
from ledger.ids import ItemId, Tag
from ledger.words.table import Language
from projections.asked.entry.lines import BalanceRow
from projections.asked.goods.goods import WhereRow
from projections.asked.question import Amount, Celsius, Why, Word
from projections.asked.table import QUESTIONS

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
MIDNIGHT = datetime.combine(date(2026, 9, 1), datetime.min.time())
BLANKS = (*" \t\u3000\u00a0\u2003\u200b\ufeff\u202e\x00\x0b\x85", " \u3000\u00a0 ")
HOSTILE = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "\n=1"),
    *(f"{sign}1+1" for sign in "＝＋－＠−"),
    *(f"{blank}{sign}1" for blank in BLANKS for sign in "=+-@＝"),
)
LABELS = {ItemId("item:T-1"): "=cmd|' /C calc'!A0"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_begins_as_a_formula_is_guarded(text: str) -> None:
    assert guarded(text) == written(text) == f"'{text}"


@pytest.mark.parametrize("text", ["PL-001", "", "1+1", "a=b", "2026-09-01", " A-1", "\u3000甲＝乙"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert written(text) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Decimal("-0.5"), "-0.5"),
        (Decimal(100), "100"),
        (-3, "-3"),
        (True, "true"),
        (None, ""),
        (NOON, "2026-09-01T12:00:00.000000Z"),
        (date(2026, 9, 1), "2026-09-01"),
    ],
)
def test_numbers_and_times_are_written_as_such(cell: Decimal | int | datetime | date | None, text: str) -> None:
    assert written(cell) == text


def where(place: str) -> WhereRow:
    return WhereRow(ItemId("item:T-1"), Word("then"), ItemStatus.RECEIVED, None, place, None, Why(position=7, at=NOON))


def table(place: str) -> tuple[list[str], list[list[object]]]:
    question = QUESTIONS["whereabouts"]
    row = cells(question, where(place), lambda tag: LABELS.get(ItemId(tag)))
    return heads(question, Language.ENGLISH), [list(row)]


def test_an_id_has_what_people_call_it_in_a_column_of_its_own_and_every_cell_a_head() -> None:
    head, (row,) = table("F1/A1")
    assert head[:2] == ["item", "item (name)"]
    assert row[:2] == ["item:T-1", LABELS[ItemId("item:T-1")]]
    assert len(head) == len(row)


def test_a_hostile_label_and_a_hostile_position_are_texts_in_csv() -> None:
    file = io.StringIO()
    head, lines = table("@F1")
    write_csv(file, head, lines)  # type: ignore[arg-type]  # the cells of one row
    assert ""","'=cmd|' /C calc'!A0",""" in file.getvalue()
    assert ""","'@F1",""" in file.getvalue()


@pytest.mark.parametrize("place", [*HOSTILE, "F1;=1+1", "F1\t=1+1", 'F1",=1+1'])
def test_every_cell_of_csv_is_quoted_and_none_begins_as_a_formula(place: str) -> None:
    file = io.StringIO(newline="")
    head, lines = table(place)
    write_csv(file, head, lines)  # type: ignore[arg-type]  # the cells of one row
    assert all(line.startswith('"') and line.endswith('"') for line in file.getvalue().split("\r\n")[:1])
    first, row = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert len(first) == len(row)
    assert guarded(place) in row
    assert not [cell for cell in row if cell.lstrip().startswith(tuple("=+@＝＋＠−"))]


def test_a_day_that_no_spreadsheet_has_and_a_number_too_long_for_it_are_texts_in_a_workbook() -> None:
    early, late = date(1899, 12, 31), date(1900, 3, 1)
    lines = [[early, datetime(1899, 12, 31, 23, tzinfo=UTC), date(1, 1, 1), 10**15 + 1, late, date(9999, 12, 31)]]
    made = workbook([], lines, [], NOON)  # type: ignore[arg-type]  # cells of several types
    (row,) = openpyxl.load_workbook(io.BytesIO(made))["answer"].iter_rows(min_row=2, values_only=True)
    assert row[:4] == ("1899-12-31", "1899-12-31T23:00:00.000000Z", "0001-01-01", "1000000000000001")
    assert row[4:] == (datetime(1900, 3, 1), datetime(9999, 12, 31))  # noqa: DTZ001  a spreadsheet has no zones


def test_a_hostile_label_is_a_text_in_a_workbook_and_a_number_a_number() -> None:
    head, lines = table("=2*3")
    made = workbook(head, [*lines, [Decimal("0.5"), date(2026, 9, 1), NOON, 7, True]], [("rules", "=1")], NOON)  # type: ignore[list-item]
    book = openpyxl.load_workbook(io.BytesIO(made))
    first, second = list(book["answer"].iter_rows(min_row=2))
    assert (first[1].value, first[1].data_type) == (LABELS[ItemId("item:T-1")], "s")
    assert first[1].quotePrefix
    assert [one.data_type for one in first if str(one.value).startswith("=")] == ["s", "s"]
    assert [one.value for one in second[:5]] == [0.5, MIDNIGHT, NOON.replace(tzinfo=None), 7, True]
    assert book["about"]["B1"].data_type == "s"


def test_the_same_answer_makes_the_same_workbook() -> None:
    head, lines = table("F1/A1")
    assert workbook(head, lines, [], NOON) == workbook(head, lines, [], NOON)  # type: ignore[arg-type]


def test_a_number_that_a_spreadsheet_would_round_stays_a_text() -> None:
    assert is_exact(Decimal("123456789.012345"))
    assert not is_exact(Decimal("1234567890.0123456"))


def test_an_amount_that_no_decimal_writes_stays_a_fraction() -> None:
    names = [one.name for one in columns_of(BalanceRow)]
    values = dict.fromkeys(names, Amount("1/3")) | {"line": 1, "product": "Plasma", "unit": "mL"}
    row = BalanceRow(**values, why=Why())  # type: ignore[arg-type]  # all others are amounts
    made = cells(QUESTIONS["balance"], replace(row, used=Amount("0.25")), lambda _: None)
    told = dict(zip(names, made, strict=False))
    assert (told["listed"], told["used"]) == ("1/3", Decimal("0.25"))


def test_a_temperature_below_zero_is_a_number_and_no_formula() -> None:
    question = QUESTIONS["excursions"]
    values = dict.fromkeys((one.name for one in columns_of(question.row)), None) | {"lowest": Celsius("-71.5")}
    line = [written(one) for one in cells(question, question.row(**values, why=Why()), lambda _: None)]
    told = dict(zip(heads(question, Language.CHINESE), line, strict=True))
    assert (told["最低（℃）"], told["最高（℃）"]) == ("-71.5", "")


def test_a_subject_without_a_name_has_an_empty_cell() -> None:
    row = list(cells(QUESTIONS["whereabouts"], where("A1"), lambda _: None))
    assert row[1] is None
    assert Tag("item:T-1") == row[0]
