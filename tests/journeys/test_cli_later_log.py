"""A log that holds a statement of a later program: every command says that it is too old for it, and what to do."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from ledger.rulepacks.load import load_packs
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.signing.signer import FileSigner
from ledger.store.database.postgres import PostgresStore
from ledger.store.port import Record
from tests.journeys.bench import PASSPHRASE
from tests.later import changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port

ITEM = "item:V-1"
WORDS = "not checked: this reader is too old: the kind item.frozen/1; it knows"


@pytest.fixture(scope="module")
def later(port: Port) -> Iterator[tuple[Bench, int]]:
    """A log with one item, a statement of a later program about it, and the position of that statement."""
    bench, who = port
    body = {
        "consignment": "consignment:C1",
        "approval": "approval:A1",
        "line": 1,
        "items": [{"item": ITEM, "label": "V-1", "quantity": {"value": "3", "unit": "vial"}}],
    }
    bench.state("item.listed/1", body, who)
    signed = json.loads(bench.signed("item.listed/1", body, who).read_text(encoding="utf-8"))
    made = json.dumps(signed["envelope"], separators=(",", ":")).encode()
    frozen = {"kind": "item.frozen/1", "body": {"item": ITEM}}
    envelope = changed(made, lambda value: value.update(frozen), FileSigner.load(who.key, PASSPHRASE))
    payload = read_payload(parse_envelope(envelope).payload)
    record = Record(
        payload.id,
        payload.kind,
        payload.tags,
        load_packs().by_id("cn-281/2026-08-01").name,
        envelope,
    )
    with closing(PostgresStore(str(bench.environ["VIALOG_DATABASE_URL"]))) as store, store.locked() as log:
        assert log.recorded
        (recorded,) = log.append([record], log.recorded)
    yield bench, recorded.position


def test_the_log_shows_it_and_says_so(later: tuple[Bench, int]) -> None:
    bench, position = later
    shown = bench.done("log", "show", "--limit", 1)
    assert "item.frozen/1" in shown.stdout
    assert f"position {position}: {WORDS}" in shown.stderr
    (said,) = bench.done("log", "show", "--limit", 1, "--json").objects
    assert said["payload"]["body"] == {"item": ITEM}
    assert WORDS in said["unread"]


def test_the_log_verifies_up_to_it(later: tuple[Bench, int]) -> None:
    bench, position = later
    ran = bench.run("log", "verify", "--json")
    assert ran.code == 11
    assert (ran.objects[0]["size"], ran.objects[0]["unread"], ran.objects[0]["verified"]) == (position, 1, False)
    assert f"position {position}: {WORDS}" in ran.stderr


@pytest.mark.parametrize(
    "arguments", [("item", "show", ITEM), ("approval", "show", "approval:A1")], ids=["item", "approval"]
)
def test_a_history_that_holds_it_is_not_told_and_what_was_known_before_is(
    later: tuple[Bench, int], arguments: tuple[str, ...]
) -> None:
    bench, position = later
    ran = bench.run(*arguments)
    assert (ran.code, f"position {position}: {WORDS}" in ran.stderr) == (11, True)


def test_what_was_known_before_it_can_be_asked_for(later: tuple[Bench, int]) -> None:
    bench, position = later
    assert bench.done("item", "show", ITEM, "--at", position - 1, "--json").objects[0]["as_known_at"] == position - 1


def test_nothing_is_recorded_behind_it(later: tuple[Bench, int], port: Port) -> None:
    bench, position = later
    _, who = port
    body = {"site": "site:other", "party": who.party, "name": "Other", "use": "laboratory", "level": 2}
    signed = bench.signed("site.registered/1", body, who)
    for command in (("statement", "submit", signed), ("statement", "check", signed)):
        ran = bench.run(*command)
        assert ran.code == 11
        assert "the kind item.frozen/1" in ran.stderr
        assert "nothing is recorded until it is upgraded" in ran.stderr
    assert bench.done("log", "show", "--limit", 1, "--json").objects[0]["position"] == position


def test_the_database_is_sound_because_nothing_of_it_is_unknown_to_the_check(later: tuple[Bench, int]) -> None:
    bench, position = later
    assert bench.done("fsck", "--json").objects[0]["size"] == position


def test_no_evidence_is_handed_out_about_what_it_concerns(later: tuple[Bench, int]) -> None:
    bench, position = later
    bench.environ["VIALOG_DATA"] = str(bench.place / "data")
    bench.done("publish")
    ran = bench.run("evidence", "export", "--item", ITEM, "-o", bench.place / "none.zip")
    assert (ran.code, f"position {position}: {WORDS}" in ran.stderr) == (11, True)
    assert not (bench.place / "none.zip").exists()
