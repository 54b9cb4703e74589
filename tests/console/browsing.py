"""The console in a headless Chromium, for tests: a service on loopback whose web origin is its own address."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from api.sessions.challenge import sign_challenge
from ledger.store.deciding.permit import Permit
from tests.http.serving import served
from tests.http.test_signing_in import challenged
from tests.journeys.chromium import Browser, Tab
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ledger.clock import Clock
    from ledger.statement.signing.signer import StatementSigner
    from tests.http.serving import Served
    from tests.servers import Database, Server

WIDTHS: Final = (360, 768, 1280)


@dataclass(frozen=True)
class Console:
    """A served log whose pages a browser opens."""

    log: Served
    browser: Browser

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.log.port}"

    def open(self, path: str) -> Tab:
        """Open a page."""
        self.browser.heard.clear()
        return self.browser.open(self.origin + path)

    def walk(self, pages: Mapping[str, str]) -> Iterator[tuple[str, Tab]]:
        """Go from page to page in one tab, at each as wide as a new one; yield the page's name, and the tab."""
        tab = self.browser.open("about:blank")
        for name, path in pages.items():
            self.browser.heard.clear()
            tab.call("Emulation.clearDeviceMetricsOverride")
            tab.go(self.origin + path)
            yield name, tab
        tab.call("Page.close")

    def sign_in(self, signer: StatementSigner) -> str:
        """Sign in beside the browser, give it the cookie, and return that."""
        answer = self.log.ask("POST", "/v1/sessions", sign_challenge(challenged(self.log, signer.thumbprint), signer))
        assert answer.status == HTTPStatus.CREATED, answer.body
        cookie = answer.headers["set-cookie"].partition(";")[0]
        name, _, value = cookie.partition("=")
        given = {"name": name, "value": value, "url": self.origin, "sameSite": "Strict", "httpOnly": True}
        self.browser.call("Storage.setCookies", cookies=[given])
        return cookie

    def forget(self) -> None:
        """Let the browser forget whom it was signed in as, and in which language."""
        self.browser.call("Storage.clearCookies")


@contextmanager
def at_own_address(
    server: Server, folder: Path, clock: Clock | None = None, every: float = 0.05, of: Database | None = None
) -> Iterator[Served]:
    """Serve an empty log whose people sign in at the very address that it is served at.

    clock: of all that is in it. every: seconds from one checkpoint to the next. of: a log that is not empty, to serve a
    copy of.
    """
    with served(server, folder, permit=None if clock is None else Permit(clock), every=every, of=of) as log:
        signing_in = replace(log.doors.signing_in, origin=f"http://127.0.0.1:{log.port}")
        signing_in = signing_in if clock is None else replace(signing_in, clock=clock)
        doors = replace(log.doors, signing_in=signing_in)
        log.app.state.doors = doors
        yield replace(log, doors=doors)


def in_language(pages: Mapping[str, str], language: str) -> dict[str, str]:
    """Return the addresses of pages in a language."""
    return {name: f"{path}{'&' if '?' in path else '?'}lang={language}" for name, path in pages.items()}


def go(tab: Tab, act: str) -> None:
    """Do something in a page that leads to another one, and wait for that."""
    mark = json.dumps(act[:40])
    tab.evaluate(f"globalThis.left = {mark}")
    tab.evaluate(act)
    until(lambda: came(tab))


def came(tab: Tab) -> bool:
    """Say whether another page has come, since ``left`` was set in the one before."""
    try:
        return bool(tab.evaluate("globalThis.left === undefined && document.readyState === 'complete'"))
    except RuntimeError:  # between two pages there is none to ask
        return False
