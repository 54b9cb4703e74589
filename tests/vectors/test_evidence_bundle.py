"""The bytes of evidence bundles: one form each for zip, manifest, proofs and trust, and the same bytes each time."""

from __future__ import annotations

import doctest
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from ledger.domain.ending.incidents import Loss, LossReported
from ledger.errors import IntegrityFailed, Malformed, NotFound
from ledger.evidence.bundle import archive, bundle, manifest, proofs
from ledger.evidence.bundle.archive import read_archive, write_archive
from ledger.evidence.bundle.manifest import Scope, Why, encode_manifest, parse_manifest
from ledger.evidence.bundle.proofs import decode_proofs, encode_proofs
from ledger.evidence.checks import trust
from ledger.evidence.checks.trust import parse_trust
from ledger.evidence.export import export_bundle
from ledger.evidence.gathering.frame import cosign_frame, rebuild_frame
from ledger.evidence.report.told import Voice
from ledger.ids import CaseId, PartyId, Tag
from ledger.tlog.note import NoteSignature, format_note, parse_note
from tests.corpus.bundle_edits import packed_anew
from tests.corpus.bundle_log import START, Saying
from tests.corpus.bundle_story import (
    APPROVAL,
    CHILD,
    CUSTOMS,
    FIRST,
    LINEAGE,
    NOTE,
    SCIENTIST,
    SECOND,
    begun,
    told,
    use,
)
from tests.corpus.bundles import build, large_bundle

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

CASE: Final = CaseId("case:LOSS-1")
_GOOD: Final = export_bundle(told().log.store, told().frame, Tag(CHILD))


@pytest.mark.parametrize("module", [archive, manifest, proofs, trust], ids=lambda one: one.__name__)
def test_the_worked_examples_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_the_same_subject_under_the_same_checkpoint_makes_the_same_bytes() -> None:
    first, second = told(), told()
    made = [export_bundle(one.log.store, one.frame, Tag(CHILD)) for one in (first, first, second)]
    assert made[0] == made[1] == made[2]


def test_what_is_recorded_later_does_not_change_a_bundle_of_an_earlier_checkpoint() -> None:
    story = told()
    before = export_bundle(story.log.store, story.early, Tag(APPROVAL))
    story.log.publish()
    note, size = story.early.note, story.early.checkpoint.size
    frame = rebuild_frame(note, (one.entry for one in story.log.store.read(limit=size)))
    assert export_bundle(story.log.store, frame, Tag(APPROVAL)) == before


