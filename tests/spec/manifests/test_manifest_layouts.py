"""Layouts: how rows become statements, and what is no layout: IMP-05 and IMP-06."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from api.manifests.layout import BUILT_IN
from api.manifests.mapping import Written
from api.manifests.statements import plan_import
from ledger.errors import Malformed
from ledger.reference.units import load_units
from tests.spec.manifests.written_manifests import LAYOUT, SHEET, layout_of


def test_a_layout_turns_rows_into_statements(tmp_path: Path) -> None:
    plan = plan_import("manifest.csv", SHEET, layout_of(tmp_path, LAYOUT), load_units())
    assert plan.problems == []
    (planned,) = plan.statements
    assert (planned.body["consignment"], planned.lines) == ("consignment:C1", (2,))


@pytest.mark.rule("IMP-05")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('kind = "item.listed/1"', "kind =", id="not TOML"),
        pytest.param('kind = "item.listed/1"', "", id="no kind"),
        pytest.param("item.listed/1", "item.lost-forever/1", id="an unknown kind"),
        pytest.param('rows = "items"', 'rows = "items"\nmore = 1', id="an unknown member"),
        pytest.param('rows = "items"', 'rows = "items"\nrows_in_statement = 0', id="no rows in a statement"),
        pytest.param('rows = "items"', 'rows = "items"\nheader = 0', id="a header above the first line"),
        pytest.param('rows = "items"', f'rows = "items"\n#{"x" * 100_000}', id="too large"),
    ],
)
def test_what_is_not_a_layout_is_malformed(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(Malformed, match=r"IMP-05: layout\.toml"):
        layout_of(tmp_path, LAYOUT.replace(old, new, 1))


@pytest.mark.rule("IMP-05")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param('kind = "item.listed/1"', "", "kind: is missing", id="no kind"),
        pytest.param(
            'rows = "items"',
            "more = 1",
            f"more: is not a member that belongs here; there are {', '.join(Written.__struct_fields__[:12])} and "
            f"{len(Written.__struct_fields__) - 12} more",
            id="unknown",
        ),
        pytest.param(
            'rows = "items"',
            'row = "items"',
            "row: is not a member that belongs here; did you mean rows?",
            id="misspelt",
        ),
        pytest.param('rows = "items"', 'header = "one"', 'header: must be a whole number, or "find"', id="a text"),
        pytest.param('= "label"', "= 1", "columns: must be a text, not a number", id="a column's member"),
        pytest.param(
            "line = 1",
            "line = 1.5",
            "constants: must be a text or a whole number or true or false, not a fraction",
            id="a constant",
        ),
    ],
)
def test_a_layout_is_told_what_its_members_must_be(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(Malformed) as caught:
        layout_of(tmp_path, LAYOUT.replace(old, new, 1))
    assert str(caught.value) == f"IMP-05: layout.toml: {said}"


@pytest.mark.rule("IMP-05")
@pytest.mark.parametrize(
    ("old", "new", "member"),
    [
        pytest.param('"items"', '"tubes"', "rows", id="no such list"),
        pytest.param('= "label"', '= "lable"', '"tube"', id="a column's member"),
        pytest.param("line = 1", "lien = 1", "lien", id="a constant's member"),
        pytest.param("line = 1", 'line = "one"', "line", id="a constant of another type"),
    ],
)
def test_a_layout_fills_members_that_its_kind_has(tmp_path: Path, old: str, new: str, member: str) -> None:
    layout = layout_of(tmp_path, LAYOUT.replace(old, new, 1))
    with pytest.raises(Malformed) as caught:
        plan_import("manifest.csv", SHEET, layout, load_units())
    assert (caught.value.rule, caught.value.member) == ("IMP-05", member)


@pytest.mark.rule("IMP-06")
def test_a_manifest_has_every_column_of_its_layout_unless_they_are_optional(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, LAYOUT)
    other = replace(SHEET, headers=("Vial",))
    with pytest.raises(Malformed, match=r'IMP-06: manifest\.csv: has no column "tube"'):
        plan_import("manifest.csv", other, layout, load_units())
    some = replace(SHEET, headers=("Consignment", "Approval", "Line", "Label", "Vial"))
    assert plan_import("manifest.csv", some, BUILT_IN, load_units()).unused == ("Vial",)
