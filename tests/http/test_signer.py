"""The signing helper's door: who may ask it, and what it signs of what is asked."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.sessions.challenge import SIGN_IN_TYPE, Challenge, encode_challenge
from api.signer.asked import LARGEST, Asked, Held, read_asked
from api.signer.door import Door, Signed
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyRevoked
from ledger.errors import NotTrusted
from ledger.ids import key_tag
from ledger.statement.form.envelope import PAYLOAD_TYPE, pae, parse_envelope
from ledger.statement.signing.keys import admit, verify
from ledger.statement.text.binary import decode_base64, encode_base64
from tests.authors import OPERATOR, ORIGIN, author, made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.statement.authoring import Author

SITE: Final = "https://console.example"
NOW: Final = datetime(2026, 9, 2, tzinfo=UTC)
LAB: Final = author("party:lab-1", Role.LABORATORY)
OTHER: Final = author("party:lab-2", Role.LABORATORY)
HELD: Final = Held(SITE, ORIGIN, [LAB.signer])
CHALLENGE: Final = Challenge(SITE, ORIGIN, LAB.signer.thumbprint, "n" * 43, NOW, NOW + timedelta(minutes=5))


@dataclass
class Answered:
    """What a door answered."""

    status: int
    headers: dict[str, str]
    said: Any


class Helper:
    """A door that is open for one key, and the person behind it, who is asked each time."""

    def __init__(self) -> None:
        self.agrees = True
        self.asked: list[Asked] = []
        self.door = Door(0, SITE, HELD.signers, self._sign)

    def _sign(self, body: bytes) -> Signed | None:
        asked = read_asked(body, HELD, NOW)
        self.asked.append(asked)
        return Signed(asked.signer.thumbprint, asked.sign()) if self.agrees else None

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str | None) -> Answered:
        """Ask as a page of the web origin does. headers: others than a browser's; None: left out."""
        port = self.door.server_address[1]
        sent: dict[str, str | None] = {"Host": f"127.0.0.1:{port}", "Origin": SITE}
        sent |= {} if body is None else {"Content-Type": "application/json", "Content-Length": str(len(body))}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders()
            if body is not None:
                connection.send(body)
            with connection.getresponse() as answer:
                read = answer.read()
                found = {name.lower(): value for name, value in answer.getheaders()}
                assert found["cache-control"] == "no-store"
                return Answered(answer.status, found, json.loads(read) if read else None)

    def sign(self, payload: bytes, kind: str, key: str = LAB.signer.thumbprint) -> Answered:
        """Ask for a signature."""
        return self.ask("POST", "/sign", asking(payload, kind, key))


@pytest.fixture
def helper() -> Iterator[Helper]:
    made = Helper()
    with made.door:
        thread = Thread(target=made.door.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield made
        finally:
            made.door.shutdown()
            thread.join()


def asking(payload: bytes, kind: str, key: str = LAB.signer.thumbprint) -> bytes:
    return json.dumps({"key": key, "payload": encode_base64(payload), "payloadType": kind}).encode()


def statement(*signers: Author, log: str = ORIGIN) -> bytes:
    """Return the bytes of a statement."""
    body = KeyRevoked(key=key_tag("0" * 64), ground="lost")
    return parse_envelope(made(body, *signers, log=log).envelope).payload


def counts(signed: Answered, payload: bytes, kind: str) -> None:
    """Check that a signature counts for these bytes as what they are, and as nothing else."""
    assert signed.status == 200
    assert signed.said["keyid"] == LAB.signer.thumbprint
    verify(admit(LAB.signer.spki, LAB.signer.alg), pae(kind, payload), decode_base64(signed.said["sig"]))


def test_a_page_of_the_web_origin_is_told_which_keys_are_open(helper: Helper) -> None:
    answer = helper.ask("GET", "/keys")
    (key,) = answer.said["keys"]
    assert key == {
        "thumbprint": LAB.signer.thumbprint,
        "alg": LAB.signer.alg,
        "spki": encode_base64(LAB.signer.spki),
    }
    assert answer.headers["access-control-allow-origin"] == SITE
    assert answer.headers["vary"] == "Origin"


@pytest.mark.rule("SGN-01")
def test_a_statement_and_a_sign_in_are_signed_as_what_they_are(helper: Helper) -> None:
    for payload, kind in ((statement(LAB), PAYLOAD_TYPE), (encode_challenge(CHALLENGE), SIGN_IN_TYPE)):
        counts(helper.sign(payload, kind), payload, kind)
    assert [type(one.said).__name__ for one in helper.asked] == ["Payload", "Challenge"]
    both = statement(OPERATOR, LAB)
    counts(helper.sign(both, PAYLOAD_TYPE), both, PAYLOAD_TYPE)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://evil.example"}, id="another site"),
        pytest.param({"Origin": None}, id="no origin"),
        pytest.param({"Origin": "null"}, id="an origin that is hidden"),
        pytest.param({"Origin": f"{SITE}.evil.example"}, id="a name that begins alike"),
        pytest.param({"Origin": f"{SITE}:8443"}, id="another port"),
        pytest.param({"Origin": "http://console.example"}, id="not encrypted"),
        pytest.param({"Host": "console.example"}, id="a name that was made to lead here"),
        pytest.param({"Host": "localhost"}, id="localhost"),
        pytest.param({"Host": "127.0.0.1"}, id="no port"),
        pytest.param({"Host": None}, id="no host"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_nobody_else_gets_anything(helper: Helper, method: str, headers: dict[str, str | None]) -> None:
    path, body = ("/keys", None) if method == "GET" else ("/sign", asking(statement(LAB), PAYLOAD_TYPE))
    answer = helper.ask(method, path, body, **headers)
    assert (answer.status, answer.said) == (403, None)
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert helper.asked == []


def test_the_question_beforehand_is_answered_also_from_a_public_address(helper: Helper) -> None:
    answer = helper.ask("OPTIONS", "/sign", Access_Control_Request_Method="POST")
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (204, SITE)
    assert answer.headers["access-control-allow-headers"] == "Content-Type"
    assert "access-control-allow-private-network" not in answer.headers
    asked = helper.ask("OPTIONS", "/sign", Access_Control_Request_Private_Network="true")
    assert asked.headers["access-control-allow-private-network"] == "true"


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        pytest.param("GET", "/", {}, 404, id="no such path"),
        pytest.param("GET", "/sign", {}, 405, id="a signature is no GET"),
        pytest.param("POST", "/keys", {}, 405, id="keys are no POST"),
        pytest.param("PUT", "/sign", {}, 501, id="another method"),
        pytest.param("POST", "/sign", {"Content-Type": "text/plain"}, 415, id="sent without the question beforehand"),
        pytest.param("POST", "/sign", {"Content-Length": None}, 411, id="no length"),
        pytest.param("POST", "/sign", {"Transfer-Encoding": "chunked"}, 411, id="chunks"),
        pytest.param("POST", "/sign", {"Content-Length": "-1"}, 411, id="a length below nothing"),
        pytest.param("POST", "/sign", {"Content-Length": str(LARGEST + 1)}, 413, id="too large"),
        pytest.param("POST", "/sign", {"Content-Length": "9" * 9_000}, 413, id="a length of thousands of digits"),
    ],
)
def test_what_is_no_request_for_this_door_is_answered_with_a_number(
    helper: Helper, method: str, path: str, headers: dict[str, str | None], status: int
) -> None:
    body = b"{}" if method == "POST" else None
    assert helper.ask(method, path, body, **headers).status == status
    assert helper.asked == []


