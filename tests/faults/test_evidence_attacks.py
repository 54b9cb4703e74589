"""Attacks on evidence: each bad bundle of the corpus fails at the check that is meant for it, and names what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import read_archive, write_archive
from ledger.evidence.bundle.manifest import parse_manifest
from ledger.evidence.checks.trust import NOBODY, Trust, parse_trust
from ledger.evidence.checks.verdicts import Verdict
from ledger.evidence.export import export_bundle
from ledger.evidence.verify import verify_bundle
from ledger.ids import Tag
from ledger.tlog.policy import parse_policy
from tests.corpus.bundle_edits import edited
from tests.corpus.bundle_story import CHILD, FIRST, TECHNICIAN, key_of, told
from tests.corpus.bundles import POLICY, TRUST, bundles, verifiers_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.evidence.checks.verdicts import Report
    from tests.corpus.bundle_edits import Opened

_POLICY: Final = parse_policy(verifiers_files()[POLICY])
_TRUST: Final = parse_trust(verifiers_files()[TRUST])
_GOOD: Final = export_bundle(told().log.store, told().frame, Tag(FIRST), ["note"])


def verified(data: bytes, trust: Trust = _TRUST) -> Report:
    return verify_bundle(data, _POLICY, trust)


def first_failure(name: str) -> tuple[str | None, str]:
    """Return check and subject of the first failed claim of a bundle in the corpus."""
    claim = verified(bundles()[name][0]).failures[0]
    return claim.check, claim.about


@pytest.mark.parametrize("name", bundles())
def test_a_bundle_of_the_corpus_gets_its_verdict(name: str) -> None:
    data, expected = bundles()[name]
    report = verified(data, parse_trust(verifiers_files()[expected.trust]))
    first = report.failures[0] if report.failures else None
    said = (report.verdict, report.exit_code, first and first.check, first and first.about)
    assert said == (expected.verdict, expected.exit, expected.check, expected.about)


def test_a_leaf_taken_for_a_node_fails() -> None:
    assert first_failure("leaf-taken-for-a-node")[1] == f"event {told().at['used']}"


@pytest.mark.rule("EVD-08")
def test_a_statement_replayed_into_another_log_fails() -> None:
    assert first_failure("statement-replayed-from-another-log")[0] == "statement"


@pytest.mark.rule("EVD-08")
def test_the_same_event_twice_fails() -> None:
    assert first_failure("same-statement-recorded-twice")[0] == "statement"
    assert first_failure("same-id-with-other-bytes")[0] == "statement"


@pytest.mark.rule("EVD-05", "EVD-07")
def test_the_proof_of_another_entry_attached_fails() -> None:
    about = f"event {told().at['used']}"
    assert first_failure("proof-of-another-entry") == ("inclusion", about)
    assert first_failure("entry-of-another-position") == ("entry", about)
    assert first_failure("proof-hash-never-used") == ("manifest", "bundle")


@pytest.mark.rule("EVD-01", "EVD-02")
@pytest.mark.parametrize("what", ["policy", "key", "trust"])
def test_a_bundle_that_brings_its_own_policy_or_key_fails(what: str) -> None:
    assert first_failure(f"bundle-brings-its-own-{what}") == ("form", "bundle")


def test_a_split_view_that_the_witness_quorum_did_not_see_fails() -> None:
    assert first_failure("split-view-without-witnesses") == ("checkpoint", "checkpoint")


def test_the_last_event_of_a_subject_withheld_fails() -> None:
    assert first_failure("last-event-of-the-subject-withheld") == ("completeness", f"tag {FIRST}")


@pytest.mark.rule("EVD-15")
def test_a_revocation_withheld_fails() -> None:
    assert first_failure("revocation-withheld") == ("completeness", f"tag {key_of(TECHNICIAN)}")
    assert first_failure("history-of-a-signing-key-not-claimed")[0] == "key"


@pytest.mark.rule("EVD-14")
def test_an_event_signed_after_revocation_fails() -> None:
    assert first_failure("event-signed-after-revocation")[0] == "key"


@pytest.mark.rule("EVD-12", "EVD-13")
def test_key_substitution_fails() -> None:
    assert first_failure("key-substituted-in-its-enrolment")[0] == "key"
    assert first_failure("event-signed-by-a-key-that-nobody-enrolled")[0] == "key"
    assert first_failure("signature-by-another-key-than-named")[0] == "signature"


@pytest.mark.rule("EVD-12")
def test_one_key_with_two_identities_fails() -> None:
    assert first_failure("one-key-two-identities")[0] == "key"


@pytest.mark.rule("EVD-10", "EVD-11")
def test_a_log_opened_twice_fails() -> None:
    assert first_failure("log-opened-twice")[0] == "key"


@pytest.mark.rule("EVD-09")
def test_an_entry_whose_header_leaves_out_a_tag_fails() -> None:
    assert first_failure("header-leaves-out-a-tag")[0] == "tags"


def test_an_event_that_fails_leaves_its_neighbours_their_verdicts() -> None:
    report = verified(bundles()["proof-of-another-entry"][0])
    assert [claim.about for claim in report.failures][:1] == [f"event {told().at['used']}"]
    assert sum(claim.verdict is Verdict.KNOWN for claim in report.claims if claim.about.startswith("event ")) > 10


def test_withholding_any_single_entry_is_noticed() -> None:
    for listed in parse_manifest(read_archive(_GOOD)[bundle.MANIFEST]).entries:
        report = verified(edited(_GOOD, _withholding(listed.position)))
        assert report.verdict is Verdict.FAILED, listed


def _withholding(position: int) -> Callable[[Opened], None]:
    return lambda one: one.withhold(position)


def test_trusting_nobody_finds_the_same_failures() -> None:
    for data, expected in bundles().values():
        if expected.check is not None:
            said = [(one.check, one.about) for one in verified(data, NOBODY).failures]
            assert said == [(one.check, one.about) for one in verified(data).failures]


def test_what_cannot_be_checked_is_said() -> None:
    unchecked = {one.about for one in verified(_GOOD).claims if one.verdict is Verdict.NOT_CHECKED}
    always = {"rules", "bodies", "derived tags", "times", "world", "texts", "other subjects", "later"}
    assert unchecked == always | {"left out"}


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_flipping_any_bit_of_an_entry_fails_and_names_the_event(data: st.DataObject) -> None:
    listed = data.draw(st.sampled_from(parse_manifest(read_archive(_GOOD)[bundle.MANIFEST]).entries))
    entry = bytearray(read_archive(_GOOD)[bundle.entry_name(listed.position)])
    entry[data.draw(st.integers(0, len(entry) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    report = verified(edited(_GOOD, lambda one: one.put(listed.position, bytes(entry))))
    assert f"event {listed.position}" in {claim.about for claim in report.failures}


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_flipping_any_bit_of_a_bundle_fails(data: st.DataObject) -> None:
    bent = bytearray(_GOOD)
    bent[data.draw(st.integers(0, len(bent) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert verified(bytes(bent)).verdict is Verdict.FAILED


@settings(deadline=None, max_examples=120)
@given(data=st.data())
def test_a_bent_file_inside_a_bundle_gets_a_verdict_and_no_exception(data: st.DataObject) -> None:
    files = dict(read_archive(_GOOD))
    for_people = {bundle.README, bundle.REPORT, bundle.VERIFIER}
    name = data.draw(
        st.sampled_from([one for one in files if one not in for_people and not one.startswith("schemas/")])
    )
    content = files[name]
    start = data.draw(st.integers(0, len(content)))
    piece = data.draw(st.binary(max_size=8) | st.sampled_from([b"\n", b"9" * 30, b'"', b"{}", b"[" * 5_000, b"\xff"]))
    bent = content[:start] + piece + content[start + data.draw(st.integers(0, 8)) :]
    if bent != content:
        files[name] = bent
        assert verified(write_archive(files)).verdict is Verdict.FAILED


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300) | st.integers(0, 3_000).map(lambda cut: _GOOD[:cut]))
def test_any_bytes_get_a_verdict_and_no_exception(data: bytes) -> None:
    assert verified(data).verdict is Verdict.FAILED


def test_the_verdict_names_the_subject_that_the_bundle_is_about() -> None:
    assert verified(_GOOD).subject == FIRST
    assert verified(bundles()["good-item"][0]).subject == CHILD
    assert verified(b"").subject is None
