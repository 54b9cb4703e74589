"""The commands at a service: with VIALOG_URL they print what they print beside the log, and sign where the key is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

import pytest
import typer.main
from typer.core import TyperGroup

from api.cli.main import app
from ledger.clock import SystemClock, format_time
from tests.authors import ORIGIN
from tests.console.browsing import at_own_address
from tests.journeys.bench import Bench, Ran, Who
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.http.serving import Served
    from tests.servers import Servers

SERVED: Final = {
    *("record", "admit", "import", "statement submit", "statement check", "statement sign", "statement new"),
    "statement show",
    *("statement leave", "statement waiting", "statement fetch", "keys show", "log show"),
    *("list items", "list approvals", "list permits", "list consignments", "list parties", "list sites"),
    *("list cases", "list obligations", "auditor grant", "auditor end", "auditor list"),
    *("sign-in", "token make", "token list", "token withdraw", "session open", "session show", "session end"),
    *("item show", "approval show", "party show", "ask", "evidence export", "labels print", "inbox", "digest"),
    *("hook list", "hook add", "hook remove", "hook deliveries", "hook replay", "hook keys"),
}
"""What asks a service, or records there, where VIALOG_URL names one."""

AT_THE_LOG: Final = {
    "init": ("--operator", "party:o", "--name", "O", "--key", "new.pem"),
    "log verify": (),
    "log disclosures": (),
    "log files": ("folder",),
    "log vkey": (),
    "access list": (),
    "access check": (),
    "access digest": ("--key", "root.pem", "--yes"),
    "hook rotate": (),
    "publish": (),
    "serve": ("--port", "0"),
    "views list": (),
    "views rebuild": (),
    "views export": ("folder",),
    "views check": (),
    "views follow": (),
    "views balance": (),
    "views show": ("item",),
    "fsck": (),
    "doctor": (),
    "clock": (),
    "restore": ("--as-is",),
}
"""What works on the log's own database, each with arguments that it takes: with VIALOG_URL it says where to run it."""

WITHOUT_A_LOG: Final = {
    *("keys new", "statement kinds", "statement cosign", "statement receipt", "evidence verify", "evidence ask"),
    *("rules list", "rules show", "rules export"),
    *("words kinds", "words roles", "words codes", "words units", "words rules", "words agents"),
    *("sign", "access verify", "witness serve", "witness cosign", "witness vkey", "witness key new", "mirror"),
}
"""What asks no log, or one that it is given by itself."""


@pytest.fixture(scope="module")
def served(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Bench, Who]]:
    """A served log in which an importer has received some tubes, a bench beside it, and the importer."""
    place = tmp_path_factory.mktemp("served")
    with at_own_address(servers.get(EMBEDDED), place, SystemClock()) as log:
        bench = Bench(place, log.database.admin, ORIGIN)
        bench.environ["VIALOG_DATA"] = str(place)
        bench.open()
        who = bench.admit("party:importer", "applicant", "laboratory")
        bench.announce(who)
        (place / "list.csv").write_text("label,quantity,lot\nHC-1,1 mL,L-1\nHC-2,1 mL,L-1\n", encoding="utf-8")
        goods = ("--consignment", "C1", "--approval", "A-1", "--line", 1)
        _insisted(bench, who, "item.listed", *goods, "--from", place / "list.csv")
        tubes = ("--item", "HC-1", "--item", "HC-2")
        received = ("--consignment", "C1", "--laboratory", "Lab", "--documents", "match", "--condition", "intact")
        _insisted(bench, who, "receive", *received, *tubes)
        yield log, bench, who


@pytest.fixture(scope="module")
def away(served: tuple[Served, Bench, Who]) -> Iterator[Bench]:
    """A bench without a database, which has signed in at the service as the importer."""
    log, bench, who = served
    away = at_a_service(log, bench)
    away.done("session", "open", "--yes", "--key", who.key)
    yield away
    away.done("session", "end")


def at_a_service(log: Served, bench: Bench) -> Bench:
    """Return a bench at the same place that knows no database, but where the service is."""
    where = {"VIALOG_URL": f"http://127.0.0.1:{log.port}", "VIALOG_SESSIONS": str(bench.place / "sessions")}
    away = replaced(bench, VIALOG_DATA=str(bench.place / "none"), **where)
    away.environ["VIALOG_DATABASE_URL"] = None
    return away


