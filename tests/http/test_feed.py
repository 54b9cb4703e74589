"""The feed: what is recorded is told as it is recorded, to who may read it, once, until there is nobody to tell."""

from __future__ import annotations

import http.client
import json
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any, Final

import pytest
from anyio import run
from anyio.to_thread import run_sync

from api.access.principal import Principal, Scope
from api.http.bounds.followers import MOST_EACH, Followers
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyRevoked
from ledger.errors import Unavailable
from ledger.ids import KeyId, key_tag
from tests.authors import admissions, author, made, opening, seeded
from tests.http.serving import Served, listening
from tests.http.test_asking import collected, stated
from tests.http.test_signing_in import signed_in, with_cookie

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Set

LAB: Final = author("party:lab-1", Role.LABORATORY)
OTHER: Final = author("party:lab-2", Role.LABORATORY)
THEIRS: Final = seeded("party:lab-2/p-1")
WHO: Final = Principal(LAB.party, LAB.person, KeyId(key_tag(LAB.signer.thumbprint)), "session-1")


@dataclass(frozen=True)
class Stream:
    """An open feed."""

    answer: http.client.HTTPResponse

    def next(self) -> dict[str, str] | None:
        """Return the fields of the next block that is more than a sign of life; None: the feed has ended."""
        while (block := self._block()) is not None:
            if "data" in block or "retry" in block:
                return block
        return None

    def event(self) -> dict[str, Any]:
        """Return the next event, which has to come."""
        block = self.next()
        assert block is not None
        said: dict[str, Any] = json.loads(block["data"])
        assert block["id"] == said["id"] == str(said["data"]["position"])
        return said

    def _block(self) -> dict[str, str] | None:
        found: dict[str, str] = {}
        while line := self.answer.readline():
            if line == b"\n":
                return found
            name, _, value = line.decode().rstrip("\n").partition(": ")
            found[name] = value
        return None


