"""``vialog ask --from``: a mirror's copy is asked instead of the operator, and says what it rests on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.journeys.bench import Bench

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.conftest import Port

QUESTION: Final = ("ask", "remaining")


@pytest.fixture(scope="module")
def mirrored(port: Port) -> tuple[Bench, Path, Path]:
    """The port, a mirror's copy of it, and a policy that names it."""
    bench, _ = port
    bench.environ["VIALOG_DATA"] = str(bench.place / "data")
    files, copy, policy = (bench.place / name for name in ("files", "mirror.sqlite", "policy"))
    bench.done("publish")
    bench.done("log", "files", files)
    vkeys = bench.done("log", "vkey").stdout.splitlines()
    policy.write_text("".join(f"log {line}\n" for line in vkeys) + "quorum none\n")
    bench.done("mirror", files, "--copy", copy, "--policy", policy)
    return bench, copy, policy


def apart(bench: Bench, place: Path) -> Bench:
    """Return somebody who has neither the database nor the data directory."""
    auditor = Bench(place, "")
    auditor.environ |= {"HOME": str(place), "VIALOG_DATA": str(place / "none"), "VIALOG_DATABASE_URL": None}
    return auditor


def objects(bench: Bench, *words: object) -> list[Any]:
    return bench.done(*words, "--json").objects


def test_whoever_has_the_copy_alone_gets_the_operators_rows_and_knows_more_of_them(
    mirrored: tuple[Bench, Path, Path], tmp_path: Path
) -> None:
    bench, copy, policy = mirrored
    *rows, end = objects(bench, *QUESTION)
    *again, checked = objects(apart(bench, tmp_path), *QUESTION, "--from", copy, "--policy", policy)
    assert rows
    assert [one | {"days": None} for one in again] == [one | {"days": None} for one in rows]
    assert (end["checked"], end["replayed"], checked["checked"]) == (False, None, True)
    assert checked["replayed"]["size"] == checked["as_known_at"]
    assert checked["replayed"]["cosigned_by"] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The log was replayed here from a mirror's copy, up to position"),
        ("zh", "已在此由镜像副本逐条复核日志至第"),
    ],
)
def test_the_answer_says_what_it_rests_on(
    mirrored: tuple[Bench, Path, Path], tmp_path: Path, language: str, words: str
) -> None:
    bench, copy, policy = mirrored
    auditor = apart(bench, tmp_path)
    auditor.environ["VIALOG_LANGUAGE"] = language
    told = auditor.done(*QUESTION, "--from", copy, "--policy", policy).stdout
    assert words.replace(" ", "") in "".join(told.split())
    assert "operator's word" not in told


def test_a_list_is_the_operators_and_says_that_the_log_was_replayed(
    mirrored: tuple[Bench, Path, Path], tmp_path: Path
) -> None:
    bench, copy, policy = mirrored
    auditor = apart(bench, tmp_path)
    rows = objects(bench, "list", "parties", "--limit", 0)
    assert rows
    assert objects(auditor, "list", "parties", "--limit", 0, "--from", copy, "--policy", policy) == rows
    told = auditor.done("list", "parties", "--from", copy, "--policy", policy).stderr
    assert "The log was replayed here from a mirror's copy" in " ".join(told.split())
    assert auditor.run("list", "parties", "--from", copy).code == 2


def test_what_is_owed_is_listed_and_drawn_of_the_copy(mirrored: tuple[Bench, Path, Path], tmp_path: Path) -> None:
    bench, copy, policy = mirrored
    auditor, picture = apart(bench, tmp_path), tmp_path / "owed.svg"
    of_the_copy = ("list", "obligations", "--at", "2027-01-01", "--limit", 0, "--from", copy, "--policy", policy)
    assert objects(auditor, *of_the_copy) == objects(bench, "list", "obligations", "--at", "2027-01-01", "--limit", 0)
    told = auditor.done(*of_the_copy, "--svg", picture).stderr
    assert "The log was replayed here from a mirror's copy" in " ".join(told.split())
    assert "obligations, by the month in which they are due" in picture.read_text()
    assert auditor.run(*of_the_copy, "--svg", picture).code == 2


def test_labels_are_found_in_the_copy(mirrored: tuple[Bench, Path, Path], tmp_path: Path) -> None:
    bench, copy, policy = mirrored
    asked = ("ask", "balance", "--approval", "A-1", "--from", copy, "--policy", policy)
    assert objects(apart(bench, tmp_path), *asked)[-1]["about"] == "approval:A1"


def test_an_edited_copy_stops_with_10(mirrored: tuple[Bench, Path, Path], tmp_path: Path) -> None:
    bench, copy, policy = mirrored
    edited = tmp_path / "edited.sqlite"
    edited.write_bytes(copy.read_bytes())
    with closing(sqlite3.connect(edited)) as connection, connection:
        connection.execute("delete from entry where position = 4")
    ran = apart(bench, tmp_path).run(*QUESTION, "--from", edited, "--policy", policy)
    assert (ran.code, "position 4: the copy has no such entry" in ran.stderr) == (10, True)
    assert not ran.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--from", "{copy}"), 2, "--from and --policy go together"),
        (("--policy", "{policy}"), 2, "--from and --policy go together"),
        (("--from", "{policy}", "--policy", "{policy}"), 3, "MIR-06"),
        (("--from", "none.sqlite", "--policy", "{policy}"), 8, "there is no mirror's copy"),
        (("--from", "{copy}", "--policy", "{policy}", "--evidence", "out.zip"), 2, "has no proofs"),
    ],
)
def test_what_is_wrong_is_said(
    mirrored: tuple[Bench, Path, Path], tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    bench, copy, policy = mirrored
    ran = apart(bench, tmp_path).run(*QUESTION, *(one.format(copy=copy, policy=policy) for one in words))
    assert (ran.code, said in ran.stderr) == (code, True), ran.stderr
