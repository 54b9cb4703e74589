"""The regulation as dated data: which pack holds when, what it says, and how sure it is."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from ledger.domain.law.rules import Confidence, EntryDate, Parameter, Retained, RulePack
from ledger.errors import NotFound, Refused
from ledger.reference.activities import Activity, Material
from ledger.rulepacks.load import RulePacks

SETTLED = {
    "id",
    "jurisdiction",
    "title",
    "effective_from",
    "digest",
    "agents",
    "units",
    "samples",
    "codes",
    "working_days",
}
"""Members of a pack that are not parameters."""

FOREIGN = {
    "transfer_needs_prior_permit",
    "certification_replaces_permit",
    "transfer_completion_days",
    "shipment_overdue_hours",
    "loss_follow_up_days",
}
"""Parameters that only the American pack has."""

EUROPEAN = {"direct_consignment", "permitted_purposes", "disposal_methods"}
"""Parameters that only the European pack has."""

LATER = {
    "stock_count_months",
    "reaches_open_duties",
    "exit_certificate_needed",
    "transport_permit_needed",
    "cooperation_report_months",
}
"""Parameters that only editions from 1 December 2026 on have."""

PERMITS = {"exit_certificate_needed", "transport_permit_needed", "cooperation_report_months"}
"""Those of them that are the law's."""


def _parameters(pack: RulePack) -> dict[str, list[Parameter[object]]]:
    """Return a pack's parameters by name; none where it has none."""
    found: dict[str, list[Parameter[object]]] = {}
    for name in (field.name for field in fields(pack) if field.name not in SETTLED):
        value = getattr(pack, name)
        found[name] = [value] if isinstance(value, Parameter) else list((value or {}).values())
    return found


@pytest.mark.parametrize(
    ("day", "pack"),
    [
        pytest.param(date(2015, 3, 1), "cn-160/2015-03-01", id="Order 160 begins"),
        pytest.param(date(2015, 6, 18), "cn-160/2015-03-01", id="before grades"),
        pytest.param(date(2015, 6, 19), "cn-160/2015-06-19", id="grades A to D"),
        pytest.param(date(2019, 11, 20), "cn-160/2015-06-19", id="before the ban of transit"),
        pytest.param(date(2019, 11, 21), "cn-160/2019-11-21", id="transit banned"),
        pytest.param(date(2023, 8, 18), "cn-160/2023-08-18", id="catalogue of agents"),
        pytest.param(date(2025, 1, 1), "cn-160/2025-01-01", id="assessment norm"),
        pytest.param(date(2025, 7, 1), "cn-160/2025-07-01", id="sub-grades"),
        pytest.param(date(2026, 7, 31), "cn-160/2025-07-01", id="last day of Order 160"),
        pytest.param(date(2026, 8, 1), "cn-281/2026-08-01", id="first day of Order 281"),
        pytest.param(date(2026, 11, 30), "cn-281/2026-08-01", id="before the ledger's own terms"),
        pytest.param(date(2040, 1, 1), "cn-281/2026-12-01", id="no end is known"),
    ],
)
def test_the_local_day_chooses_the_pack(packs: RulePacks, day: date, pack: str) -> None:
    assert packs.at("CN", day).id == pack


def test_order_281_begins_at_midnight_in_china(packs: RulePacks) -> None:
    assert packs.at_instant("CN", datetime(2026, 7, 31, 15, 59, 59, tzinfo=UTC)).id == "cn-160/2025-07-01"
    assert packs.at_instant("CN", datetime(2026, 7, 31, 16, 0, tzinfo=UTC)).id == "cn-281/2026-08-01"


@pytest.mark.rule("RUL-01")
@pytest.mark.parametrize(
    ("jurisdiction", "day"),
    [
        pytest.param("CN", date(2015, 2, 28), id="before Order 160"),
        pytest.param("US", date(2021, 2, 4), id="before the policy"),
        pytest.param("XX", date(2026, 8, 1), id="no such jurisdiction"),
    ],
)
def test_a_day_without_a_pack_is_refused(packs: RulePacks, jurisdiction: str, day: date) -> None:
    with pytest.raises(Refused, match="RUL-01"):
        packs.at(jurisdiction, day)
    with pytest.raises(Refused, match="RUL-01"):
        packs.at_instant(jurisdiction, datetime(day.year, day.month, day.day, 4, tzinfo=UTC))


def test_an_unknown_pack_is_not_found(packs: RulePacks) -> None:
    with pytest.raises(NotFound, match="cn-160/2015-03-02"):
        packs.by_id("cn-160/2015-03-02")


def test_every_parameter_is_known_in_the_last_edition_of_order_160(order_160: RulePack) -> None:
    assert {name for name, values in _parameters(order_160).items() if not values} == FOREIGN | EUROPEAN | LATER


def test_order_281_lacks_only_the_credit_letters_that_became_history(order_281: RulePack) -> None:
    missing = {name for name, values in _parameters(order_281).items() if not values}
    assert missing == FOREIGN | EUROPEAN | LATER | {"credit_coefficients"}
    assert order_281.unit_class(3) is None


def test_every_parameter_exists_in_some_pack(packs: RulePacks) -> None:
    names = {name for pack in packs.packs for name, values in _parameters(pack).items() if values}
    assert names == {field.name for field in fields(RulePack)} - SETTLED


