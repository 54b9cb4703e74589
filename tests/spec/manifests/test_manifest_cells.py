"""The cells of a manifest: each a value as printed on the tube, or one problem with the value and what to do."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from tests.spec.manifests.workbooks import changed, csv_of, labels, planned, said, values, written

if TYPE_CHECKING:
    from pathlib import Path

ANEW = "format the cell as text, and enter anew what is printed"
PLAIN = "format the cell as a plain number, and enter anew what is meant"
NO_RESULT = "is a formula without a stored result: open the file in a spreadsheet, save it, and import it again"


@pytest.mark.rule("IMP-10")
def test_a_formula_without_a_stored_result_is_a_problem_of_its_cell(tmp_path: Path) -> None:
    plan = planned(written(tmp_path, ("HC-1", "=3*0.5", '="mL"', '="B"&7'), ("HC-2", 1, "vial")))
    assert said(plan) == [f'line 2, column "{column}": {NO_RESULT}' for column in ("Quantity", "Unit", "Lot")]
    assert labels(plan) == ["HC-2"]


@pytest.mark.rule("IMP-10")
def test_of_a_formula_counts_what_the_spreadsheet_stored_last(tmp_path: Path) -> None:
    path = changed(written(tmp_path, ("HC-1", "=3*0.5", "mL")), {b"<v />": b"<v>1.5</v>"})
    assert (said(planned(path)), values(planned(path))) == ([], ["1.5"])


@pytest.mark.rule("IMP-10")
def test_a_zero_that_nobody_computed_is_no_result(tmp_path: Path) -> None:
    """Programs that cannot compute store 0, and ask whoever opens the file to compute it."""
    path = changed(written(tmp_path, ("HC-1", "=3*0.5", "mL")), {b"<v />": b"<v>0</v>"})
    assert said(planned(path)) == [f'line 2, column "Quantity": {NO_RESULT}']


def test_a_formula_that_comes_to_an_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    path = written(tmp_path, ("HC-1", None, None, '=""'))
    path = changed(path, {b'<c r="G2">': b'<c r="G2" t="str">'})
    assert (said(planned(path)), labels(planned(path))) == ([], ["HC-1"])


@pytest.mark.rule("IMP-15")
@pytest.mark.parametrize(
    ("value", "code", "problem"),
    [
        pytest.param(123, "00000", "is the number 123, shown as 00123", id="zeros in front"),
        pytest.param(7.1, "0.00", "is the number 7.1, shown as 7.10", id="zeros at the end"),
        pytest.param(7.4, "0", "is the number 7.4, shown as 7", id="rounded"),
        pytest.param(1234, "#,##0", "is the number 1234, shown as 1,234", id="grouped"),
        pytest.param(0.5, "0%", "is the number 0.5, shown as 50%", id="a share"),
        pytest.param(12345, "0.00E+00", "is the number 12345, shown as 1.23E+04", id="an exponent"),
        pytest.param(7, '"HC-"000', "is the number 7, shown as HC-007", id="a text in front"),
        pytest.param(5, '"¥"0.00', "is the number 5, shown as ¥5.00", id="money"),
        pytest.param(7.5, "# ?/?", 'is the number 7.5, in the format "# ?/?"', id="a fraction"),
        pytest.param(5, "[DBNum1]0", 'is the number 5, in the format "[DBNum1]0"', id="Chinese numerals"),
        pytest.param(5, ";;;", "is the number 5, shown as nothing", id="nothing"),
        pytest.param(
            123456789012345678,
            "General",
            "is the number 123456789012346000, of which a spreadsheet keeps 15 digits",
            id="18",
        ),
        pytest.param(
            1234567890123456, "0", "is the number 1234567890123460, of which a spreadsheet keeps 15 digits", id="16"
        ),
    ],
)
def test_a_number_is_no_label_unless_it_is_shown_as_it_is(
    tmp_path: Path, value: float, code: str, problem: str
) -> None:
    path = written(tmp_path, (value, 1, "vial"), arrange=lambda sheet: setattr(sheet["D2"], "number_format", code))
    (found,) = said(planned(path))
    assert found.startswith(f'line 2, column "Label": {problem}')
    assert found.endswith(f": {ANEW}")


@pytest.mark.parametrize(
    ("value", "code", "label"),
    [(1001, "General", "1001"), (1001, "@", "1001"), (123456789012, "0", "123456789012"), (7.25, "0.00", "7.25")],
)
def test_a_number_that_is_shown_as_it_is_is_a_label(tmp_path: Path, value: float, code: str, label: str) -> None:
    path = written(tmp_path, (value, 1, "vial"), arrange=lambda sheet: setattr(sheet["D2"], "number_format", code))
    assert (said(planned(path)), labels(planned(path))) == ([], [label])


@pytest.mark.rule("IMP-15")
@pytest.mark.parametrize(
    ("value", "problem"),
    [
        pytest.param(datetime.date(2026, 9, 1), "is the date 2026-09-01", id="SEP-1, taken for a date"),
        pytest.param(datetime.datetime(2026, 9, 1, 8, 30), "is the time 2026-09-01 08:30", id="date and time"),  # noqa: DTZ001  as in a cell
        pytest.param(datetime.time(8, 30), "is a time of day, or a duration", id="time of day"),
        pytest.param(datetime.timedelta(hours=30), "is a time of day, or a duration", id="duration"),
        pytest.param(True, "is TRUE, a yes or no", id="yes or no"),
    ],
)  # fmt: skip
def test_a_date_a_time_and_a_yes_are_no_labels(tmp_path: Path, value: object, problem: str) -> None:
    (found,) = said(planned(written(tmp_path, (value, 1, "vial"))))
    assert found.startswith(f'line 2, column "Label": {problem}')
    assert found.endswith(ANEW)


@pytest.mark.rule("IMP-15")
@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        pytest.param(0.5, "0%", "50%", id="a share"),
        pytest.param(1.5, '"¥"#,##0.00', "¥1.50", id="money"),
        pytest.param(1.5, "[$€-407] 0.00", "€ 1.50", id="money of a country"),
        pytest.param(1.5, '0.0" uL"', "1.5 uL", id="a unit"),
        pytest.param(1500, "0,", "2", id="thousands"),
        pytest.param(1500, "0.0,", "1.5", id="thousands with a fraction"),
        pytest.param(1.5, ";;;", "nothing", id="nothing"),
    ],
)
def test_an_amount_is_not_shown_as_something_else(tmp_path: Path, value: float, code: str, shown: str) -> None:
    path = written(tmp_path, ("HC-1", value, "mL"), arrange=lambda sheet: setattr(sheet["E2"], "number_format", code))
    said_value = f"{value:g}"
    assert said(planned(path)) == [f'line 2, column "Quantity": is the number {said_value}, shown as {shown}: {PLAIN}']


@pytest.mark.parametrize(
    "code", ["General", "0", "0.00", "#,##0.0", "0.00E+00", "_(* #,##0.00_);_(* (#,##0.00)", "[Red]0.0"]
)
def test_an_amount_counts_as_stored_and_not_as_rounded(tmp_path: Path, code: str) -> None:
    path = written(tmp_path, ("HC-1", 1.25, "mL"), arrange=lambda sheet: setattr(sheet["E2"], "number_format", code))
    assert (said(planned(path)), values(planned(path))) == ([], ["1.25"])


@pytest.mark.parametrize(
    ("stored", "value"),
    [(b"1.2000000000000002", "1.2"), (b"0.30000000000000004", "0.3"), (b"1.5E3", "1500"), (b"1000.0", "1000")],
)
def test_a_number_is_taken_to_the_15_digits_that_a_spreadsheet_shows(tmp_path: Path, stored: bytes, value: str) -> None:
    path = changed(written(tmp_path, ("HC-1", 4711, "mL")), {b"<v>4711</v>": b"<v>" + stored + b"</v>"})
    assert (said(planned(path)), values(planned(path))) == ([], [value])


@pytest.mark.parametrize(
    ("stored", "problem"),
    [
        (b"33.3333333333333", '"33.3333333333333" has more than 9 digits after the point; round it'),
        (b"-1.5", '"-1.5" is negative; an amount is not'),
        (b"1E+20", '"100000000000000000000" has more than 18 digits before the point'),
    ],
)
def test_a_number_that_is_no_amount_is_shown_with_what_to_do(tmp_path: Path, stored: bytes, problem: str) -> None:
    path = changed(written(tmp_path, ("HC-1", 4711, "mL")), {b"<v>4711</v>": b"<v>" + stored + b"</v>"})
    assert said(planned(path)) == [f'line 2, column "Quantity": {problem}']


@pytest.mark.rule("IMP-15")
def test_a_date_is_no_amount(tmp_path: Path) -> None:
    (found,) = said(planned(written(tmp_path, ("HC-1", datetime.date(2026, 5, 1), "mL"))))
    assert found == (
        'line 2, column "Quantity": is the date 2026-05-01: format the cell as a plain number, and enter it anew'
    )


@pytest.mark.rule("IMP-12")
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("'00123", "\"'00123\" begins with the mark that keeps a text a text: delete '"),
        ("’00123", '"’00123" begins with the mark that keeps a text a text: delete ’'),
        ("=A2", '"=A2" is a formula, not its result: write the result'),
        ('"=CONCATENATE(A2,""-"",D2)"', '"=CONCATENATE(A2,"-",D2)" is a formula, not its result: write the result'),
        ("+A1", '"+A1" begins as a formula does: '),
        ("-A1+B1", '"-A1+B1" begins as a formula does: '),
        ("@SUM(A1)", '"@SUM(A1)" begins as a formula does: '),
    ],
)
def test_the_guards_of_exports_are_no_part_of_a_label(tmp_path: Path, text: str, problem: str) -> None:
    (found,) = said(planned(csv_of(tmp_path, f"{text},1,vial")))
    assert found.startswith(f'line 2, column "Label": {problem}')


@pytest.mark.parametrize("text", ['="00123"', '"=""00123"""'])
def test_a_guarded_text_of_csv_is_the_text_in_it(tmp_path: Path, text: str) -> None:
    plan = planned(csv_of(tmp_path, f"{text},1,vial"))
    assert (said(plan), labels(plan)) == ([], ["00123"])


