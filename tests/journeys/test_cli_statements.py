"""Statements on their way: draft, signature, check, recording, and the answers on the way."""

from __future__ import annotations

import hashlib
import json
import tomllib
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from api.submissions import MOST_BYTES
from ledger.statement.catalogue import KINDS
from tests.journeys.bench import LOG

if TYPE_CHECKING:
    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port


def site(name: str) -> dict[str, Any]:
    """Return the registration of a site."""
    return {"site": f"site:{name}", "party": "party:importer", "name": "Store", "use": "store"}


def test_all_kinds_are_listed_with_roles_and_persons(port: Port) -> None:
    bench, _ = port
    listed = {one["kind"]: one for one in bench.done("statement", "kinds", "--json").objects}
    assert listed.keys() == KINDS.keys()
    assert listed["log.opened/1"]["roles"] == ["operator"]


@pytest.mark.parametrize("written", ["item.received/1", "item.received", "receive"])
def test_a_kind_is_meant_with_its_version_without_it_and_by_its_act(port: Port, written: str) -> None:
    bench, _ = port
    draft = bench.done("statement", "new", written, "--json").objects[0]
    assert draft["kind"] == "item.received/1"


def test_a_kind_without_its_version_is_looked_for_in_the_log(port: Port) -> None:
    bench, _ = port
    shown = bench.done("log", "show", "--kind", "party.registered", "--json").objects
    assert {one["kind"] for one in shown} == {"party.registered/1"}


def test_a_draft_names_the_log_that_is_here(port: Port) -> None:
    bench, _ = port
    bench.environ["VIALOG_LOG_ORIGIN"] = None
    try:
        assert bench.done("statement", "new", "site.registered/1", "--json").objects[0]["log"] == LOG
    finally:
        bench.environ["VIALOG_LOG_ORIGIN"] = LOG


def test_a_draft_names_the_log_of_the_settings_where_there_is_none(bench: Bench) -> None:
    draft = bench.done("statement", "new", "site.registered/1", "--json").objects[0]
    assert draft["log"] == LOG
    bench.environ["VIALOG_LOG_ORIGIN"] = None
    draft = bench.done("statement", "new", "site.registered/1", "--json").objects[0]
    assert draft["log"] == "vialog.local/log"


@pytest.mark.rule("DRF-02")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_draft_of_a_kind_names_its_required_members_and_waits_to_be_filled_in(port: Port, kind: str) -> None:
    bench, _ = port
    text = bench.done("statement", "new", kind).stdout
    draft = tomllib.loads(text)
    required = {name for name, member in _schema(kind).items() if member}
    assert set(draft["body"]) == required
    assert set(_schema(kind)) <= {line.lstrip("# ").partition(" =")[0] for line in text.splitlines()}
    file = bench.place / "draft.toml"
    file.write_text(text, encoding="utf-8")
    ran = bench.run("statement", "sign", file, "--key", bench.place / "none.pem")
    assert ran.code == 3
    assert "DRF-02" in ran.stderr


def test_a_draft_is_edited_signed_checked_and_recorded(port: Port) -> None:
    bench, who = port
    draft = bench.done("statement", "new", "site.registered/1", "--party", who.party, "--person", who.person).stdout
    for blank, value in (
        ("site:…", "site:store"),
        ("party:…", who.party),
        ("What a place is: a code of the list site-use", "store"),
    ):
        draft = draft.replace(f"‹{blank}›", value)
    for member, value in (("name", "Cold store"), ("role", who.role)):
        draft = draft.replace("‹" + draft.partition(f'\n{member} = "‹')[2].partition("›")[0] + "›", value)
    draft = draft.replace('# [disclose]\n# note = "‹words›"', '[disclose]\nnote = "by the river"')
    file = bench.place / "store.toml"
    file.write_text(draft, encoding="utf-8")
    signed = file.with_suffix(".signed")
    bench.done("statement", "sign", file, "--key", who.key, "--out", signed)
    assert "can be recorded" in bench.done("statement", "check", signed).stdout
    assert "by the river" not in signed.read_text(encoding="utf-8")
    ran = bench.done("statement", "submit", signed)
    assert ran.stdout.startswith("recorded at position ")
    again = bench.done("statement", "submit", signed)
    assert again.stdout == ran.stdout.replace("recorded", "repeated", 1)


@pytest.mark.rule("DRF-02")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_draft_as_json_is_the_same_draft_and_waits_to_be_filled_in(port: Port, kind: str) -> None:
    bench, who = port
    ran = bench.done("statement", "new", kind, "--party", who.party, "--json")
    assert ran.objects == [tomllib.loads(bench.done("statement", "new", kind, "--party", who.party).stdout)]
    file = bench.place / "draft.json"
    file.write_text(ran.stdout, encoding="utf-8")
    refused = bench.run("statement", "sign", file, "--key", who.key)
    assert (refused.code, "DRF-02" in refused.stderr) == (3, True), refused.stderr


