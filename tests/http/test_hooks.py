"""Hooks: a party is told of what it may read, signed, where it asked to be told, until it has no right to."""

from __future__ import annotations

import json
import socket
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from cryptography.exceptions import InvalidSignature

from api.hooks.delivering import AGAIN
from api.hooks.keeping import MOST
from api.http.hooks import kept_hooks
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.audits import AuditEnded, AuditGranted
from ledger.domain.registry.keys import KeyRevoked
from ledger.ids import CaseId, key_tag
from tests.authors import OPERATOR, START, SteppingClock, admissions, author, made, opening, seeded
from tests.http.hooked import Called, Hooked, delivering, hooked
from tests.http.test_asking import stated
from tests.http.test_feed import record
from tests.http.test_signing_in import problem, signed_in, with_cookie
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.http.serving import Served

LAB: Final = author("party:lab-1", Role.LABORATORY)
OTHER: Final = author("party:lab-2", Role.LABORATORY)
THEIRS: Final = seeded("party:lab-2/p-1")


@pytest.fixture
def begun(log: Served) -> Served:
    """A log with two laboratories."""
    sites = (stated(lab, "item:none", "none")[0] for lab in ("lab-1", "lab-2"))
    for one in (opening(), *admissions(LAB, OTHER), *sites):
        log.doors.ledger.record(one)
    return log


@pytest.fixture
def hook() -> Iterator[Hooked]:
    """A hook that listens."""
    with hooked() as hook:
        yield hook


def registered(log: Served, cookie: str, url: str) -> str:
    """Register a hook, and return its name."""
    answer = with_cookie(log, "POST", "/v1/hooks", cookie, {"url": url, "label": "the freezers"})
    assert answer.status == 201, answer.body
    name: str = json.loads(answer.body)["name"]
    return name


def asked(log: Served, cookie: str, path: str) -> dict[str, Any]:
    answer = with_cookie(log, "GET", path, cookie)
    assert answer.status == 200, answer.body
    said: dict[str, Any] = json.loads(answer.body)
    return said


