"""What every command prints with --json is as its schema says; a command that is not asked here fails."""

from __future__ import annotations

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from api.access.read import Part
from api.access.rights.showing import Right
from api.accesses.entry import Access
from api.accesses.log import AccessLog
from api.notices.keeping import QUERIES as NOTICES
from api.notices.keeping import Notices
from api.rows.printed import PRINTED
from api.sessions.tables import DoorTables
from ledger.clock import SystemClock
from ledger.ids import PartyId, Tag
from ledger.tlog.vkey import format_vkey
from projections.asked.question import Holds
from projections.asked.table import QUESTIONS
from projections.falling_due import Falling
from projections.obligations import Place
from tests.grown import SIGNER, request, tree
from tests.journeys.bench import LOG
from tests.journeys.helper import helper
from tests.journeys.test_cli_import import manifest, written
from tests.journeys.test_cli_json import started
from tests.printed import HELD, check_printed
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from projections.asked.question import Question
    from tests.journeys.bench import Bench, Ran, Who

LISTS: Final = ("items", "approvals", "permits", "consignments", "parties", "sites", "cases", "obligations")
KNOWN: Final = {
    "item": "HC-2",
    "approval": "A-1",
    "party": "party:importer",
    "statement": "1",
    "first": "2026-01-01",
    "last": "2026-12-31",
}
"""By option, what a question is asked about."""
WORDS: Final = ("kinds", "roles", "codes", "units", "rules", "agents")


