"""What a narrow bundle proves: all that rules on what its subject rests on. And what it does not hand out: the rest."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.approval.changes import ApprovalAmended, ApprovalResumed, ApprovalSuspended, ApprovalWithdrawn
from ledger.domain.approval.changes import OrderOnWithdrawal as Order
from ledger.domain.bodies.vocabulary import Amount, Packaging, Role
from ledger.domain.border.consignments import ConsignmentAnnounced, Route
from ledger.domain.border.destination import UseConsented
from ledger.domain.border.entry import ConsignmentArrived
from ledger.domain.border.inspection import (
    ConsignmentHeld,
    ConsignmentHoldLifted,
    ConsignmentInspected,
    InspectionResult,
)
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.border.orders import ReturnOrdered
from ledger.domain.border.release import ConsignmentReleased
from ledger.domain.registry.parties import RoleGranted, RoleWithdrawn, SiteChanged
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.manifest import Scope
from ledger.evidence.checks.trust import parse_trust
from ledger.evidence.checks.verdicts import Verdict
from ledger.evidence.export import export_bundle
from ledger.evidence.verify import verify_bundle
from ledger.ids import CaseId, ConsignmentId, ItemId, StatementId, Tag
from ledger.statement.entries.entry import parse_entry
from ledger.tlog.index import status_name
from ledger.tlog.policy import parse_policy
from tests.corpus.bundle_edits import Opened, edited
from tests.corpus.bundle_log import START, Saying, SmallLog, policy, statement_at, tags_in
from tests.corpus.bundle_story import (
    APPROVAL,
    CHILD,
    CUSTOMS,
    FIRST,
    GOODS,
    IMPORTER,
    LAB,
    LINEAGE,
    OPERATOR,
    SCIENTIST,
    SECOND,
    begun,
    ml,
    told,
    trust,
    use,
)

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Body
    from ledger.evidence.checks.verdicts import Report
    from ledger.statement.authoring import Author

OTHERS: Final = ConsignmentId("consignment:AWB-2")
OTHER: Final = ItemId("item:other")
LINE: Final = LineQuantity(approval=APPROVAL, line=1, quantity=Amount(value="2", unit="vial"))


def ruled(log: SmallLog) -> list[int]:
    """Write all sorts of events that rule on something that the first item rests on; return their positions."""
    written: list[int] = []

    def say(body: Body, who: Author = CUSTOMS, **saying: Any) -> int:  # noqa: ANN401  whatever a saying has
        written.append(log.say(body, who, saying=Saying(**saying)))
        return written[-1]

    def void(position: int, who: Author = CUSTOMS) -> None:
        voiding = StatementVoided(statement=StatementId(statement_at(position)), ground="never-happened")
        say(voiding, who, tags=tags_in(log.entry(position)))

    say(ApprovalAmended(approval=APPROVAL, effective_on=date(2026, 9, 1), purposes=("assay",)))
    suspended = say(ApprovalSuspended(approval=APPROVAL, ground="storage"))
    say(ApprovalSuspended(approval=APPROVAL, ground="labelling"), corrects=suspended)
    say(ApprovalResumed(approval=APPROVAL))
    withdrawn = say(ApprovalWithdrawn(approval=APPROVAL, ground="mismatch", order=Order.RETURN))
    void(withdrawn)
    say(ConsignmentArrived(consignment=GOODS, packages=1, arrived_on=START), IMPORTER)
    passed = InspectionResult.PASSED
    say(ConsignmentInspected(consignment=GOODS, result=passed, packaging=Packaging.INTACT, mismatches=()))
    held = say(ConsignmentHeld(consignment=GOODS, ground="recall", items=()))
    void(held)
    say(ConsignmentHeld(consignment=GOODS, ground="papers", items=(SECOND,)), tags=[APPROVAL])
    say(ConsignmentHoldLifted(consignment=GOODS, ground="papers", items=(SECOND,)), tags=[APPROVAL])
    say(ConsignmentReleased(consignment=GOODS, items=(FIRST,), release_number="R 1", lines=(LINE,)))
    consent = say(UseConsented(consignment=GOODS, scope=("assay",)))
    again = say(UseConsented(consignment=GOODS, scope=("culture",)), corrects=consent)
    void(again)
    order = ReturnOrdered(
        case=CaseId("case:R-1"), consignment=GOODS, items=(SECOND,), notice_number="N 1", ground="papers", due=START
    )
    say(order, tags=[APPROVAL])
    withdrawal = say(RoleWithdrawn(party=SCIENTIST.party, role=Role.LABORATORY), OPERATOR)
    void(withdrawal, OPERATOR)
    say(RoleGranted(party=SCIENTIST.party, role=Role.APPLICANT), OPERATOR)
    changed = say(SiteChanged(site=LAB, active=False), SCIENTIST)
    say(SiteChanged(site=LAB, level=3), SCIENTIST, corrects=changed)
    return written


def busy(log: SmallLog, uses: int) -> list[int]:
    """Write another consignment under the same approval and some uses of its item; return the positions."""
    announced = ConsignmentAnnounced(
        consignment=OTHERS,
        applicant=IMPORTER.party,
        consignee=SCIENTIST.party,
        consignor_country="SE",
        destination=LAB,
        route=Route.IMPORT,
        lines=(LINE,),
    )
    written = [log.say(announced, IMPORTER)]
    listed = ItemListed(
        consignment=OTHERS, approval=APPROVAL, line=1, items=(ListedItem(item=OTHER, label="o", quantity=ml("1")),)
    )
    written.append(log.say(listed, IMPORTER))
    saying = Saying(tags=(APPROVAL, OTHERS))
    return written + [log.say(use(OTHER, "0.001"), SCIENTIST, saying=saying) for _ in range(uses)]


@cache
def narrow(uses: int = 3) -> tuple[SmallLog, bytes, list[int], list[int]]:
    """Return a log, its narrow bundle about the first item, what rules on it, and what was done elsewhere."""
    log, at = begun()
    ruling = [at["approval"], at["announced"], *ruled(log)]
    elsewhere = busy(log, uses)
    log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE))
    return log, export_bundle(log.store, log.publish(), Tag(FIRST)), ruling, elsewhere


def verified(data: bytes) -> Report:
    return verify_bundle(data, parse_policy(policy()), parse_trust(trust()))


def test_a_narrow_bundle_is_verified_and_known() -> None:
    report = verified(narrow()[1])
    assert [one for one in report.claims if one.verdict is Verdict.FAILED] == []
    assert report.verdict is Verdict.KNOWN


def test_roles_sites_and_keys_are_proven() -> None:
    known = {one.about for one in verified(narrow()[1]).claims if one.verdict is Verdict.KNOWN}
    parties = {one.party for one in (OPERATOR, CUSTOMS, IMPORTER, SCIENTIST)}
    assert {status_name(tag) for tag in {*parties, LAB, APPROVAL, GOODS}} <= known
    assert f"tag {FIRST}" in known
    assert any(one.startswith("tag key:") for one in known)


def test_it_holds_none_of_another_consignments_entries() -> None:
    _, data, _, elsewhere = narrow()
    held = {one.position for one in Opened(data).manifest.entries}
    assert not held & set(elsewhere)
    assert OTHERS.encode() not in data
    assert OTHER.encode() not in data


def test_what_is_left_out_is_counted_and_the_balance_is_not_checked() -> None:
    said = next(one for one in verified(narrow()[1]).claims if one.about == "left out")
    assert said.verdict is Verdict.NOT_CHECKED
    assert "5 of 19 events of approval:GX-1" in said.words
    assert said.words.endswith("and so what is left on approval:GX-1")


@pytest.mark.rule("EVD-22")
@pytest.mark.parametrize("dropped", range(len(narrow()[2])))
def test_dropping_any_event_of_a_status_fails(dropped: int) -> None:
    _, data, ruling, _ = narrow()
    report = verified(edited(data, lambda one: one.withhold(ruling[dropped])))
    failed = [one.about for one in report.failures if one.about.startswith("status ")]
    assert report.verdict is Verdict.FAILED
    assert failed


def test_dropping_any_entry_at_all_fails() -> None:
    data = narrow()[1]
    for listed in Opened(data).manifest.entries:
        report = verified(edited(data, lambda one, at=listed.position: one.withhold(at)))  # type: ignore[misc]
        assert report.verdict is Verdict.FAILED, listed


@pytest.mark.parametrize("uses", [0, 1, 40])
def test_other_uses_under_the_approval_change_no_entry_and_add_few_hashes(uses: int) -> None:
    few, many = Opened(narrow(0)[1]), Opened(narrow(uses)[1])

    def entries(one: Opened) -> list[bytes]:
        return [one.files[bundle.entry_name(listed.position)].partition(b"\n\n")[2] for listed in one.manifest.entries]

    assert len(entries(few)) == len(entries(many))
    assert entries(few)[:-1] == entries(many)[:-1]  # the last one is the item's own use behind the others
    sizes = [one.manifest.size.bit_length() for one in (few, many)]
    for (_, before), (_, after) in zip(sorted(few.proofs.items()), sorted(many.proofs.items()), strict=True):
        assert len(after) <= len(before) + sizes[1] - sizes[0] + 1


@pytest.mark.rule("EVD-22")
@pytest.mark.parametrize("tag", [APPROVAL, GOODS, LAB, SCIENTIST.party, CUSTOMS.party], ids=str)
def test_what_the_subject_rests_on_is_claimed(tag: str) -> None:
    def unclaimed(one: Opened) -> None:
        one.unclaim(Tag(tag))
        for listed in one.manifest.entries:
            entry = parse_entry(one.files[bundle.entry_name(listed.position)])
            if not entry.tags & set(one.manifest.complete) and not entry.status & set(one.manifest.status):
                one.withhold(listed.position)

    failures = {one.about: one.words for one in verified(edited(narrow()[1], unclaimed)).failures}
    assert failures[status_name(tag)].startswith("EVD-22")


@pytest.mark.rule("EVD-22")
def test_a_parent_is_claimed_to_be_complete() -> None:
    story = told()
    data = export_bundle(story.log.store, story.frame, Tag(CHILD), scope=Scope.WHOLE)
    failures = {one.about: one.words for one in verified(edited(data, lambda one: one.unclaim(Tag(FIRST)))).failures}
    assert failures[f"tag {FIRST}"].startswith("EVD-22: manifest: an item is made of it")


@pytest.mark.rule("EVD-21")
def test_a_correction_counts_for_the_status_of_what_it_corrects() -> None:
    log, _ = begun()
    at = log.say(ApprovalSuspended(approval=APPROVAL, ground="storage"), CUSTOMS)
    saying = Saying(corrects=at, unruled=[APPROVAL])
    wrong = log.say(ApprovalSuspended(approval=APPROVAL, ground="labelling"), CUSTOMS, saying=saying)
    report = verified(export_bundle(log.store, log.publish(), Tag(FIRST), scope=Scope.WHOLE))
    assert [(one.about, one.words) for one in report.failures] == [
        (f"event {wrong}", "EVD-21: status: the statement that it names counts for approval:GX-1")
    ]