def deliveries(log: Served, cookie: str, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = asked(log, cookie, f"/v1/hooks/{name}/deliveries")["rows"]
    return rows


def settled(log: Served, cookie: str, name: str, position: int, state: str) -> dict[str, Any]:
    """Return a delivery once it is in a state."""
    found = list[dict[str, Any]]()

    def is_there() -> bool:
        rows = deliveries(log, cookie, name)
        found.extend(row for row in rows if (row["position"], row["state"]) == (position, state))
        return bool(found)

    until(is_there)
    return found[0]


def test_a_hook_is_told_what_its_party_may_read_signed_and_nothing_else(begun: Served, hook: Hooked) -> None:
    cookie = signed_in(begun)
    name = registered(begun, cookie, hook.url)
    with delivering(begun):
        record(begun, "lab-2", "item:foreign")
        own = record(begun, "lab-1", "item:own")
        called = hook.next()
    public = json.loads(begun.get("/v1/hooks/keys").body)["keys"][0]
    called.check(public)
    assert (called.path, called.position) == ("/told?by=vialog", own)
    assert called.headers["webhook-id"] == f"msg_{name}_{own}"
    assert called.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    said = json.loads(called.body)
    assert (said["specversion"], said["id"], said["type"]) == ("1.0", str(own), "item.collected/1")
    assert said["source"] == begun.doors.ledger.store.origin
    assert asked(begun, cookie, said["data"]["link"])["position"] == own
    assert hook.quiet()
    assert [row["position"] for row in deliveries(begun, cookie, name)] == [own]
    with pytest.raises(InvalidSignature):
        Called(called.path, called.headers, called.body + b" ").check(public)


def test_what_is_told_of_others_is_in_the_access_log_before_it_leaves_and_its_end_after(
    begun: Served, hook: Hooked
) -> None:
    cookie = signed_in(begun)
    name = registered(begun, cookie, hook.url)
    grant = AuditGranted(case=CaseId("case:a"), auditor=LAB.party, until=START.replace(year=2027))
    with delivering(begun):
        begun.doors.ledger.record(made(grant, OTHER))
        position = record(begun, "lab-2", "item:foreign")
        while hook.next().position != position:
            pass
        settled(begun, cookie, name, position, "delivered")
    entries = [one for one in begun.doors.accesses.entries() if "party:lab-2" in one.parties]
    said = json.loads(entries[-1].entry)
    assert (said["route"], said["by"], said["party"]) == ("deliver_hook", name, "party:lab-1")
    assert all(one.ended for one in entries)


def test_what_fails_is_tried_again_with_the_same_id_and_what_goes_well_is_told_once(
    begun: Served, hook: Hooked
) -> None:
    cookie, hook.answers = signed_in(begun), [500]
    name = registered(begun, cookie, hook.url)
    with delivering(begun):
        position = record(begun, "lab-1", "item:own")
        first, second = hook.next(), hook.next()
        row = settled(begun, cookie, name, position, "delivered")
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert (row["attempts"], row["status"]) == (2, 204)
    assert int(second.headers["webhook-timestamp"]) > int(first.headers["webhook-timestamp"])
    assert hook.quiet()


def test_a_redirect_is_no_delivery_and_is_not_followed(begun: Served, hook: Hooked) -> None:
    with hooked() as elsewhere:
        cookie = signed_in(begun)
        name = registered(begun, cookie, hook.url)
        hook.answers, hook.location = [307], elsewhere.url
        with delivering(begun):
            position = record(begun, "lab-1", "item:own")
            settled(begun, cookie, name, position, "delivered")
        assert elsewhere.quiet()
        assert [hook.next().position, hook.next().position] == [position, position]


def test_a_hook_that_says_it_is_gone_is_told_nothing_more(begun: Served, hook: Hooked) -> None:
    cookie, hook.answers = signed_in(begun), [410]
    registered(begun, cookie, hook.url)
    with delivering(begun):
        record(begun, "lab-1", "item:own")
        hook.next()
        until(lambda: asked(begun, cookie, "/v1/hooks")["hooks"][0]["why"] == "gone")
        record(begun, "lab-1", "item:own-2")
        until(lambda: kept_hooks(begun.doors).tables.ask("live") == [])
    assert hook.quiet()


def test_a_key_that_is_revoked_before_the_delivery_hears_nothing(begun: Served, hook: Hooked) -> None:
    registered(begun, signed_in(begun), hook.url)
    record(begun, "lab-1", "item:own")
    begun.doors.ledger.record(made(KeyRevoked(key=key_tag(LAB.signer.thumbprint), ground="lost"), OPERATOR))
    with delivering(begun):
        until(lambda: kept_hooks(begun.doors).tables.ask("live") == [])
    assert hook.quiet()


def test_what_may_not_be_read_any_more_when_it_is_delivered_is_withheld(begun: Served, hook: Hooked) -> None:
    cookie = signed_in(begun)
    grant = AuditGranted(case=CaseId("case:a"), auditor=LAB.party, until=START.replace(year=2027))
    begun.doors.ledger.record(made(grant, OTHER))
    name = registered(begun, cookie, hook.url)
    position = record(begun, "lab-2", "item:foreign")
    hooks, now = kept_hooks(begun.doors), begun.doors.signing_in.clock.now
    looked = asked(begun, cookie, "/v1/hooks")["hooks"][0]["looked"]
    said = {"looked": looked, "until": position, "positions": [position], "now": now()}
    hooks.tables.ask("fill", name=name, stream="statement", **said)
    begun.doors.ledger.record(made(AuditEnded(case=CaseId("case:a")), OTHER))
    with delivering(begun):
        settled(begun, cookie, name, position, "withheld")
    told = [json.loads(part)["first"] for one in begun.doors.accesses.entries() for part in one.parts]
    assert position not in told
    assert all(call.position != position for call in called(hook))


def called(hook: Hooked) -> Iterator[Called]:
    while not hook.quiet():
        yield hook.next()


def test_a_hook_of_a_token_ends_with_it_and_the_token_needs_the_scope(begun: Served, hook: Hooked) -> None:
    cookie = signed_in(begun)
    answer = with_cookie(begun, "POST", "/v1/tokens", cookie, {"label": "x", "scopes": ["hooks"], "days": 1})
    token = json.loads(answer.body)
    body = json.dumps({"url": hook.url, "label": "x"}).encode()
    assert begun.ask("POST", "/v1/hooks", body, token=token["token"]).status == 201
    assert begun.ask("GET", "/v1/items", token=token["token"]).status == 403
    record(begun, "lab-1", "item:own")
    assert with_cookie(begun, "DELETE", f"/v1/tokens/{token['name']}", cookie).status == 204
    with delivering(begun):
        until(lambda: kept_hooks(begun.doors).tables.ask("live") == [])
    assert hook.quiet()
    (row,) = asked(begun, cookie, "/v1/hooks")["hooks"]
    assert (row["why"], row["token"]) == ("token", token["name"])


def test_of_two_services_one_delivers_and_the_other_goes_on_where_it_ended(begun: Served, hook: Hooked) -> None:
    registered(begun, signed_in(begun), hook.url)
    with delivering(begun) as first:
        told = [record(begun, "lab-1", f"item:a-{number}") for number in range(3)]
        assert [hook.next().position for _ in told] == told
        with delivering(begun) as second:
            told = [record(begun, "lab-1", f"item:b-{number}") for number in range(5)]
            assert [hook.next().position for _ in told] == told
            assert second.outcomes["delivered"] == 0
            first.close()
            last = record(begun, "lab-1", "item:last")
            assert hook.next().position == last
    assert hook.quiet()


def test_what_was_told_is_told_again_on_demand_with_the_id_that_it_had(begun: Served, hook: Hooked) -> None:
    cookie = signed_in(begun)
    name = registered(begun, cookie, hook.url)
    with delivering(begun):
        positions = [record(begun, "lab-1", f"item:a-{number}") for number in range(3)]
        first = [hook.next() for _ in positions]
        settled(begun, cookie, name, positions[-1], "delivered")
        wanted = {"after": positions[0], "until": positions[1]}
        answer = with_cookie(begun, "POST", f"/v1/hooks/{name}/replays", cookie, wanted)
        assert (answer.status, json.loads(answer.body)) == (202, {"again": 1})
        again = hook.next()
    assert again.headers["webhook-id"] == first[1].headers["webhook-id"]
    assert hook.quiet()


def test_a_party_keeps_its_own_hooks_and_knows_of_no_others(begun: Served, hook: Hooked) -> None:
    own, theirs = signed_in(begun), signed_in(begun, THEIRS)
    name = registered(begun, own, hook.url)
    assert asked(begun, theirs, "/v1/hooks") == {"hooks": []}
    for method, path, body in (
        ("DELETE", "", None),
        ("GET", "/deliveries", None),
        ("POST", "/replays", {"after": 0}),
    ):
        assert with_cookie(begun, method, f"/v1/hooks/{name}{path}", theirs, body).status == 404
    assert with_cookie(begun, "DELETE", f"/v1/hooks/{name}", own).status == 204
    assert asked(begun, own, "/v1/hooks") == {"hooks": []}


@pytest.mark.rule("HOK-03")
def test_a_party_has_so_many_hooks_and_no_more(begun: Served, hook: Hooked) -> None:
    cookie = signed_in(begun)
    for _ in range(MOST):
        registered(begun, cookie, hook.url)
    more = with_cookie(begun, "POST", "/v1/hooks", cookie, {"url": hook.url, "label": "x"})
    assert problem(more) == (422, "HOK-03")
    assert problem(with_cookie(begun, "POST", "/v1/hooks", cookie, {"url": hook.url, "label": " "})) == (400, "HOK-03")
    registered(begun, signed_in(begun, THEIRS), hook.url)


def test_pages_of_deliveries_lead_to_one_another(begun: Served, hook: Hooked) -> None:
    cookie = signed_in(begun)
    name = registered(begun, cookie, hook.url)
    with delivering(begun):
        positions = [record(begun, "lab-1", f"item:a-{number}") for number in range(3)]
        settled(begun, cookie, name, positions[-1], "delivered")
    page = with_cookie(begun, "GET", f"/v1/hooks/{name}/deliveries?limit=2", cookie)
    link = page.headers["link"].partition(">")[0].removeprefix("<")
    rest = asked(begun, cookie, link)
    assert [row["position"] for row in json.loads(page.body)["rows"] + rest["rows"]] == positions[::-1]
    assert rest["more"] is False


def test_a_hook_that_never_answers_keeps_no_other_waiting(begun: Served, hook: Hooked) -> None:
    cookie = signed_in(begun)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        dead = registered(begun, cookie, f"http://127.0.0.1:{silent.getsockname()[1]}")
        registered(begun, cookie, hook.url)
        with delivering(begun):
            positions = [record(begun, "lab-1", f"item:a-{number}") for number in range(3)]
            assert [hook.next().position for _ in positions] == positions
            assert {row["attempts"] for row in deliveries(begun, cookie, dead)} == {0}
            silent.close()  # what has connected is cut off
            row = settled(begun, cookie, dead, positions[0], "waiting")
            until(lambda: deliveries(begun, cookie, dead)[-1]["attempts"] > 0)
    assert row["state"] == "waiting"


def test_what_is_never_taken_is_given_up_and_can_be_told_again(begun: Served, hook: Hooked) -> None:
    cookie, hook.answers = signed_in(begun), [500] * (len(AGAIN) + 1)
    name = registered(begun, cookie, hook.url)
    clock = begun.doors.signing_in.clock
    assert isinstance(clock, SteppingClock)
    with delivering(begun):
        position = record(begun, "lab-1", "item:own")
        for _ in hook.answers.copy():
            while hook.soon() is None:
                clock.time += timedelta(hours=1)
        cookie = signed_in(begun)
        row = settled(begun, cookie, name, position, "failed")
        assert (row["attempts"], row["status"], row["due"]) == (len(AGAIN) + 1, 500, None)
        assert with_cookie(begun, "POST", f"/v1/hooks/{name}/replays", cookie, {"after": 0}).status == 202
        settled(begun, cookie, name, position, "delivered")