def test_guards_of_columns_that_are_not_imported_do_not_matter(tmp_path: Path) -> None:
    plan = planned(
        csv_of(tmp_path, "HC-1,1,vial,,=A1", header="Consignment,Approval,Line,Label,Quantity,Unit,Lot,Note")
    )
    assert (said(plan), plan.unused) == ([], ("Note",))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1.23E+15", '"1.23E+15" looks like a number that a spreadsheet shortened: '),
        ("4,5E+12", '"4,5E+12" looks like a number that a spreadsheet shortened: '),
        ("1-Sep", '"1-Sep" looks like a date that a spreadsheet made of a name: '),
        ("Mar-01", '"Mar-01" looks like a date that a spreadsheet made of a name: '),
        ("9月1日", '"9月1日" looks like a date that a spreadsheet made of a name: '),
    ],
)
def test_what_a_spreadsheet_made_of_a_name_is_no_name_in_csv_but_may_be_one_in_a_workbook(
    tmp_path: Path, text: str, problem: str
) -> None:
    (found,) = said(planned(csv_of(tmp_path, f'"{text}",1,vial')))
    assert found.startswith(f'line 2, column "Label": {problem}')
    assert labels(planned(written(tmp_path, (text, 1, "vial")))) == [text]


@pytest.mark.parametrize("text", ["SEP-1", "1E10", "5E", "MARCH1", "2026-03-01", "-80"])
def test_names_that_only_remind_of_dates_and_numbers_are_names(tmp_path: Path, text: str) -> None:
    assert labels(planned(csv_of(tmp_path, f"{text},1,vial"))) == [text]


