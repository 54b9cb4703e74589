"""The client against a real service: it states and asks as the doors take and answer it, whoever breaks the line."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.client.client import Client, token_in
from api.client.problems import error_of
from api.client.transport import Patience, Transport, path_of
from api.http.problems import problem_of
from api.rows.http import TokenMade
from ledger.breach import make_breach
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyRevoked
from ledger.errors import (
    Conflict,
    LedgerError,
    Malformed,
    NeedsAcknowledgement,
    NotFound,
    NotTrusted,
    Refused,
    Unavailable,
)
from ledger.ids import key_tag
from ledger.service import Submission
from tests.authors import OPERATOR, SteppingClock, author, made
from tests.client.breaking import between
from tests.http.test_asking import OWN, collected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.client.breaking import Between
    from tests.http.serving import Served

STRANGER: Final = author("party:lab-1", Role.LABORATORY, person="p-9")
QUICK: Final = Patience(first=0.0, times=3)


@contextmanager
def asking(log: Served, origin: str = "") -> Iterator[Client]:
    """Give a client of the first laboratory, which has signed in, for a with block."""
    with Client(origin or f"http://127.0.0.1:{log.port}", patience=QUICK) as client:
        if origin:  # its challenge is for where the service is
            with Client(f"http://127.0.0.1:{log.port}") as own, own.signed_in(OWN.signer, SteppingClock()):
                client.service.cookie = own.service.cookie
                yield client
            return
        with client.signed_in(OWN.signer, SteppingClock()):
            yield client


@pytest.fixture
def line(log: Served) -> Iterator[Between]:
    """A bad line to the service."""
    with between(log) as line:
        yield line


def item(name: str) -> Submission:
    return made(collected("lab-1", (f"item:{name}", name)), OWN)


def test_who_writes_reads_it_without_being_told_to_wait(log: Served, line: Between) -> None:
    with asking(log, line.origin) as client:
        recorded = client.statements.submit(item("new"))
        assert (recorded["status"], recorded["position"]) == ("recorded", log.handed_in()[-1].position)
        shown = client.asking.subject("item:new")
        assert shown["as_known_at"] >= recorded["position"]
        method, path, headers = line.heard[-1]
        assert (method, path) == ("GET", "/v1/items/item:new")
        assert headers["Vialog-Min-Position"] == str(recorded["position"])


@pytest.mark.parametrize("fault", ["lost", "half", 503, 429])
def test_what_is_lost_on_the_way_is_sent_again_and_recorded_once(log: Served, line: Between, fault: str | int) -> None:
    with asking(log, line.origin) as client:
        line.faults.extend([fault, fault, None])
        recorded = client.statements.submit(item("once"))
        assert recorded["status"] == ("recorded" if isinstance(fault, int) else "repeated")
        line.faults.extend([fault])
        rows = list(client.statements.submit_many([item("first"), item("second")]))
        assert [row["line"] for row in rows] == [1, 2]
        assert client.asking.answer("whereabouts", item="item:second")["rows"]
    kinds = [one.statement for one in log.doors.ledger.store.read()]
    assert len(kinds) == len(set(kinds))


def test_a_service_that_stays_away_is_asked_so_often_and_no_more(log: Served, line: Between) -> None:
    with asking(log, line.origin) as client:
        line.faults.extend([503] * 4)
        with pytest.raises(Unavailable):
            client.asking.who()
        assert not line.faults
        line.faults.extend(["lost"])
        with pytest.raises(Unavailable):  # who knows whether it was made: a second token would be another one
            client.service.ask("POST", "/v1/tokens", b'{"label":"x","scopes":["read"],"days":1}', repeat=False)


def test_many_are_answered_one_by_one_and_together_all_or_none(log: Served) -> None:
    with asking(log) as client:
        wrong = made(collected("lab-2", ("item:theirs", "T-1")), OWN)
        rows: list[Any] = list(client.statements.submit_many([item("a"), wrong, item("b")]))
        assert [row["status"] for row in rows] == ["recorded", "error", "recorded"]
        assert rows[1]["problem"]["type"].startswith("urn:vialog:problem:")
        none: list[Any] = client.statements.submit_together([item("c"), wrong])
        assert [row["status"] for row in none] == ["recordable", "error"]
        every: list[Any] = client.statements.submit_together([item("d"), item("e")])
        assert [row["status"] for row in every] == ["recorded", "recorded"]
        with pytest.raises(NotFound):
            client.asking.subject("item:c")


def test_lists_are_read_page_by_page_however_long_they_are(log: Served, line: Between) -> None:
    with asking(log, line.origin) as client:
        list(client.statements.submit_many(item(f"n-{number}") for number in range(7)))
        pages = list(client.asking.pages("items", limit="2"))
        assert [len(page["rows"]) for page in pages] == [2, 2, 2, 2, 1]
        assert len({row["id"] for row in client.asking.rows("items", limit="2")}) == pages[0]["total"] == 9
        line.heard.clear()
        next(client.asking.rows("items", limit="1"))
        assert len(line.heard) == 1
        assert list(client.asking.accesses()) == []
        assert [row["id"] for row in client.asking.rows("items", q="n-3")] == ["item:n-3"]


def test_a_statement_is_drafted_by_the_service_signed_here_and_recorded(log: Served) -> None:
    key = OPERATOR.named()
    signer = {"party": key.party, "person": key.person, "role": key.role, "meaning": key.meaning}
    said = {
        "kind": "role.granted/1",
        "occurred_at": "2026-09-01T04:00:00.000000Z",
        "signers": [signer | {"key": key.key, "alg": key.alg}],
        "body": {"party": "party:lab-1", "role": "applicant"},
    }
    with asking(log) as client:
        drafted = client.statements.draft(said)
        submission = client.statements.sign(drafted, said, [OPERATOR.signer], SteppingClock())
        assert client.statements.check(submission)["recordable"]
        assert client.statements.submit(submission)["kind"] == "role.granted/1"


@pytest.mark.rule("SVC-04")
def test_what_the_service_drafts_otherwise_than_it_was_asked_is_not_signed(log: Served) -> None:
    """A service that lies gives the operator's key something else to sign."""
    key = OPERATOR.named()
    signer = {"party": key.party, "person": key.person, "role": key.role, "meaning": key.meaning}
    said: dict[str, Any] = {
        "kind": "role.granted/1",
        "signers": [signer | {"key": key.key, "alg": key.alg}],
        "body": {"party": "party:lab-1", "role": "applicant"},
    }
    with asking(log) as client:
        other = client.statements.draft(said | {"body": {"party": "party:lab-2", "role": "applicant"}})
        with pytest.raises(NotTrusted, match="SVC-04"):
            client.statements.sign(other, said, [OPERATOR.signer], SteppingClock())
        hidden = said | {"disclose": {"note": "text"}}
        with pytest.raises(Malformed, match="SVC-04"):
            client.statements.sign(client.statements.draft(said), hidden, [OPERATOR.signer], SteppingClock())


