"""What a cell of an answer says to people: with what it is where the head does not say so, and never half."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from api.asking.cells import Column, told
from api.cli.output import print_table
from ledger.ids import ApprovalId, Tag
from ledger.words.reader import Reader
from ledger.words.table import Language
from ledger.words.times import Zone
from projections.asked.question import Celsius, Position

CALLED = {"approval:A1": "GX 2026 0164"}


def reader(language: Language) -> Reader:
    return Reader(language, Zone(timezone(timedelta(hours=8)), "CN"), CALLED.get)


@pytest.mark.parametrize(
    ("value", "column", "english", "chinese"),
    [
        pytest.param(16, Column("enrolled", Position), "no. 16", "第16号", id="position"),
        pytest.param("-72.5", Column("lowest", Celsius), "-72.5 °C", "-72.5 °C", id="temperature"),
        pytest.param(("2", "8"), Column("temperature", Celsius, many=True), "2 °C, 8 °C", "2 °C、8 °C", id="both"),
        pytest.param("approval:A1", Column("approval", ApprovalId), "GX 2026 0164", "GX 2026 0164", id="its own head"),
        pytest.param("approval:A2", Column("approval", ApprovalId), "A2", "A2", id="no name"),
        pytest.param(
            "approval:A1", Column("concerns", Tag), "approval GX 2026 0164", "审批单GX 2026 0164", id="another head"
        ),
        pytest.param(None, Column("required", int), "not known", "不详", id="unknown level"),
        pytest.param(None, Column("ended", int), "", "", id="nothing"),
    ],
)
def test_a_cell_is_told(value: object, column: Column, english: str, chinese: str) -> None:
    assert [told(value, column, reader(one)) for one in (Language.ENGLISH, Language.CHINESE)] == [english, chinese]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_table_loses_nothing_at_any_width(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    when = "2026-08-23 03:04 (Beijing), 2026-08-22 19:04 UTC"
    row = ("item used", when, "AB-001", "no. 286", f"no. 286, item used, {when}")
    print_table(("kind", "at", "items", "statement", "because"), [row, row], last=32)
    printed = capsys.readouterr().out
    assert all(len(line) <= width for line in printed.splitlines())
    assert printed.count("2026-08-23") == printed.count("2026-08-22") == 4