@pytest.mark.rule("SGN-01")
@pytest.mark.parametrize(
    ("body", "rule"),
    [
        pytest.param(b"{", "STM-", id="no JSON"),
        pytest.param(b"{}", "STM-16", id="nothing asked for"),
        pytest.param(asking(b"", PAYLOAD_TYPE).replace(b'""', b'"="'), "STM-21", id="no base64"),
        pytest.param(asking(b"hello", PAYLOAD_TYPE), "STM-", id="no statement"),
        pytest.param(asking(b'{"v":1}', PAYLOAD_TYPE), "STM-16", id="half a statement"),
        pytest.param(asking(statement(LAB), "text/plain"), "SGN-01", id="another payload type"),
        pytest.param(asking(statement(LAB), SIGN_IN_TYPE), "STM-", id="a statement that is called a sign-in"),
        pytest.param(
            asking(encode_challenge(CHALLENGE), PAYLOAD_TYPE), "STM-", id="a sign-in that is called a statement"
        ),
        pytest.param(asking(statement(LAB, log="other.example/log"), PAYLOAD_TYPE), "SGN-01", id="another log"),
        pytest.param(asking(statement(OTHER), PAYLOAD_TYPE), "SGN-01", id="others sign it"),
        pytest.param(
            asking(statement(OTHER), PAYLOAD_TYPE, OTHER.signer.thumbprint), "SGN-01", id="a key that is not open"
        ),
        pytest.param(
            asking(encode_challenge(replace(CHALLENGE, origin="https://evil.example")), SIGN_IN_TYPE),
            "SES-02",
            id="a sign-in at another site",
        ),
        pytest.param(
            asking(encode_challenge(replace(CHALLENGE, log="other.example/log")), SIGN_IN_TYPE),
            "SES-02",
            id="a sign-in to another log",
        ),
        pytest.param(
            asking(encode_challenge(replace(CHALLENGE, key=OTHER.signer.thumbprint)), SIGN_IN_TYPE),
            "SGN-01",
            id="a sign-in with another key",
        ),
        pytest.param(
            asking(encode_challenge(replace(CHALLENGE, expires=NOW)), SIGN_IN_TYPE), "SES-03", id="one that has expired"
        ),
        pytest.param(
            asking(encode_challenge(replace(CHALLENGE, expires=NOW + timedelta(days=1))), SIGN_IN_TYPE),
            "SES-03",
            id="one that would count for a day",
        ),
    ],
)
def test_what_may_not_be_signed_is_refused_and_nobody_is_asked(helper: Helper, body: bytes, rule: str) -> None:
    answer = helper.ask("POST", "/sign", body)
    assert answer.status == 422
    assert answer.said["detail"].startswith(rule)
    assert helper.asked == []


def test_what_its_person_declines_is_not_signed(helper: Helper) -> None:
    helper.agrees = False
    answer = helper.sign(statement(LAB), PAYLOAD_TYPE)
    assert answer.status == 409
    assert "sig" not in answer.said
    assert len(helper.asked) == 1


def test_a_signature_counts_for_the_payload_type_that_was_asked_for_alone() -> None:
    payload = encode_challenge(CHALLENGE)
    asked = read_asked(asking(payload, SIGN_IN_TYPE), HELD, NOW)
    key = admit(LAB.signer.spki, LAB.signer.alg)
    verify(key, pae(SIGN_IN_TYPE, payload), asked.sign())
    with pytest.raises(NotTrusted, match="KEY-1"):
        verify(key, pae(PAYLOAD_TYPE, payload), asked.sign())
