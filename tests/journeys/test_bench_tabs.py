"""Two tabs at one bench: what is gathered in both is one list, signed once, whatever is killed between."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.console.acting import in_a_browser
from tests.console.benches import RunningClock, network, open_bench, press, recorded, scan, settled
from tests.console.browsing import Console
from tests.console.keyed import SIGNED_IN, until, with_key
from tests.console.played import Played, played
from tests.journeys.chromium import chromium
from tests.journeys.test_bench_offline import at_work
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.chromium import Tab
    from tests.servers import Servers

pytestmark = pytest.mark.browser

HANDED: Final = "custody.handed-over/1"
THINGS: Final = tuple(f"AC-0{number:02}" for number in range(1, 13))
CHOSEN: Final = """{ for (const [name, value] of [["receiver", "party:second-lab"], ["packaging", "intact"]]) {
  const one = document.getElementById(name); one.value = value; one.dispatchEvent(new Event("change")); }
  document.getElementById("scan").focus(); }"""
COUNT: Final = "document.getElementById('gathered-count').innerText"
READY: Final = """globalThis.both = new BroadcastChannel("both"); both.onmessage = ({data}) => {
  const field = document.getElementById("scan"); field.value = data;
  field.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true})); }; 0"""
"""Lets a tab take a scan at the very moment at which the others do."""
AGAIN: Final = """globalThis.both = new BroadcastChannel("both");
  both.onmessage = () => document.querySelector("#list .govuk-button--warning")?.click(); 0"""
SENT: Final = "(globalThis.sending = new BroadcastChannel('both')).postMessage({text!r}); 0"
WITHOUT_A_WORD: Final = """import("/static/acts/keeping.js").then(({alter}) => alter(["list"], (list) =>
  [{...list, revision: list.revision + 1, found: {...list.found, "item:other": "intact"}}]))"""
"""Changes what is kept as another tab does whose word has not come yet."""


@pytest.fixture(scope="module")
def story(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The story, told; the browsers of its technicians come and go."""
    clock, folder = RunningClock(), tmp_path_factory.mktemp("tabs")
    with chromium() as any_one, played(servers.get(EMBEDDED), folder, any_one, clock) as story:
        clock.run()
        yield story


@dataclass(frozen=True)
class Device:
    """A browser that is killed and opened again, and the technician whose key it holds."""

    story: Played
    folder: Path
    person: str

    @contextmanager
    def opened(self) -> Iterator[Console]:
        """Open it and sign in; at the end it is killed: it is not asked to end."""
        with chromium(self.folder) as browser:
            console = Console(self.story.console.log, browser)
            tab = console.open("/sign-in")
            assert tab.evaluate(SIGNED_IN) == 201
            tab.call("Page.close")
            yield console

    def said(self, kind: str) -> list[Any]:
        """Return the body of each statement of a kind that its technician signed, oldest first."""
        found = []
        for one in recorded(self.story.console, kind):
            envelope = json.loads(one.entry[one.entry.index(b'{"payload"') :])
            said = json.loads(base64.b64decode(envelope["payload"]))
            if said["signers"][0]["person"] == self.person:
                found.append(said["body"])
        return found

    @property
    def counts(self) -> list[int]:
        """Return how many things each of the hand-overs is of."""
        return [one["count"] for one in self.said(HANDED)]


@pytest.fixture
def device(story: Played, tmp_path: Path, request: pytest.FixtureRequest) -> Device:
    person = f"t-{sum(request.node.name.encode())}"
    with chromium(tmp_path / "profile") as browser:
        with_key(Console(story.console.log, browser), story.cast.first_lab.first, person)
    return Device(story, tmp_path / "profile", person)


def hands_over(tab: Tab) -> None:
    assert "✓" in scan(tab, "ACT HAND-OVER")
    tab.evaluate(CHOSEN)


def in_turn(tabs: tuple[Tab, Tab], things: tuple[str, ...]) -> None:
    for number, thing in enumerate(things):
        assert "✓" in scan(tabs[number % 2], thing), thing


def test_two_tabs_gather_one_list_that_outlives_the_browser_and_is_signed_once(device: Device) -> None:
    with device.opened() as console:
        tabs = at_work(console), at_work(console)
        for tab in tabs:
            network(tab, there=False)
            hands_over(tab)
        in_turn(tabs, THINGS[:6])
        for tab in tabs:
            until(tab, f"{COUNT} === '6 scanned'")
    with device.opened() as console:
        tabs = at_work(console, there=False), at_work(console, there=False)
        for tab in tabs:
            assert tab.evaluate(COUNT) == "6 scanned"
        in_turn(tabs, THINGS[6:])
        assert "scanned already" in scan(tabs[0], THINGS[11])
        for tab in tabs:
            tab.evaluate(READY)
        tabs[0].evaluate("document.querySelector('#gathered button').click()")
        until(tabs[1], f"{COUNT} === '11 scanned'")
        tabs[0].evaluate(SENT.format(text=THINGS[11].lower()))
        until(tabs[0], f"{COUNT} === '12 scanned'")
        waits = open_bench(console, there=False)
        waits.evaluate(SENT.format(text="ACT DONE"))
        for tab in tabs:
            until(tab, f"{COUNT} === '0 scanned'")
        until(waits, "document.getElementById('unsent').innerText.includes('1 signed and not sent')")
    with device.opened() as console:
        tab = at_work(console)
        settled(tab)
        assert tab.evaluate(COUNT) == "0 scanned"
        assert "Nothing was scanned yet" in scan(tab, "ACT DONE")
    (said,) = device.said(HANDED)
    labels = {vial.item: vial.label for vial in device.story.vials}
    assert sorted(labels[one] for one in said["items"]) == list(THINGS)


