"""How often one caller may ask, told in every answer; who asks too often waits, and nobody else does."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from api.http.bounds.rates import Rates, caller_of
from api.http.connections import Limits
from tests.http.serving import Served, served
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Servers

PROXY = frozenset({"10.0.0.1"})


def test_a_quota_comes_back_evenly() -> None:
    rates = Rates(60)
    first = rates.take("a", 100.0)
    assert (first.left, first.whole, first.wait) == (59, 1.0, 0)
    for _ in range(58):
        rates.take("a", 100.0)
    assert rates.take("a", 100.0).left == 0
    refused = rates.take("a", 100.25)
    assert (refused.left, refused.wait) == (0, 0.75)
    assert rates.take("b", 100.25).left == 59
    assert rates.take("a", 101.0).wait == 0
    assert rates.take("a", 101.0).wait > 0
    assert rates.take("a", 200.0).left == 59


def asked_by(address: str, *forwarded: str) -> dict[str, Any]:
    return {"client": (address, 1), "headers": [(b"x-forwarded-for", one.encode()) for one in forwarded]}


@pytest.mark.parametrize(
    ("scope", "caller"),
    [
        pytest.param(asked_by("192.0.2.7"), "192.0.2.7", id="an address"),
        pytest.param(asked_by("192.0.2.7", "198.51.100.1"), "192.0.2.7", id="who is no proxy is not believed"),
        pytest.param(asked_by("2001:db8::5"), "2001:db8::/64", id="a network of IPv6"),
        pytest.param(asked_by("::ffff:192.0.2.7"), "192.0.2.7", id="IPv4 written as IPv6"),
        pytest.param(asked_by("127.0.0.1"), None, id="this machine"),
        pytest.param(asked_by("::1"), None, id="this machine, IPv6"),
        pytest.param(asked_by("10.0.0.1", "203.0.113.9, 192.0.2.7"), "192.0.2.7", id="the word of a proxy is the last"),
        pytest.param(asked_by("10.0.0.1", "203.0.113.9", "192.0.2.7"), "192.0.2.7", id="the last of its headers"),
        pytest.param(asked_by("10.0.0.1", "127.0.0.1"), "127.0.0.1", id="whom a proxy calls this machine is counted"),
        pytest.param(asked_by("10.0.0.1", "tea"), None, id="a proxy that says nobody"),
        pytest.param(asked_by("10.0.0.1"), None, id="a proxy itself"),
        pytest.param({"client": None, "headers": []}, None, id="a socket of this machine"),
    ],
)
def test_a_caller_is_a_network_address(scope: dict[str, Any], caller: str | None) -> None:
    assert caller_of(scope, PROXY) == caller


@pytest.fixture(scope="module")
def counted(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A log of which each caller may ask three times a minute, behind a proxy of this machine."""
    limits = Limits(per_minute=3, proxies=frozenset({"127.0.0.1"}))
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("counted"), limits=limits) as counted:
        yield counted


def test_who_asks_too_often_gets_429_and_is_told_when_to_come_back(counted: Served) -> None:
    caller = {"X-Forwarded-For": "192.0.2.7", "Accept-Language": "zh"}
    answers = [counted.ask("GET", "/openapi.json", headers=caller) for _ in range(4)]
    assert [one.status for one in answers] == [200, 200, 200, 429]
    assert {one.headers["ratelimit-policy"] for one in answers} == {'"requests";q=3;w=60'}
    assert re.fullmatch(r'"requests";r=2;t=(?:19|20)', answers[0].headers["ratelimit"])
    assert answers[3].headers["ratelimit"].startswith('"requests";r=0;t=')
    assert 15 <= int(answers[3].headers["retry-after"]) <= 20
    said = json.loads(answers[3].body)
    assert (said["type"], said["title"]) == ("urn:vialog:problem:too-many-requests", "同一来源请求过于频繁")
    assert counted.ask("GET", "/openapi.json", headers={"X-Forwarded-For": "192.0.2.8"}).status == 200
    assert counted.ask("GET", "/healthz", headers=caller).status == 200


def test_this_machine_is_not_counted(counted: Served) -> None:
    answers = [counted.get("/openapi.json") for _ in range(5)]
    assert {one.status for one in answers} == {200}
    assert not any("ratelimit" in one.headers for one in answers)
