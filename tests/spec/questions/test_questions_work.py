"""Questions about work on items: a small history is recorded, and what it broke is judged again from it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.breach import Breach
from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.approval.changes import ApprovalSiteAdded
from ledger.domain.border.destination import UseConsented
from ledger.domain.ending.sale import SaleRecorded
from ledger.domain.law.schemes import Scheme
from ledger.domain.registry.parties import SiteChanged
from ledger.domain.work.portions import Portion
from ledger.ids import Tag
from projections.questions.work.laboratories import below_level, misplaced, sites
from projections.questions.work.permissions import beyond_purpose, too_early
from tests.spec.authorisations import LIST, PARTIES, drawn
from tests.spec.authorisations import recorded as permitted
from tests.spec.bench import (
    APPROVAL,
    BEFORE,
    CELLAR,
    CUSTOMS,
    GOODS,
    LAB,
    VARIOLA,
    A,
    B,
    C,
    aliquoted,
    announced,
    approval,
    child,
    ml,
    received,
    released,
    site,
    vials,
)
from tests.spec.owing.scenes import told
from tests.spec.parties import LABORATORY
from tests.spec.supervision.test_recalls import used
from tests.spec.world import NOON, packs, said

if TYPE_CHECKING:
    from ledger.domain.judging import Signed

HOUR: Final = timedelta(hours=1)


def at(place: Any, when: Signed[Any]) -> Signed[Any]:  # noqa: ANN401  a site
    """Return a work in another laboratory."""
    return replace(when, body=replace(when.body, laboratory=place))


# Did the laboratory match the approval at receipt and at each use


@pytest.mark.question("places")
def test_each_receipt_and_work_is_told_with_whether_the_approval_named_the_site() -> None:
    given = [*vials(), site(CELLAR), used(A, at=NOON), at(CELLAR, used(B, at=NOON + HOUR))]
    rows = sites(told(given))
    assert [(one.kind, one.site, one.items, one.named) for one in rows] == [
        ("item.received/1", LAB, (A, B), True),
        ("item.used/1", LAB, (A,), True),
        ("item.used/1", CELLAR, (B,), False),
    ]
    assert {one.approval for one in rows} == {APPROVAL}
    assert [one.site for one in misplaced(told(given))] == [CELLAR]


def test_what_was_made_of_an_item_is_compared_with_its_approval_too() -> None:
    given = [*vials(), site(CELLAR), aliquoted(child(C, "1"), residual="9"), at(CELLAR, used(C, at=NOON + HOUR))]
    [row] = misplaced(told(given))
    assert (row.items, row.approval) == ((C,), APPROVAL)


def test_a_site_that_was_added_before_the_work_is_named_and_one_that_was_added_later_is_not() -> None:
    added = said(ApprovalSiteAdded(approval=APPROVAL, site=CELLAR, from_on=BEFORE.date()), CUSTOMS, at=BEFORE)
    work = at(CELLAR, used(A, at=NOON))
    assert misplaced(told([*vials(), site(CELLAR), added, work])) == ()
    assert [one.site for one in misplaced(told([*vials(), site(CELLAR), work, added]))] == [CELLAR]


def test_of_an_approval_that_names_no_site_nothing_can_be_compared() -> None:
    none = approval()
    given = [site(), replace(none, body=replace(none.body, sites=())), *announced(), released(), received()]
    assert [one.named for one in sites(told(given))] == [None]


# Uses in a laboratory below the level


@pytest.mark.question("below-level")
def test_a_work_below_the_level_that_it_asks_for_is_told_with_both() -> None:
    answer = below_level(told([*vials(agent=VARIOLA, level=2), used(A, at=NOON)]), packs())
    [row] = answer.judged.broken
    assert (row.breach.rule, row.breach.subjects) == ("GAT-12", (Tag(A),))
    assert (row.breach.given["level"], row.breach.given["required"], row.told) == (2, 3, False)
    assert answer.unknown == ()
    assert below_level(told([*vials(agent=VARIOLA, level=4), used(A, at=NOON)]), packs()).judged.broken == ()


def test_of_what_no_agent_is_stated_no_level_is_known_and_that_is_told() -> None:
    answer = below_level(told([*vials(), used(A, at=NOON)]), packs())
    assert (answer.judged.broken, [one.item for one in answer.unknown]) == ((), [A])


def test_the_level_is_that_of_the_time_of_the_work() -> None:
    raised = said(SiteChanged(site=LAB, level=4), LABORATORY, at=NOON + HOUR)
    given = [*vials(agent=VARIOLA, level=2), used(A, at=NOON), raised, used(B, at=NOON + 2 * HOUR)]
    assert [one.breach.subjects for one in below_level(told(given), packs()).judged.broken] == [(Tag(A),)]


# Uses before release or consent


def unreleased() -> list[Signed[Any]]:
    return [site(until=date(2030, 1, 1)), approval(), *announced(), received()]


@pytest.mark.question("used-too-early")
def test_a_use_before_the_release_is_told_and_one_whose_release_was_told_late_is_not() -> None:
    work = used(A, at=NOON)
    [row] = too_early(told([*unreleased(), work]), packs()).broken
    assert (row.breach.rule, row.statement, row.party) == ("GAT-06", work.id, LABORATORY.party)
    assert too_early(told([*unreleased(), work, released(at=BEFORE)]), packs()).broken == ()
    [row] = too_early(told([*unreleased(), work, released(at=NOON + HOUR)]), packs()).broken
    assert row.breach.rule == "GAT-06"


@pytest.mark.question("used-too-early")
def test_a_use_before_the_consent_is_told_with_whether_its_signers_knew() -> None:
    consent = said(UseConsented(consignment=GOODS), CUSTOMS, at=NOON + HOUR)
    given = [*vials(follow_up=True), used(A, at=NOON), consent, used(B, at=NOON + 2 * HOUR)]
    events = told(given)
    events[-3] = replace(events[-3], breaches=(Breach("GAT-07", (Tag(A),)),))
    [row] = too_early(events, packs()).broken
    assert (row.breach.rule, row.breach.subjects, row.told) == ("GAT-07", (Tag(A),), True)


# Uses outside the approved purpose, and of goods of a list


@pytest.mark.question("off-purpose")
def test_a_use_for_another_purpose_and_goods_of_a_list_in_the_clinic_or_sold_are_told() -> None:
    sold = SaleRecorded(portions=(Portion(item=B, quantity=ml("1")),), buyer="Riverside", country="CN", invoice="1")
    clinical = used(A, at=NOON)
    clinical = replace(clinical, body=replace(clinical.body, purpose="diagnosis"))
    given = [
        *PARTIES,
        *vials(purposes=("research", "sale")),
        permitted(LIST, Scheme.RESEARCH_IMPORT_LIST),
        drawn(A, B, permit=LIST),
        clinical,
        said(sold, LABORATORY, at=NOON + HOUR),
    ]
    rows = beyond_purpose(told(given), packs()).broken
    assert [(one.kind, one.breach.rule) for one in rows] == [
        ("item.used/1", "GAT-15"),
        ("item.used/1", "OWN-01"),
        ("sale.recorded/1", "OWN-01"),
    ]
    assert beyond_purpose(told([*vials(), used(A, at=NOON)]), packs()).broken == ()


# What cannot be judged again, and another edition


@pytest.mark.parametrize("ask", [too_early, beyond_purpose])
def test_what_cannot_be_judged_again_is_told_with_why(ask: Any) -> None:  # noqa: ANN401  a question
    given = [*vials(), used(A, at=NOON)]
    voided = said(StatementVoided(statement=given[-2].id, ground="entered-twice"), LABORATORY, at=NOON + HOUR)
    events = told(given)
    unknown = replace(events[-1], rules=f"cn-999 {'0' * 64}")
    assert [one.refused for one in ask([*events[:-1], unknown], packs()).unjudged] == [None]
    assert [one.refused for one in ask(told([*given, voided]), packs()).unjudged] == ["GAT-02"]
    assert ask(events, packs()).unjudged == ()


def test_another_edition_is_asked_for_all_of_them() -> None:
    older = packs().at("CN", date(2025, 6, 1))
    events = told([*vials(agent=VARIOLA, level=2), used(A, at=NOON)])
    assert {one.by for one in below_level(events, packs(), older).judged.broken} == {older.name}
