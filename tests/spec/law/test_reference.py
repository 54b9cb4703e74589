"""The tables of facts: agents, units and the calendar's words."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from ledger.errors import Refused
from ledger.quantity import Quantity
from ledger.reference.activities import Activity, Material
from ledger.reference.agents import NO_CATALOGUE, Agent, AgentCatalogue
from ledger.reference.samples import Samples
from ledger.reference.units import Units, load_units
from ledger.rulepacks.tables import agents_of, samples_of, shipped_tables


@pytest.fixture(scope="module")
def catalogue() -> AgentCatalogue:
    return agents_of("agents", shipped_tables().agents["pathogens-2023"])


@pytest.fixture(scope="module")
def units() -> Units:
    return load_units()


def _found(catalogue: AgentCatalogue, code: str) -> Agent:
    agent = catalogue.find(code)
    assert agent is not None
    return agent


def test_the_catalogue_is_dated_and_names_its_source(catalogue: AgentCatalogue) -> None:
    assert catalogue.in_force == date(2023, 8, 18)
    assert "国卫科教发〔2023〕24号" in catalogue.source


def test_the_catalogue_has_as_many_rows_of_each_class_as_the_notice(catalogue: AgentCatalogue) -> None:
    counts = Counter((code.partition("-")[0], agent.risk_class) for code, agent in catalogue.agents.items())
    assert counts == {
        ("virus", 1): 29,
        ("virus", 2): 45,
        ("virus", 3): 82,
        ("virus", 4): 5,
        ("prion", 2): 6,
        ("prion", 3): 1,
        ("bacterium", 2): 19,
        ("bacterium", 3): 171,
        ("fungus", 2): 7,
        ("fungus", 3): 144,
    }


def test_every_row_holds_allowed_values_only(catalogue: AgentCatalogue) -> None:
    for agent in catalogue.agents.values():
        assert agent.name_en.strip() == agent.name_en != ""
        assert agent.name_zh.strip() == agent.name_zh != ""
        assert set(agent.levels.values()) <= {1, 2, 3, 4}
        assert {Activity.CULTURE, Activity.ANIMAL, Activity.UNCULTURED} <= set(agent.levels)
        assert agent.packing in {"A", "B"}
        assert agent.un_number in ({"2814", "2900"} if agent.packing == "A" else {"3373"})
        assert agent.packing == "A" or not agent.cultures_only


def test_the_un_numbers_count_as_in_the_notice(catalogue: AgentCatalogue) -> None:
    assert Counter(agent.un_number for agent in catalogue.agents.values()) == {"2814": 104, "2900": 1, "3373": 404}
    assert _found(catalogue, "virus-81").un_number == "2900"


def test_levels_of_a_row_never_rise_from_culture_to_non_infectious(catalogue: AgentCatalogue) -> None:
    falling = (Activity.CULTURE, Activity.UNCULTURED, Activity.INACTIVATED, Activity.NONINFECTIOUS)
    for agent in catalogue.agents.values():
        levels = [agent.levels[activity] for activity in falling if activity in agent.levels]
        assert levels == sorted(levels, reverse=True)


def test_conditional_rows_are_those_whose_remark_changes_the_level(catalogue: AgentCatalogue) -> None:
    strains = {"virus-68", *(f"bacterium-{number}" for number in (3, 8, 9, 18, 66, 107, 108, 109, 163))}
    rodents_only = {"prion-3", "prion-4", "prion-7"}
    conditional = {code for code, agent in catalogue.agents.items() if agent.conditional}
    assert conditional == strains | rodents_only
    assert all(_found(catalogue, code).remark for code in conditional)


def test_high_pathogenic_means_class_one_or_two(catalogue: AgentCatalogue) -> None:
    assert _found(catalogue, "virus-28").high_pathogenic
    assert _found(catalogue, "bacterium-9").high_pathogenic
    assert not _found(catalogue, "virus-125").high_pathogenic


@pytest.mark.parametrize(
    ("code", "activity", "material", "level"),
    [
        pytest.param("virus-28", Activity.CULTURE, Material.CULTURE, 4, id="culture"),
        pytest.param("virus-28", Activity.ANIMAL, Material.UNCULTURED, 4, id="infected animals"),
        pytest.param("virus-28", Activity.UNCULTURED, Material.UNCULTURED, 3, id="a specimen"),
        pytest.param("virus-28", Activity.INACTIVATED, Material.INACTIVATED, 2, id="inactivated"),
        pytest.param("virus-28", Activity.NONINFECTIOUS, Material.NONINFECTIOUS, 1, id="non-infectious"),
        pytest.param("virus-28", Activity.NONINFECTIOUS, Material.INACTIVATED, 2, id="inactivation not verified"),
        pytest.param("virus-28", Activity.UNCULTURED, Material.CULTURE, 4, id="tests on a live culture"),
        pytest.param("virus-28", Activity.CULTURE, Material.NONINFECTIOUS, 4, id="growing what should be dead"),
        pytest.param("virus-125", Activity.INACTIVATED, Material.INACTIVATED, 2, id="as printed"),
        pytest.param("bacterium-9", Activity.UNCULTURED, Material.UNCULTURED, 2, id="sample testing"),
        pytest.param("prion-2", Activity.ANIMAL, Material.UNCULTURED, 3, id="prion in animals"),
    ],
)
def test_work_requires_the_level_of_activity_and_material(
    catalogue: AgentCatalogue, code: str, activity: Activity, material: Material, level: int
) -> None:
    assert catalogue.required_level(code, activity, material) == level


@pytest.mark.parametrize(
    ("code", "activity", "material"),
    [
        pytest.param("virus-150", Activity.CULTURE, Material.CULTURE, id="150 must ask which"),
        pytest.param("virus-999", Activity.CULTURE, Material.CULTURE, id="not listed"),
        pytest.param("bacterium-9", Activity.INACTIVATED, Material.INACTIVATED, id="left blank for bacteria"),
        pytest.param("prion-2", Activity.NONINFECTIOUS, Material.NONINFECTIOUS, id="left blank for prions"),
        pytest.param("virus-28", Activity.ANIMAL, Material.INACTIVATED, id="animals, but nothing to infect them"),
    ],
)
def test_what_the_catalogue_does_not_say_is_none(
    catalogue: AgentCatalogue, code: str, activity: Activity, material: Material
) -> None:
    assert catalogue.required_level(code, activity, material) is None


def test_where_no_catalogue_is_carried_nothing_is_known() -> None:
    assert NO_CATALOGUE.required_level("virus-28", Activity.CULTURE, Material.CULTURE) is None
    assert NO_CATALOGUE.in_force is None


@pytest.mark.parametrize(
    ("code", "material", "number"),
    [
        pytest.param("virus-13", Material.CULTURE, "2814", id="virus, cultures only: the culture"),
        pytest.param("virus-13", Material.UNCULTURED, "3373", id="virus, cultures only: a specimen"),
        pytest.param("virus-28", Material.UNCULTURED, "2814", id="virus, all material"),
        pytest.param("virus-132", Material.UNCULTURED, "3373", id="cell cultures only"),
        pytest.param("bacterium-9", Material.CULTURE, "2814", id="strain"),
        pytest.param("bacterium-9", Material.UNCULTURED, "3373", id="clinical sample of an A row"),
        pytest.param("virus-28", Material.INACTIVATED, None, id="inactivated: not said"),
    ],
)
def test_the_un_number_depends_on_the_material(
    catalogue: AgentCatalogue, code: str, material: Material, number: str | None
) -> None:
    assert _found(catalogue, code).un_number_of(material) == number


def test_agents_are_found_by_a_part_of_a_name_in_both_languages(catalogue: AgentCatalogue) -> None:
    assert [agent.code for agent in catalogue.search("ebola")] == ["virus-28"]
    assert [agent.code for agent in catalogue.search("埃博拉")] == ["virus-28"]
    assert [agent.code for agent in catalogue.search("VIRUS-150")] == ["virus-150a", "virus-150b"]
    assert catalogue.search("  ") == ()


def test_unit_codes_are_short_latin_words_with_names_in_both_languages(units: Units) -> None:
    for code, unit in units.by_code.items():
        assert code == unit.code
        assert code.isascii()
        assert code.isalpha()
        assert len(code) <= 16
        assert unit.name_en
        assert unit.name_zh


@pytest.mark.parametrize(
    "code",
    [
        *("vial", "tube", "piece", "box", "kit", "bag", "slide", "plate", "portion", "cells", "copies"),
        *("mL", "uL", "L", "g", "mg", "ug", "kg", "IU"),
    ],
)
def test_a_conventional_unit_is_permitted(units: Units, code: str) -> None:
    units.check(Quantity(Decimal(3), code))


def test_measured_units_take_parts(units: Units) -> None:
    units.check(Quantity(Decimal("0.5"), "mL"))


def test_a_countable_value_may_be_written_with_zeros_after_the_point(units: Units) -> None:
    units.check(Quantity(Decimal("3.00"), "vial"))


@pytest.mark.rule("UNI-01", "UNI-02")
@pytest.mark.parametrize(
    ("value", "code", "rule"),
    [
        pytest.param("1", "ML", "UNI-01", id="case matters"),
        pytest.param("1", "barrel", "UNI-01", id="not in the table"),
        pytest.param("1.5", "vial", "UNI-02", id="half a vial"),
        pytest.param("0.5", "cells", "UNI-02", id="half a cell"),
    ],
)
def test_a_quantity_is_refused(units: Units, value: str, code: str, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        units.check(Quantity(Decimal(value), code))
    assert refused.value.rule == rule


@pytest.fixture(scope="module")
def samples() -> Samples:
    return samples_of("samples", shipped_tables().samples["samples-2026"])


def test_every_sample_type_and_condition_is_named_in_both_languages_and_says_how_sure_it_is(samples: Samples) -> None:
    for rows in (samples.types.values(), samples.conditions.values()):
        for row in rows:
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row.code)
            assert row.name_en.strip() == row.name_en != ""
            assert row.name_zh.strip() == row.name_zh != ""
            assert row.confidence in {"V2", "M"}
        assert len({row.name_en for row in rows}) == len({row.name_zh for row in rows}) == len(rows)


@pytest.mark.rule("SMP-01", "SMP-02")
def test_what_is_none_of_the_table_is_told_with_what_is_nearest(samples: Samples) -> None:
    with pytest.raises(Refused, match='SMP-01: "plasma_edta" is no sample type of the table; did you mean plasma-edta'):
        samples.check_type("plasma_edta")
    with pytest.raises(Refused, match='SMP-02: "minus-81" is no storage condition of the table; did you mean minus-80'):
        samples.check_condition("minus-81")


def test_codes_of_other_tables_have_their_form(samples: Samples) -> None:
    for one in samples.types.values():
        assert all(re.fullmatch("[A-Z0-9]{3}", code) for code in one.sprec)
        assert re.fullmatch("[A-Z]{0,5}", one.v2_0487)
        assert re.fullmatch("([0-9]{6,18})?", one.snomed)
    assert samples.types["serum"].sprec == ("SER",)
    assert samples.types["plasma-edta"].sprec == ("PL1", "PL2")


def test_a_condition_is_warmer_by_the_warmest_that_it_allows(samples: Samples) -> None:
    by_cold = ["ln2-liquid", "ln2-vapour", "minus-80", "minus-20", "2-8", "room-temperature", "incubator-37"]
    for place, one in enumerate(by_cold):
        assert [samples.is_warmer(one, other) for other in by_cold] == [place > other for other in range(len(by_cold))]
    assert not samples.is_warmer("other", "minus-80")
    assert not samples.is_warmer("room-temperature", "nothing-known")
    ranges = [(one.low, one.high) for one in samples.conditions.values() if one.low is not None]
    assert all(high is not None and low < high for low, high in ranges)
