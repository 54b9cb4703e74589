"""Signing in over HTTP: challenges, sessions, tokens, and what an attacker would try with each."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from api.sessions.challenge import SIGN_IN_TYPE, encode_challenge, read_challenge, sign_challenge
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyRevoked
from ledger.ids import key_tag
from ledger.statement.form.envelope import PAYLOAD_TYPE, Envelope, Signature, encode_envelope, pae
from tests.authors import OPERATOR, SteppingClock, admissions, author, made, opening, seeded
from tests.http.serving import WEB_ORIGIN, Answer, Served

if TYPE_CHECKING:
    from ledger.statement.signing.signer import StatementSigner

LAB = author("party:lab-1", Role.LABORATORY)
KEY = LAB.signer


@pytest.fixture
def opened(log: Served) -> Served:
    """A served log with a laboratory whose person has a key."""
    for one in [opening(), *admissions(LAB)]:
        log.doors.ledger.record(one)
    return log


def challenged(log: Served, key: str = KEY.thumbprint) -> bytes:
    answer = log.ask("POST", "/v1/challenges", json.dumps({"key": key}).encode())
    assert answer.status == 201, answer.body
    said = json.loads(answer.body)
    assert said["payloadType"] == SIGN_IN_TYPE
    return base64.b64decode(said["payload"])


def signed_in(log: Served, signer: StatementSigner | None = None) -> str:
    """Sign in, and return the cookie."""
    signer = signer or seeded("party:lab-1/p-1")
    answer = log.ask("POST", "/v1/sessions", sign_challenge(challenged(log, signer.thumbprint), signer))
    assert answer.status == 201, answer.body
    return answer.headers["set-cookie"].partition(";")[0]


def with_cookie(log: Served, method: str, path: str, cookie: str, body: object = None, **headers: str) -> Answer:
    data = None if body is None else json.dumps(body).encode()
    return log.ask(method, path, data, headers={"Cookie": cookie} | headers)


def problem(answer: Answer) -> tuple[int, str]:
    said: dict[str, Any] = json.loads(answer.body)
    return answer.status, said.get("rule", said["type"].rpartition(":")[2])


@pytest.mark.rule("SES-01", "SES-02", "SES-03")
def test_a_challenge_that_is_signed_opens_one_session(opened: Served) -> None:
    payload = challenged(opened)
    challenge = read_challenge(payload)
    assert (challenge.origin, challenge.log) == (WEB_ORIGIN, opened.doors.ledger.store.origin)
    assert challenge.purpose in payload.decode()
    envelope = sign_challenge(payload, seeded("party:lab-1/p-1"))
    first = opened.ask("POST", "/v1/sessions", envelope)
    assert first.status == 201
    cookie = first.headers["set-cookie"]
    for part in ("__Host-vialog=", "HttpOnly", "SameSite=strict", "Secure", "Path=/"):
        assert part.lower() in cookie.lower(), cookie
    assert problem(opened.ask("POST", "/v1/sessions", envelope)) == (403, "SES-03")
    me = json.loads(with_cookie(opened, "GET", "/v1/sessions/current", cookie.partition(";")[0]).body)
    assert (me["party"], me["person"]) == ("party:lab-1", "p-1")


def test_a_session_ends_when_it_is_signed_out_of(opened: Served) -> None:
    cookie = signed_in(opened)
    assert with_cookie(opened, "DELETE", "/v1/sessions/current", cookie).status == 204
    assert problem(with_cookie(opened, "GET", "/v1/sessions/current", cookie)) == (401, "not-signed-in")


def test_a_session_and_a_challenge_end_by_time(opened: Served) -> None:
    cookie, payload = signed_in(opened), challenged(opened)
    clock = opened.doors.signing_in.clock
    assert isinstance(clock, SteppingClock)
    clock.time += timedelta(minutes=6)
    late = opened.ask("POST", "/v1/sessions", sign_challenge(payload, seeded("party:lab-1/p-1")))
    assert problem(late) == (403, "SES-03")
    assert with_cookie(opened, "GET", "/v1/sessions/current", cookie).status == 200
    clock.time += timedelta(hours=12)
    assert with_cookie(opened, "GET", "/v1/sessions/current", cookie).status == 401


@pytest.mark.rule("SES-04")
def test_a_revoked_key_ends_its_sessions_and_tokens_at_once(opened: Served) -> None:
    cookie = signed_in(opened)
    token = json.loads(_made(opened, cookie).body)["token"]
    assert opened.get("/v1/sessions/current", token=token).status == 200
    opened.doors.ledger.record(made(KeyRevoked(key=key_tag(KEY.thumbprint), ground="lost"), OPERATOR))
    assert with_cookie(opened, "GET", "/v1/sessions/current", cookie).status == 401
    assert opened.get("/v1/sessions/current", token=token).status == 401
    again = opened.ask("POST", "/v1/sessions", sign_challenge(challenged(opened), seeded("party:lab-1/p-1")))
    assert problem(again) == (403, "SES-04")


def _made(log: Served, cookie: str, **members: object) -> Answer:
    body = {"label": "the freezers", "scopes": ["read"], "days": 30} | members
    return with_cookie(log, "POST", "/v1/tokens", cookie, body)


@pytest.mark.rule("SES-05")
def test_a_token_is_made_listed_used_and_withdrawn_by_its_person(opened: Served) -> None:
    cookie = signed_in(opened)
    answer = _made(opened, cookie)
    token = json.loads(answer.body)
    assert re.fullmatch("vialog_token_[0-9A-Za-z_-]{43}", token["token"])
    (listed,) = json.loads(with_cookie(opened, "GET", "/v1/tokens", cookie).body)["tokens"]
    assert (listed["used"], listed["scopes"], "token" in listed) == (None, ["read"], False)
    me = json.loads(opened.get("/v1/sessions/current", token=token["token"]).body)
    assert (me["person"], me["scopes"]) == ("p-1", ["read"])
    (listed,) = json.loads(with_cookie(opened, "GET", "/v1/tokens", cookie).body)["tokens"]
    assert listed["used"] is not None
    assert with_cookie(opened, "DELETE", f"/v1/tokens/{listed['name']}", cookie).status == 204
    assert opened.get("/v1/sessions/current", token=token["token"]).status == 401
    assert problem(with_cookie(opened, "DELETE", f"/v1/tokens/{listed['name']}", cookie)) == (404, "not-found")


def test_a_token_makes_lists_and_withdraws_no_token(opened: Served) -> None:
    token = json.loads(_made(opened, signed_in(opened), scopes=["read", "record"]).body)["token"]
    body = json.dumps({"label": "x", "scopes": ["read"], "days": 1}).encode()
    assert problem(opened.ask("POST", "/v1/tokens", body, token=token)) == (403, "not-offered")
    assert opened.get("/v1/tokens", token=token).status == 403
    assert opened.ask("DELETE", "/v1/sessions/current", token=token).status == 403


@pytest.mark.parametrize(
    "members",
    [
        {"scopes": ["tokens"]},
        {"days": 0},
        {"days": 367},
        {"label": " "},
        {"label": "x" * 101},
        {"label": "a\u202eb"},
    ],
    ids=str,
)
def test_a_token_is_for_less_than_a_session(opened: Served, members: dict[str, object]) -> None:
    status, _ = problem(_made(opened, signed_in(opened), **members))
    assert status in {400, 422}


def test_another_persons_token_is_not_there(opened: Served) -> None:
    other = author("party:lab-1", Role.LABORATORY, person="p-2")
    for one in admissions(other)[2:]:
        opened.doors.ledger.record(one)
    name = json.loads(_made(opened, signed_in(opened)).body)["name"]
    theirs = signed_in(opened, seeded("party:lab-1/p-2"))
    assert json.loads(with_cookie(opened, "GET", "/v1/tokens", theirs).body)["tokens"] == []
    assert with_cookie(opened, "DELETE", f"/v1/tokens/{name}", theirs).status == 404


def test_a_sign_in_for_another_origin_log_or_key_opens_nothing(opened: Served) -> None:
    signer, there = seeded("party:lab-1/p-1"), read_challenge(challenged(opened))
    for elsewhere in (replace(there, origin="https://evil.example"), replace(there, log="another.example/log")):
        forged = encode_challenge(elsewhere)
        assert problem(opened.ask("POST", "/v1/sessions", sign_challenge(forged, signer))) == (403, "SES-02")
    strange = seeded("a key of nobody")
    answer = opened.ask("POST", "/v1/sessions", sign_challenge(challenged(opened, strange.thumbprint), strange))
    assert problem(answer) == (403, "SES-04")
    own = encode_challenge(replace(there, nonce="A" * 43))
    assert problem(opened.ask("POST", "/v1/sessions", sign_challenge(own, signer))) == (403, "SES-03")


def test_a_signature_by_another_key_opens_nothing_and_burns_nothing(opened: Served) -> None:
    payload = challenged(opened)
    forged = Signature(KEY.thumbprint, seeded("a thief").sign(pae(SIGN_IN_TYPE, payload)))
    answer = opened.ask("POST", "/v1/sessions", encode_envelope(Envelope(payload, (forged,)), SIGN_IN_TYPE))
    assert problem(answer) == (403, "KEY-15")
    good = sign_challenge(payload, seeded("party:lab-1/p-1"))
    assert opened.ask("POST", "/v1/sessions", good).status == 201


def test_a_sign_in_is_no_statement_and_a_statement_no_sign_in(opened: Served) -> None:
    payload = challenged(opened)
    as_statement = Signature(KEY.thumbprint, seeded("party:lab-1/p-1").sign(pae(PAYLOAD_TYPE, payload)))
    disguised = encode_envelope(Envelope(payload, (as_statement,)), SIGN_IN_TYPE)
    assert problem(opened.ask("POST", "/v1/sessions", disguised)) == (403, "KEY-15")
    signed = sign_challenge(payload, seeded("party:lab-1/p-1"))
    handed_in = b'{"envelope":' + signed + b',"disclosures":[]}'
    assert problem(opened.ask("POST", "/v1/statements", handed_in))[0] == 400
    assert problem(opened.ask("POST", "/v1/sessions", opening().envelope)) == (400, "STM-20")


def test_a_page_of_another_origin_cannot_act_with_a_session(opened: Served) -> None:
    cookie, body = signed_in(opened), {"label": "x", "scopes": ["read"], "days": 1}
    evil = with_cookie(opened, "POST", "/v1/tokens", cookie, body, Origin="https://evil.example.org")
    assert problem(evil) == (403, "not-offered")
    assert with_cookie(opened, "POST", "/v1/tokens", cookie, body, Origin=WEB_ORIGIN).status == 201


@pytest.mark.parametrize("key", ["", "A" * 64, "0" * 63, "key:" + "0" * 64, "0" * 65])
def test_a_challenge_is_for_a_whole_thumbprint(idle: Served, key: str) -> None:
    assert problem(idle.ask("POST", "/v1/challenges", json.dumps({"key": key}).encode())) == (400, "SES-01")


def test_whoever_asks_for_a_challenge_does_not_learn_which_keys_there_are(opened: Served) -> None:
    known, unknown = (read_challenge(challenged(opened, key)) for key in (KEY.thumbprint, "0" * 64))
    assert (known.purpose, known.origin) == (unknown.purpose, unknown.origin)


def test_nothing_that_is_kept_signs_anybody_in(opened: Served) -> None:
    cookie = signed_in(opened)
    token = json.loads(_made(opened, cookie).body)["token"]
    with psycopg.connect(opened.database.admin) as connection:
        kept = repr(
            [connection.execute(f"select * from vialog_doors.{one}").fetchall() for one in ("session", "token")]
        )
    assert cookie.partition("=")[2] not in kept
    assert token.removeprefix("vialog_token_") not in kept


@pytest.mark.parametrize("role", ["vialog_app", "vialog_doors"])
def test_the_doors_have_no_right_on_the_log_nor_the_log_on_the_doors(opened: Served, role: str) -> None:
    table = "vialog_doors.session" if role == "vialog_app" else "vialog.event"
    with psycopg.connect(opened.database.admin) as connection:
        connection.execute(f"set role {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"select * from {table}")


@pytest.mark.parametrize("name", ["%00", "none", "%F0%9F%98%80", "A" * 300, "0" * 16])
def test_a_token_of_no_such_name_is_not_there_whatever_the_name(opened: Served, name: str) -> None:
    assert problem(with_cookie(opened, "DELETE", f"/v1/tokens/{name}", signed_in(opened))) == (404, "not-found")


@pytest.mark.parametrize("cookie", ["\x80", "a b", "A" * 43, "A" * 5000, "%00"])
def test_a_cookie_of_nobody_is_a_stranger(idle: Served, cookie: str) -> None:
    asked = idle.ask("GET", "/v1/sessions/current", headers={"Cookie": f"__Host-vialog={cookie}"})
    assert problem(asked) == (401, "not-signed-in")


@pytest.mark.parametrize("garbage", ["vialog_token_", "vialog_token_" + "é" * 43, "vialog_token_" + "A" * 43])
def test_a_token_of_nobody_is_told_so(idle: Served, garbage: str) -> None:
    answer = idle.ask("GET", "/v1/sessions/current", headers={"Authorization": f"Bearer {garbage}"})
    assert problem(answer) == (401, "not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"