def _insisted(bench: Bench, who: Who, *arguments: object) -> Ran:
    """Record an act in spite of its breaches, as the first answer says how."""
    ran = bench.record(*arguments, by=who, role=who.role)
    if ran.code == 6:
        said = next(line for line in ran.stderr.splitlines() if line.startswith("To record it as it is: "))
        ran = bench.record(
            *arguments, *said.replace("REASON", "as-printed").split(": ", 1)[1].split(), by=who, role=who.role
        )
    assert ran.code == 0, ran.stderr
    return ran


def commands() -> set[str]:
    """Return all commands by their names."""

    def below(group: TyperGroup, before: str) -> Iterator[str]:
        for name, one in group.commands.items():
            if isinstance(one, TyperGroup):
                yield from below(one, f"{before}{name} ")
            else:
                yield f"{before}{name}"

    whole = typer.main.get_command(app)
    assert isinstance(whole, TyperGroup)
    return set(below(whole, ""))


def test_of_every_command_it_is_said_whether_it_works_at_a_service() -> None:
    assert commands() == SERVED | AT_THE_LOG.keys() | WITHOUT_A_LOG
    assert len(commands()) == len(SERVED) + len(AT_THE_LOG) + len(WITHOUT_A_LOG)


@pytest.mark.rule("SET-04")
@pytest.mark.parametrize("command", AT_THE_LOG)
def test_what_works_on_the_logs_own_database_says_where_it_is_run(
    served: tuple[Served, Bench, Who], command: str
) -> None:
    log, bench, _ = served
    away = at_a_service(log, bench)
    ran = away.run(*command.split(), *AT_THE_LOG[command])
    assert ran.code == 2, ran.stderr
    assert "SET-04" in ran.stderr
    assert "run it on the machine of the log" in ran.stderr


ASKED: Final = (
    ("item", "show", "HC-1"),
    ("item", "show", "HC-1", "--json"),
    ("approval", "show", "A-1"),
    ("approval", "show", "A-1", "--json"),
    ("party", "show", "importer"),
    ("party", "show", "importer", "--json"),
    ("party", "show", "importer", "--at", "2099-01-01"),
    ("list", "items"),
    ("list", "items", "--json"),
    ("list", "items", "--text", "HC-2", "--status", "received"),
    ("list", "items", "--limit", "1", "--json"),
    ("list", "items", "--names"),
    ("list", "approvals"),
    ("list", "permits"),
    ("list", "consignments"),
    ("list", "parties"),
    ("list", "sites"),
    ("list", "cases"),
    ("list", "obligations", "--at", "2099-01-01"),
    ("list", "obligations", "--at", "2099-01-01", "--json"),
    ("ask", "custody-chain", "--item", "HC-1", "--at", "2099-01-01"),
    ("ask", "balance", "--approval", "A-1", "--at", "2099-01-01"),
    ("ask", "balance", "--approval", "A-1", "--at", "2099-01-01", "--json"),
    ("ask", "discrepancies", "--at", "2099-01-01", "--csv"),
    ("ask", "--list", "--json"),
    ("log", "show", "--tag", "HC-1"),
    ("log", "show", "--kind", "item.received", "--json"),
    ("statement", "show", "{received}"),
    ("statement", "show", "{received}", "--json"),
    ("statement", "new", "item.received"),
    ("auditor", "list"),
    ("digest", "--for", "importer"),
    ("digest", "--for", "importer", "--json"),
)


@pytest.mark.parametrize(
    ("arguments", "language"),
    [*((one, "en") for one in ASKED), *((one, "zh") for one in ASKED if one[0] in {"item", "party", "ask"})],
)
def test_a_command_prints_the_same_at_a_service(
    served: tuple[Served, Bench, Who], away: Bench, arguments: tuple[str, ...], language: str
) -> None:
    log, bench, _ = served
    positions = [one.position for one in log.doors.ledger.store.read() if one.kind == "item.received/1"]
    log.doors.publisher.wait_for(positions[0], 20)
    at_the_log = replaced(bench, VIALOG_LANGUAGE=language)
    words = [word.format(received=positions[0]) for word in arguments]
    there, here = replaced(away, VIALOG_LANGUAGE=language).done(*words), at_the_log.done(*words)
    assert there.stdout == here.stdout
    assert here.stdout or arguments[1] in {"permits", "cases"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "What party:importer may read of it is told: there may be more that it may not."),
        ("zh", "所列为party:importer可查看的内容：可能还有其无权查看的内容。"),
    ],
)
def test_who_is_shown_a_part_of_a_party_is_told_that_there_may_be_more(
    served: tuple[Served, Bench, Who], away: Bench, language: str, said: str
) -> None:
    told = replaced(away, VIALOG_LANGUAGE=language)
    assert said in told.done("party", "show", "party:operator").stderr
    assert said not in told.done("party", "show", "party:importer").stderr
    at_the_log = replaced(served[1], VIALOG_LANGUAGE=language)
    assert said not in at_the_log.done("party", "show", "party:operator").stderr


