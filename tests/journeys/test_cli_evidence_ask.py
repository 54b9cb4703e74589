"""Answers on the command line: what one claims with evidence, another computes again offline, by their own policy."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING

import pytest

from api.logs.wiring import make_publisher, open_guard, open_publication, open_store
from api.settings import Settings
from ledger.evidence.bundle import bundle
from ledger.publisher.log_keys import LogKeys
from ledger.tlog.vkey import format_vkey
from tests.corpus.claimed import saying
from tests.journeys.bench import LOG

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port


@pytest.fixture(scope="module")
def brought(port: Port, tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    """Publish the log of the port; return the options of somebody who believes it, and the key that opened it."""
    bench, _ = port
    keys, folder = LogKeys.generate(LOG), tmp_path_factory.mktemp("verifier")
    settings = Settings(data=folder, database_url=bench.environ["VIALOG_DATABASE_URL"])
    with open_store(settings) as store, open_publication(settings) as publication:
        make_publisher(store, publication, keys, open_guard(settings, store, publication)).publish_once()
    policy, trust = folder / "policy.txt", folder / "trust.txt"
    policy.write_text("".join(f"log {format_vkey(key)}\n" for key in keys.keys) + "quorum none\n", encoding="utf-8")
    (root,) = bench.done("log", "show", "--after", 0, "--limit", 1, "--json").objects
    trust.write_text(f"root {root['payload']['signers'][0]['key']}\n", encoding="utf-8")
    return "--policy", policy, "--trust", trust


def answered(bench: Bench, *question: object) -> Path:
    """Ask with evidence and return the file."""
    file = next(file for number in count() if not (file := bench.place / f"answer-{number}.zip").exists())
    bench.done("ask", *question, "--evidence", file)
    return file


def test_an_answer_that_was_claimed_agrees_offline(
    port: Port, brought: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, _ = port
    file = answered(bench, "descendants", "--approval", "approval:A1")
    ran = bench.run("evidence", "ask", file, *brought, "--json")
    (said,) = ran.objects
    assert (said["finding"], said["question"], said["about"], ran.code) == ("agrees", "descendants", "approval:A1", 5)
    assert said["bundle"]["verdict"] == "not checked"  # no mirror vouches for the index
    *rows, end = bench.done("ask", "descendants", "--approval", "approval:A1", "--json").objects
    assert said["rows"] == rows
    assert said["checkpoint"] == end["checkpoint"] == said["as_of"] > 0
    tree = f"the tree of checkpoint {said['checkpoint']}"
    asked = bench.done("ask", "descendants", "--approval", "approval:A1").stdout
    assert all(tree in told for told in (asked, bench.run("evidence", "ask", file, *brought).stdout))
    monkeypatch.setitem(bench.environ, "VIALOG_LANGUAGE", "zh")
    told = bench.run("evidence", "ask", file, *brought).stdout
    assert "所称答案" in told
    assert "一致：所称内容由证据包逐行得出" in told
    assert "记录是否符合实物" in told


def test_who_signed_a_statement_is_claimed_and_computed_again_offline(
    port: Port, brought: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, _ = port
    *entries, _ = bench.done("log", "show", "--json").objects
    signed = [one for one in entries if one.get("payload")]
    for entry in (signed[0], signed[-1]):
        statement, file = entry["statement"], answered(bench, "signatures", "--statement", entry["position"])
        ran = bench.run("evidence", "ask", file, *brought, "--json")
        (said,) = ran.objects
        assert (said["finding"], said["question"], said["about"], ran.code) == ("agrees", "signatures", statement, 5)
        *rows, _ = bench.done("ask", "signatures", "--statement", statement, "--json").objects
        assert said["rows"] == rows
        assert [(row["party"], row["valid"]) for row in rows] == [
            (one["party"], True) for one in entry["payload"]["signers"]
        ]
    other = signed[0]["statement"]
    ran = bench.run("evidence", "ask", file, "signatures", "--subject", other, *brought)
    assert (ran.code, "differs: it answers another question: its subject is" in ran.stdout) == (4, True)
    for unwritten in (other.upper(), f"{other} ", str(entry["position"])):
        ran = bench.run("evidence", "ask", file, "signatures", "--subject", unwritten, *brought)
        assert (ran.code, "or of a statement 0199" in ran.stderr, "in small letters" in ran.stderr) == (2, True, True)
    verified = bench.run("evidence", "verify", file, *brought).stdout
    assert "the answer to signatures is not computed here: `vialog evidence ask` computes it" in verified
    monkeypatch.setitem(bench.environ, "VIALOG_LANGUAGE", "zh")
    gone = saying(file.read_bytes(), lambda value: value.update(subject="01990000-0000-7000-8000-0000000000ff"))
    bent = bench.place / "bent-signatures.zip"
    bent.write_bytes(gone)
    told = bench.run("evidence", "ask", bent, *brought)
    assert (told.code, "此处没有陈述01990000-0000-7000-8000-0000000000ff" in told.stdout) == (5, True)


def test_a_narrowed_answer_is_told_to_be_one_and_differs_from_the_whole(
    port: Port, brought: tuple[object, ...]
) -> None:
    bench, _ = port
    file = answered(bench, "descendants", "--approval", "approval:A1", "--lot", "L-1")
    whole = ("descendants", "--subject", "approval:A1")
    (said,) = bench.run("evidence", "ask", file, *brought, "--json").objects
    assert (said["finding"], said["parameters"]) == ("agrees", {"lot": "L-1"})
    (said,) = bench.run("evidence", "ask", file, *whole, *brought, "--json").objects
    assert said["words"] == "it answers another question: its parameters is lot L-1"
    (said,) = bench.run("evidence", "ask", file, *whole, "--lot", "L-1", *brought, "--json").objects
    assert said["finding"] == "agrees"
    told = bench.done("ask", "descendants", "--approval", "approval:A1", "--lot", "L-1").stdout
    assert "the lot L-1 of its maker" in told
    assert "approval:A1" in told
    for option in ("--at", "--now"):
        assert bench.run("evidence", "ask", file, *brought, option, "9999-12-31").code == 2


def test_an_answer_that_was_changed_differs_and_the_row_is_named(port: Port, brought: tuple[object, ...]) -> None:
    bench, _ = port
    file = answered(bench, "balance", "--approval", "approval:A1")
    bent = bench.place / "bent.zip"
    bent.write_bytes(saying(file.read_bytes(), lambda value: value.update(rows=[{"line": 1, "used": "99"}])))
    ran = bench.run("evidence", "ask", bent, *brought)
    assert ran.code == 4
    assert "differs: row 1" in ran.stdout


def test_the_bundle_of_an_answer_verifies_and_so_does_its_answer_by_the_table(
    port: Port, brought: tuple[object, ...]
) -> None:
    bench, _ = port
    file = answered(bench, "balance", "--approval", "approval:A1")
    ran = bench.run("evidence", "verify", file, *brought, "--json")
    (report,) = ran.objects
    claims = {claim["about"]: claim["verdict"] for claim in report["claims"]}
    assert (claims["answer"], ran.code) == ("verified and known", 5)  # no mirror vouches for the index
    assert "failed" not in claims.values()
    bent = bench.place / "bent-balance.zip"
    bent.write_bytes(saying(file.read_bytes(), lambda value: value.update(rows=[{"line": 1}])))
    ran = bench.run("evidence", "verify", bent, *brought)
    assert (ran.code, "failed (answer): answer: row 1" in ran.stdout) == (4, True)


def test_another_question_is_asked_of_a_bundle_that_proves_enough(port: Port, brought: tuple[object, ...]) -> None:
    bench, who = port
    file = bench.place / "plain.zip"
    bench.done("evidence", "export", "--approval", "approval:A1", "--output", file)
    ran = bench.run("evidence", "ask", file, *brought)
    assert ran.code == 5
    assert "the bundle claims no answer" in ran.stdout
    ran = bench.run("evidence", "ask", file, "balance", *brought, "--json")
    assert (ran.objects[0]["finding"], ran.objects[0]["words"]) == (
        "nothing is claimed",
        "so many rows follow from the bundle: 0",
    )
    ran = bench.run("evidence", "ask", file, "whereabouts", "--subject", "item:none", *brought, "--json")
    assert ran.objects[0]["words"].startswith("it rests on all events of item:none")
    assert bench.run("evidence", "ask", file, "balance", "--subject", who.party, *brought).code == 5
    assert bench.run("evidence", "ask", file, "balance", "--subject", "none", *brought).code == 2


def test_what_cannot_be_claimed_is_refused_and_nothing_is_written(port: Port, brought: tuple[object, ...]) -> None:
    bench, _ = port
    file = bench.place / "never.zip"
    ran = bench.run("ask", "nobodys", "--evidence", file)
    assert (ran.code, file.exists()) == (2, False)
    ran = bench.run("ask", "balance", "--approval", "approval:A1", "--as-of", "999999", "--evidence", file)
    assert (ran.code != 0, file.exists()) == (True, False)
    there = answered(bench, "balance", "--approval", "approval:A1")
    before = there.read_bytes()
    assert bench.run("ask", "balance", "--approval", "approval:A1", "--evidence", there).code != 0
    assert there.read_bytes() == before
    assert bench.run("evidence", "ask", there, "--policy", there).code == 2
    assert json.loads(bench.run("evidence", "ask", there, "--policy", there, "--json").stderr)
    assert bundle.ANSWER.encode() in before


def test_a_file_that_is_no_bundle_is_not_checked(port: Port, brought: tuple[object, ...]) -> None:
    bench, _ = port
    file = bench.place / "none.zip"
    file.write_bytes(b"\xff" * 100)
    ran = bench.run("evidence", "ask", file, *brought)
    assert ran.code == 4
    assert "the bundle does not hold: bundle: EVD-01" in ran.stdout
