"""Amounts of one line are of one dimension, told by most of its rows: IMP-07."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from api.manifests.dimensions import dimension_of
from api.manifests.layout import BUILT_IN
from api.manifests.statements import plan_import
from ledger.reference.units import Dimension, load_units
from tests.spec.manifests.written_manifests import built_in, imported, layout_of, said_of, sheet_of


@pytest.mark.rule("IMP-07")
def test_a_quantity_of_another_dimension_than_most_of_its_line_is_named(tmp_path: Path) -> None:
    plan = built_in(tmp_path, *(f"T-{line},1,{'mL' if line == 1500 else 'vial'}" for line in range(2, 2002)))
    assert said_of(plan) == [
        'm.csv line 1500, column "Unit": 1 mL is a volume; '
        "the other rows of this consignment, approval and line are counts (vial)"
    ]
    assert imported(plan) == [line for line in range(2, 2002) if line != 1500]


@pytest.mark.rule("IMP-07")
@pytest.mark.parametrize(
    ("units", "wrong", "said"),
    [
        pytest.param(("vial", "mL"), [3], "1 mL is a volume; another row of .* is a count (vial)", id="two rows"),
        pytest.param(
            ("g", "mL", "kg", "L"), [3, 5], "1 mL is a volume; other rows of .* are masses (g, kg)", id="a tie"
        ),
        pytest.param(
            ("IU", "mol", "nmol"), [2], "1 IU is an activity; the other rows of .* are amounts of substance", id="first"
        ),
        pytest.param(("vial", "g", "mL"), [3, 4], "1 g is a mass; another row of .* is a count (vial)", id="each one"),
    ],
)
def test_in_a_tie_the_later_rows_are_named(tmp_path: Path, units: tuple[str, ...], wrong: list[int], said: str) -> None:
    plan = built_in(tmp_path, *(f"T-{place},1,{unit}" for place, unit in enumerate(units)))
    assert [problem.line for problem in plan.problems] == wrong
    assert all(part in plan.problems[0].problem for part in said.split(".*"))
    assert imported(plan) == [line for line in range(2, len(units) + 2) if line not in wrong]


@pytest.mark.rule("IMP-07")
@pytest.mark.parametrize("units", [("mL", "uL", "L"), ("vial", "tube"), ("kg", "ng"), ("IU", "U")])
def test_different_units_of_one_dimension_are_fine(tmp_path: Path, units: tuple[str, ...]) -> None:
    plan = built_in(tmp_path, *(f"T-{place},1,{unit}" for place, unit in enumerate(units)), "T-none,,")
    assert (said_of(plan), len(imported(plan))) == ([], len(units) + 1)


@pytest.mark.rule("IMP-07")
def test_other_lines_may_be_of_another_dimension(tmp_path: Path) -> None:
    lines = "Consignment,Approval,Line,Label,Quantity,Unit\nconsignment:C1,approval:A1,1,T-1,1,vial\n"
    sheet = sheet_of(tmp_path, lines + "consignment:C1,approval:A1,2,T-2,1,mL\n")
    assert said_of(plan_import("m.csv", sheet, BUILT_IN, load_units())) == []


def test_rows_that_are_not_of_one_line_may_be_of_several_dimensions(tmp_path: Path) -> None:
    text = """
kind = "stock.counted/1"
rows = "items"
shared = {"Site" = "site"}
columns = {"Item" = "item", "Found" = "counted.value", "Unit" = "counted.unit", "There" = "present"}
"""
    sheet = sheet_of(tmp_path, "Site,Item,Found,Unit,There\nsite:S1,item:I1,1,vial,true\nsite:S1,item:I2,1,mL,true\n")
    plan = plan_import("m.csv", sheet, layout_of(tmp_path, text), load_units())
    assert (said_of(plan), imported(plan)) == ([], [2, 3])


MEASURED: Final = {
    Dimension.VOLUME: {"L", "mL", "uL"},
    Dimension.MASS: {"kg", "g", "mg", "ug", "ng"},
    Dimension.SUBSTANCE: {"mol", "mmol", "umol", "nmol", "pmol"},
    Dimension.ACTIVITY: {"IU", "U"},
}


def test_each_unit_of_the_table_counts_or_measures() -> None:
    for unit in load_units().by_code.values():
        measured = [dimension for dimension, codes in MEASURED.items() if unit.code in codes]
        assert dimension_of(unit.code) is (measured[0] if measured else Dimension.COUNT)
        assert unit.countable == (not measured)
