"""Declaration at destination and consent to use: DES-01 to DES-05."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, Reference
from ledger.domain.border.destination import DestinationDeclared, UseConsented
from ledger.domain.judging import Signatory
from ledger.ids import ConsignmentId, ItemId
from tests.spec.crossing import CONSIGNMENT, OFFICER, RIVAL, VIALS, inspected, released
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import NOON, breaches, grounds, judged, refused, said, state_of

DECLARED = DestinationDeclared(consignment=CONSIGNMENT, receipt_number="Q-1", declared_on=date(2026, 9, 1))
CONSENT = UseConsented(consignment=CONSIGNMENT, scope=("research",))
REFERENCE = Reference(document="U-1", issued_by="Customs", digest="0" * 64)


def test_the_using_unit_declares_what_it_has_received() -> None:
    assert judged(released(), said(DECLARED, LABORATORY)) == []
    assert state_of([*released(), said(DECLARED, LABORATORY)], CONSIGNMENT).declared_at_destination


@pytest.mark.parametrize("by", [OFFICER, LABORATORY], ids=["customs", "by reference"])
def test_customs_consent_to_the_use(by: Signatory) -> None:
    consent = said(replace(CONSENT, reference=REFERENCE), by)
    assert judged(released(), consent) == []
    assert state_of([*released(), consent], CONSIGNMENT).consented


@pytest.mark.rule("CON-10", "CON-22", "DES-03", "DES-04")
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param({"consignment": ConsignmentId("consignment:none")}, "CON-10", id="unknown consignment"),
        pytest.param({"declared_on": date(2026, 9, 2)}, "CON-22", id="in the future"),
        pytest.param({"items": (ItemId("item:none"),)}, "DES-04", id="an item of nowhere"),
        pytest.param({"items": (VIALS[0], VIALS[0])}, "DES-04", id="an item twice"),
    ],
)
def test_a_declaration_at_destination_that_contradicts_the_record_is_refused(
    changes: dict[str, Any], rule: str
) -> None:
    assert refused(released(), said(replace(DECLARED, **changes), LABORATORY)) == rule


@pytest.mark.rule("DES-01")
@pytest.mark.parametrize("by", [RIVAL, IMPORTER], ids=["a stranger", "an applicant that does not use it"])
def test_only_the_using_unit_declares_at_destination(by: Signatory) -> None:
    assert refused(released(), said(DECLARED, by)) == "DES-01"


@pytest.mark.rule("DES-02")
def test_nothing_is_declared_at_destination_before_its_release() -> None:
    assert refused(inspected(), said(DECLARED, LABORATORY)) == "DES-02"


@pytest.mark.rule("DES-03")
def test_goods_are_declared_at_destination_once() -> None:
    assert refused([*released(), said(DECLARED, LABORATORY)], said(DECLARED, LABORATORY)) == "DES-03"


@pytest.mark.rule("DES-05")
@pytest.mark.parametrize(("day", "rules"), [(date(2026, 10, 1), []), (date(2026, 10, 2), ["DES-05"])])
def test_the_declaration_at_destination_is_due_within_the_packs_term(day: date, rules: list[str]) -> None:
    late = said(replace(DECLARED, declared_on=day), LABORATORY, at=NOON + timedelta(days=60))
    assert judged(released(), late) == rules


@pytest.mark.rule("DES-05")
def test_the_terms_mark_is_the_rule_packs() -> None:
    late = said(replace(DECLARED, declared_on=date(2026, 10, 2)), LABORATORY, at=NOON + timedelta(days=60))
    [breach] = breaches(released(), late)
    assert grounds(breach) == ("Order 281 (article not read)", False)


@pytest.mark.rule("CON-21")
def test_a_stranger_records_no_consent() -> None:
    body: Body = replace(CONSENT, reference=REFERENCE)
    assert refused(released(), said(body, RIVAL)) == "CON-21"