def test_any_tool_can_unpack_a_bundle() -> None:
    with zipfile.ZipFile(io.BytesIO(_GOOD)) as unpacked:
        assert unpacked.testzip() is None
        assert {one.filename: unpacked.read(one) for one in unpacked.infolist()} == read_archive(_GOOD)
        assert {one.date_time for one in unpacked.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {one.compress_type for one in unpacked.infolist()} == {zipfile.ZIP_STORED}


def test_an_archive_is_these_bytes() -> None:
    assert write_archive({"a": b"1"}).hex() == (
        "504b0304" "0a00" "0000" "0000" "0000" "2100" "b7efdc83" "01000000" "01000000" "0100" "0000" "61" "31"
        "504b0102" "1403" "0a00" "0000" "0000" "0000" "2100" "b7efdc83" "01000000" "01000000" "0100" "0000" "0000"
        "0000" "0000" "0000a481" "00000000" "61"
        "504b0506" "0000" "0000" "0100" "0100" "2f000000" "20000000" "0000"
    )  # fmt: skip


@pytest.mark.rule("EVD-01")
def test_a_zip_that_somebody_packed_anew_is_told_from_one_that_was_changed() -> None:
    with pytest.raises(Malformed, match="packed anew"):
        read_archive(packed_anew(write_archive({"a": b"1" * 100, "b": b"2"})))


@pytest.mark.rule("EVD-01")
@pytest.mark.parametrize("name", ["", "a b", "ä", "a" * 201])
def test_an_archive_holds_no_odd_names(name: str) -> None:
    with pytest.raises(Malformed, match="EVD-01"):
        write_archive({name: b""})


def test_a_case_brings_the_items_that_it_is_about() -> None:
    log, _ = begun()
    lost = LossReported(case=CASE, items=(FIRST,), loss=Loss.LOST, discovered_at=START)
    log.say(lost, SCIENTIST, saying=Saying(tags=LINEAGE))
    said = parse_manifest(read_archive(export_bundle(log.store, log.publish(), Tag(CASE)))[bundle.MANIFEST])
    assert {CASE, FIRST} <= set(said.complete)
    assert Tag(APPROVAL) in said.status


def test_a_bundle_says_what_each_entry_is_here_for() -> None:
    story = told()
    listed = {one.position: one.why for one in parse_manifest(read_archive(_GOOD)[bundle.MANIFEST]).entries}
    at = story.at
    assert [listed[at[name]] for name in ("child used", "used", "approval", "announced", "revoked", "opened")] == [
        Why.SUBJECT,
        Why.ANCESTOR,
        Why.APPROVAL,
        Why.CONSIGNMENT,
        Why.KEY,
        Why.PARTY,  # of several words the first: it opens the log, and with it the operator's own account
    ]


def test_a_bundle_claims_its_subject_its_lineage_and_its_keys() -> None:
    said = parse_manifest(read_archive(_GOOD)[bundle.MANIFEST])
    assert [one for one in said.complete if not one.startswith("key:")] == [Tag(CHILD), Tag(FIRST)]
    assert len([one for one in said.complete if one.startswith("key:")]) == 5
    parties = ["party:customs", "party:importer", "party:laboratory", "party:operator"]
    assert said.status == (APPROVAL, "consignment:AWB-1", *parties, "site:lab")


def test_a_whole_bundle_claims_all_that_came_in_under_its_approvals_and_consignments() -> None:
    story = told()
    data = export_bundle(story.log.store, story.frame, Tag(CHILD), scope=Scope.WHOLE)
    said = parse_manifest(read_archive(data)[bundle.MANIFEST])
    assert {APPROVAL, "consignment:AWB-1"} <= set(said.complete)
    assert all(one.startswith(("party:", "site:")) for one in said.status)


@pytest.mark.rule("EVD-04")
def test_a_manifest_is_the_text_that_javascript_makes_of_its_value() -> None:
    data = read_archive(_GOOD)[bundle.MANIFEST]
    assert json.dumps(json.loads(data), separators=(",", ":"), ensure_ascii=False).encode() == data
    assert encode_manifest(parse_manifest(data)) == data


@pytest.mark.rule("EVD-04")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b'"size":21', b'"size":0', id="no leaves"),
        pytest.param(b'"size":21', b'"size":10000000000000000', id="a size that JavaScript cannot count"),
        pytest.param(b'"position":20', b'"position":21', id="the state entry among the entries"),
        pytest.param(b'"position":2,', b'"position":1,', id="a position twice"),
        pytest.param(b'"subject":"item:child"', b'"subject":"child"', id="a subject without its type"),
        pytest.param(b"vialog-evidence/2", b"vialog-evidence/5", id="another format"),
        pytest.param(b'"why":"subject"', b'"why":"because"', id="another word"),
        pytest.param(b'"disclosures":[]', b'"disclosures":[{"position":3,"digest":"x"}]', id="no digest"),
        pytest.param(b'"disclosures":[]', b'"disclosures":[],"policy":""', id="another member"),
    ],
)
def test_a_bent_manifest_is_malformed(old: bytes, new: bytes) -> None:
    data = read_archive(_GOOD)[bundle.MANIFEST]
    assert old in data
    with pytest.raises(Malformed):
        parse_manifest(data.replace(old, new, 1))


@pytest.mark.rule("EVD-03")
def test_a_bundle_holds_exactly_what_its_manifest_lists() -> None:
    files = read_archive(_GOOD)
    said = parse_manifest(files[bundle.MANIFEST])
    bundle.check_listed(said, files)
    with pytest.raises(Malformed, match="EVD-03"):
        bundle.check_listed(replace(said, entries=said.entries[1:]), files)
    with pytest.raises(Malformed, match="EVD-03"):
        bundle.check_listed(said, {name: content for name, content in files.items() if name != bundle.index_name(1)})


@pytest.mark.rule("EVD-05")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("vialog-inclusion-proofs/2\nhashes 0\n1\n", id="another format"),
        pytest.param("vialog-inclusion-proofs/1\nhashes 0\n1\n1\n", id="a position twice"),
        pytest.param("vialog-inclusion-proofs/1\nhashes 0\n2\n1\n", id="not ascending"),
        pytest.param("vialog-inclusion-proofs/1\nhashes 0\n1 0\n", id="a hash that is not there"),
        pytest.param("vialog-inclusion-proofs/1\nhashes 0\n01\n", id="a leading zero"),
        pytest.param("vialog-inclusion-proofs/1\nhashes 0\n1", id="no last newline"),
        pytest.param("vialog-inclusion-proofs/1\nhashes 9000000000000000000\n1\n", id="more hashes than lines"),
        pytest.param(f"vialog-inclusion-proofs/1\nhashes 1\n{'A' * 43}=\n1\n", id="a hash never used"),
        pytest.param("vialog-inclusion-proofs/1\nhashes 1\nAAAA\n1 0\n", id="a hash too short"),
        pytest.param(f"vialog-inclusion-proofs/1\nhashes 1\n{'A' * 42}B=\n1 0\n", id="bits left over"),
    ],
)
def test_bent_inclusion_proofs_are_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        decode_proofs(text.encode())