@contextmanager
def following(log: Served, cookie: str, path: str = "/v1/feed", port: int = 0, **headers: str) -> Iterator[Stream]:
    given = {"Cookie": cookie} | {name.replace("_", "-"): one for name, one in headers.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", port or log.port, timeout=30)) as connection:
        connection.request("GET", path, headers=given)
        with connection.getresponse() as answer:
            assert answer.status == 200, answer.read()
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            stream = Stream(answer)
            first = stream.next()
            assert first is not None
            assert "retry" in first
            yield stream


def record(log: Served, lab: str, item: str) -> int:
    """Record an item of a laboratory, and return its position."""
    event = log.doors.ledger.record(stated(lab, item, item.partition(":")[2])[1]).event
    assert event is not None
    return event.position


@pytest.fixture
def begun(log: Served) -> Served:
    """A log with two laboratories."""
    sites = (stated(lab, "item:none", "none")[0] for lab in ("lab-1", "lab-2"))
    for one in (opening(), *admissions(LAB, OTHER), *sites):
        log.doors.ledger.record(one)
    return log


def test_what_is_recorded_is_told_as_it_is_recorded_and_to_who_may_read_it(begun: Served) -> None:
    with following(begun, signed_in(begun)) as own, following(begun, signed_in(begun, THEIRS)) as foreign:
        position = record(begun, "lab-1", "item:own")
        item = own.event()
        assert (item["type"], item["data"]["position"]) == ("item.collected/1", position)
        assert "item:own" in item["data"]["subjects"]
        assert item["data"]["link"] == f"/v1/entries/{position}"
        assert (item["specversion"], item["source"]) == ("1.0", begun.doors.ledger.store.origin)
        assert begun.ask("GET", item["data"]["link"], headers={"Cookie": signed_in(begun)}).status == 200
        other, last = record(begun, "lab-2", "item:foreign"), record(begun, "lab-1", "item:own-2")
        assert foreign.event()["data"]["position"] == other
        assert own.event()["data"]["position"] == last


def test_who_comes_again_goes_on_exactly_behind_the_last_that_was_told(begun: Served) -> None:
    cookie = signed_in(begun)
    with following(begun, cookie) as stream:
        record(begun, "lab-1", "item:a")
        seen = [stream.event()["id"]]
    record(begun, "lab-1", "item:b")
    record(begun, "lab-1", "item:c")
    with following(begun, cookie, Last_Event_ID=seen[-1]) as stream:
        seen += [stream.event()["id"] for _ in range(2)]
    whole = begun.ask("GET", "/v1/feed?once=true&after=0", headers={"Cookie": cookie}).body.decode()
    every = [line.removeprefix("id: ") for line in whole.splitlines() if line.startswith("id: ")]
    assert len(seen) == len(set(seen)) == 3
    assert [one for one in dict.fromkeys(every) if int(one) >= int(seen[0])][:3] == seen


def test_a_feed_ends_when_its_key_is_revoked_and_tells_nothing_after_it(begun: Served) -> None:
    with following(begun, signed_in(begun)) as stream:
        revoked = made(KeyRevoked(key=key_tag(LAB.signer.thumbprint), ground="lost"), LAB)
        begun.doors.ledger.record(revoked)
        assert stream.next() is None


def test_a_feed_ends_when_its_session_or_its_token_does(begun: Served) -> None:
    cookie = signed_in(begun)
    with following(begun, cookie) as stream:
        assert with_cookie(begun, "DELETE", "/v1/sessions/current", cookie).status == 204
        assert stream.next() is None
    signing_in = begun.doors.signing_in
    secret, token = signing_in.make_token(WHO, "feed", frozenset({Scope.READ}), 1)
    with following(begun, "", Authorization=f"Bearer {secret}") as stream:
        signing_in.withdraw(WHO, token.name)
        assert stream.next() is None


def test_a_feed_ends_when_the_service_stops(begun: Served) -> None:
    cookie = signed_in(begun)
    with listening(begun.app) as port:
        stream = following(begun, cookie, port=port)
        opened = stream.__enter__()
    assert opened.next() is None
    stream.__exit__(None, None, None)


def test_so_many_follow_and_no_more(begun: Served) -> None:
    cookie = signed_in(begun)
    open_ones = [following(begun, cookie) for _ in range(MOST_EACH)]
    for one in open_ones:
        one.__enter__()
    refused = begun.ask("GET", "/v1/feed", headers={"Cookie": cookie, "Accept-Language": "zh"})
    assert (refused.status, refused.headers["retry-after"]) == (503, "5")
    assert "您同时跟随" in json.loads(refused.body)["detail"]
    with following(begun, signed_in(begun, THEIRS)):
        pass
    for one in open_ones:
        one.__exit__(None, None, None)


def test_in_all_so_many_follow_and_no_more(begun: Served) -> None:
    followers = begun.app.state.followers
    followers._most = 1
    with following(begun, signed_in(begun)):
        assert begun.ask("GET", "/v1/feed", headers={"Cookie": signed_in(begun, THEIRS)}).status == 503
    followers.close()
    with pytest.raises(Unavailable):
        followers.place(WHO).__enter__()


def test_the_head_of_a_feed_is_no_feed(begun: Served) -> None:
    answer = begun.ask("HEAD", "/v1/feed", headers={"Cookie": signed_in(begun)})
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    ("path", "last", "status"),
    [
        pytest.param("/v1/feed?after=tea", "", 400, id="no position"),
        pytest.param("/v1/feed?once=no", "", 400, id="neither once nor for good"),
        pytest.param("/v1/feed?colour=red", "", 400, id="no such parameter"),
        pytest.param("/v1/feed", "-1", 400, id="no last event"),
        pytest.param("/v1/feed", "1" * 400, 400, id="a long number"),
        pytest.param("/v1/feed", "99999", 412, id="a position that is not there"),
    ],
)
def test_what_cannot_be_followed_is_a_problem(begun: Served, path: str, last: str, status: int) -> None:
    headers = {"Cookie": signed_in(begun)} | ({"Last-Event-ID": last} if last else {})
    assert begun.ask("GET", path, headers=headers).status == status


def test_an_event_names_so_many_subjects_and_how_many_more(begun: Served) -> None:
    begun.doors.ledger.record(made(collected("lab-1", *((f"item:{n}", f"{n}") for n in range(150))), LAB))
    told = begun.ask("GET", "/v1/feed?once=true&after=0", headers={"Cookie": signed_in(begun)}).body.decode()
    *_, last = [json.loads(line.removeprefix("data: ")) for line in told.splitlines() if line.startswith("data: ")]
    assert len(last["data"]["subjects"]) == 100
    assert last["data"]["more"] > 50


def test_what_is_new_is_told_before_anybodys_session_is_asked_for_and_that_once_a_look() -> None:
    """However many statements come in: who has signed out is asked for once in each look at the log."""
    log, asked = [0], list[int]()
    done = Event()

    def wait(after: int, _: float) -> int:
        log.append(after + 1)
        return after + 1

    def signed_in_still(_: Collection[str]) -> Set[str]:
        asked.append(len(log))
        if len(asked) == 2:
            done.set()
        return frozenset({WHO.proof})

    async def follow() -> None:
        followers = Followers(wait, signed_in_still)
        with followers.place(WHO) as one:
            assert await followers.until(followers.change(), 5)
            assert asked == []
            await run_sync(done.wait, 10)
            assert one.goes_on()
        followers.close()

    run(follow)
    first, second = asked
    assert second - first > 100
