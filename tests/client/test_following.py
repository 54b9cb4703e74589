"""The feed, followed by the client: nothing twice and nothing left out, however often the line breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.client.following import Event, Said
from ledger.domain.registry.keys import KeyRevoked
from ledger.errors import Malformed, NotTrusted
from ledger.ids import key_tag
from tests.authors import OPERATOR, made
from tests.client.breaking import between
from tests.client.test_client import asking, item
from tests.http.test_asking import OWN

if TYPE_CHECKING:
    from tests.http.serving import Served


def test_what_there_is_is_told_in_order_and_once(log: Served) -> None:
    with asking(log) as client:
        following = client.follow(0)
        events = list(following.events(once=True))
        positions = [one["data"]["position"] for one in events]
        assert positions == sorted(set(positions))
        assert {*map(frozenset, events)} == {frozenset(Event.__annotations__)}
        assert {frozenset(one["data"]) for one in events} == {frozenset(Said.__annotations__)}
        assert {one["type"] for one in events} >= {"log.opened/1", "item.collected/1"}
        assert following.at is not None
        assert following.at >= positions[-1]
        recorded = client.statements.submit(item("new"))
        assert [one["data"]["position"] for one in following.events(once=True)] == [recorded["position"]]


def test_what_is_recorded_meanwhile_is_told_as_it_is_recorded(log: Served) -> None:
    with asking(log) as client:
        told = client.follow(log.doors.ledger.store.head()).events()
        for name in ("one", "two"):
            position = client.statements.submit(item(name))["position"]
            assert next(told)["data"]["position"] == position


def test_a_line_that_breaks_is_taken_up_behind_the_last_that_was_told(log: Served) -> None:
    with between(log) as line, asking(log, line.origin) as client:
        every = [one["id"] for one in client.follow(0).events(once=True)]
        line.faults.extend(["half", "lost", None])
        assert [one["id"] for one in client.follow(0).events(once=True)] == every


def test_who_may_not_follow_any_more_is_told_so(log: Served) -> None:
    with asking(log) as client:
        told = client.follow(log.doors.ledger.store.head()).events()
        client.statements.submit(item("one"))
        next(told)
        log.doors.ledger.record(made(KeyRevoked(key=key_tag(OWN.signer.thumbprint), ground="lost"), OPERATOR))
        with pytest.raises(NotTrusted):
            list(told)


@pytest.mark.rule("SVC-03")
def test_what_is_no_feed_is_refused(log: Served) -> None:
    with between(log) as line, asking(log, line.origin) as client:
        line.says["/v1/feed?once=true"] = b"data: {\nid: 1\n\n"
        with pytest.raises(Malformed, match="SVC-03"):
            list(client.follow(0).events(once=True))
