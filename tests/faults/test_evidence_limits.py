"""Whatever a bundle holds too much of is refused before anything is made of it, in the command and on the page."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING, Final

import pytest

from ledger.errors import Malformed
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import MAX_FILES, read_archive, write_archive
from ledger.evidence.bundle.manifest import parse_manifest
from ledger.evidence.bundle.proofs import decode_proofs
from ledger.evidence.verify import verify_bundle
from ledger.tlog.policy import parse_policy
from tests.corpus.bundles import POLICY, TRUST, build, bundles, verifiers_files
from tests.journeys.page import run_verifier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

GOOD: Final = dict(read_archive(bundles()["good-item-with-a-disclosure"][0]))
ENTRY: Final = next(name for name in GOOD if name.startswith("entries/"))
DISCLOSURE: Final = next(name for name in GOOD if name.startswith("disclosures/"))
PROOFS: Final = b"vialog-inclusion-proofs/1\nhashes 0\n"
MEGABYTE: Final = 1_000_000

TOO_LARGE: Final[Mapping[str, Mapping[str, bytes]]] = {
    "manifest": {bundle.MANIFEST: bytes(10 * MEGABYTE + 1)},
    "proofs": {bundle.PROOFS: bytes(24 * MEGABYTE + 1)},
    "checkpoint": {bundle.CHECKPOINT: bytes(MEGABYTE + 1)},
    "state": {bundle.STATE: bytes(60_001)},
    "entry": {ENTRY: bytes(60_001)},
    "index proof": {bundle.index_name(1): bytes(20_001)},
    "index proofs together": {bundle.index_name(number): bytes(20_000) for number in range(1, 402)},
    "disclosure": {DISCLOSURE: bytes(80_001)},
    "answer": {bundle.ANSWER: bytes(10 * MEGABYTE + 1)},
}
TOO_MUCH: Final[Mapping[str, Mapping[str, bytes]]] = {
    "objects of a manifest": {bundle.MANIFEST: b"{}," * 3 * MEGABYTE},
    "lists of a manifest": {bundle.MANIFEST: b"[" * MEGABYTE},
    "depth of a manifest": {bundle.MANIFEST: b'{"a":' * 65_000},
    "digits of a manifest": {bundle.MANIFEST: b'{"format":' + b"9" * MEGABYTE + b"}"},
    "lines of proofs": {bundle.PROOFS: PROOFS + b"\n" * 20 * MEGABYTE},
    "words of a proof": {bundle.PROOFS: PROOFS + b"1" + b" 0" * 10 * MEGABYTE + b"\n"},
    "hashes that are not there": {bundle.PROOFS: PROOFS.replace(b" 0", b" 9000000000000000000")},
}


def _verify(files: Mapping[str, bytes]) -> tuple[str | None, str]:
    """Return the check that a bundle fails, and the rule."""
    (claim,) = verify_bundle(write_archive({**GOOD, **files}), parse_policy(verifiers_files()[POLICY])).failures[:1]
    return claim.check, claim.words[:6]


@pytest.mark.rule("EVD-20")
@pytest.mark.parametrize("files", TOO_LARGE.values(), ids=list(TOO_LARGE))
def test_a_file_that_is_too_large_fails_the_first_step(files: Mapping[str, bytes]) -> None:
    assert _verify(files) == ("form", "EVD-20")


@pytest.mark.parametrize("files", TOO_MUCH.values(), ids=list(TOO_MUCH))
def test_a_file_that_holds_too_much_fails_before_it_is_read(files: Mapping[str, bytes]) -> None:
    assert _verify(files)[0] == "manifest"


@pytest.mark.parametrize("files", TOO_MUCH.values(), ids=list(TOO_MUCH))
def test_what_is_made_of_a_file_is_not_much_larger_than_the_file(files: Mapping[str, bytes]) -> None:
    ((name, data),) = files.items()
    tracemalloc.start()
    try:
        with pytest.raises(Malformed):
            (parse_manifest if name == bundle.MANIFEST else decode_proofs)(data)
        assert tracemalloc.get_traced_memory()[1] < 3 * len(data) + MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", [bundle.README, *bundle.LIMITS])
def test_a_bundle_that_is_refused_is_held_once(name: str) -> None:
    whole = f"{name}/1.proof" if name == "index" else {"entries": ENTRY, "disclosures": DISCLOSURE}.get(name, name)
    data = write_archive({**GOOD, whole: bytes(64 * MEGABYTE)})
    policy = parse_policy(verifiers_files()[POLICY])
    tracemalloc.start()
    try:
        assert verify_bundle(data, policy).exit_code in {0, 3, 4}
        assert tracemalloc.get_traced_memory()[1] < 16 * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.rule("EVD-01")
def test_reading_stops_at_a_name_out_of_order_and_at_more_files_than_an_archive_has() -> None:
    named = (write_archive({f"{number:06}": b""})[:36] for number in range(MAX_FILES + 9))
    for records in (write_archive({"a": b""})[:31] * 1000, b"".join(named)):
        with pytest.raises(Malformed, match="EVD-01"):
            read_archive(records)


def test_the_page_refuses_the_same_at_the_same_step(tmp_path: Path) -> None:
    build(tmp_path)
    cases = {**TOO_LARGE, **TOO_MUCH}
    files = []
    for number, case in enumerate(cases.values()):
        (tmp_path / f"{number}.zip").write_bytes(write_archive({**GOOD, **case}))
        files.append((tmp_path / f"{number}.zip", tmp_path / POLICY, tmp_path / TRUST))
    failed = [next(one for one in report["claims"] if one["check"]) for report in run_verifier(files).reports]
    assert [one["check"] for one in failed] == ["form"] * len(TOO_LARGE) + ["manifest"] * len(TOO_MUCH)
    assert [one["words"][:6] for one in failed[: len(TOO_LARGE)]] == ["EVD-20"] * len(TOO_LARGE)
