"""What a cell of an answer says to people: with what it is where the head does not say so, and never half."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from msgspec.structs import replace

from api.asking.cells import Column, told
from api.asking.products import with_products
from api.cli.output import print_table
from ledger.ids import ApprovalId, KeyId, Tag
from ledger.words.reader import Reader
from ledger.words.table import Language
from ledger.words.times import Zone
from projections.asked.question import Celsius, Position
from tests.spec.crossing import APPROVED, approved
from tests.spec.world import events_of

KEY = KeyId(f"key:{'ab' * 32}")
CALLED = {"approval:A1": "GX 2026 0164", KEY: "p-1"}


def reader(language: Language) -> Reader:
    return Reader(language, Zone(timezone(timedelta(hours=8)), "CN"), CALLED.get)


@pytest.mark.parametrize(
    ("value", "column", "english", "chinese"),
    [
        pytest.param(16, Column("enrolled", Position), "no. 16", "第16号", id="position"),
        pytest.param("-72.5", Column("lowest", Celsius), "-72.5 °C", "-72.5 °C", id="temperature"),
        pytest.param(("2", "8"), Column("temperature", Celsius, many=True), "2 to 8 °C", "2至8 °C", id="both"),
        pytest.param("approval:A1", Column("approval", ApprovalId), "GX 2026 0164", "GX 2026 0164", id="its own head"),
        pytest.param("approval:A2", Column("approval", ApprovalId), "A2", "A2", id="no name"),
        pytest.param(
            "approval:A1", Column("concerns", Tag), "approval GX 2026 0164", "审批单GX 2026 0164", id="another head"
        ),
        pytest.param(
            KEY, Column("key", KeyId), "key:abababab… (p-1)", "key:abababab…（p-1）", id="one of a holder's keys"
        ),
        pytest.param(f"key:{'cd' * 32}", Column("key", KeyId), "cd" * 32, "cd" * 32, id="nobody's key"),
        pytest.param(None, Column("required", int), "not known", "不详", id="unknown level"),
        pytest.param(None, Column("ended", int), "", "", id="nothing"),
    ],
)
def test_a_cell_is_told(value: object, column: Column, english: str, chinese: str) -> None:
    assert [told(value, column, reader(one)) for one in (Language.ENGLISH, Language.CHINESE)] == [english, chinese]


def test_a_product_is_told_by_the_chinese_name_that_its_approval_gives_it() -> None:
    (line,) = APPROVED.lines[:1]
    named = replace(APPROVED, lines=(replace(line, name_en="Human serum", name_zh="人血清"),))
    events = events_of(approved(named))
    column = Column("product", str)
    english, chinese = (with_products(reader(one), events) for one in (Language.ENGLISH, Language.CHINESE))
    assert [told("Human serum", column, one) for one in (english, chinese)] == ["Human serum", "人血清"]
    assert told("Human plasma", column, chinese) == "Human plasma"
    assert told("approval:A1", Column("approval", ApprovalId), chinese) == "GX 2026 0164"


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
