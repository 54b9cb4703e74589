"""The access log as a service keeps it: no data of others is told without an entry, and nothing else has one."""

from __future__ import annotations

import csv
import json
import socket
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest

from api.access.read import ReadOfOthers
from api.access.rights.showing import OWN
from api.accesses.checking import check_accesses, digest_of_entries
from api.accesses.digests import digests_of
from api.accesses.entry import hash_of
from api.cli.operate.doctor.accesses import examine_accesses
from api.cli.operate.doctor.findings import Level
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.accesses import AccessDigested
from ledger.domain.registry.audits import AuditGranted
from ledger.ids import CaseId
from ledger.store.database.migrate import migrate, name_log
from ledger.tlog.tree import leaf_hash
from tests.authors import OPERATOR, START, admissions, author, made, opening
from tests.http.serving import TOKEN, Answer, Served, served
from tests.http.test_asking import FOREIGN, stated
from tests.http.test_asking import OWN as LAB
from tests.http.test_signing_in import signed_in
from tests.servers import EMBEDDED
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.service import Submission
    from tests.servers import Server, Servers

AUDITOR: Final = author("party:auditor", Role.LABORATORY)
GRANT: Final = CaseId("case:audit-1")


class Watched:
    """A served log with two laboratories, the first of which lets an auditor see all that is its own."""

    def __init__(self, log: Served) -> None:
        self.log = log
        self.cookies = {one.party: signed_in(log, one.signer) for one in (LAB, FOREIGN, AUDITOR)}

    def ask(self, path: str, party: str = AUDITOR.party, **headers: str) -> Answer:
        given = {"Cookie": self.cookies[party]} | {name.replace("_", "-"): one for name, one in headers.items()}  # type: ignore[index]
        return self.log.ask("GET", path, headers=given)

    def rows(self, query: str = "select entry, parts, leaf from vialog_doors.access order by number") -> list[Any]:
        with closing(psycopg.connect(self.log.database.owner)) as connection:
            return connection.execute(query.encode()).fetchall()

    def run(self, statement: str) -> None:
        with closing(psycopg.connect(self.log.database.owner, autocommit=True)) as connection:
            connection.execute(statement.encode())

    def last(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        entry, parts, leaf = self.rows()[-1]
        said = json.loads(entry)
        assert leaf == leaf_hash(entry)
        assert said["parts"] == [hash_of(one) for one in parts]
        return said, [json.loads(one) for one in parts]


@contextmanager
def watching(server: Server, folder: Path, *more: Submission) -> Iterator[Watched]:
    """Serve such a log, for a with block. more: what is stated in it besides."""
    with served(server, folder) as log:
        given = [opening(), *admissions(LAB, FOREIGN, AUDITOR)]
        given += [*stated("lab-1", "item:own", "A-1"), *stated("lab-2", "item:foreign", "F-1")]
        granted = AuditGranted(case=GRANT, auditor=AUDITOR.party, until=START.replace(year=2027))
        for one in (*given, made(granted, LAB), *more):
            position = log.doors.ledger.record(one).event
            assert position is not None
            log.doors.publisher.wait_for(position.position, 20)
        yield Watched(log)


@pytest.fixture(scope="module")
def watched(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with watching(servers.get(EMBEDDED), tmp_path_factory.mktemp("watched")) as watched:
        yield watched


@pytest.mark.parametrize(
    "path",
    [
        "/v1/items",
        "/v1/items/item:own",
        "/v1/items/item:foreign",
        "/v1/parties",
        "/v1/parties/party:lab-2",
        "/v1/entries/1",
        "/v1/questions",
        "/v1/questions/whereabouts?item=item:own",
        "/v1/questions/discrepancies",
    ],
)
def test_own_data_and_the_register_have_no_entry(watched: Watched, path: str) -> None:
    before = len(watched.rows())
    assert watched.ask(path, LAB.party).status in {200, 404}
    assert len(watched.rows()) == before


def test_an_entry_says_who_was_told_what_of_whom_and_by_which_right(watched: Watched) -> None:
    answer = watched.ask("/v1/items/item:own")
    assert answer.status == 200
    said, parts = watched.last()
    assert {name: said[name] for name in ("v", "party", "person", "route", "question", "position")} == {
        "v": 1,
        "party": AUDITOR.party,
        "person": AUDITOR.person,
        "route": "read_item",
        "question": None,
        "position": int(answer.headers["vialog-position"]),
    }
    assert said["key"] == f"key:{AUDITOR.signer.thumbprint}"
    (part,) = parts
    position = json.loads(answer.body)["history"][0]["position"]
    assert {name: one for name, one in part.items() if name != "salt"} == {
        "party": LAB.party,
        "right": "audit",
        "grant": GRANT,
        "statements": 1,
        "first": position,
        "last": position,
        "subjects": ["item:own"],
        "more": 0,
    }
    secret = watched.cookies[AUDITOR.party].partition("=")[2].encode()
    assert not any(secret in entry for entry, _, _ in watched.rows())


@pytest.mark.parametrize(
    ("path", "route", "question", "subjects"),
    [
        ("/v1/items", "list_items", None, ["item:own", "item:own-b"]),
        ("/v1/items?limit=1", "list_items", None, ["item:own"]),
        ("/v1/questions/whereabouts?item=item:own", "ask_question", "whereabouts", ["item:own", "item:own-b"]),
        ("/v1/storage", "list_storage", None, ["item:own", "item:own-b"]),
        ("/v1/feed?once=true&after=0", "follow_feed", None, ["item:own", "item:own-b"]),
        ("/v1/questions/late-entries", "ask_question", "late-entries", ["item:own", "item:own-b"]),
    ],
)
def test_each_way_of_asking_has_its_entry(
    watched: Watched, path: str, route: str, question: str | None, subjects: list[str]
) -> None:
    before = len(watched.rows())
    for headers in ({}, {"Accept": "text/csv"}, {"If_None_Match": "*"}):
        assert watched.ask(path, **headers).status in {200, 304}
    assert len(watched.rows()) == before + 3
    said, (part, *more) = watched.last()
    assert (said["route"], said["question"], part["subjects"], more) == (route, question, subjects, [])


def test_what_ends_in_an_error_tells_nothing_and_has_no_entry(watched: Watched) -> None:
    before = len(watched.rows())
    for path in ("/v1/items/item:foreign", "/v1/items?colour=red", "/v1/items/item:own?at=1"):
        assert watched.ask(path).status in {400, 404}
    assert watched.ask("/v1/items/item:own", Accept="image/png").status == 406
    assert len(watched.rows()) == before


def test_a_page_of_nothing_has_no_entry(watched: Watched) -> None:
    before = len(watched.rows())
    assert json.loads(watched.ask("/v1/items?q=nothing-is-called-that").body)["rows"] == []
    assert len(watched.rows()) == before


def test_a_mirrors_bundle_has_an_entry_of_all_parties(watched: Watched) -> None:
    assert watched.log.get("/log/tile/entries/000.p/2", token=TOKEN).status == 200
    said, (part,) = watched.last()
    assert (said["party"], said["person"], said["key"], said["by"]) == (None, None, None, "log-files")
    assert (part["party"], part["right"], part["first"], part["last"]) == (None, "operator", 1, 2)
    before = len(watched.rows())
    assert watched.log.get("/log/tile/0/000.p/1").status == 200
    assert watched.log.get("/log/tile/entries/000.p/2").status == 401
    assert len(watched.rows()) == before


@pytest.mark.parametrize("path", ["/v1/items/item:own", "/v1/feed?once=true&after=0"])
def test_an_answer_that_was_handed_out_has_an_end(watched: Watched, path: str) -> None:
    assert watched.ask(path).status == 200
    number = watched.last()[0]["number"]
    # It is written once the answer has left.
    until(lambda: watched.rows(f"select ended from vialog_doors.access_end where number = {number}"))


def test_an_answer_whose_reader_has_gone_has_an_entry_and_no_end(watched: Watched) -> None:
    with closing(psycopg.connect(watched.log.database.owner)) as holding:
        holding.execute("select pg_advisory_xact_lock(hashtextextended('vialog_doors.access', 0))")
        before = len(watched.rows())
        gone = socket.create_connection(("127.0.0.1", watched.log.port))
        gone.sendall(
            f"GET /v1/items/item:own HTTP/1.1\r\nHost: x\r\nCookie: {watched.cookies[AUDITOR.party]}\r\n\r\n".encode()
        )
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        until(lambda: watched.rows(waiting) != [(0,)])
        gone.close()
        # Answered by the same loop, behind the end of that connection.
        assert watched.log.get("/livez").status == 200
    until(lambda: len(watched.rows()) > before)
    number = watched.last()[0]["number"]
    assert watched.ask("/v1/items/item:own").status == 200
    assert watched.rows(f"select * from vialog_doors.access_end where number = {number}") == []


def test_nothing_of_others_is_told_where_the_log_cannot_be_written(watched: Watched) -> None:
    watched.run("revoke insert on vialog_doors.access from vialog_doors")
    try:
        refused = watched.ask("/v1/items/item:own")
        assert (refused.status, b"item:own" in refused.body) == (503, False)
        assert watched.log.get("/log/tile/entries/000.p/2", token=TOKEN).status == 503
        assert watched.ask("/v1/items/item:own", LAB.party).status == 200
        assert watched.ask("/v1/parties").status == 200
    finally:
        watched.run("grant insert on vialog_doors.access to vialog_doors")
    assert watched.ask("/v1/items/item:own").status == 200


def listed(answer: Answer) -> list[dict[str, Any]]:
    assert answer.status == 200, answer.body
    rows: list[dict[str, Any]] = json.loads(answer.body)["rows"]
    return rows


def test_whose_data_was_read_reads_by_whom_and_what_and_nothing_of_others(watched: Watched) -> None:
    assert watched.ask("/v1/items/item:own").status == 200
    number = watched.last()[0]["number"]
    row = next(one for one in listed(watched.ask("/v1/accesses", LAB.party)) if one["number"] == number)
    (part,) = row["parts"]
    assert (row["party"], row["person"], row["route"], row["others"]) == (AUDITOR.party, AUDITOR.person, "read_item", 0)
    assert (part["party"], part["right"], part["grant"], part["subjects"]) == (LAB.party, "audit", GRANT, ["item:own"])
    assert number in {one["number"] for one in listed(watched.ask("/v1/accesses?limit=1000"))}
    others = listed(watched.ask("/v1/accesses?limit=1000", FOREIGN.party))
    assert {one["route"] for one in others} <= {"read_tile"}
    assert b"item:own" not in watched.ask("/v1/accesses?limit=1000", FOREIGN.party).body


def test_the_access_log_is_read_page_by_page_and_as_a_table(watched: Watched) -> None:
    for _ in range(3):
        assert watched.ask("/v1/items/item:own").status == 200
    before = len(watched.rows())
    first = watched.ask("/v1/accesses?limit=2", LAB.party)
    second = watched.ask(first.headers["link"].partition("<")[2].partition(">")[0], LAB.party)
    numbers = [one["number"] for one in (*listed(first), *listed(second))]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 4
    narrowed = listed(watched.ask(f"/v1/accesses?reader={AUDITOR.party}", LAB.party))
    assert {one["party"] for one in narrowed} == {AUDITOR.party}
    head, *table = list(
        csv.reader(watched.ask("/v1/accesses", LAB.party, Accept="text/csv").body.decode().splitlines())
    )
    assert (len(head), len(table) > 3) == (16, True)
    assert watched.ask("/v1/accesses", LAB.party, Accept="text/csv", Accept_Language="zh").status == 200
    excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert watched.ask("/v1/accesses", LAB.party, Accept=excel).body[:2] == b"PK"
    assert len(watched.rows()) == before


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "after=x", "after=0", "reader=lab", "colour=red", "after=1&after=2"]
)
def test_a_page_of_the_access_log_is_asked_for_as_the_document_says(watched: Watched, query: str) -> None:
    assert watched.ask(f"/v1/accesses?{query}").status == 400