@pytest.mark.parametrize("indent", [None, 2])
def test_a_draft_as_json_is_filled_in_signed_and_recorded(port: Port, indent: int | None) -> None:
    bench, who = port
    asked = ("--party", who.party, "--person", who.person, "--role", who.role, "--json")
    (draft,) = bench.done("statement", "new", "site.registered/1", *asked).objects
    draft["body"] = site(f"json-{indent}")
    file = bench.place / f"filled-{indent}.json"
    file.write_text(json.dumps(draft, indent=indent) + "\n", encoding="utf-8")
    signed = file.with_suffix(".signed")
    bench.done("statement", "sign", file, "--key", who.key, "--out", signed)
    assert bench.done("statement", "submit", signed, "--json").objects[0]["status"] == "recorded"


def test_a_signed_file_that_is_there_is_not_overwritten(port: Port) -> None:
    bench, who = port
    signed = bench.signed("site.registered/1", site("kept"), who)
    before = signed.read_bytes()
    ran = bench.run("statement", "sign", signed.with_suffix(".json"), "--key", who.key, "--out", signed)
    assert ran.code == 2
    assert ran.stderr == f"error: {signed}: there is a file of this name already; it is not overwritten\n"
    assert signed.read_bytes() == before


def test_a_check_records_nothing(port: Port) -> None:
    bench, who = port
    signed = bench.signed("site.registered/1", site("checked"), who)
    bench.done("statement", "check", signed)
    assert bench.run("log", "show", "--tag", "site:checked", "--json").stdout == ""


def test_a_check_tells_what_would_be_owed(port: Port) -> None:
    bench, who = port
    term = {"since": "2026-09-01", "until": "2046-09-01"}
    body = {"consignment": "consignment:C1", "record": "hazardous-inventory", **term}
    told = bench.done("statement", "check", bench.signed("retention.set/1", body, who)).stdout
    assert "\n\nwould be owed:\ndue      until 2046-09-01 23:59" in told
    assert "\nduty     Records of a consignment are kept until the last day of the longest rule; a" in told


@pytest.mark.rule("CAT-02")
def test_a_body_that_is_not_of_its_kind_is_not_signed(port: Port) -> None:
    bench, who = port
    file = bench.place / "wrong.json"
    draft = {"log": "l", "kind": "site.registered/1", "signers": [who.signer], "body": {"site": "lab"}}
    file.write_text(json.dumps(draft, separators=(",", ":")), encoding="utf-8")
    ran = bench.run("statement", "sign", file, "--key", who.key)
    assert (ran.code, ran.stdout) == (3, "")
    assert "CAT-02: $.body.site" in ran.stderr


def test_a_stream_gets_one_answer_a_line_and_the_worst_exit_code(port: Port) -> None:
    bench, who = port
    first = bench.signed("site.registered/1", site("streamed"), who).read_text(encoding="utf-8")
    second = bench.signed("site.registered/1", site("streamed"), who).read_text(encoding="utf-8")
    ran = bench.run("statement", "submit", "-", "--json", stdin=f"{first}{first}not JSON\n\n{second}")
    assert [(one["line"], one["status"]) for one in ran.objects] == [
        (1, "recorded"),
        (2, "repeated"),
        (3, "error"),
        (5, "error"),
    ]
    assert [one["error"]["code"] for one in ran.objects[2:]] == [3, 5]
    assert ran.code == 5


@pytest.mark.rule("STM-01")
def test_a_line_that_is_too_long_is_one_error_and_the_lines_after_it_keep_their_numbers(port: Port) -> None:
    bench, who = port
    signed = bench.signed("site.registered/1", site("after-long"), who).read_bytes()
    long = signed.rstrip(b"\n") + b" " * 3 * MOST_BYTES + signed
    ran = bench.run("statement", "submit", "-", "--json", stdin=long + b" " * (MOST_BYTES + 1) + b"\n" + signed)
    assert [(one["line"], one["status"]) for one in ran.objects] == [(1, "error"), (3, "recorded")]
    assert ran.objects[0]["error"]["rule"] == "STM-01"


@pytest.mark.rule("STM-01")
def test_a_line_without_an_end_is_given_up(port: Port) -> None:
    bench, _ = port
    ran = bench.run("statement", "submit", "/dev/zero", "--json")
    assert [(one["line"], one["error"]["rule"]) for one in ran.objects] == [(1, "STM-01")]
    assert ran.code == 3
    assert bench.run("statement", "check", "/dev/zero").code == 3


