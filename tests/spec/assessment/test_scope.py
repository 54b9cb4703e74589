"""Goods that are no special items any more: SCP-01 to SCP-03."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.approval.approvals import Direction
from ledger.domain.assessment.scope import ManagedAs, ScopeExcluded
from ledger.domain.bodies.vocabulary import Reference
from ledger.ids import CaseId, ItemId, PartyId
from tests.spec.before_entry import CASE, submitted
from tests.spec.crossing import OFFICER, RIVAL, VIALS, released
from tests.spec.parties import IMPORTER
from tests.spec.world import breaches, grounds, judged, refused, said

DOCUMENT: Final = Reference(document="S 2024-77", issued_by="Drug authority", digest="5" * 64)
EXCLUDED: Final = ScopeExcluded(
    party=IMPORTER.party,
    name_en="Reagent kit",
    managed_as=ManagedAs.MEDICAL_DEVICE,
    direction=Direction.IMPORT,
    from_on=date(2025, 4, 22),
    evidence=DOCUMENT,
    issuer_country="CN",
    items=VIALS[:1],
)


def test_goods_leave_scope_with_their_evidence_wherever_they_stand() -> None:
    assert judged(released(), said(EXCLUDED, IMPORTER)) == []
    assert judged(released(), said(EXCLUDED, OFFICER)) == []


@pytest.mark.rule("SCP-03")
@pytest.mark.parametrize(
    ("direction", "country", "rules"),
    [
        (Direction.IMPORT, "CN", []),
        (Direction.IMPORT, "DE", ["SCP-03"]),
        (Direction.EXPORT, "CN", []),
        (Direction.EXPORT, "DE", []),
    ],
)
def test_for_import_a_chinese_authority_manages_them_for_export_any(
    direction: Direction, country: str, rules: list[str]
) -> None:
    statement = said(replace(EXCLUDED, direction=direction, issuer_country=country), IMPORTER)
    assert judged(released(), statement) == rules
    for breach in breaches(released(), statement):
        assert grounds(breach) == ("GACC Announcement 65/2025", False)


@pytest.mark.rule("SCP-01", "SCP-02", "CON-22", "GAT-01")
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param({"party": PartyId("party:nobody")}, "SCP-01", id="of nobody"),
        pytest.param({"party": RIVAL.party}, "SCP-01", id="of another party"),
        pytest.param({"from_on": date(2026, 9, 2)}, "CON-22", id="tomorrow"),
        pytest.param({"items": VIALS[:1] * 2}, "SCP-02", id="an item twice"),
        pytest.param({"items": (ItemId("item:none"),)}, "GAT-01", id="an unknown item"),
        pytest.param({"application": CaseId("case:none")}, "SCP-02", id="no application"),
    ],
)
def test_an_exclusion_that_contradicts_the_record_is_refused(changes: dict[str, Any], rule: str) -> None:
    assert refused(released(), said(replace(EXCLUDED, **changes), IMPORTER)) == rule


@pytest.mark.rule("SCP-02")
def test_an_exclusion_may_name_the_application_that_was_not_accepted() -> None:
    named = replace(EXCLUDED, items=(), application=CASE)
    assert judged(submitted(), said(named, IMPORTER)) == []
    assert refused(submitted(), said(replace(named, party=RIVAL.party), RIVAL)) == "SCP-02"