def test_the_digest_on_record_binds_what_the_table_has(watched: Watched) -> None:
    assert watched.ask("/v1/items/item:own").status == 200
    log, store, now = watched.log.doors.accesses, watched.log.doors.ledger.store, START.replace(month=10)
    entries, root = digest_of_entries(log.entries())
    watched.log.doors.ledger.record(made(AccessDigested(first=1, entries=entries, root=root), OPERATOR))
    assert watched.ask("/v1/items/item:own").status == 200
    digests = list(digests_of(store))
    assert (check_accesses(log.entries(), digests, now).difference, digests[-1].entries) == (None, entries)
    assert watched.ask("/v1/questions/corrections").status == 200
    watched.run("alter table vialog_doors.access disable trigger append_only")
    watched.run("alter table vialog_doors.access_end disable trigger append_only")
    try:
        watched.run("update vialog_doors.access set reader = 'party:nobody' where number = 2")
        found = check_accesses(log.entries(), digests, now).difference
        assert found is not None
        assert found.number == 2
    finally:
        watched.run(f"update vialog_doors.access set reader = '{AUDITOR.party}' where number = 2")
        watched.run("alter table vialog_doors.access enable always trigger append_only")
        watched.run("alter table vialog_doors.access_end enable always trigger append_only")


@pytest.mark.parametrize(
    "change",
    [
        "update vialog_doors.access set reader = 'x'",
        "delete from vialog_doors.access_end",
        "truncate vialog_doors.access cascade",
    ],
)
def test_neither_the_doors_nor_the_owner_change_what_stands(watched: Watched, change: str) -> None:
    assert watched.ask("/v1/items/item:own").status == 200
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        watched.run(change)
    with closing(psycopg.connect(watched.log.database.owner)) as connection:
        connection.execute("set role vialog_doors")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(change.encode())


def test_the_doctor_says_where_the_access_log_cannot_be_read(watched: Watched, servers: Servers) -> None:
    """And nothing of one that nobody has made yet."""
    database: Any = watched.log.database
    assert watched.ask("/v1/items/item:own").status == 200
    assert {one.level for one in examine_accesses(database)} <= {Level.OK, Level.WARN}
    watched.run("revoke select on vialog_doors.access from vialog_doors")
    try:
        (found,) = examine_accesses(database)
        assert (found.level, found.subject) == (Level.FAIL, "access log")
    finally:
        watched.run("grant select on vialog_doors.access to vialog_doors")
    with servers.get(EMBEDDED).empty_database() as empty:
        migrate(empty.owner)
        name_log(empty.owner, watched.log.doors.ledger.store.origin)
        assert list(examine_accesses(empty)) == []  # type: ignore[arg-type]


def test_an_answer_on_its_way_reads_no_more() -> None:
    read = ReadOfOthers()
    assert read.close() == ()
    with pytest.raises(RuntimeError, match="on its way"):
        read.add(None, OWN)  # type: ignore[arg-type]
