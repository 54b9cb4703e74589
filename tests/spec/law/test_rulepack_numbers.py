"""What the Chinese packs say of grades, records, persons and classes of units, as it was agreed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ledger.domain.bodies.vocabulary import Grade, WriteOff
from ledger.domain.law.rules import Retained, RulePack, Task
from ledger.rulepacks.load import RulePacks


@pytest.mark.parametrize(("first", "months"), [("A", 3), ("B", 6), ("C", 12)])
def test_validity_follows_the_grade(packs: RulePacks, order_160: RulePack, first: str, months: int) -> None:
    letters = packs.at("CN", date(2020, 1, 1)).validity_months
    assert letters[Grade(first)].value == months
    for pack in (order_160, packs.by_id("cn-281/2026-08-01")):
        assert pack.validity_months[Grade(f"{first}1")].value == months
        assert pack.validity_months[Grade(f"{first}2")].value == months


def test_grade_d_had_twelve_months_and_is_gone_with_the_sub_grades(packs: RulePacks, order_160: RulePack) -> None:
    assert packs.at("CN", date(2020, 1, 1)).validity_months[Grade.D].value == 12
    assert Grade.D not in order_160.validity_months
    assert order_160.grades is not None
    assert order_160.grades.value == (Grade.A1, Grade.A2, Grade.B1, Grade.B2, Grade.C1, Grade.C2)


def test_only_grade_a_is_written_off_once(packs: RulePacks) -> None:
    modes = packs.at("CN", date(2020, 1, 1)).write_off_mode
    assert {grade: mode.value for grade, mode in modes.items()} == {
        Grade.A: WriteOff.SINGLE,
        Grade.B: WriteOff.BATCH,
        Grade.C: WriteOff.BATCH,
        Grade.D: WriteOff.BATCH,
    }


def test_grades_a_and_b_draw_follow_up_supervision(order_160: RulePack) -> None:
    assert [grade for grade, wanted in order_160.follow_up_required.items() if wanted.value] == [
        Grade.A1,
        Grade.A2,
        Grade.B1,
        Grade.B2,
    ]


def test_grade_d_was_inspected_more_often_in_than_out(packs: RulePacks) -> None:
    pack = packs.at("CN", date(2020, 1, 1))
    assert pack.import_inspection_min_rate[Grade.D].value == Decimal("0.10")
    assert pack.export_inspection_min_rate[Grade.D].value == Decimal("0.02")
    assert pack.import_inspection_min_rate[Grade.A].value == 1


def test_records_are_kept_two_to_twenty_years(order_160: RulePack) -> None:
    kept = {record: years.value for record, years in order_160.retention_years.items()}
    assert kept == {
        Retained.USE_RECORDS: 2,
        Retained.CUSTOMS_PAPERS: 3,
        Retained.WASTE_REGISTER: 3,
        Retained.WASTE_MANIFEST: 10,
        Retained.WASTE_LEDGER: 5,
        Retained.HIGH_PATHOGENIC_FILES: 20,
        Retained.HAZARDOUS_INVENTORY: 20,
    }


def test_two_persons_are_required_for_every_named_task(order_160: RulePack, order_281: RulePack) -> None:
    for pack in (order_160, order_281):
        assert {task: persons.value for task, persons in pack.min_persons.items()} == dict.fromkeys(Task, 2)


@pytest.mark.parametrize(
    ("capability", "credit", "unit_class"),
    [
        pytest.param(4, "B", 1, id="3.2"),
        pytest.param(3, "A", 1, id="just 3"),
        pytest.param(2, "A", 2, id="just 2"),
        pytest.param(2, "unrated", 3, id="no letter counts as B"),
        pytest.param(1, "D", 4, id="below 1"),
        pytest.param(4, "AAA", None, id="no such letter"),
    ],
)
def test_capability_times_credit_makes_the_unit_class(
    order_160: RulePack, capability: int, credit: str, unit_class: int | None
) -> None:
    assert order_160.unit_class(capability, credit) == unit_class


def test_units_of_class_n_are_visited_n_times_a_year(order_160: RulePack) -> None:
    assert {unit_class: visits.value for unit_class, visits in order_160.visits_per_year.items()} == {
        1: 1,
        2: 2,
        3: 3,
        4: 4,
    }