def test_every_legal_parameter_has_clause_and_source(packs: RulePacks) -> None:
    for pack in packs.packs:
        for name, values in _parameters(pack).items():
            own = name in {"clock_tolerance_seconds", "late_entry_hours", "pending_handover_hours"} | LATER - PERMITS
            for value in values:
                assert value.source, (pack.id, name)
                assert (value.clause == "") == own == (value.source == "ledger"), (pack.id, name)


def test_the_numbers_of_order_160_are_as_agreed(order_160: RulePack) -> None:
    terms = {
        "destination_declaration_days": (30, "calendar days", Confidence.M),
        "detained_goods_days": (7, "calendar days", Confidence.M),
        "approval_decision_days": (20, "working days", Confidence.V2),
        "approval_decision_extension_days": (10, "working days", Confidence.V2),
        "assessment_completeness_days": (5, "working days", Confidence.V),
        "assessment_panel_min": (3, "experts", Confidence.V),
        "assessment_panel_odd": (True, "yes/no", Confidence.V),
        "rectification_days": (30, "calendar days", Confidence.V),
        "rectification_max_days": (60, "calendar days", Confidence.V),
        "assessment_report_validity_months": (36, "months", Confidence.V),
        "loss_report_hours": (2, "hours", Confidence.V),
        "destroy_or_deposit_months": (6, "months", Confidence.V),
        "waste_temp_storage_days": (2, "calendar days", Confidence.V),
        "bsl_certificate_years": (5, "years", Confidence.V),
        "white_list_validity_months": (12, "months", Confidence.V),
        "transit_allowed": (False, "yes/no", Confidence.V),
        "natural_person_applicant": (False, "yes/no", Confidence.V2),
        "entry_date": (EntryDate.DECLARED, "date of the entry", Confidence.U),
    }
    parameters = _parameters(order_160)
    found = {name: (one.value, one.unit, one.confidence) for name in terms for one in parameters[name]}
    assert found == terms


def test_what_was_not_read_of_order_281_carries_the_mark(order_281: RulePack) -> None:
    uncertain = {
        name
        for name, values in _parameters(order_281).items()
        if any(value.confidence is Confidence.U for value in values)
    }
    assert uncertain == {
        "validity_months",
        "write_off_mode",
        "follow_up_required",
        "import_inspection_min_rate",
        "export_inspection_min_rate",
        "first_entry_inspection_rate",
        "entry_date",
        "approval_decision_days",
        "approval_decision_extension_days",
        "natural_person_applicant",
        "white_list_validity_months",
        "destination_declaration_days",
        "detained_goods_days",
        "visits_per_year",
        "unit_class_thresholds",
        "retention_years",
        "possession_outlives_permit",
    }
    assert order_281.retention_years[Retained.USE_RECORDS].confidence is Confidence.U
    assert order_281.retention_years[Retained.CUSTOMS_PAPERS].verified


@pytest.mark.parametrize(
    ("confidence", "verified", "text"),
    [
        (Confidence.V, True, "read in the legal text"),
        (Confidence.V2, False, "read in a secondary source only"),
        (Confidence.M, False, "from memory, unverified"),
        (Confidence.U, False, "uncertain, unverified"),
    ],
)
def test_only_what_was_read_in_the_legal_text_is_verified(confidence: Confidence, verified: bool, text: str) -> None:
    parameter = Parameter(30, "calendar days", "Order 160 Art. 25", "a copy", confidence)
    assert parameter.verified is verified
    assert parameter.basis == f"Order 160 Art. 25 ({text})"


def test_the_ledgers_own_tolerances_carry_no_mark(packs: RulePacks) -> None:
    for pack in packs.packs:
        assert pack.clock_tolerance_seconds is not None
        assert pack.clock_tolerance_seconds.verified
        assert pack.clock_tolerance_seconds.basis == "the ledger's own setting"


def test_what_was_not_known_before_a_norm_stays_unknown(packs: RulePacks) -> None:
    first = packs.by_id("cn-160/2015-03-01")
    assert first.transit_allowed is None
    assert first.grades is None
    assert first.validity_months == {}
    assert first.agents.required_level("virus-28", Activity.CULTURE, Material.CULTURE) is None
    assert packs.by_id("cn-160/2023-08-18").agents.required_level("virus-28", Activity.CULTURE, Material.CULTURE) == 4
    assert packs.by_id("cn-160/2023-08-18").assessment_report_validity_months is None


def test_the_american_pack_parts_the_import_window_from_possession(packs: RulePacks) -> None:
    pack = packs.at("US", date(2026, 8, 1))
    assert pack.possession_outlives_permit is not None
    assert pack.possession_outlives_permit.value
    assert pack.possession_outlives_permit.verified
    assert pack.transfer_needs_prior_permit is not None
    assert pack.transfer_needs_prior_permit.value
    assert pack.certification_replaces_permit is not None
    assert pack.certification_replaces_permit.value
    assert pack.retention_years[Retained.USE_RECORDS].value == 3
    assert not pack.retention_years[Retained.USE_RECORDS].verified


def test_the_american_pack_knows_no_chinese_duties(packs: RulePacks) -> None:
    pack = packs.at("US", date(2026, 8, 1))
    assert pack.grades is None
    assert pack.destination_declaration_days is None
    assert pack.transit_allowed is None
    assert pack.min_persons == {}
    assert pack.unit_class(3) is None
