"""The feed of notices: each told once to whom it concerns, by numbers of its own, which are no positions."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ledger.ids import ItemId
from tests.http.noticed import ITEM, OTHER, TAKER, Noticed, noticed
from tests.http.test_feed import following
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.http.test_feed import Stream
    from tests.servers import Servers

FEED = "/v1/inbox/feed"


@pytest.fixture
def noted(servers: Servers, tmp_path: Path) -> Iterator[Noticed]:
    """A log in which nothing is owed yet."""
    with noticed(servers.get(EMBEDDED), tmp_path) as noted:
        noted.look()
        yield noted


def event(stream: Stream) -> dict[str, Any]:
    """Return the next event, which has to come."""
    block = stream.next()
    assert block is not None
    said: dict[str, Any] = json.loads(block["data"])
    assert block["id"] == str(said["data"]["notice"])
    return said


def test_a_notice_is_told_as_it_is_noted_with_an_id_of_its_own(noted: Noticed) -> None:
    with following(noted.log, noted.cookie(TAKER), FEED) as stream:
        due = noted.hand_over()
        noted.look()
        soon = event(stream)
        noted.at(due - timedelta(hours=13))
    assert (soon["type"], soon["subject"], soon["data"]["state"]) == ("due-soon", ITEM, "due")
    assert soon["id"] == f"notice/{soon['data']['notice']}"


def test_who_comes_again_is_told_what_is_behind_and_who_is_not_concerned_is_told_up_to_where(noted: Noticed) -> None:
    for item in ("item:a", "item:a-b"):
        noted.hand_over(ItemId(item))
    noted.look()
    first, second = noted.notices.above(TAKER.party, 0, 9)
    newest = noted.notices.newest()
    with following(noted.log, noted.cookie(TAKER), f"{FEED}?once=true", Last_Event_ID=str(first.number)) as stream:
        assert event(stream)["data"]["notice"] == second.number
        assert stream.next() is None
    with following(noted.log, noted.cookie(OTHER), f"{FEED}?once=true&after=0") as stream:
        assert stream.next() is None
    answer = noted.log.ask("GET", f"{FEED}?once=true&after=0", headers={"Cookie": noted.cookie(OTHER)})
    assert answer.body.endswith(f"id: {newest}\n\n".encode())
    for wrong in ("?after=x", "?once=no", "?from=1"):
        assert noted.log.ask("GET", FEED + wrong, headers={"Cookie": noted.cookie(TAKER)}).status == 400


def test_the_feed_of_statements_has_its_own_numbers_and_no_notices(noted: Noticed) -> None:
    with following(noted.log, noted.cookie(TAKER), "/v1/feed") as stream:
        noted.hand_over()
        noted.look()
        assert stream.event()["type"] == "custody.handed-over/1"
        noted.accept()
        assert stream.event()["type"] == "custody.accepted/1"
