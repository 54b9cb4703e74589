"""Every event and every invariant that such a register is asked to hold stands somewhere, or it is said why not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from ledger.statement.catalogue import KINDS
from ledger.statement.duties import DUTIES
from scripts import rules_table

TABLE: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(Path("scripts/regulation.toml").read_text(encoding="utf-8"))
ROWS = [(section, name, row) for section, rows in TABLE.items() for name, row in rows.items()]


@pytest.mark.parametrize(("section", "name", "row"), ROWS, ids=lambda one: one if isinstance(one, str) else "")
def test_it_stands_somewhere_or_it_is_said_why_not(section: str, name: str, row: dict[str, Any]) -> None:
    assert row, (section, name)
    assert row.keys() <= {"kinds", "rules", "duties", "why"}
    assert row.get("rules") or row.get("duties") or row.get("kinds") or row.get("why")


def test_what_is_named_is_there() -> None:
    named = {what: {one for _, _, row in ROWS for one in row.get(what, ())} for what in ("kinds", "rules", "duties")}
    assert named["kinds"] <= KINDS.keys()
    assert named["duties"] <= DUTIES.keys()
    assert named["rules"] <= {row.id for row in rules_table.rows()}


def test_every_duty_and_every_kind_of_a_matter_is_named() -> None:
    assert {one for _, _, row in ROWS for one in row.get("duties", ())} == DUTIES.keys()
    assert (len(TABLE["event"]), len(TABLE["invariant"])) == (81, 20)