def test_a_statement_is_proven_as_soon_as_a_checkpoint_covers_it(log: Served) -> None:
    with asking(log) as client:
        proof = client.statements.submit_proven(item("proven"))
        assert proof is not None
        assert proof.startswith(b"c2sp.org/tlog-proof@v1\n")


@pytest.mark.rule("SVC-01", "SVC-02")
@pytest.mark.parametrize(
    ("ask", "error", "told"),
    [
        (lambda one: one.statements.submit(Submission(b'{"payload":1}', ())), Malformed, "STM-"),
        (lambda one: one.statements.submit(made(collected("lab-2", ("item:x", "X")), OWN)), Refused, ""),
        (lambda one: one.statements.submit(made(collected("lab-1", ("item:x", "X")), STRANGER)), NotTrusted, ""),
        (lambda one: one.asking.subject("item:foreign"), NotFound, ""),
        (lambda one: one.asking.answer("whereabouts"), Malformed, "SVC-01"),
        (lambda one: one.asking.entry(99), NotFound, ""),
        (lambda one: one.asking.evidence("item:own", lot="x"), Malformed, "SVC-01"),
        (lambda one: one.service.ask("DELETE", "/v1/items"), Malformed, "SVC-01"),
        (lambda one: one.service.ask("GET", "/no-such-address"), NotFound, ""),
        (lambda one: one.service.ask("GET", "/log/tile/entries/000.p/1"), NotTrusted, "SVC-02"),
    ],
)
def test_what_is_wrong_is_an_error_of_its_kind(
    log: Served, ask: Callable[[Client], object], error: type[LedgerError], told: str
) -> None:
    with asking(log) as client, pytest.raises(error) as caught:
        ask(client)
    assert str(caught.value).startswith(told)