def test_who_signs_has_been_shown_what_is_signed(device: Device) -> None:
    with device.opened() as console:
        tab = at_work(console)
        hands_over(tab)
        scan(tab, "AC-013")
        tab.evaluate(WITHOUT_A_WORD)
        assert "another tab of this browser has changed it meanwhile" in scan(tab, "ACT DONE")
        until(tab, f"{COUNT} === '2 scanned'")
        tab.evaluate(WITHOUT_A_WORD)
        tab.evaluate("document.getElementById('told-words').textContent = ''")
        press(tab, "#anew")
        until(tab, "document.getElementById('told').innerText.includes('has changed it meanwhile')")
        assert tab.evaluate(COUNT) == "2 scanned"
        press(tab, "#anew")
        until(tab, f"{COUNT} === '0 scanned'")
        scan(tab, "AC-014")
        assert "✓" in scan(tab, "ACT DONE")
        settled(tab)
        assert device.counts == [1]


def test_another_act_in_another_tab_neither_takes_nor_signs_what_is_gathered(device: Device) -> None:
    with device.opened() as console:
        one, other = at_work(console), at_work(console)
        assert "✓" in scan(other, "ACT ACCEPT")
        hands_over(one)
        scan(one, "AC-015")
        until(other, "!document.getElementById('elsewhere').hidden")
        for text in ("AC-016", "ACT MOVE", "ACT RECEIVE"):
            assert "Hand over is begun" in scan(other, text)
        assert "There is no card" in scan(other, "ACT DONE")
        assert "✓" in scan(one, "ACT DONE")
        until(other, "document.getElementById('elsewhere').hidden")
        assert "✓" in scan(other, "ACT MOVE")
        settled(one)
        assert device.counts == [1]


OLDER: Final = """import("/static/acts/keeping.js").then(({put}) => import("/static/acts/known.js").then(({meant}) =>
  put("begun", {act: "hand-over", expected: [], last: meant("AC-017", "item")[0].id, found:
    Object.fromEntries(["AC-017", "AC-018"].map((one) => [meant(one, "item")[0].id, "intact"]))})))"""
"""Leaves what a bench gathered before there was one list for all tabs."""


def test_what_an_older_version_of_the_page_has_gathered_is_gone_on_with_once(device: Device) -> None:
    with device.opened() as console:
        at_work(console).evaluate(OLDER)
        one, other = at_work(console), at_work(console)
        for tab in (one, other):
            assert tab.evaluate("document.getElementById('older-what').innerText") == "Hand over: 2 scanned"
        hands_over(one)
        scan(one, "AC-019")
        press(one, "#take-over")
        until(one, "document.getElementById('told').innerText.includes('Hand over is begun')")
        assert "✓" in scan(one, "ACT DONE")
        for tab in (one, other):
            press(tab, "#take-over")
            until(tab, "document.getElementById('older').hidden")
        until(one, f"{COUNT} === '2 scanned'")
        assert "✓" in scan(one, "act done")
        assert open_bench(console).evaluate("document.getElementById('older').hidden")
        settled(one)
    assert device.counts == [1, 2]


def test_what_the_first_of_two_persons_signed_is_left_once_though_the_browser_was_killed_first(
    device: Device,
) -> None:
    with in_a_browser(device.story.console.log, device.story.cast.first_lab.first, "t-08") as colleague:
        with device.opened() as console:
            tab = at_work(console)
            scan(tab, "ACT COUNT")
            tab.evaluate("""{ const one = document.getElementById("second");
              one.value = [...one.options].find((it) => it.text === "t-08").value;
              one.dispatchEvent(new Event("change")); document.getElementById("scan").focus(); }""")
            for text in ("F0/R1", "OS-1", "OS-2", "OS-3", "ACT DONE"):
                scan(tab, text)
            until(tab, "document.getElementById('sign').checkVisibility()")
            network(tab, there=False)
            press(tab, "#sign")
            until(tab, "document.getElementById('told').innerText.includes('not left for the second person')")
        with device.opened() as console:
            again, beside = at_work(console), at_work(console)
            assert "It is signed already" in scan(again, "AC-001")
            for one in (again, beside):
                press(one, "#leave-here")
            for one in (again, beside):
                until(one, f"{COUNT} === 'Scan what is counted: a freezer, a rack, a box'")
        inbox = colleague.form("/inbox")
        waiting = (
            "[...document.querySelectorAll('main a')].filter((one) => one.hash && one.pathname === '/cosign').length"
        )
        assert inbox.evaluate(waiting) == 1


def test_what_was_refused_is_signed_again_once(device: Device) -> None:
    with device.opened() as console:
        tabs = at_work(console), at_work(console)
        scan(tabs[0], "ACT USE")
        tabs[0].evaluate("""{ for (const [name, value] of [["project", "neutralisation-2026"], ["purpose", "teaching"],
          ["activity", "culture"]]) { const one = document.getElementById(name); one.value = value;
          one.dispatchEvent(new Event("change")); } document.getElementById("scan").focus(); }""")
        scan(tabs[0], "AC-020")
        for tab in tabs:
            until(tab, "document.querySelector('#list select')")
            tab.evaluate("""document.querySelectorAll('#list select').forEach((one) => {
              one.value = 'reported-to-customs'; })""")
        for tab in tabs:
            tab.evaluate(AGAIN)
        open_bench(console).evaluate(SENT.format(text=""))
        for tab in tabs:
            until(tab, "!document.querySelector('#list select')")
            settled(tab)
        assert len(device.said("item.used/1")) == 1
