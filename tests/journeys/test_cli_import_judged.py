"""Manifests that read well and contradict the record: the row is named, and all is imported or nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.test_cli_import import HEADER, head, manifest, written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port


def labels_after(bench: Bench, position: int) -> list[str]:
    """Return the labels of the items listed behind a position."""
    entries = bench.done("log", "show", "--after", position, "--limit", 50, "--json").objects
    return [item["label"] for entry in entries for item in entry["payload"]["body"]["items"]]


def with_labels_on_record(bench: Bench, name: str, rows: int, known: tuple[int, ...], key: Path) -> Path:
    """Return a manifest in which some lines bear labels that are on record already."""
    text = manifest(name, rows)
    taken = "\n".join(
        [HEADER, *(line for line in text.splitlines() if line.split("-")[-1].split(",")[0] in map(str, known))]
    )
    bench.done("import", written(bench, f"{name}-known.csv", taken), "--key", key, "--role", "applicant")
    return written(bench, f"{name}.csv", text)


def test_a_row_in_the_second_statement_that_is_refused_lets_nothing_be_imported(port: Port) -> None:
    bench, who = port
    file = with_labels_on_record(bench, "TWICE", 450, (333,), who.key)
    before = head(bench)
    ran = bench.run("import", file, "--key", who.key, "--role", "applicant")
    assert ran.code == 5
    assert (ran.stdout, head(bench)) == ("", before)
    assert "TWICE.csv, line 333:" in ran.stderr
    assert "the label TWICE-333 is on another item" in ran.stderr
    assert "Nothing was imported." in ran.stderr


def test_keep_going_leaves_out_the_refused_rows_alone(port: Port) -> None:
    bench, who = port
    file = with_labels_on_record(bench, "SOME", 450, (2, 150, 151, 451), who.key)
    before = head(bench)
    ran = bench.run("import", file, "--key", who.key, "--role", "applicant", "--keep-going")
    assert "Imported 446 of 450 rows." in ran.stderr
    for line in (2, 150, 151, 451):
        assert f"SOME.csv, line {line}:" in ran.stderr
    wanted = [f"SOME-{line}" for line in range(2, 452) if line not in {2, 150, 151, 451}]
    assert sorted(labels_after(bench, before)) == sorted(wanted)


def test_what_is_wrong_with_every_row_is_told_once_with_their_lines(port: Port) -> None:
    bench, who = port
    before = head(bench)
    file = written(bench, "far.csv", manifest("FAR", 100))
    early = ("--occurred-at", "2099-01-01T00:00:00Z")
    ran = bench.run("import", file, "--key", who.key, "--role", "applicant", "--keep-going", *early)
    assert ran.stderr.count("GEN-02") == 1
    assert "far.csv, lines 2 to 101:" in ran.stderr
    assert "Imported 0 of 100 rows." in ran.stderr
    assert head(bench) == before


def test_a_dry_run_with_a_key_judges_and_records_nothing(port: Port) -> None:
    bench, who = port
    file = with_labels_on_record(bench, "DRIED", 20, (11,), who.key)
    before = head(bench)
    ran = bench.run("import", file, "--key", who.key, "--role", "applicant", "--dry-run")
    assert ran.code == 5
    assert "DRIED.csv, line 11:" in ran.stderr
    assert "Nothing was recorded." in ran.stderr
    assert bench.done("import", file, "--dry-run").stderr.count("Nothing was recorded or judged") == 1
    assert head(bench) == before