@pytest.mark.parametrize("text", ["N/A", "n/a", "-", "/", "none", "NULL", "nan", "无", "—"])
def test_what_says_that_there_is_nothing_is_no_value(tmp_path: Path, text: str) -> None:
    problem = f'"{text}" says that there is nothing: leave the cell empty'
    assert said(planned(csv_of(tmp_path, f"HC-1,{text},{text},{text}"))) == [
        f'line 2, column "{column}": {problem}' for column in ("Quantity", "Unit", "Lot")
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("HC\u00a0201", '"HC\\u00a0201" has a space of another kind (U+00A0): write a plain one'),
        ("HC\u3000201", '"HC\\u3000201" has a space of another kind (U+3000): write a plain one'),
        ("HC  201", '"HC  201" has two spaces in a row: write one'),
        ("HC\u2011201", '"HC‑201" has a hyphen or dash of another kind (U+2011): write -'),
        ("HC–201", '"HC–201" has a hyphen or dash of another kind (U+2013): write -'),
        ("HC-２０１", '"HC-２０１" has a digit of another kind (U+FF12): write 0 to 9'),
        ("HC\u00ad201", '"HC\\u00ad201" has an invisible character (U+00AD): delete it'),
        ("HC\u200b201", '"HC\\u200b201" has an invisible character (U+200B): delete it'),
        ("\ufeffHC", '"\\ufeffHC" has an invisible character (U+FEFF): delete it'),
        ("HC\ufffd1", '"HC\ufffd1" has a character that was lost when the file was converted (U+FFFD): write it anew'),
        ('"HC-\n1"', '"HC-\\u000a1" has a line break: write it in one line'),
        ("HC\x0b1", '"HC\\u000b1" has a line break: write it in one line'),
        ("item:1", '"item:1" has a colon, which only ids have'),
    ],
)
def test_what_a_label_cannot_have_is_named(tmp_path: Path, text: str, problem: str) -> None:
    assert said(planned(csv_of(tmp_path, "HC-0,1,vial", f"{text},1,vial"))) == [f'line 3, column "Label": {problem}']