class Asking:
    """Asks commands for JSON, and notes which ones printed rows."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.place = bench.place
        HELD.clear()

    def ask(self, *arguments: object) -> Ran:
        """Run a command that has to succeed, and to print at least one row."""
        ran = self.bench.done(*arguments, "--json")
        assert ran.stdout.strip(), arguments
        return ran

    def serve(self, *arguments: object) -> None:
        """Run what goes on until it is stopped, until it says that it does."""
        with started(self.bench, *arguments, "--json") as said:
            check_printed([*map(str, arguments), "--json"], json.dumps(said), "")


def test_what_every_command_prints_is_as_its_schema_says(bench: Bench) -> None:
    bench.environ["VIALOG_DATA"] = str(bench.place / "data")
    asking = Asking(bench)
    operator = bench.operator
    asking.ask("init", "--operator", operator.party, "--name", "Operator", "--key", operator.key)
    organisation = ("--country", "CN", "--business", "research", "--role", "carrier", "--yes")
    asking.ask("admit", "Harbour Carriers", *organisation, "--key", operator.key)
    who = bench.admit("party:importer", "applicant", "laboratory")
    bench.announce(who)
    bring_in(asking, who)
    state(asking, who)
    bench.insist(
        "incident.reported/1",
        {"case": "case:1", "site": "site:lab", "incident": "spill", "discovered_at": "2026-08-10T08:00:00Z"},
        who,
    )
    paper = {"document": "B-1", "issued_by": "Somebody", "digest": "0" * 64}
    permit = {"permit": "permit:1", "scheme": "foreign-permit", "number": "B-1", "holder": who.party, "country": "DE"}
    bench.insist(
        "permit.recorded/1", permit | {"issued_on": "2026-08-01", "valid_from": "2026-08-01", "reference": paper}, who
    )
    let_in(asking, who)
    look(asking)
    verify(asking)
    view(asking)
    operate(asking)
    assert PRINTED.keys() - HELD == set()


def bring_in(asking: Asking, who: Who) -> None:
    """Import a manifest: a mapping is proposed, what it comes to is shown, and it is recorded."""
    file = written(asking.bench, "list.csv", manifest("HC", 3))
    wrong = written(asking.bench, "wrong.csv", manifest("HD", 2, {3: "vails"}))
    signing = ("--key", who.key, "--role", "applicant")
    asking.ask("import", file, "--propose", "--out", asking.place / "list.toml")
    asking.ask("import", file, "--dry-run")
    asking.ask("import", file, *signing)
    assert asking.bench.run("import", wrong, *signing, "--json").code == 3
    refused = asking.bench.run("import", file, *signing, "--json")
    assert [one["status"] for one in refused.objects] == ["error"]


def state(asking: Asking, who: Who) -> None:
    """Make a statement on the way that files go, and one with one command."""
    asking.ask("statement", "kinds")
    asking.ask("statement", "new", "site.registered/1")
    body = {"site": "site:store", "party": who.party, "name": "Store", "use": "store"}
    signed = asking.bench.signed("site.registered/1", body, who)
    draft, out = signed.with_suffix(".json"), asking.place / "again.signed"
    asking.ask("statement", "sign", draft, "--key", who.key)
    asking.ask("statement", "sign", draft, "--key", who.key, "--out", out)
    asking.ask("statement", "check", signed)
    asking.ask("statement", "show", signed)
    asking.ask("statement", "submit", signed)
    asking.ask("statement", "show", 1)
    cosign(asking, who)
    site = ("--site", "site:bench", "--party", who.party, "--name", "Bench", "--use", "laboratory", "--level", 2)
    asking.ask("record", "site.registered", *site, "--key", who.key, "--role", "laboratory", "--yes")
    assert asking.bench.run(
        "record", "site.registered", *site, "--key", who.key, "--role", "laboratory", "--yes", "--json"
    ).code
    asking.ask("keys", "new", asking.place / "new.pem")
    asking.ask("keys", "show", who.key)
    thumbprint = asking.ask("keys", "show", who.key).objects[0]["thumbprint"]
    asking.ask("keys", "show", thumbprint)


def let_in(asking: Asking, who: Who) -> None:
    """Let an auditor see what a party has, and a program ask for it."""
    asking.bench.admit("party:auditor", "assessment-body")
    signing = ("--key", who.key, "--role", "laboratory", "--yes")
    audit = ("--case", "case:audit", "--auditor", "party:auditor", "--until", "2036-01-01T00:00:00Z")
    asking.ask("auditor", "grant", *audit, *signing)
    assert asking.bench.run("auditor", "grant", *audit, *signing, "--json").code
    asking.ask("auditor", "list")
    asking.ask("auditor", "end", "--case", "case:audit", *signing)
    assert asking.bench.run("auditor", "end", "--case", "case:audit", *signing, "--json").code
    asking.bench.environ["VIALOG_UNSAFE_HOOKS_TO_THIS_MACHINE"] = "yes"
    with started(asking.bench, "serve", "--port", 0, "--json") as said:
        there = ("--key", who.key, "--url", said["url"])
        made = asking.ask("token", "make", "the freezers", *there).objects[0]
        asking.ask("token", "list", *there)
        asking.ask("sign-in", "--yes", *there)
        open_key(asking, who)
        notice(asking, who)
        (row,) = asking.ask("inbox", "--read", *there).objects
        assert (row["subject"], row["unread"], row["obligation"]) == (who.party, True, None)
        assert [one["unread"] for one in asking.ask("inbox", *there).objects] == [False]
        asking.ask("token", "withdraw", made["name"], *there)
        look_after_hooks(asking, there, said["url"])
        stay_signed_in(asking, who, said["url"])
        leave(asking, who, said["url"])
    with closing(AccessLog(str(asking.bench.environ["VIALOG_DATABASE_URL"]))) as accesses:
        whole = Part(None, Right.OPERATOR, None, 2, 1, 2)
        accesses.write(Access(SystemClock().now(), None, "read_tile", None, 2, (whole,)))
    asking.ask("access", "list")
    asking.ask("access", "check")
    asking.ask("access", "digest", "--key", asking.bench.operator.key, "--yes")
    prove(asking, who)


def open_key(asking: Asking, who: Who) -> None:
    """Run the signing helper until it says which keys are open."""
    given = ("--key", who.key, "--for", "https://console.example", "--log", LOG, "--json")
    with helper(*given, environ=asking.bench.environ) as terminal:
        assert terminal.process.stdout is not None
        check_printed(["sign", *map(str, given)], terminal.process.stdout.readline(), "")


def stay_signed_in(asking: Asking, who: Who, url: str) -> None:
    """Sign in at a service for the commands that follow, and sign out."""
    environ = asking.bench.environ
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(environ, "VIALOG_URL", url)
        patch.setitem(environ, "VIALOG_SESSIONS", str(asking.place / "sessions"))
        asking.ask("session", "open", "--yes", "--key", who.key)
        asking.ask("session", "show")
        asking.ask("session", "end")


def look_after_hooks(asking: Asking, there: Sequence[object], url: str) -> None:
    """Register a hook, look at it, have it told again, and take it away; change the key that signs for it."""
    (made,) = asking.ask("hook", "add", "http://127.0.0.1:1999/gone", "--label", "the freezers", *there).objects
    assert [one["name"] for one in asking.ask("hook", "list", *there).objects] == [made["name"]]
    asking.bench.insist(
        "party.registered/1",
        {"party": "party:told", "name": "T", "country": "CN", "business": "research"},
        asking.bench.operator,
    )
    until(lambda: asking.bench.done("hook", "deliveries", made["name"], *there, "--json").objects)
    asking.ask("hook", "deliveries", made["name"], *there)
    assert asking.ask("hook", "replay", made["name"], "--after", 0, *there).objects[0]["again"] >= 0
    assert asking.ask("hook", "replay", made["name"], "--after", 0, "--of", "notice", *there).objects[0]["again"] == 0
    asking.ask("hook", "remove", made["name"], *there)
    due = ("--event", "due-soon", "--event", "digest")
    (made,) = asking.ask("hook", "add", "http://127.0.0.1:1999/due", "--label", "what is due", *due, *there).objects
    assert made["events"] == ["due-soon", "digest"]
    assert asking.bench.done("hook", "deliveries", made["name"], "--of", "digest", *there, "--json").objects == []
    assert asking.bench.run("hook", "deliveries", made["name"], "--of", "days", *there, "--json").code
    asking.ask("hook", "remove", made["name"], *there)
    before = asking.ask("hook", "keys", "--url", url).objects[0]["keys"]
    both = asking.ask("hook", "rotate").objects[0]["keys"]
    assert both[1:] == before
    assert asking.bench.run("hook", "rotate", "--json").code
    assert asking.ask("hook", "rotate", "--drop").objects[0]["keys"] == both[:1]


def prove(asking: Asking, who: Who) -> None:
    """Get the proof of the entry of the access log from a service, once a checkpoint covers its digest; verify it."""
    file = asking.place / "access.json"
    with started(asking.bench, "serve", "--port", 0, "--json") as said:
        there = ("--key", who.key, "--url", said["url"])
        token = asking.ask("token", "make", "the auditor", *there).objects[0]["token"]

        def proved() -> bool:
            with closing(HTTPConnection(urlsplit(said["url"]).netloc)) as connection:
                connection.request("GET", "/v1/accesses/1/proof", headers={"Authorization": f"Bearer {token}"})
                with connection.getresponse() as answer:
                    file.write_bytes(answer.read())
                    return answer.status == 200

        until(proved)
    (row,) = asking.ask("access", "verify", file, "--policy", policy_of(asking)).objects
    assert (row["number"], row["first"], row["last"], row["others"]) == (1, 1, 1, 0)


def notice(asking: Asking, who: Who) -> None:
    """Note something of a party's that the record does not know of, as whoever writes in the table might."""
    with closing(DoorTables(str(asking.bench.environ["VIALOG_DATABASE_URL"]), NOTICES)) as tables:
        place = Place(1, "answer-handover", Tag(who.party), "")
        now = SystemClock().now()
        Notices(tables).write([Falling(place, now, (PartyId(who.party),), overdue=True)], now, 1)


