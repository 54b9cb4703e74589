"""Bundles in part: what they show and what not, and that nobody passes one off as the whole."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.domain.approval.changes import ApprovalSuspended
from ledger.domain.registry.parties import SiteRegistered
from ledger.errors import newer_format
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.bundle.manifest import ANSWERED, IN_PART, parse_manifest
from ledger.evidence.checks.trust import parse_trust
from ledger.evidence.checks.verdicts import Verdict, report_lines, report_value
from ledger.evidence.export import export_bundle
from ledger.evidence.verify import verify_bundle
from ledger.ids import SiteId, Tag
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.entry import leaf_of, parse_entry
from ledger.tlog.policy import parse_policy
from projections.claims.checking import Finding, check_answer
from tests.corpus import bundle_parts
from tests.corpus.bundle_edits import Opened, edited
from tests.corpus.bundle_log import policy, statement_at
from tests.corpus.bundle_parts import Unseen, answering, hidden, in_part
from tests.corpus.bundle_story import (
    APPROVAL,
    CHILD,
    CUSTOMS,
    FIRST,
    GOODS,
    SCIENTIST,
    TECHNICIAN,
    begun,
    key_of,
    told,
    trust,
)
from tests.corpus.bundles import Fault
from tests.corpus.claimed import asked, saying

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.domain.bodies.vocabulary import Body
    from ledger.evidence.checks.verdicts import Report
    from ledger.statement.authoring import Author
    from projections.claims.checking import Checked, Wanted

FAULTS: Final = {one.name: one for one in bundle_parts.attacks(Fault)}


def verified(data: bytes) -> Report:
    return verify_bundle(data, parse_policy(policy()), parse_trust(trust()))


def manifest_of(data: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(read_archive(data)[bundle.MANIFEST])
    return value


def verdicts(report: Report, begins: str) -> set[Verdict]:
    return {one.verdict for one in report.claims if one.about.startswith(begins)}


def test_what_is_shown_is_verified_and_what_is_withheld_is_named_by_count_and_position() -> None:
    report = verified(in_part())
    assert (report.verdict, report.exit_code, report.failures) == (Verdict.NOT_CHECKED, 5, ())
    assert report.withheld == hidden()
    assert {APPROVAL, GOODS, FIRST} < set(report.part)
    assert (
        verdicts(report, "event ")
        == verdicts(report, f"tag {CHILD}")
        == verdicts(report, "tag key:")
        == {Verdict.KNOWN}
    )
    assert verdicts(report, "withheld ") == verdicts(report, "part ") == {Verdict.NOT_CHECKED}
    lines = list(report_lines(report))
    assert any(
        one.startswith(f"withheld: entries: 2 at position {hidden()[0]}, {hidden()[1]}; shown in part: ")
        for one in lines
    )
    assert lines[-1].startswith("the bundle: in part: ")
    said = report_value(report)
    assert (said["withheld"], said["exit"]) == (hidden(), 5)


def test_a_withheld_entry_is_bound_by_its_hash_to_who_can_show_it_later() -> None:
    listed = parse_manifest(read_archive(in_part())[bundle.MANIFEST]).withheld
    assert [one.leaf for one in listed] == [leaf_of(told().log.entry(one.position)).hex() for one in listed]


def test_nothing_of_a_withheld_entry_is_in_the_bundle_but_its_position_and_its_hash() -> None:
    files = {name: data for name, data in read_archive(in_part()).items() if name != bundle.VERIFIER}
    assert not any("approval.granted" in name or "consignment.announced" in name for name in files)
    approval, announced = (parse_entry(told().log.entry(position)) for position in hidden())
    texts = b"".join(files.values())
    for secret in (b"approval.granted", b"consignment.announced", b"GX 1", approval.data[-90:], announced.data[-90:]):
        assert secret not in texts
    assert str(CUSTOMS.party).encode() not in texts  # who signed the approval alone


def test_of_a_subject_in_part_the_index_is_not_shown_or_it_would_count_its_events() -> None:
    data = in_part()
    named = [parse.split(b"\n")[1].decode() for name, parse in read_archive(data).items() if name.endswith(".proof")]
    assert named
    assert not any(one.endswith(tag) for one in named for tag in manifest_of(data)["part"])


def test_that_more_was_said_of_what_is_in_part_cannot_be_told_from_that_nothing_was() -> None:
    """A suspension that may not be read, or something else entirely, in its place: the same is listed and claimed."""
    elsewhere = SiteRegistered(site=SiteId("site:other"), party=SCIENTIST.party, name="Other", use="store")
    one, other = (
        _with(body, who)
        for body, who in ((ApprovalSuspended(approval=APPROVAL, ground="storage"), CUSTOMS), (elsewhere, SCIENTIST))
    )
    assert manifest_of(one) == manifest_of(other)
    said = [[(claim.about, claim.verdict, claim.words) for claim in verified(data).claims] for data in (one, other)]
    assert said[0] == said[1]


def _with(body: Body, who: Author) -> bytes:
    log, at = begun()
    secret = log.say(body, who)
    unseen = Unseen(log.store, {at["approval"], at["announced"], secret}, bundle_parts.IN_PART)
    return export_bundle(unseen, log.publish(), Tag(FIRST), sealed=unseen)


def test_the_report_says_first_that_it_is_in_part_and_of_nothing_that_it_is_not_on_record() -> None:
    whole = read_archive(export_bundle(told().log.store, told().frame, Tag(CHILD)))[bundle.REPORT].decode()
    part = read_archive(in_part())[bundle.REPORT].decode()
    assert part.splitlines()[2].startswith("- **Shown in part, and so not complete: something is withheld")
    assert "only position and hash are here: 2 (13, 14)" in part
    assert "is on record" in whole  # that no release is
    assert "is on record" not in part
    assert "None in what is shown; something is withheld. / 所示内容中无；另有内容未出示。" in part
    assert "authentic and complete" not in part
    assert "withheld" not in whole


def test_an_earlier_verifier_says_that_it_is_too_old() -> None:
    assert manifest_of(in_part())["format"] == IN_PART
    assert newer_format(IN_PART, ANSWERED)


def test_a_bundle_from_which_nothing_is_withheld_is_of_the_form_that_it_always_had() -> None:
    unseen = Unseen(told().log.store, (), ())
    whole = export_bundle(told().log.store, told().frame, Tag(CHILD))
    assert export_bundle(unseen, told().frame, Tag(CHILD), sealed=unseen) == whole


@pytest.mark.parametrize("name", FAULTS)
def test_a_bent_bundle_in_part_fails_and_names_what(name: str) -> None:
    failure = verified(FAULTS[name].data).failures[0]
    assert (failure.check, failure.about) == (FAULTS[name].check, FAULTS[name].about)


@pytest.mark.parametrize("make", [bundle_parts.revocation_withheld, bundle_parts.enrolment_withheld])
def test_what_a_key_signed_of_which_something_is_withheld_is_not_checked(make: Callable[[], bytes]) -> None:
    report = verified(make())
    assert (report.verdict, report.exit_code) == (Verdict.NOT_CHECKED, 5)
    signed = {f"event {told().at[name]}" for name in ("used", "aliquoted", "child used")}
    of_the_key = [one for one in report.claims if one.about in signed]
    assert {one.verdict for one in of_the_key} == {Verdict.NOT_CHECKED}
    assert all(key_of(TECHNICIAN).removeprefix("key:") in one.words and "withheld" in one.words for one in of_the_key)


def test_without_the_opening_of_the_log_no_key_is_believed() -> None:
    report = verified(bundle_parts.opening_withheld())
    assert verdicts(report, "event ") == {Verdict.NOT_CHECKED}


def test_whichever_entry_is_called_withheld_there_is_no_plain_yes() -> None:
    whole = export_bundle(told().log.store, told().frame, Tag(CHILD))
    manifest = parse_manifest(read_archive(whole)[bundle.MANIFEST])
    for position in [one.position for one in manifest.entries]:
        assert verified(edited(whole, partial(Opened.seal, position=position))).verdict is Verdict.FAILED
        tags = parse_entry(told().log.entry(position)).tags & manifest.listed
        report = verified(bundle_parts.called_withheld(Tag(CHILD), tags, position))
        assert report.exit_code in {4, 5}
        assert position in report.withheld


# Answers


def answered(data: bytes, wanted: Wanted | None = None) -> Checked:
    return check_answer(data, parse_policy(policy()), parse_trust(trust()), load_packs(), wanted)


def words_of(data: bytes) -> tuple[Verdict, str]:
    return next((one.verdict, one.words) for one in verified(data).claims if one.about == "answer")


def test_an_answer_agrees_as_far_as_is_shown_and_is_not_bound_to_what_is_withheld() -> None:
    data = answering("whereabouts")
    checked, (verdict, words) = answered(data), words_of(data)
    assert (checked.finding, checked.exit_code, verdict) == (Finding.AS_SHOWN, 5, Verdict.NOT_CHECKED)
    assert checked.words == words
    assert f"it is not bound to what is withheld: entries: 2 at position {hidden()[0]}, {hidden()[1]}" in words


@pytest.mark.parametrize("question", ["custody-chain", "ancestors"])
def test_an_answer_that_rests_on_what_is_in_part_is_not_checked(question: str) -> None:
    data = answering(question)
    checked, (verdict, words) = answered(data), words_of(data)
    assert (checked.finding, checked.exit_code, verdict) == (Finding.NOT_CHECKED, 5, Verdict.NOT_CHECKED)
    assert "it rests on all events of" in checked.words
    assert "agrees" not in words


def test_a_wrong_answer_differs_in_a_bundle_in_part_too() -> None:
    data = saying(answering("whereabouts"), lambda value: value["rows"][0].update(custodian="party:thief"))
    assert (answered(data).finding, words_of(data)[0]) == (Finding.DIFFERS, Verdict.FAILED)


def test_who_signed_a_statement_follows_from_a_bundle_in_part_and_is_not_bound_to_what_is_withheld() -> None:
    used = Tag(statement_at(told().at["child used"]))
    checked = answered(in_part(), lambda _, size: asked("signatures", used, size))
    assert (checked.finding, checked.exit_code) == (Finding.UNCLAIMED, 5), checked.words
    assert checked.words == "so many rows follow from the bundle: 1; it is not bound to what is withheld"


def test_what_a_verifier_asks_of_a_bundle_in_part_follows_from_what_is_shown_alone() -> None:
    checked = answered(in_part(), lambda said, size: asked("whereabouts", CHILD, size))
    assert (checked.finding, checked.exit_code) == (Finding.UNCLAIMED, 5)
    assert checked.words.endswith("; it is not bound to what is withheld")
