"""Every question is asked of every small history in which something is owed: an answer, and never a stumble."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.domain.approval.changes import ApprovalSuspended
from ledger.domain.approval.conversions import ApprovalConversionStated
from ledger.domain.duties.steps import Told
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import obligations
from projections.asked.question import Asked, Reads
from projections.asked.supervision.owed import own_obligations
from projections.asked.table import QUESTIONS
from tests.spec.authorisation import test_shares
from tests.spec.authorisation.test_permitted import LATER, OWN, collected, left
from tests.spec.authorisations import CERTIFICATE, LICENCE, PARTIES, recorded
from tests.spec.bench import APPROVAL, CUSTOMS, LAB, site, vials
from tests.spec.custody import test_transfer
from tests.spec.goods import ANNEX
from tests.spec.goods import APPROVAL as GOODS_APPROVAL
from tests.spec.goods import LAB as GOODS_LAB
from tests.spec.owing import before, border, custody, ending, supervised
from tests.spec.owing.scenes import told
from tests.spec.parties import IMPORTER, LABORATORY
from tests.spec.world import packs, said

if TYPE_CHECKING:
    from ledger.domain.judging import Event, Signed
    from tests.spec.owing.scenes import Scene

SCENES: Final = (*before.SCENES, *border.SCENES, *custody.SCENES, *ending.SCENES, *supervised.SCENES)
ASKED: Final = Asked(
    (),
    packs(),
    "CN",
    datetime(2027, 6, 1, tzinfo=UTC),
    first=date(2026, 1, 1),
    last=date(2036, 12, 31),
    hours=1,
    days=90,
)
"""Long after each scene: what is owed there is overdue."""


def histories(scene: Scene) -> list[list[Event[Any]]]:
    """Return a scene as it is opened, and as it was closed."""
    whole = [] if scene.closes is None else [told([*scene.opened, scene.closes], scene.duty)]
    return [told(scene.opened, scene.duty), *whole]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.duty)
def test_every_question_has_an_answer_that_says_why(scene: Scene) -> None:
    for events in histories(scene):
        subjects = sorted({tag for event in events for tag in event.tags})
        for question in QUESTIONS.values():
            about = [one for one in subjects if type_of(one) in question.about][:2] if question.about else [None]
            for subject in about:
                for row in question.answer(replace(ASKED, events=tuple(events), subject=subject)):
                    assert isinstance(row, question.row)
                    assert question.rests is None or row.why.rests in {None, *question.rests}, question.name


@pytest.mark.question("owed")
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.duty)
def test_what_is_owed_in_a_matter_is_what_the_list_of_all_obligations_says_of_it(scene: Scene) -> None:
    stopped = [] if scene.pauses is None else [told([*scene.opened, scene.pauses], scene.duty)]
    for events in (*histories(scene), *stopped):
        known = {tag for event in events for tag in event.tags if type_of(tag) in QUESTIONS["owed"].about}
        everything = obligations(events, packs())
        for subject in sorted(known):
            own = own_obligations(Told(events, KINDS), subject, packs())
            assert own == [one for one in everything if one.subject == subject], subject


def asked_of(name: str, given: list[Signed[Any]], at: datetime, **more: Any) -> list[Any]:  # noqa: ANN401
    assert QUESTIONS[name].reads is not Reads.SUBJECT
    return list(QUESTIONS[name].answer(replace(ASKED, events=tuple(told(given)), at=at, **more)))


@pytest.mark.question("expiring")
def test_what_runs_out_is_told_with_what_depends_on_it_and_what_ends_that() -> None:
    given = [
        *PARTIES, *vials(), recorded(LICENCE, valid_to=date(2026, 12, 31), approvals=(APPROVAL,)),
        recorded(CERTIFICATE, valid_to=date(2027, 10, 1)),
    ]  # fmt: skip
    (row,) = asked_of("expiring", given, datetime(2026, 12, 1, tzinfo=UTC), days=60)
    assert (row.permit, row.days, row.approvals, row.last_day) == (LICENCE, 30, (APPROVAL,), date(2026, 12, 31))
    assert row.why.position == len(given) - 1
    assert asked_of("expiring", given, datetime(2026, 12, 1, tzinfo=UTC), days=10) == []


@pytest.mark.question("uncertified-exits")
def test_what_left_without_an_exit_certificate_rests_on_the_rule_and_its_clause() -> None:
    given = [*PARTIES, site(), collected(), left()]
    (row,) = asked_of("uncertified-exits", given, LATER + timedelta(days=1))
    assert (row.item, row.why.rests, row.why.position) == (OWN, "PMT-24", len(given))
    assert row.why.clause


@pytest.mark.question("site-shares")
def test_the_sites_of_an_approval_are_told_with_what_came_what_went_on_and_whether_it_names_them() -> None:
    given = [*test_shares.THERE, test_shares.sent(to=test_shares.STRANGE)]
    rows = asked_of("site-shares", given, ASKED.at, subject=Tag(test_shares.TRIAL))
    found = {one.site: (one.named, one.allotted, one.booked, one.sent, one.why.rests) for one in rows}
    assert found == {
        LAB: (True, "6", "5", "1", None),
        test_shares.WARD: (True, "4", "0", "0", None),
        test_shares.STRANGE: (False, None, "1", "0", "GAT-11"),
    }
    assert {one.site: one.items_sent for one in rows} == {LAB: 1, test_shares.WARD: 0, test_shares.STRANGE: 0}


@pytest.mark.question("site-shares")
def test_what_a_site_has_rests_on_the_act_that_made_it_so_and_not_on_a_later_one() -> None:
    suspended = said(ApprovalSuspended(approval=test_shares.TRIAL, ground="documents"), CUSTOMS)
    given = [*test_shares.THERE, test_shares.sent(to=test_shares.STRANGE), suspended]
    rows = asked_of("site-shares", given, ASKED.at, subject=Tag(test_shares.TRIAL))
    assert {one.site: one.why.kind for one in rows} == {
        LAB: "transfer.sent/1",
        test_shares.WARD: "approval.allotted/1",
        test_shares.STRANGE: "transfer.sent/1",
    }


@pytest.mark.question("site-shares")
def test_a_site_that_items_went_to_is_told_with_what_they_hold_though_nobody_told_amounts() -> None:
    given = [*test_transfer.stock(), test_transfer.inside(), test_transfer.arrived(at=ANNEX, by=LABORATORY)]
    rows = asked_of("site-shares", given, ASKED.at, subject=Tag(GOODS_APPROVAL))
    assert {one.site: (one.named, one.booked, one.items_sent, one.items_there, one.on_hand) for one in rows} == {
        GOODS_LAB: (True, "0", 1, 1, None),
        ANNEX: (False, "0", 0, 1, None),
    }, "approved in vials, listed in mL, and nobody signed how these count"
    counted = said(ApprovalConversionStated(approval=GOODS_APPROVAL, line=1, unit="mL", factor="2"), IMPORTER)
    rows = asked_of("site-shares", [*given, counted], ASKED.at, subject=Tag(GOODS_APPROVAL))
    assert {one.site: one.on_hand for one in rows} == {GOODS_LAB: "2", ANNEX: "2"}