@pytest.mark.parametrize("arguments", [("ask", "balance", "--approval", "A-1"), ("approval", "show", "A-1")])
@pytest.mark.parametrize(
    ("language", "said"), [("en", "may not see of the log is not taken in"), ("zh", "无权查看的日志内容未计入")]
)
def test_an_amount_is_told_with_whose_sight_it_is_computed_from(
    served: tuple[Served, Bench, Who], away: Bench, arguments: tuple[str, ...], language: str, said: str
) -> None:
    assert said in replaced(away, VIALOG_LANGUAGE=language).done(*arguments).stderr
    assert said not in replaced(served[1], VIALOG_LANGUAGE=language).done(*arguments).stderr


def test_an_inbox_is_that_of_the_service_that_is_named(away: Bench, served: tuple[Served, Bench, Who]) -> None:
    assert "Nothing was noted for you." in away.done("inbox", "--key", served[2].key).stderr


def replaced(bench: Bench, **environ: str) -> Bench:
    """Return the same bench in another environment."""
    other = Bench(bench.place, "", bench.log)
    other.environ = {**bench.environ, **environ}
    return other


def test_an_act_is_signed_here_and_recorded_there(served: tuple[Served, Bench, Who], away: Bench) -> None:
    log, _, who = served
    before = log.handed_in()
    ran = _insisted(away, replace(who, role="laboratory"), "label", "--item", "HC-2", "--label", "HC-2a")
    assert re.match(r"recorded at position \d+: item\.labelled/1 ", ran.stdout), ran.stdout
    assert "performed it: p-1 of importer, as laboratory" in ran.stderr
    assert log.handed_in()[:-1] == before
    assert "HC-2a" in away.done("list", "items").stdout


def test_statements_are_handed_in_as_they_come_and_each_gets_its_answer(
    served: tuple[Served, Bench, Who], away: Bench
) -> None:
    _, bench, who = served
    body = {"item": "item:none", "label": "X"}
    wrong = bench.signed("item.labelled/1", body, replace(who, role="laboratory"))
    site = {"site": "site:second", "party": who.party, "name": "Second", "use": "laboratory", "level": 2}
    right = bench.signed("site.registered/1", site, who)
    both = bench.place / "both.signed"
    both.write_bytes(wrong.read_bytes() + right.read_bytes() + right.read_bytes())
    ran = away.run("statement", "submit", both, "--json")
    assert [one["status"] for one in ran.objects] == ["error", "recorded", "repeated"]
    assert (ran.code, ran.objects[0]["error"]["answer"]) == (5, "Refused")
    again = ran.objects[2]
    assert ran.objects[1] == again | {"line": 2, "status": "recorded"}
    # What is recorded already has the same answer beside the log.
    assert bench.run("statement", "submit", both, "--json").objects[2] == again


def test_a_statement_is_judged_there_and_not_recorded(served: tuple[Served, Bench, Who], away: Bench) -> None:
    log, bench, who = served
    before = log.handed_in()
    spill = {"case": "case:spill", "site": "site:lab", "incident": "spill", "discovered_at": "2026-11-01T08:00:00Z"}
    signed = bench.signed("incident.reported/1", spill, replace(who, role="laboratory"))
    for form in ((), ("--json",)):
        there, here = away.run("statement", "check", signed, *form), bench.run("statement", "check", signed, *form)
        assert (there.code, there.stdout, there.stderr) == (here.code, here.stdout, here.stderr)
        assert "owed" in here.stdout
    assert log.handed_in() == before


def test_what_is_left_out_of_a_dry_run_is_judged_there_together(served: tuple[Served, Bench, Who], away: Bench) -> None:
    log, bench, who = served
    before = log.handed_in()
    (bench.place / "sites.csv").write_text("site,name\nsite:a,A\nsite:a,B\n", encoding="utf-8")
    site = ("site.registered", "--party", who.party, "--use", "laboratory", "--level", 2)
    at = format_time(SystemClock().now())  # told to the minute, and both tell the same one
    rows = ("--from", bench.place / "sites.csv", "--dry-run", "--occurred-at", at)
    there, here = (one.record(*site, *rows, by=who, role="applicant") for one in (away, bench))
    assert (there.code, there.stderr) == (here.code, here.stderr)
    assert there.code == 5
    assert log.handed_in() == before


