"""Permits from the terminal: recorded in one command, found by their number, listed, told and proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.journeys.bench import Bench, Who


REFERENCE: Final = (
    "--reference.document", "RLYC 2026/3",
    "--reference.issued-by", "National Health Commission",
    "--reference.digest", "0" * 64,
)  # fmt: skip


def test_a_permit_is_recorded_listed_and_found_by_its_number(port: tuple[Bench, Who]) -> None:
    bench, who = port
    said = bench.done(
        "record", "permit.recorded", "--yes", "--key", who.key, "--role", "applicant", "--scheme", "hgr-licence",
        "--number", "HGR 2026/3", "--holder", "importer", "--country", "CN", "--issued-on", "2026-08-01",
        "--valid-from", "2026-08-01", "--valid-to", "2027-07-31", "--approvals", "A-1", *REFERENCE,
    )  # fmt: skip
    assert "licence for human genetic resources HGR 2026/3" in said.stdout + said.stderr
    (permit,) = bench.done("list", "permits", "--approval", "A-1", "--json").objects
    assert permit["id"].startswith("permit:")
    assert (permit["number"], permit["scheme"], permit["status"]) == ("HGR 2026/3", "hgr-licence", "granted")
    ended = bench.done(
        "record", "permit.ended", "--yes", "--key", who.key, "--role", "applicant", "--permit", "HGR 2026/3",
        "--ground", "surrendered", *REFERENCE,
    )  # fmt: skip
    assert "permit HGR 2026/3" in ended.stdout + ended.stderr
    assert bench.done("list", "permits", "--status", "ended", "--party", "importer").stderr.startswith(
        "1 of 1 shown.\n"
    )


def test_a_scheme_that_is_none_is_told_with_those_that_there_are(port: tuple[Bench, Who]) -> None:
    bench, who = port
    ran = bench.run(
        "record", "permit.recorded", "--yes", "--key", who.key, "--role", "applicant", "--scheme", "hgr-license",
        "--number", "1", "--holder", "importer", "--country", "CN", "--issued-on", "2026-08-01",
        "--valid-from", "2026-08-01", *REFERENCE,
    )  # fmt: skip
    assert ran.code != 0
    assert "hgr-licence" in ran.stderr


def test_an_approval_is_allotted_to_its_sites(port: tuple[Bench, Who]) -> None:
    bench, who = port
    said = bench.done(
        "record", "approval.allotted", "--yes", "--key", who.key, "--role", "applicant", "--approval", "A-1",
        "--line", "1", "--site", "Lab", "--quantity", "40 vial", *REFERENCE,
    )  # fmt: skip
    assert "allotted approval A-1 to sites: 40 vials of line 1 to Lab" in said.stdout + said.stderr
    ran = bench.run(
        "record", "approval.allotted", "--yes", "--key", who.key, "--role", "applicant", "--approval", "A-1",
        "--line", "1", "--site", "Lab", "--quantity", "5001 vial", *REFERENCE,
    )  # fmt: skip
    assert ran.code != 0
    assert "SHA-02" in ran.stdout + ran.stderr