def test_inclusion_proofs_hold_each_hash_once() -> None:
    one, other = hashlib.sha256(b"1").digest(), hashlib.sha256(b"2").digest()
    data = encode_proofs({7: (one, other), 3: (other,), 9: ()})
    assert data.split(b"\n")[1] == b"hashes 2"
    assert data.split(b"\n")[-4:] == [b"3 0", b"7 1 0", b"9", b""]
    assert decode_proofs(data) == {3: (other,), 7: (one, other), 9: ()}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"root %(one)b\r\nkey party:A %(two)b\r\n", id="carriage returns before newlines"),
        pytest.param(b"\xef\xbb\xbfroot %(one)b\nkey party:A %(two)b", id="a byte order mark, no newline at the end"),
        pytest.param(b"# \xd6\xd0\r\n\t root \t%(one)b \nkey party:A\t%(two)b\t\r", id="blanks, and a comment in GBK"),
    ],
)
def test_a_trust_file_reads_alike_whatever_editor_wrote_it(data: bytes) -> None:
    known = parse_trust(data % {b"one": b"1" * 64, b"two": b"2" * 64})
    assert (set(known.roots), known.keys) == ({"1" * 64}, {"2" * 64: PartyId("party:A")})


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        pytest.param(f"root {'1' * 64}\n".encode("utf-16"), "UTF-16", id="UTF-16"),
        pytest.param(f"# mine\nroot {'1' * 64}\n".encode("utf-16-be"), "UTF-16", id="UTF-16 without a mark"),
        pytest.param(f"# mine\rroot {'1' * 64}\r".encode(), "carriage return", id="an old Macintosh's"),
        pytest.param(f"root\u3000{'1' * 64}\n".encode(), "U\\+3000", id="a wide space"),
    ],
)
def test_a_trust_file_that_is_not_read_names_the_cause(data: bytes, cause: str) -> None:
    with pytest.raises(Malformed, match=f"EVD-06: (?:[$]|line [12]): .*{cause}"):
        parse_trust(data)


@pytest.mark.rule("EVD-06")
@pytest.mark.parametrize(
    "text",
    [
        "root",
        "root 00",
        f"root {'A' * 64}",
        f"root {'0' * 64} again",
        f"root {'0' * 64}\nroot {'0' * 64}",
        f"root {'0' * 64}\nkey party:A {'0' * 64}",
        f"key {'0' * 64}",
        f"key item:A {'0' * 64}",
        f"trust {'0' * 64}",
    ],
)
def test_a_bent_trust_file_is_malformed(text: str) -> None:
    with pytest.raises(Malformed, match="EVD-06"):
        parse_trust(text.encode())


def test_a_trust_file_may_have_comments_and_blank_lines() -> None:
    key = CUSTOMS.signer.thumbprint
    read = parse_trust(f"# 海关\n\n key\tparty:customs  {key}\n".encode())
    assert (read.roots, dict(read.keys)) == (frozenset(), {key: "party:customs"})


def test_nothing_is_disclosed_that_is_not_asked_for() -> None:
    story = told()
    assert NOTE.encode() not in export_bundle(story.log.store, story.frame, Tag(FIRST))
    assert NOTE.encode() in export_bundle(story.log.store, story.frame, Tag(FIRST), ["note"])


def test_a_disclosure_of_another_subject_is_not_handed_out() -> None:
    story = told()
    with pytest.raises(NotFound, match="note"):
        export_bundle(story.log.store, story.frame, Tag(SECOND), ["note"])


def test_a_subject_that_the_log_does_not_know_has_no_bundle() -> None:
    story = told()
    with pytest.raises(NotFound, match="item:child"):
        export_bundle(story.log.store, story.early, Tag(CHILD))


def test_a_store_that_contradicts_the_checkpoint_has_no_bundle() -> None:
    story, other = told(), told()
    other.log.publish()
    bent = replace(other.frame, hashes=lambda level, index: bytes(32))
    with pytest.raises(IntegrityFailed, match="position 1"):
        export_bundle(story.log.store, bent, Tag(CHILD))


