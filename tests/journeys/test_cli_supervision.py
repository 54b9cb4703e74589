"""Supervision and recalls from the command line: what each act of the authorities and of the unit comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.journeys.conftest import Port

CASE = "case:visit-1"
DUE = "2099-01-31T16:00:00Z"


def test_a_finding_is_raised_corrected_and_verified_and_the_unit_settles_nothing(port: Port) -> None:
    bench, unit = port
    customs = bench.admit("party:jinling", "customs")
    plan = bench.record(
        "supervision.planned", "--case", CASE, "--party", unit.party, "--basis", "risk",
        "--areas", "storage", "--period-from", "2026-01-01", "--period-to", "2099-12-31", "--visits", 1, by=customs,
    )  # fmt: skip
    assert plan.code == 0, plan.stderr
    raised = bench.record(
        "finding.raised", "--case", CASE, "--finding", 1, "--area", "storage", "--clause", "269/2015 B1.4",
        "--severity", "major", "--evidence", "0" * 64, "--due", DUE, by=customs,
    )  # fmt: skip
    assert raised.code == 0, raised.stderr
    assert "raised finding 1" in raised.stderr
    early = bench.record("supervision.closed", "--case", CASE, "--conclusion", "passed", by=customs)
    assert (early.code, "SUP-22" in early.stderr) == (5, True)
    corrected = bench.record(
        "finding.corrected", "--case", CASE, "--finding", 1, "--corrected-on", "2026-11-01",
        "--evidence", "0" * 64, by=unit, role="applicant",
    )  # fmt: skip
    assert corrected.code == 0, corrected.stderr
    itself = bench.record(
        "finding.verified", "--case", CASE, "--finding", 1, "--reference.document", "N 1",
        "--reference.issued-by", "Jinling Customs", "--reference.digest", "0" * 64, by=unit, role="applicant",
    )  # fmt: skip
    assert (itself.code, "FND-06" in itself.stderr) == (5, True)
    for act in (("finding.verified", "--finding", 1), ("supervision.closed", "--conclusion", "passed")):
        ran = bench.record(act[0], "--case", CASE, *act[1:], by=customs)
        assert ran.code == 0, ran.stderr


def test_a_recalled_consignment_is_moved_only_in_spite_of_it(port: Port) -> None:
    bench, who = port
    store = bench.admit("party:store", "laboratory")
    (bench.place / "list.csv").write_text("label,quantity,lot\nHC-1,1 mL,L-1\n", encoding="utf-8")
    listed = bench.record(
        "item.listed", "--consignment", "C1", "--approval", "A-1", "--line", 1,
        "--from", bench.place / "list.csv", "--acknowledge", "CON-15=as-printed", by=who, role="applicant",
    )  # fmt: skip
    assert listed.code == 0, listed.stderr
    recall = bench.record(
        "recall.ordered", "--case", "case:recall-1", "--ground", "contamination", "--asked", "hold",
        "--consignment", "C1", "--lot", "l-1", by=who, role="applicant",
    )  # fmt: skip
    assert recall.code == 0, recall.stderr
    assert "lot l-1" in recall.stderr
    moved = bench.record(
        "hand-over", "--item", "HC-1", "--receiver", store.party, "--count", 1, "--packaging", "intact",
        by=who, role="applicant",
    )  # fmt: skip
    assert (moved.code, "GAT-08" in moved.stderr) == (6, True)
    rootless = bench.record(
        "recall.ordered", "--case", "case:recall-2", "--ground", "quality", "--asked", "hold",
        by=who, role="applicant",
    )  # fmt: skip
    assert (rootless.code, "HLD-01" in rootless.stderr) == (5, True)
    odd = bench.record("recall.ordered", "--case", "case:recall-2", "--ground", "moon", "--asked", "hold", by=who)
    assert odd.code in {2, 3}


def test_drafts_name_what_is_to_be_filled_in(port: Port) -> None:
    bench, _ = port
    kinds: list[Any] = [
        "supervision.visited",
        "recall.ordered",
        "legal-hold.placed",
        "incident.notified",
        "sale.recorded",
    ]
    for kind in kinds:
        draft = bench.done("statement", "new", f"{kind}/1").stdout
        assert "‹" in draft