@pytest.mark.parametrize("text", [" HC-1", "HC-1\u00a0", "\u3000HC-1 ", '"HC-1\n"', '" HC-1"'])
def test_blanks_around_a_value_do_not_count(tmp_path: Path, text: str) -> None:
    assert labels(planned(csv_of(tmp_path, f"{text},1,vial"))) == ["HC-1"]


def test_an_accent_that_stands_apart_from_its_letter_is_put_together(tmp_path: Path) -> None:
    assert labels(planned(csv_of(tmp_path, "Re\u0301a-1,1,vial"))) == ["R\u00e9a-1"]


@pytest.mark.parametrize("other", ["hc-1", "ＨC-1"])
def test_labels_that_look_alike_stand_on_two_lines(tmp_path: Path, other: str) -> None:
    assert said(planned(csv_of(tmp_path, "HC-1,1,vial", f"{other},1,vial"))) == [
        f'line 3, column "Label": {other} stands on line 2 already'
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('"1,5"', '"1,5" has a comma; write 1.5'),
        ('"1,500"', '"1,500" has a comma; write 1500 or 1.500, whichever is meant'),
        ('"1.500,25"', '"1.500,25" has a comma; write 1500.25'),
        ("1 500", '"1 500" is no plain decimal; write 1500'),
        ("1.5 mL", '"1.5 mL" has a unit in it; write 1.5, and mL as the unit'),
        ('"1,5 µL"', '"1,5 µL" has a unit in it; write 1.5, and uL as the unit'),
        (".5", '".5" is no plain decimal; write 0.5'),
        ("01.5", '"01.5" is no plain decimal; write 1.5'),
        ("+1.5", '"+1.5" is no plain decimal; write 1.5'),
        ("1.5E+3", '"1.5E+3" is no plain decimal; write 1500'),
        ("１.５", '"１.５" is no plain decimal; write 1.5'),
        ("-1", '"-1" is negative; an amount is not'),
        ("−1", '"−1" is negative; an amount is not'),
        ("1.0000000001", '"1.0000000001" has more than 9 digits after the point; round it'),
        ("about 1", '"about 1" must be a plain decimal: no sign, no exponent, no leading zero'),
        ("<1", '"<1" must be a plain decimal: no sign, no exponent, no leading zero'),
    ],
)
def test_an_amount_that_is_no_plain_decimal_is_shown_with_what_to_write(
    tmp_path: Path, text: str, problem: str
) -> None:
    (found,) = said(planned(csv_of(tmp_path, f"HC-1,{text},mL")))
    assert found.startswith(f'line 2, column "Quantity": {problem}')