def test_a_checkpoint_is_rebuilt_only_from_its_own_entries() -> None:
    story = told()
    entries = [one.entry for one in story.log.store.read()]
    with pytest.raises(IntegrityFailed):
        rebuild_frame(story.early.note, entries)
    with pytest.raises(IntegrityFailed):
        rebuild_frame(story.frame.note, entries[:-1])


def test_the_report_tells_each_event_and_each_breach() -> None:
    report = read_archive(_GOOD)[bundle.REPORT].decode()
    assert "What happened to item:child" in report
    assert (
        f"| [{told().at['used']}](#no-{told().at['used']}) | GAT-15 | "
        "research is not a purpose of approval GX-1: item:first, approval GX-1"
        "<br>科研不是审批单GX-1批准的用途：item:first、审批单GX-1 | "
        "Order 160 Art. 23; unverified<br>质检总局令第160号第二十三条；未核实 | it could not wait<br>紧急情况 |"
    ) in report
    assert "- **1 breach of a rule is recorded**<br>**记录了1项违规**" in report
    assert report.count("item.used/1") == 2


def test_the_report_tells_in_two_languages_what_was_corrected() -> None:
    log, _ = begun()
    first = log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE))
    then = log.say(use(FIRST, "0.2"), SCIENTIST, saying=Saying(tags=LINEAGE, corrects=first))
    voice = Voice(names=lambda _, __: {"item:first": "HC-0033"}.get)
    report = read_archive(export_bundle(log.store, log.publish(), Tag(FIRST), voice=voice))[bundle.REPORT].decode()
    heads = (f'- <a id="no-{at}"></a>**{at}** ' for at in (first, then))
    struck, stands = (next(one for one in report.splitlines() if one.startswith(head)) for head in heads)
    assert struck.count("~~") == 4
    link = f"[{then}](#no-{then})"
    assert f"*corrected or voided at position {link} / 已由第{link}号更正或撤回*" in struck
    assert "04:16 UTC; used up: 0.1 mL → 2026-09-01 04:17 UTC; used up: 0.2 mL; it corrects " in struck
    assert "04:16（UTC）；消耗0.1毫升 → 2026-09-01 04:17（UTC）；消耗0.2毫升；更正" in struck
    assert "used HC-0033 at site:lab" in stands
    assert "消耗0.2毫升" in stands
    assert "~~" not in stands


def test_the_report_tells_what_is_left_and_what_is_left_out() -> None:
    story = told()
    data = export_bundle(story.log.store, story.frame, Tag(FIRST))
    report = read_archive(data)[bundle.REPORT].decode()
    assert "| How much is left / 样品余量 | 0.5 mL | 0.5毫升 |" in report
    assert "| approval:GX-1 | 5 | 6 |" in report
    assert "the balance of an approval is not checked" in report


def test_the_readme_tells_in_english_and_chinese_how_to_verify() -> None:
    readme = read_archive(_GOOD)[bundle.README].decode()
    assert "vialog evidence verify" in readme
    assert "如何验证" in readme


def test_a_bundle_brings_the_schemas_of_its_kinds() -> None:
    files = read_archive(_GOOD)
    assert json.loads(files[bundle.schema_name("item.used/1")])["title"] == "Body of item.used/1"
    assert bundle.schema_name("item.tested/1") not in files


def test_the_corpus_is_the_same_each_time(tmp_path: Path) -> None:
    expected = build(tmp_path)
    assert len(expected) > 70
    written = json.loads((tmp_path / "expected.json").read_text(encoding="utf-8"))
    assert set(written) == {one.stem for one in tmp_path.glob("*.zip")}
    assert written["good-item"] == {
        "trust": "trust.txt", "verdict": "verified and known", "exit": 0, "check": None, "about": None
    }  # fmt: skip


def test_a_bundle_grows_with_its_events_and_little_more() -> None:
    assert len(large_bundle(60)) < len(large_bundle(30)) + 30 * 2_500


def test_the_report_says_who_signed_the_checkpoint_beside_the_log() -> None:
    story = told()
    note = parse_note(story.frame.note)
    cosigned = format_note(replace(note, signatures=(*note.signatures, NoteSignature("m_1.example", b"\1" * 4, b"x"))))
    data = export_bundle(story.log.store, cosign_frame(story.frame, [cosigned]), Tag(FIRST))
    report = read_archive(data)[bundle.REPORT].decode()
    who = report.partition("## Who is who / 各方")[2].partition("\n## ")[0]
    size = story.frame.checkpoint.size
    assert who.count(" beside the log; ") == len({one.name for one in note.signatures})  # the log's own is no such
    assert f"- **m\\_1.example** signed the checkpoint of {size} records beside the log; " in who
    assert f"<br>在日志之外签署了{size}条记录的检查点；" in who
