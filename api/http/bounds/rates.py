"""How often one caller may ask: a quota that comes back evenly, told in each answer (``RateLimit``), 429 beyond it.

A caller is a network address; of IPv6 the network of 64 bits that one household or host has. Who asks from this very
machine is not counted: what a proxy there does not limit would all be one caller. Where the settings name the proxies
in front, the address that the nearest of them tells is the caller's (ADR 0061).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from math import ceil
from time import monotonic
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders

from api.http.problems import request_answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_WINDOW: Final = 60.0
_MOST_CALLERS: Final = 50_000
"""So many are remembered; beyond, who has not asked for longest begins anew."""

_TOLD: Final = "there have been too many requests of yours; wait, and ask again"
_NAME: Final = '"requests"'


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands. left: requests at once; whole: seconds until all of the quota is back; wait: before the
    next one is answered, 0 where this one is."""

    left: int
    whole: float
    wait: float


@dataclass(slots=True)
class Rates:
    """What is left of a quota, for each caller (GCRA). quota: requests in a minute; 0: nobody is counted."""

    quota: int
    _full_at: OrderedDict[str, float] = field(default_factory=OrderedDict)

    def take(self, caller: str, now: float) -> Standing:
        """Count a request, unless it is one too many. now: monotonic seconds."""
        each = _WINDOW / self.quota
        due = max(self._full_at.pop(caller, now), now)
        if due + each - now > _WINDOW + 1e-9:
            self._full_at[caller] = due
            return Standing(0, due - now, due + each - now - _WINDOW)
        self._full_at[caller] = due + each
        if len(self._full_at) > _MOST_CALLERS:
            self._full_at.popitem(last=False)
        return Standing(int((_WINDOW - (due + each - now)) / each + 1e-9), due + each - now, 0)


class Limited:
    """An application that each caller asks so often, and not more."""

    def __init__(self, app: ASGIApp, rates: Rates, proxies: frozenset[str], always: frozenset[str]) -> None:
        """Stand before an application.

        proxies: addresses whose X-Forwarded-For is believed. always: paths that are answered without counting.
        """
        self._app = app
        self._rates = rates
        self._proxies = proxies
        self._always = always

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or say that there are too many of them."""
        counted = self._rates.quota and scope["type"] == "http" and scope["path"] not in self._always
        caller = caller_of(scope, self._proxies) if counted else None
        if caller is None:
            await self._app(scope, receive, send)
            return
        standing = self._rates.take(caller, monotonic())

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._fields(standing))
            await send(message)

        if standing.wait:
            retry = {"Retry-After": str(ceil(standing.wait)), "Connection": "close"}
            await request_answer(429, scope, _TOLD, retry)(scope, receive, told)
        else:
            await self._app(scope, receive, told)

    def _fields(self, standing: Standing) -> dict[str, str]:
        return {
            "RateLimit-Policy": f"{_NAME};q={self._rates.quota};w={int(_WINDOW)}",
            "RateLimit": f"{_NAME};r={standing.left};t={ceil(standing.whole)}",
        }


def caller_of(scope: Scope, proxies: frozenset[str]) -> str | None:
    """Return who asks, as rates count them; None: this machine itself."""
    address = _address(scope["client"][0]) if scope.get("client") else None
    if address is not None and str(address) in proxies:
        told = Headers(raw=scope["headers"]).getlist("X-Forwarded-For")
        forwarded = _address(told[-1].rpartition(",")[2].strip()) if told else None
        return None if forwarded is None else _name(forwarded)
    return None if address is None or address.is_loopback else _name(address)


def _name(address: IPv4Address | IPv6Address) -> str:
    return str(IPv6Network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


@lru_cache(4_096)  # each request of a kept connection comes from one address
def _address(written: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(written)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
