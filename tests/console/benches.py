"""The bench in a headless Chromium: a log whose clock runs, a scanner that types, and goods that have just come."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.statement.entries.state_entry import STATE_KIND
from scripts.demo import border, laboratory
from scripts.demo.cast import SECOND, Cast, Vial, make_cast, make_vials
from scripts.demo.stage import Stage, StoryClock
from scripts.demo.story import Story
from tests.console.browsing import Console, at_own_address
from tests.console.keyed import until, with_key
from tests.console.played import Played, played

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.statement.authoring import Author
    from tests.journeys.chromium import Browser, Tab
    from tests.servers import Server

RECEIVED: Final = 20
ENTER: Final = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
OFFLINE: Final = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


class RunningClock(StoryClock):
    """The story's clock, which runs on by itself once the story is told, as that of a browser does."""

    def __init__(self) -> None:
        """Stand still for as long as the story is told."""
        super().__init__()
        self._since: float | None = None
        self._told = self._now

    def run(self) -> None:
        """Run from now on."""
        self._since, self._told = time.monotonic(), self._now

    def now(self) -> datetime:
        """Return the present instant; no two are the same."""
        if self._since is None:
            return super().now()
        passed = self._told + timedelta(seconds=time.monotonic() - self._since)
        self._now = max(self._now + timedelta(microseconds=1), passed)
        return self._now


@contextmanager
def working(
    server: Server, folder: Path, browser: Browser, colleague: Callable[[Cast], Author], person: str
) -> Iterator[Played]:
    """Tell the story, and let its clock run on; somebody works in the browser, with a key that a colleague enrolled."""
    clock = RunningClock()
    with played(server, folder, browser, clock) as story:
        clock.run()
        story.console.forget()
        with_key(story.console, colleague(story.cast), person)
        yield story


@contextmanager
def arrived(server: Server, folder: Path, browser: Browser) -> Iterator[tuple[Console, Cast, list[Vial]]]:
    """Serve a log on which a consignment of twenty vials has come to the laboratory, which has not received it."""
    clock = RunningClock()
    with at_own_address(server, folder, clock) as log:
        cast = make_cast()
        vials = [one for one in make_vials() if one.consignment != SECOND or int(one.label[-3:]) <= RECEIVED]
        stage = Stage(log.doors.ledger, clock)

        def list_items() -> None:
            for (consignment, approval, line), row in groupby(
                vials, lambda one: (one.consignment, one.approval, one.line)
            ):
                items = tuple(
                    ListedItem(item=one.item, label=one.label, quantity=Amount(value=one.value, unit=one.unit))
                    for one in row
                )
                stage.say(
                    ItemListed(consignment=consignment, approval=approval, line=line, items=items), cast.importer.first
                )

        story = Story(stage, cast, vials, list_items)
        for act in (story.opening, story.permissions, story.announcements):
            act()
        come = [one for one in vials if one.consignment == SECOND]
        clock.day(3, 18)
        landed = border.carry(stage, cast, SECOND, come)
        border.clear(stage, cast, SECOND, come)
        border.store_cold(stage, cast, come, landed)
        laboratory.hand_over(stage, cast, come)
        clock.later(minutes=30)
        clock.run()
        yield Console(log, browser), cast, come


def clocked(console: Console) -> str:
    """Return a script that gives a page the log's time, a second late, as its own."""
    now = console.log.doors.signing_in.clock.now().timestamp() * 1000 - 1000
    return f"""{{ const Real = Date; const offset = {now} - Real.now();
      globalThis.Date = class extends Real {{
        constructor(...given) {{ if (given.length) super(...given); else super(Real.now() + offset); }}
        static now() {{ return Real.now() + offset; }} }}; }}"""


def network(tab: Tab, *, there: bool) -> None:
    """Take a page's network away, or give it back."""
    tab.call("Network.enable")
    tab.call("Network.emulateNetworkConditions", offline=not there, **OFFLINE)


def open_bench(console: Console, address: str = "/bench?lang=en", *, there: bool = True) -> Tab:
    """Open the bench and wait until it takes scans. there: whether the network is."""

    def prepare(tab: Tab) -> None:
        tab.call("Page.addScriptToEvaluateOnNewDocument", source=clocked(console))
        network(tab, there=there)

    tab = console.browser.open(console.origin + address, prepare)
    until(tab, "document.getElementById('bench')?.dataset.ready === 'yes'")
    return tab


def scan(tab: Tab, text: str) -> str:
    """Type a text as a scanner does, with an Enter behind it; return what is told of it."""
    tab.evaluate(
        "globalThis.told = new Promise((done) => new MutationObserver(() => done()).observe("
        "document.getElementById('told'), {childList: true, subtree: true, characterData: true})); 0"
    )
    tab.call("Input.insertText", text=text)
    for kind in ("keyDown", "keyUp"):
        tab.call("Input.dispatchKeyEvent", type=kind, **ENTER)
    tab.evaluate("told")
    said: str = tab.evaluate("document.getElementById('told').innerText")
    return said


def press(tab: Tab, selector: str) -> None:
    """Press a button as a person does who has reached it with the keyboard."""
    tab.evaluate(f"document.querySelector({selector!r}).focus()")
    for kind in ("keyDown", "keyUp"):
        tab.call("Input.dispatchKeyEvent", type=kind, **ENTER)


def settled(tab: Tab) -> None:
    """Wait until nothing waits to be sent, and the page shows that."""
    tab.evaluate("""import("/static/acts/keeping.js").then(async ({queued}) => {
      while ((await queued()).some((one) => one.state === "waits")) await new Promise((done) => setTimeout(done, 50));
      const all = document.querySelector("[data-word=all-sent]").textContent;
      const shown = () => document.getElementById("unsent").textContent === all
        && !document.querySelector(".console-scan--waits");
      while (!shown()) await new Promise((done) => setTimeout(done, 50)); })""")


def recorded(console: Console, kind: str) -> list[Any]:
    """Return what is recorded of a kind, oldest first."""
    return [one for one in console.log.doors.ledger.store.read() if one.kind == kind and one.kind != STATE_KIND]