def test_who_has_not_signed_in_is_told_how(served: tuple[Served, Bench, Who]) -> None:
    log, bench, _ = served
    ran = replaced(at_a_service(log, bench), VIALOG_SESSIONS="none").run("list", "items")
    assert ran.code == 4
    assert "run `vialog session open --key KEY`" in ran.stderr


def test_a_session_is_kept_for_its_owner_alone_and_ends(served: tuple[Served, Bench, Who]) -> None:
    log, bench, who = served
    away = replaced(at_a_service(log, bench), VIALOG_SESSIONS=str(bench.place / "others"))
    assert away.done("session", "open", "--yes", "--key", who.key, "--json").objects[0]["party"] == who.party
    (file,) = (bench.place / "others").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    secret = file.read_text(encoding="utf-8")
    assert away.done("session", "show", "--json").objects[0]["person"] == who.person
    file.chmod(0o644)
    assert "KEY-20" in away.run("session", "show").stderr
    file.chmod(0o600)
    assert away.done("session", "end", "--json").objects == [{"service": f"http://127.0.0.1:{log.port}", "ended": True}]
    assert not file.exists()
    file.touch(mode=0o600)
    file.write_text(secret, encoding="utf-8")
    assert away.run("list", "items").code == 4  # it has ended there too
    file.unlink()


def test_a_program_asks_with_a_token_in_a_file(served: tuple[Served, Bench, Who]) -> None:
    log, bench, who = served
    away = at_a_service(log, bench)
    made = away.done("token", "make", "a test", "--key", who.key, "--json").objects[0]
    file = bench.place / "token"
    file.touch(mode=0o600)
    file.write_text(f"{made['token']}\n", encoding="utf-8")
    program = replaced(away, VIALOG_TOKEN_FILE=str(file))
    assert program.done("list", "items", "--json").objects == bench.done("list", "items", "--json").objects


def test_evidence_is_fetched_with_the_answer_that_is_printed(served: tuple[Served, Bench, Who], away: Bench) -> None:
    log, bench, _ = served
    log.doors.publisher.wait_for(log.doors.ledger.store.head(), 20)
    asked = ("ask", "custody-chain", "--item", "HC-1", "--at", "2099-01-01", "--evidence")
    there, here = away.done(*asked, bench.place / "there.zip"), bench.done(*asked, bench.place / "here.zip")
    assert there.stdout == here.stdout
    names = [set(ZipFile(bench.place / f"{one}.zip").namelist()) for one in ("there", "here")]
    assert names[0] == names[1]
    away.done("evidence", "export", "--item", "HC-1", "-o", bench.place / "item.zip")
    ran = away.run("evidence", "export", "--item", "HC-1", "-o", bench.place / "whole.zip", "--scope", "whole")
    assert ran.code == 2
    assert "run it on the machine of the log" in ran.stderr


def test_who_signed_a_statement_is_claimed_at_the_log_or_computed_from_what_a_service_hands_out(
    served: tuple[Served, Bench, Who], away: Bench
) -> None:
    _, bench, _ = served
    ran = away.run("ask", "signatures", "--statement", "1", "--evidence", bench.place / "never.zip")
    assert (ran.code, (bench.place / "never.zip").exists()) == (2, False)
    assert "vialog evidence ask FILE signatures --subject STATEMENT" in " ".join(ran.stderr.split())


def test_proofs_are_waited_for(served: tuple[Served, Bench, Who], away: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    _, bench, who = served
    monkeypatch.chdir(bench.place)
    site = {"site": "site:third", "party": who.party, "name": "Third", "use": "laboratory", "level": 2}
    ran = away.done("statement", "submit", bench.signed("site.registered/1", site, who), "--wait-proof", "--json")
    proof = bench.place / f"{ran.objects[0]['statement']}.tlog-proof"
    assert proof.read_text(encoding="utf-8").startswith("c2sp.org/tlog-proof@v1")


def test_another_log_than_the_settings_name_is_not_taken_for_it(served: tuple[Served, Bench, Who], away: Bench) -> None:
    ran = replaced(away, VIALOG_LOG_ORIGIN="other.example/log").run("list", "items")
    assert ran.code == 2
    assert "SET-03" in ran.stderr


def test_labels_are_printed_of_what_the_service_shows(served: tuple[Served, Bench, Who], away: Bench) -> None:
    _, bench, _ = served
    files = [where.place / f"{name}.zpl" for where, name in ((bench, "here"), (away, "away"))]
    for where, file in zip((bench, away), files, strict=True):
        where.done("labels", "print", "HC-1", "--zpl", file)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert b"^BXN" in files[0].read_bytes()