def test_an_error_is_told_in_the_language_of_who_asks(log: Served) -> None:
    with Client(f"http://127.0.0.1:{log.port}", language="zh") as client, pytest.raises(NotTrusted, match="登录"):
        client.asking.who()


def test_who_has_not_signed_in_or_may_not_any_more_is_told_so(log: Served) -> None:
    with asking(log) as client:
        assert client.asking.who()["party"] == OWN.party
        token = client.service.ask("POST", "/v1/tokens", b'{"label":"x","scopes":["read"],"days":1}').said(TokenMade)[
            "token"
        ]
        with Client(client.service.origin, token=token) as program:
            assert [row["id"] for row in program.asking.rows("items")] == ["item:own", "item:own-b"]
        log.doors.ledger.record(made(KeyRevoked(key=key_tag(OWN.signer.thumbprint), ground="lost"), OPERATOR))
        with Client(client.service.origin, token=token) as program, pytest.raises(NotTrusted):
            program.asking.who()
        with pytest.raises(NotTrusted):
            client.asking.who()


@pytest.mark.rule("SVC-05")
def test_a_token_is_read_from_a_file_that_nobody_else_reaches(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("vialog_abc\nmore\n")
    file.chmod(0o600)
    assert token_in(file) == "vialog_abc"
    for wrong in ("\n", "two words\n", "é\n"):
        file.write_text(wrong)
        with pytest.raises(Malformed, match="SVC-05"):
            token_in(file)
    file.chmod(0o644)
    with pytest.raises(NotTrusted, match="KEY-20"):
        token_in(file)


@pytest.mark.rule("SVC-03")
@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("/v1/questions", b"<html>", id="no JSON"),
        pytest.param("/v1/questions", b"[" * 100_000, id="JSON deeper than any"),
        pytest.param("/v1/questions", b'{"questions":[{"name":1}]}', id="JSON of another form"),
        pytest.param("/v1/questions", b"null", id="JSON that says nothing"),
        pytest.param("/v1/items/item:own/evidence", b"PK", id="no digest"),
        pytest.param("/v1/statements/batch", b"{}\n", id="a line that says nothing"),
        pytest.param("/v1/statements/batch", b'{"line":1,"status":"recorded"}\n', id="a line that leaves all out"),
        pytest.param("/v1/statements/batch", b'{"line":2}\n', id="another line"),
    ],
)
def test_an_answer_that_is_not_what_the_document_says_is_refused(
    log: Served, line: Between, path: str, said: bytes
) -> None:
    line.says[path] = said
    with asking(log, line.origin) as client, pytest.raises(Malformed, match="SVC-03"):
        match path.rpartition("/")[2]:
            case "questions":
                client.asking.questions()
            case "evidence":
                client.asking.evidence("item:own")
            case _:
                list(client.statements.submit_many([item("x")]))


def test_a_list_that_leads_to_another_service_is_not_followed() -> None:
    assert path_of("/v1/items?after=x", "https://log.example.org") == "/v1/items?after=x"
    assert path_of("https://log.example.org/v1/items", "https://log.example.org") == "/v1/items"
    with pytest.raises(Malformed, match="SVC-03"):
        path_of("https://evil.example/v1/items", "https://log.example.org")


@pytest.mark.parametrize("origin", ["https://log.example.org/v1", "log.example.org", "ftp://log.example.org", ""])
def test_what_is_no_web_origin_is_asked_nothing(origin: str) -> None:
    with pytest.raises(Malformed, match="SES-01"):
        Transport(origin)


def test_breaches_that_were_not_acknowledged_come_whole() -> None:
    """As the service tells them, so that whoever signs can be told the clause of each."""
    breach = make_breach("CUS-01", ["item:a"], {"count": 2})
    found = error_of(409, problem_of(NeedsAcknowledgement([breach], "cn/2026-08-01")))
    assert isinstance(found, NeedsAcknowledgement)
    assert found.breaches == (breach,)
    assert isinstance(error_of(409, problem_of(Conflict("another"))), Conflict)