def leave(asking: Asking, who: Who, url: str) -> None:
    """Leave a statement open at a service, and fetch it; handed in as it is, its refusal has a receipt."""
    body = {"site": "site:three", "party": who.party, "name": "Three", "use": "store"}
    signers = [one.signer for one in (who, asking.bench.operator)]
    file, left, answer = (asking.place / name for name in ("three.json", "three.open", "answer.json"))
    draft = {"log": LOG, "kind": "site.registered/1", "signers": signers, "body": body}
    file.write_text(json.dumps(draft, separators=(",", ":")), encoding="utf-8")
    asking.ask("statement", "sign", file, "--key", who.key, "--out", left)
    there = ("--key", who.key, "--url", url)
    (row,) = asking.ask("statement", "leave", left, *there).objects
    assert asking.ask("statement", "waiting", *there).objects == [row]
    asking.ask("statement", "fetch", row["digest"], *there, "--out", asking.place / "fetched.open")
    assert (asking.place / "fetched.open").read_bytes().startswith(b'{"envelope":')
    with closing(HTTPConnection(urlsplit(url).netloc)) as connection:
        connection.request("POST", "/v1/statements?receipt=refusal", left.read_bytes())
        answer.write_bytes(connection.getresponse().read())
    vkey = (asking.place / "data" / "log-keys" / "vkeys").read_text(encoding="utf-8").splitlines()[0]
    (refused,) = asking.ask("statement", "receipt", answer, "--log", vkey, "--of", left).objects
    assert (refused["problem"], refused["rules"], refused["digest"]) == ("malformed", ["STM-25"], row["digest"])


