"""The command, the page and who replays the log say of the same bytes what ``docs/formats.md`` decides."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from msgspec.structs import replace

from ledger.clock import parse_time
from ledger.errors import IntegrityFailed, Malformed, TooOld
from ledger.evidence.checks.trust import parse_trust
from ledger.evidence.checks.verdicts import report_value
from ledger.evidence.export import export_bundle
from ledger.evidence.verify import verify_bundle
from ledger.ids import Tag
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.entry import leaf_of
from ledger.tlog.policy import parse_policy
from ledger.verification.log import verify_log
from tests.corpus.agreement import HOLDS, ROWS
from tests.corpus.bundle_edits import edited, swap
from tests.corpus.bundle_lies import told_lies
from tests.corpus.bundle_log import ORIGIN, policy, reissued
from tests.corpus.bundle_story import CUSTOMS, FIRST, OPERATOR, begun, trust
from tests.journeys.page import run_verifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from ledger.store.port import Recorded
    from tests.corpus.bundle_edits import Opened


class Told(NamedTuple):
    """A row's log, its bundle, the verifier's trust, and the position of what is odd."""

    entries: tuple[Recorded, ...]
    bundle: bytes
    trust: bytes
    at: int


@cache
def told(name: str) -> Told:
    """Write the log of a row."""
    row, (log, _) = ROWS[name], begun()
    at = row.tell(log)
    frame = log.publish()
    entries = list(log.store.read())
    if row.bend is None and row.twin is None:
        bundle = export_bundle(log.store, frame, Tag(FIRST), scope=row.scope)
    else:
        honest, _ = begun()
        (row.twin or row.tell)(honest)
        bundle = export_bundle(honest.store, honest.publish(), Tag(FIRST), scope=row.scope)
        if row.bend is not None:
            entries[at - 1] = replace(entries[at - 1], entry=swap(entries[at - 1].entry, *row.bend))
        frame = reissued([one.entry for one in entries])
        entries[-1] = replace(entries[-1], entry=frame.entry)
        written = {one.position: one.entry for one in entries}
        bundle = edited(bundle, lambda one: one.transplant(written, frame))
    given = row.trust or b""
    stored = tuple(replace(one, leaf=leaf_of(one.entry), recorded=_recorded(one.entry)) for one in entries)
    return Told(stored, bundle, given if given.startswith(b"root") else trust() + given, at)


def _recorded(entry: bytes) -> datetime:
    return parse_time(entry.partition(b"\nrecorded ")[2].partition(b"\n")[0].decode("ascii"))


def answer(report: Mapping[str, Any]) -> tuple[str, int, str | None]:
    """Return the verdict, the exit code, and the first check that failed."""
    check = next((one["check"] for one in report["claims"] if one["check"]), None)
    return report["verdict"], report["exit"], check


def in_python(one: Told) -> dict[str, Any]:
    return report_value(verify_bundle(one.bundle, parse_policy(policy()), parse_trust(one.trust)))


def replayed(entries: Iterable[Recorded]) -> str:
    """Return what is said by who replays a log: what does not hold, or is too new for this program; else HOLDS."""
    try:
        list(verify_log(entries, ORIGIN, load_packs()))
    except (IntegrityFailed, TooOld) as error:
        return str(error)
    return HOLDS


@pytest.mark.parametrize("name", ROWS)
def test_the_command_says_of_a_bundle_what_is_decided(name: str) -> None:
    assert answer(in_python(told(name))) == ROWS[name].verdict


def test_the_page_says_the_same_of_each(tmp_path: Path) -> None:
    files = []
    for name in ROWS:
        given = {"zip": told(name).bundle, "policy": policy(), "trust": told(name).trust}
        paths = tuple(tmp_path / f"{name}.{end}" for end in given)
        for path, data in zip(paths, given.values(), strict=True):
            path.write_bytes(data)
        files.append((paths[0], paths[1], paths[2]))
    reports = dict(zip(ROWS, run_verifier(files).reports, strict=True))
    assert {name: answer(report) for name, report in reports.items()} == {n: row.verdict for n, row in ROWS.items()}
    claims = {name: [(one["about"], one["verdict"], one["words"]) for one in reports[name]["claims"]] for name in ROWS}
    assert claims == {
        name: [(one["about"], one["verdict"], one["words"]) for one in in_python(told(name))["claims"]] for name in ROWS
    }


@pytest.mark.parametrize("name", ROWS)
def test_who_replays_the_log_says_what_is_decided(name: str) -> None:
    said, row = replayed(told(name).entries), ROWS[name]
    assert (said == HOLDS) == (row.replayed == HOLDS), said
    assert re.search(row.replayed, said), said


@pytest.mark.parametrize(
    "name",
    [
        "enrolled-by-a-key-in-doubt",
        "enrolled-behind-a-log-kind-unknown",
        "revoked-by-a-key-in-doubt",
        "revoked-under-a-later-header-line",
        "later-header-line-of-the-opening",
    ],
)
def test_of_a_key_that_an_unchecked_record_names_nothing_is_checked_any_more(name: str) -> None:
    events = [one for one in in_python(told(name))["claims"] if one["about"].startswith("event ")]
    assert events[-1]["verdict"] == "not checked"
    assert "may say something of the key" in events[-1]["words"]


def failure(name: str) -> str:
    """Return what is said of the claim that fails."""
    return next(str(one["words"]) for one in in_python(told(name))["claims"] if one["check"])


@pytest.mark.rule("EVD-16")
def test_a_key_that_a_third_party_enrolled_fails_and_no_trust_mends_it() -> None:
    assert failure("enrolled-by-a-third-party") == failure("enrolled-by-a-third-party-and-trusted")
    assert failure("enrolled-by-a-third-party").startswith("EVD-16: party:customs may not enrol")


@pytest.mark.rule("EVD-17")
def test_tags_that_the_bundle_contradicts_fail() -> None:
    assert "EVD-17: tags: the statement that it names bears item:first" in failure("correction-leaves-out-a-tag")
    assert failure("tag-without-a-reason") == "EVD-17: tags: there is no reason for item:second"


@pytest.mark.rule("EVD-18")
def test_an_entry_that_bears_no_listed_tag_fails() -> None:
    def unlisted(one: Opened) -> None:
        unlisted = {Tag(CUSTOMS.party), Tag(OPERATOR.party)}
        one.claim(one.manifest.complete, [tag for tag in one.manifest.status if tag not in unlisted])

    report = report_value(
        verify_bundle(edited(told("ordinary").bundle, unlisted), parse_policy(policy()), parse_trust(trust()))
    )
    words = [one["words"] for one in report["claims"] if one["check"]]  # type: ignore[attr-defined]
    assert (
        words[0] == "EVD-18: tags: it bears no complete tag of the manifest's, and counts for no status that it lists"
    )


@pytest.mark.rule("EVD-04")
def test_no_tag_is_both_complete_and_of_status() -> None:
    def both(one: Opened) -> None:
        one.manifest = dataclasses.replace(one.manifest, status=(one.manifest.complete[0],))

    with pytest.raises(Malformed, match=r"EVD-04: \$\.status: names a tag that is complete"):
        edited(told("ordinary").bundle, both)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.verdict[1] == 0 and row.replayed])
def test_what_only_replaying_shows_is_named_as_not_checked(name: str) -> None:
    beyond = {one["about"] for one in in_python(told(name))["claims"] if one["verdict"] == "not checked"}
    assert {"bodies", "derived tags", "rules"} <= beyond


@pytest.mark.parametrize("name", told_lies())
def test_a_lie_that_a_bundle_gives_away_is_named_by_who_replays_the_log(name: str) -> None:
    log, at = told_lies()[name]
    assert re.match(rf"position {at}: ", replayed(log.store.read()))