@pytest.mark.rule("STM-03")
@pytest.mark.parametrize("held", ["", "\n \n"])
def test_a_file_without_a_statement_is_malformed(port: Port, held: str) -> None:
    bench, _ = port
    ran = bench.run("statement", "submit", "-", stdin=held)
    assert (ran.code, ran.stderr) == (3, "stdin, line 1:\nerror: STM-03: $: there is no statement in it\n")


@pytest.mark.rule("STM-02")
def test_a_submission_is_utf_8_alone(port: Port) -> None:
    bench, who = port
    signed = bench.signed("site.registered/1", site("utf-16"), who).read_text(encoding="utf-8").strip()
    for encoding in ("utf-16", "utf-8-sig"):
        file = bench.place / "encoded"
        file.write_bytes(signed.encode(encoding))
        ran = bench.run("statement", "check", file)
        assert (ran.code, "STM-02" in ran.stderr) == (3, True)


def test_signing_says_file_id_and_kind_where_json_is_asked_for(port: Port) -> None:
    bench, who = port
    file = bench.place / "said.json"
    draft = {"log": LOG, "kind": "site.registered/1", "signers": [who.signer], "body": site("said")}
    file.write_text(json.dumps(draft, separators=(",", ":")), encoding="utf-8")
    signed = file.with_suffix(".signed")
    (said,) = bench.done("statement", "sign", file, "--key", who.key, "--out", signed, "--json").objects
    (recorded,) = bench.done("statement", "submit", signed, "--json").objects
    assert said == {"file": str(signed), "id": recorded["statement"], "kind": "site.registered/1", "unsigned": []}


def test_a_breach_is_shown_with_clause_and_mark_until_it_is_acknowledged(port: Port) -> None:
    bench, who = port
    body = site("bsl3") | {"level": 3, "use": "laboratory"}
    ran = bench.run("statement", "submit", bench.signed("site.registered/1", body, who))
    assert ran.code == 6
    assert "REG-06: of level 3, without a valid accreditation: site:bsl3" in ran.stderr
    assert "[State Council Order 424 Arts 18-20]" in ran.stderr
    known = [{"rule": "REG-06", "reason": "renewal-pending"}]
    answer = bench.state("site.registered/1", body, who, acknowledges=known)
    assert [breach["rule"] for breach in answer["breaches"]] == ["REG-06"]


def test_an_error_is_one_json_object_on_stderr_where_json_is_asked_for(port: Port) -> None:
    bench, who = port
    body = site("bsl4") | {"level": 4, "use": "laboratory"}
    ran = bench.run("statement", "check", bench.signed("site.registered/1", body, who), "--json")
    assert (ran.code, ran.stdout) == (6, "")
    error = json.loads(ran.stderr)["error"]
    assert error["answer"] == "NeedsAcknowledgement"
    assert [breach["rule"] for breach in error["breaches"]] == ["REG-06"]


@pytest.mark.rule("DRF-04")
def test_no_more_keys_sign_than_the_draft_has_signers(port: Port) -> None:
    bench, who = port
    file = bench.place / "keys.json"
    draft = {"log": "l", "kind": "site.registered/1", "signers": [who.signer], "body": site("keys")}
    file.write_text(json.dumps(draft, separators=(",", ":")), encoding="utf-8")
    ran = bench.run("statement", "sign", file, "--key", who.key, "--key", bench.operator.key)
    assert (ran.code, "DRF-04" in ran.stderr) == (3, True)


def test_the_exact_bytes_of_an_entry_hash_to_its_leaf(port: Port) -> None:
    bench, _ = port
    (entry,) = bench.done("log", "show", "--entry", 1, "--json").objects
    written = bench.done("log", "show", "--entry", 1).stdout.encode()
    assert hashlib.sha256(b"\x00" + written).hexdigest() == entry["leaf"]
    assert bench.run("log", "show", "--entry", 100_000).code == 8


def test_the_log_is_shown_by_tag_and_by_kind(port: Port) -> None:
    bench, who = port
    kinds = [one["kind"] for one in bench.done("log", "show", "--tag", who.party, "--json").objects[:4]]
    assert kinds == ["party.registered/1", "role.granted/1", "role.granted/1", "key.enrolled/1"]
    shown = bench.done("log", "show", "--kind", "consignment.announced/1", "--json").objects
    assert [one["payload"]["body"]["consignment"] for one in shown] == ["consignment:C1"]


def _schema(kind: str) -> dict[str, bool]:
    """Return the members of a kind's body, and whether each is required."""
    return {field.name: field.required for field in msgspec.structs.fields(KINDS[kind].body)}