def cosign(asking: Asking, who: Who) -> None:
    """Leave a statement open, and sign it elsewhere; it is about a key, which is disclosed under a name."""
    body = {"site": "site:two", "party": who.party, "name": "Two", "use": "store"}
    signers = [one.signer for one in (who, asking.bench.operator)]
    draft = {"log": LOG, "kind": "site.registered/1", "signers": signers, "body": body, "disclose": {"note": "ours"}}
    file, left = asking.place / "open.json", asking.place / "left.open"
    file.write_text(json.dumps(draft, separators=(",", ":")), encoding="utf-8")
    asking.ask("statement", "sign", file, "--key", who.key, "--out", left)
    asking.ask("statement", "cosign", left, "--key", asking.bench.operator.key, "--yes")
    asking.bench.run("statement", "submit", left, "--json")


def look(asking: Asking) -> None:
    """Look at what is recorded, and at what may be."""
    for command in ("show", "verify", "disclosures"):
        asking.ask("log", command)
    for listed in LISTS:
        asking.ask("list", listed)
    asking.ask("digest", "--for", "party:importer")
    asking.ask("item", "show", "HC-2")
    asking.ask("approval", "show", "A-1")
    asking.ask("party", "show", "importer")
    asking.ask("labels", "print", "HC-2", "--zpl", asking.place / "labels.zpl")
    asking.ask("ask", "--list")
    for question in QUESTIONS.values():
        asking.ask("ask", question.name, *options_for(question))
    for words in WORDS:
        asking.ask("words", words)
    edition = asking.ask("rules", "list").objects[0]["edition"]
    asking.ask("rules", "show", edition)
    asking.ask("rules", "export", edition, "--output", asking.place / "rules")


def options_for(question: Question) -> Iterator[str]:
    """Yield the options that a question needs, with values that the record knows."""
    subjects = [one for one in question.parameters if one.holds is Holds.SUBJECT][:1]
    for one in (*subjects, *(one for one in question.parameters if one.needed and one.holds is not Holds.SUBJECT)):
        yield f"--{one.option}"
        yield KNOWN[one.option]


def policy_of(asking: Asking) -> Path:
    """Return the policy of somebody who believes the log without witnesses."""
    vkeys = [one["vkey"] for one in asking.ask("log", "vkey").objects]
    return written(asking.bench, "policy", "".join(f"log {one}\n" for one in vkeys) + "quorum none\n")


def verify(asking: Asking) -> None:
    """Publish, mirror, and hand out evidence."""
    asking.ask("publish")
    policy, files, copy = policy_of(asking), asking.place / "files", asking.place / "mirror.sqlite"
    asking.ask("log", "files", files)
    asking.ask("mirror", files, "--copy", copy, "--policy", policy)
    bundle = asking.place / "evidence.zip"
    asking.ask("evidence", "export", "--item", "HC-2", "--output", bundle)
    asking.bench.run("evidence", "verify", bundle, "--policy", policy, "--json")
    asking.bench.run("evidence", "ask", bundle, "whereabouts", "--policy", policy, "--json")
    asking.ask("restore", "--as-is")
    asking.ask("restore", "--from", copy)
    kept = written(asking.bench, "disclosures", asking.ask("log", "disclosures").stdout)
    asking.ask("restore", "--disclosures", kept)


def view(asking: Asking) -> None:
    """Make the views, and look at them."""
    asking.ask("views", "rebuild")
    asking.ask("views", "list")
    asking.ask("views", "check")
    asking.ask("views", "show", "item")
    asking.ask("views", "balance")
    asking.ask("views", "export", asking.bench.place / "views")
    asking.serve("views", "follow")


def operate(asking: Asking) -> None:
    """Look after the installation, and let servers run."""
    asking.ask("fsck", "--jobs", 1)
    asking.bench.run("doctor", "--json")
    asking.ask("clock")
    asking.serve("serve", "--port", 0)
    key, file = asking.place / "w.pem", asking.place / "request"
    asking.ask("witness", "key", "new", key, "--name", "witness.example/w1")
    asking.ask("witness", "vkey", key)
    file.write_bytes(request(0, tree(5)))
    watching = ("--state", asking.place / "state", "--key", key, "--log", format_vkey(SIGNER.key))
    asking.ask("witness", "cosign", file, *watching)
    asking.serve("witness", "serve", *watching, "--port", 0)


@pytest.mark.parametrize("listed", LISTS)
def test_a_row_that_its_schema_does_not_say_fails(listed: str) -> None:
    with pytest.raises(AssertionError, match="does not say so"):
        check_printed(["list", listed, "--json"], '{"id":"item:a","more":1}', "")
