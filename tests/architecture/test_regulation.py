"""What such a register is asked to hold stands somewhere, or it is said why not: events, invariants, numbers."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from ledger.domain.law.rules import RulePack
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import DUTIES
from scripts import rules_table

TABLE: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(Path("scripts/regulation.toml").read_text(encoding="utf-8"))
ROWS = [(section, name, row) for section, rows in TABLE.items() for name, row in rows.items()]


@pytest.mark.parametrize(("section", "name", "row"), ROWS, ids=lambda one: one if isinstance(one, str) else "")
def test_it_stands_somewhere_or_it_is_said_why_not(section: str, name: str, row: dict[str, Any]) -> None:
    assert row, (section, name)
    first = "parameters" if section == "parameter" else "kinds"
    assert row.keys() <= {first, "rules", "duties", "why"}
    assert row.get("rules") or row.get("duties") or row.get("why") or (first == "kinds" and row.get("kinds"))


def test_what_is_named_is_there() -> None:
    named = {what: {one for _, _, row in ROWS for one in row.get(what, ())} for what in ("kinds", "rules", "duties")}
    assert named["kinds"] <= KINDS.keys()
    assert named["duties"] <= DUTIES.keys()
    assert named["rules"] <= {row.id for row in rules_table.rows()}


def test_every_duty_and_every_kind_of_a_matter_is_named() -> None:
    assert {one for _, _, row in ROWS for one in row.get("duties", ())} == DUTIES.keys()
    assert {name: len(rows) for name, rows in TABLE.items()} == {"event": 81, "invariant": 20, "parameter": 32}


def test_every_parameter_of_a_rule_pack_is_named_once() -> None:
    named = Counter(one for row in TABLE["parameter"].values() for one in row["parameters"])
    tables = {"agents", "units", "samples", "codes", "working_days"}
    about = {"id", "digest", "jurisdiction", "title", "effective_from"}
    assert set(named) == {one.name for one in fields(RulePack)} - tables - about
    assert set(named.values()) == {1}
