"""Rule pack files are read strictly: what is not understood is an error that names file, edition and key."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.domain.bodies.vocabulary import Grade
from ledger.errors import Malformed
from ledger.rulepacks.load import RulePacks, read_packs

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
series = "xx"
jurisdiction = "CN"
title = "A series"

[[edition]]
effective_from = 2030-01-01
agents = "none"
units = "units-2026"
samples = "samples-2026"
codes = "codes-2026"
calendar = "cn-2026"

[edition.parameters.loss_report_hours]
value = 2
unit = "hours"
clause = "Art. 1"
source = "a copy"
confidence = "V"

[edition.parameters.validity_months]
A = { value = 3, unit = "months", clause = "Art. 2", source = "a copy", confidence = "V" }
B = { value = 6, unit = "months", clause = "Art. 2", source = "a copy", confidence = "V" }

[[edition]]
effective_from = 2031-01-01

[edition.parameters.validity_months]
A = { value = 4, unit = "months", clause = "Art. 2", source = "a copy", confidence = "V" }
"""


def _load(folder: Path, text: str) -> RulePacks:
    (folder / "xx.toml").write_text(text, encoding="utf-8")
    return read_packs(folder)


def test_an_edition_inherits_what_it_does_not_restate_and_restates_a_parameter_whole(tmp_path: Path) -> None:
    packs = _load(tmp_path, GOOD)
    second = packs.by_id("xx/2031-01-01")
    assert second.loss_report_hours == packs.by_id("xx/2030-01-01").loss_report_hours
    assert {grade: months.value for grade, months in second.validity_months.items()} == {Grade.A: 4}
    assert [packs.at("CN", date(year, 1, 1)).id for year in (2030, 2031, 2040)] == [
        "xx/2030-01-01",
        "xx/2031-01-01",
        "xx/2031-01-01",
    ]


@pytest.mark.rule("RUL-02")
@pytest.mark.parametrize(
    ("old", "new", "member"),
    [
        pytest.param('series = "xx"', 'series = "yy"', "xx.toml.series", id="another file's name"),
        pytest.param('"CN"', '"China"', "xx.toml: 2030-01-01.jurisdiction", id="no jurisdiction"),
        pytest.param('title = "A series"', "", "xx.toml.title", id="no title"),
        pytest.param("title =", "note = 1\ntitle =", "xx.toml.note", id="unknown at the top"),
        pytest.param('agents = "none"', "", "xx.toml: 2030-01-01.agents", id="no agents"),
        pytest.param('"none"', '"all"', "xx.toml: 2030-01-01.agents", id="unknown agents"),
        pytest.param('"samples-2026"', '"any"', "xx.toml: 2030-01-01.samples", id="unknown samples"),
        pytest.param('"units-2026"', '"any"', "xx.toml: 2030-01-01.units", id="unknown units"),
        pytest.param('"cn-2026"', '"cn-2025"', "xx.toml: 2030-01-01.calendar", id="unknown calendar"),
        pytest.param("2030-01-01", '"2030"', "xx.toml: edition 1.effective_from", id="not a day"),
        pytest.param("2030-01-01", "2032-01-01", "xx.toml: 2031-01-01.effective_from", id="not in order"),
        pytest.param('source = "a copy"\n', "", "xx.toml: 2030-01-01.loss_report_hours.source", id="no source"),
        pytest.param('"a copy"\n', '""\n', "xx.toml: 2030-01-01.loss_report_hours.source", id="empty source"),
        pytest.param(
            '"a copy"\n', '"ledger"\n', "xx.toml: 2030-01-01.loss_report_hours.clause", id="own, with a clause"
        ),
        pytest.param('clause = "Art. 1"\n', "", "xx.toml: 2030-01-01.loss_report_hours.clause", id="no clause"),
        pytest.param('"Art. 1"', '""', "xx.toml: 2030-01-01.loss_report_hours.clause", id="empty clause"),
        pytest.param('confidence = "V"\n', "", "xx.toml: 2030-01-01.loss_report_hours.confidence", id="no confidence"),
        pytest.param(
            '= "V"\n', '= "sure"\n', "xx.toml: 2030-01-01.loss_report_hours.confidence", id="unknown confidence"
        ),
        pytest.param('"hours"', '"days"', "xx.toml: 2030-01-01.loss_report_hours.unit", id="unknown unit"),
        pytest.param("value = 2", "value = 2.5", "xx.toml: 2030-01-01.loss_report_hours.value", id="not whole"),
        pytest.param(
            "value = 2", "value = true", "xx.toml: 2030-01-01.loss_report_hours.value", id="true is no number"
        ),
        pytest.param("value = 2", "value = -2", "xx.toml: 2030-01-01.loss_report_hours.value", id="negative"),
        pytest.param("value = 2", "value = 2\nextra = 1", "xx.toml: 2030-01-01.loss_report_hours.extra", id="extra"),
        pytest.param("loss_report_hours", "loss_report_hour", "xx.toml: 2030-01-01.loss_report_hour", id="unknown key"),
        pytest.param("B = {", "E = {", "xx.toml: 2030-01-01.validity_months.E", id="unknown grade"),
        pytest.param("B = {", "B = 3 #", "xx.toml: 2030-01-01.validity_months.B", id="not a table"),
        pytest.param("title =", "title", "xx.toml", id="not TOML"),
    ],
)
def test_a_file_that_is_not_understood_is_an_error_with_its_key(
    tmp_path: Path, old: str, new: str, member: str
) -> None:
    with pytest.raises(Malformed) as malformed:
        _load(tmp_path, GOOD.replace(old, new, 1))
    assert (malformed.value.rule, malformed.value.member) == ("RUL-02", member)


@pytest.mark.rule("RUL-02")
def test_two_editions_of_a_jurisdiction_never_begin_on_the_same_day(tmp_path: Path) -> None:
    (tmp_path / "yy.toml").write_text(GOOD.replace('"xx"', '"yy"'), encoding="utf-8")
    with pytest.raises(Malformed, match="yy/2030-01-01: begins on the same day as xx/2030-01-01"):
        _load(tmp_path, GOOD)
