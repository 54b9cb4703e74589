"""Hooks that hear of what falls due, and of the digest of a day: what they asked for, by the rights of the delivery."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.registry.keys import KeyRevoked
from ledger.ids import key_tag
from tests.authors import OPERATOR, made
from tests.http.hooked import Hooked, delivering, hooked
from tests.http.noticed import ITEM, LAB, OTHER, TAKER, Noticed, noticed
from tests.http.test_hooks import asked
from tests.http.test_signing_in import problem, with_cookie
from tests.servers import EMBEDDED
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.statement.authoring import Author
    from tests.servers import Servers


@pytest.fixture
def noted(servers: Servers, tmp_path: Path) -> Iterator[Noticed]:
    """A log in which nothing is owed yet."""
    with noticed(servers.get(EMBEDDED), tmp_path) as noted:
        noted.look()
        yield noted


@pytest.fixture
def hook() -> Iterator[Hooked]:
    """A hook that listens."""
    with hooked() as hook:
        yield hook


def registered(noted: Noticed, who: Author, hook: Hooked, *events: str) -> tuple[str, str]:
    """Register a hook that hears of some events, and return the cookie and its name."""
    cookie = noted.cookie(who)
    body = {"url": hook.url, "label": "due", "events": list(events)}
    answer = with_cookie(noted.log, "POST", "/v1/hooks", cookie, body)
    assert answer.status == 201, answer.body
    name: str = json.loads(answer.body)["name"]
    return cookie, name


def rows(noted: Noticed, cookie: str, name: str, stream: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asked(noted.log, cookie, f"/v1/hooks/{name}/deliveries?of={stream}")["rows"]
    return found


def test_a_hook_hears_of_what_falls_due_signed_and_how_it_stands_by_then(noted: Noticed, hook: Hooked) -> None:
    cookie, name = registered(noted, TAKER, hook, "due-soon", "overdue")
    due = noted.hand_over()
    noted.look()
    with delivering(noted.log):
        soon = hook.next()
        noted.at(due + timedelta(minutes=1))
        noted.look()
        late, cookie = hook.next(), noted.cookie(TAKER)  # a session is over by then; a hook is not
        until(lambda: [one["state"] for one in rows(noted, cookie, name, "notice")] == ["delivered"] * 2)
    public = json.loads(noted.log.get("/v1/hooks/keys").body)["keys"][0]
    soon.check(public)
    said = json.loads(soon.body)
    assert (said["type"], said["subject"], said["data"]["state"]) == ("due-soon", ITEM, "due")
    assert soon.headers["webhook-id"] == f"msg_{name}_notice_{said['data']['notice']}"
    assert said["id"] == f"notice/{said['data']['notice']}"
    assert asked(noted.log, cookie, said["data"]["link"])["rows"][-1]["number"] == said["data"]["notice"]
    assert (json.loads(late.body)["type"], json.loads(late.body)["data"]["overdue"]) == ("overdue", True)
    assert hook.quiet()
    assert rows(noted, cookie, name, "statement") == []


def test_a_hook_hears_of_nothing_that_it_did_not_ask_for_or_that_is_not_its_partys(
    noted: Noticed, hook: Hooked
) -> None:
    _, name = registered(noted, TAKER, hook, "overdue")
    _, other = registered(noted, OTHER, hook, "due-soon", "overdue")
    due = noted.hand_over()
    noted.look()
    noted.at(due + timedelta(minutes=1))
    noted.look()
    cookie, theirs = noted.cookie(TAKER), noted.cookie(OTHER)
    with delivering(noted.log):
        assert json.loads(hook.next().body)["type"] == "overdue"
        until(lambda: [one["state"] for one in rows(noted, cookie, name, "notice")] == ["delivered"])
    assert rows(noted, theirs, other, "notice") == []
    assert hook.quiet()


def test_a_key_that_is_revoked_after_the_notice_and_before_its_delivery_hears_nothing(
    noted: Noticed, hook: Hooked
) -> None:
    registered(noted, TAKER, hook, "due-soon")
    noted.hand_over()
    noted.look()
    noted.state(made(KeyRevoked(key=key_tag(TAKER.signer.thumbprint), ground="lost"), OPERATOR, at=noted.now()))
    cookie, name = registered(noted, LAB, hook, "due-soon")
    with delivering(noted.log):
        noted.hand_over()  # once more, which is noted anew for both
        noted.look()
        told = json.loads(hook.next().body)
        until(lambda: [one["state"] for one in rows(noted, cookie, name, "notice")] == ["delivered"])
    assert (told["type"], hook.quiet()) == ("due-soon", True)


def test_what_opened_it_may_count_no_more_by_the_delivery_and_then_it_says_so(noted: Noticed, hook: Hooked) -> None:
    registered(noted, LAB, hook, "due-soon")
    noted.hand_over()
    noted.look()
    given = next(iter(noted.log.doors.ledger.store.about(ITEM, kinds=("custody.handed-over/1",))))  # type: ignore[arg-type]
    noted.state(made(StatementVoided(statement=given.statement, ground="entered-twice"), LAB, at=noted.now()))
    with delivering(noted.log):
        assert json.loads(hook.next().body)["data"]["state"] is None


def test_what_is_told_of_others_is_in_the_access_log_under_the_hooks_name(noted: Noticed, hook: Hooked) -> None:
    cookie, name = registered(noted, TAKER, hook, "due-soon")
    noted.hand_over()
    noted.look()
    with delivering(noted.log):
        number = json.loads(hook.next().body)["data"]["notice"]
        until(lambda: [one["position"] for one in rows(noted, cookie, name, "notice")] == [number])
    entry = json.loads(list(noted.log.doors.accesses.entries())[-1].entry)
    assert (entry["route"], entry["by"], entry["party"]) == ("deliver_hook", name, TAKER.party)


def test_what_failed_is_tried_again_and_what_was_delivered_is_delivered_once_more_where_that_is_asked(
    noted: Noticed, hook: Hooked
) -> None:
    cookie, name = registered(noted, TAKER, hook, "due-soon")
    noted.hand_over()
    noted.look()
    hook.answers = [500]
    with delivering(noted.log):
        first, second = hook.next(), hook.next()
        number = json.loads(first.body)["data"]["notice"]
        until(lambda: rows(noted, cookie, name, "notice")[0]["state"] == "delivered")
        again = with_cookie(noted.log, "POST", f"/v1/hooks/{name}/replays", cookie, {"after": 0, "of": "notice"})
        third = hook.next()
    assert json.loads(again.body) == {"again": 1}
    assert {one.headers["webhook-id"] for one in (first, second, third)} == {f"msg_{name}_notice_{number}"}


def test_a_working_days_digest_is_announced_once_in_its_morning_and_a_holidays_never(
    noted: Noticed, hook: Hooked
) -> None:
    _, name = registered(noted, TAKER, hook, "digest")
    told = []
    with delivering(noted.log):
        # Saturday noon, Sunday evening by UTC, which is Monday before eight in China; Monday, twice; Tuesday.
        for day, hour, minute in ((5, 4, 0), (6, 23, 50), (7, 0, 10), (7, 5, 0), (8, 0, 10)):
            noted.at(datetime(2026, 9, day, hour, minute, tzinfo=UTC))
            cookie = noted.cookie(TAKER)
            if (day, hour) in {(7, 0), (8, 0)}:
                told.append(json.loads(hook.next().body))
                until(lambda: {one["state"] for one in rows(noted, cookie, name, "digest")} == {"delivered"})  # noqa: B023
    assert [(one["type"], one["data"]["day"]) for one in told] == [("digest", "2026-09-07"), ("digest", "2026-09-08")]
    assert told[0]["time"] == "2026-09-07T00:00:00.000000Z"
    assert told[0]["data"]["link"] == "/v1/digest?on=2026-09-07"
    assert hook.quiet()


@pytest.mark.rule("HOK-04")
def test_what_a_hook_hears_of_is_named_once_and_known(noted: Noticed, hook: Hooked) -> None:
    cookie = noted.cookie(TAKER)
    for events, rule in (
        ([], "STM-18"),
        (["statement", "statement"], "HOK-04"),
        (["all"], "HOK-04"),
        ("digest", "STM-18"),
    ):
        body = {"url": hook.url, "label": "x", "events": events}
        assert problem(with_cookie(noted.log, "POST", "/v1/hooks", cookie, body)) == (400, rule)
    answer = with_cookie(noted.log, "POST", "/v1/hooks", cookie, {"url": hook.url, "label": "x"})
    assert json.loads(answer.body)["events"] == ["statement"]
    name = json.loads(answer.body)["name"]
    assert noted.log.ask("GET", f"/v1/hooks/{name}/deliveries?of=all", headers={"Cookie": cookie}).status == 400