@pytest.mark.rule("UNI-01")
@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("\u00b5L", "uL"), ("\u03bcl", "uL"), ("ul", "uL"), ("ML", "mL"), ("㎖", "mL"), ("mL.", "mL"), ("cc", "mL"),
        ("vials", "vial"), ("支", "vial"), ("毫升", "mL"), ("millilitres", "mL"), ("iu", "IU"), ("I.U.", "IU"),
    ],
)  # fmt: skip
def test_a_unit_that_is_none_is_shown_with_the_one_that_is_meant(tmp_path: Path, text: str, meant: str) -> None:
    assert said(planned(csv_of(tmp_path, f"HC-1,1,{text}"))) == [
        f'line 2, column "Unit": "{text}" is not a permitted unit; did you mean {meant}?'
    ]


def test_a_unit_that_is_like_none_is_shown_alone(tmp_path: Path) -> None:
    assert said(planned(csv_of(tmp_path, "HC-1,1,furlong"))) == [
        'line 2, column "Unit": "furlong" is not a permitted unit'
    ]


@pytest.mark.rule("IMP-09")
@pytest.mark.parametrize("error", ["#NV", "#BEZUG!", "#NOM?", "#####", "#VALEUR!", "#n/a", "#SPILL!"])
def test_errors_of_spreadsheets_in_other_languages_are_errors(tmp_path: Path, error: str) -> None:
    assert said(planned(csv_of(tmp_path, f"{error},1,vial"))) == [
        f'line 2, column "Label": {error} is an error of the spreadsheet, not a value'
    ]


@pytest.mark.parametrize(
    ("text", "remedy"), [("1.0", "; write 1"), ("01", "; write 1"), ("１", "; write 1"), ("1.5", ""), ("one", "")]
)
def test_a_whole_number_in_another_form_is_shown_with_the_one_to_write(tmp_path: Path, text: str, remedy: str) -> None:
    path = csv_of(tmp_path, "HC-1,1,vial")
    path.write_text(path.read_text().replace("A1,1,", f"A1,{text},"), encoding="utf-8")
    assert said(planned(path)) == [f'line 2, column "Line": "{text}" is not a whole number{remedy}']


def test_all_that_is_wrong_with_a_row_is_named_at_once(tmp_path: Path) -> None:
    plan = planned(csv_of(tmp_path, 'HC\u00a01,"1,5",ul', ",1,"))
    assert said(plan) == [
        'line 2, column "Label": "HC\\u00a01" has a space of another kind (U+00A0): write a plain one',
        'line 2, column "Quantity": "1,5" has a comma; write 1.5',
        'line 2, column "Unit": "ul" is not a permitted unit; did you mean uL?',
        'line 3, column "Label": is empty or missing',
        'line 3, column "Unit": is empty or missing',
    ]


def test_of_rows_with_one_fault_each_is_named(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "HC-1,1,vial")
    with path.open("a", encoding="utf-8") as file:
        file.write(",approval:A1,1,HC-2,1,vial\n,approval:A1,1,HC-3,1,vial\nC1,approval:A1,1,HC-4,1,vial\n")
    plan = planned(path)
    assert said(plan) == [
        'line 3, column "Consignment": is empty or missing',
        'line 4, column "Consignment": is empty or missing',
        'line 5, column "Consignment": "C1" must be a consignment\'s id, such as "consignment:2026-41"',
    ]
    assert labels(plan) == ["HC-1"]
