"""Bundles of a later program: the command and the page say that they are too old for them, and nothing against them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from ledger.evidence.bundle.archive import read_archive, write_archive
from ledger.evidence.checks.trust import parse_trust
from ledger.evidence.checks.verdicts import report_value
from ledger.evidence.verify import verify_bundle
from ledger.tlog.policy import parse_policy
from tests.corpus.bundle_log import policy
from tests.journeys.page import run_verifier
from tests.journeys.test_agreement import told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

Files = dict[str, bytes]


def _swap(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


def _later_bundle(files: Files) -> None:
    _swap("manifest.json", b"vialog-evidence/2", b"vialog-evidence/5")(files)
    files["answers/1.json"] = b"{}"


BUNDLES: dict[str, tuple[Callable[[Files], None], str]] = {
    "a later bundle": (_later_bundle, "bundle"),
    "later proofs": (_swap("inclusion.proofs", b"vialog-inclusion-proofs/1", b"vialog-inclusion-proofs/2"), "bundle"),
    "a later index proof": (_swap("index/1.proof", b"vialog-index-proof/2", b"vialog-index-proof/3"), "tag "),
}


def _bundle(name: str) -> bytes:
    files = dict(read_archive(told("ordinary").bundle))
    BUNDLES[name][0](files)
    return write_archive(files)


def _report(bundle: bytes) -> dict[str, Any]:
    return report_value(verify_bundle(bundle, parse_policy(policy()), parse_trust(told("ordinary").trust)))


def _open(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return about what claims say that this reader is too old."""
    return [(one["about"], one["words"]) for one in report["claims"] if "this reader is too old" in one["words"]]


@pytest.mark.parametrize("name", BUNDLES)
def test_a_later_bundle_is_not_checked_and_has_not_failed(name: str) -> None:
    report = _report(_bundle(name))
    assert (report["verdict"], report["exit"]) == ("not checked", 5)
    ((about, words),) = _open(report)
    assert about.startswith(BUNDLES[name][1])
    assert re.search("it knows up to vialog-[a-z-]+/[1234]$", words)


def test_an_earlier_or_unknown_format_has_failed() -> None:
    for said in (b"vialog-evidence/1", b"vialog-evidence/x", b"another-format/2"):
        files = dict(read_archive(told("ordinary").bundle))
        _swap("manifest.json", b"vialog-evidence/2", said)(files)
        assert _report(write_archive(files))["verdict"] == "failed"


def test_the_page_says_the_same(tmp_path: Path) -> None:
    paths = []
    for at, name in enumerate(BUNDLES):
        given = {"zip": _bundle(name), "policy": policy(), "trust": told("ordinary").trust}
        named = tuple(tmp_path / f"{at}.{end}" for end in given)
        for path, data in zip(named, given.values(), strict=True):
            path.write_bytes(data)
        paths.append((named[0], named[1], named[2]))
    for name, report in zip(BUNDLES, run_verifier(paths).reports, strict=True):
        ours = _report(_bundle(name))
        assert (report["verdict"], report["exit"]) == (ours["verdict"], ours["exit"])
        assert _open(report) == _open(ours)


@pytest.mark.parametrize("name", ["later-member", "later-header-line", "later-member-of-a-signer"])
def test_of_what_is_later_the_signature_is_still_checked(name: str) -> None:
    (words,) = [
        one["words"] for one in _report(told(name).bundle)["claims"] if one["about"] == f"event {told(name).at}"
    ]
    assert "What it knows holds: item.used/1 signed by" in words


def test_behind_bytes_that_cannot_be_read_no_key_is_believed_and_no_history_called_wrong() -> None:
    row = told("later-form-of-the-entry")
    verdicts = {one["about"]: one["verdict"] for one in _report(row.bundle)["claims"]}
    assert verdicts[f"event {row.at}"] == "not checked"
    assert "failed" not in verdicts.values()
    assert [verdict for about, verdict in verdicts.items() if about == "tag item:first"] == ["not checked"]
