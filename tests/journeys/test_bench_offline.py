"""The bench where there is no network: nothing that was scanned is lost, and nothing is recorded twice."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests import waiting
from tests.console.benches import RunningClock, network, open_bench, recorded, scan, settled
from tests.console.browsing import Console
from tests.console.keyed import saved, until, with_key
from tests.console.played import Played, played
from tests.journeys.chromium import chromium
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.chromium import Tab
    from tests.servers import Servers

pytestmark = pytest.mark.browser

MOVED: Final = "item.moved/1"
ITEMS: Final = ("AC-001", "AC-002", "AC-003", "AC-004", "AC-005")


@pytest.fixture
def story(servers: Servers, tmp_path: Path) -> Iterator[Played]:
    """The story, told, and a browser whose profile stays when it is killed; its technician works at the bench."""
    clock = RunningClock()
    with chromium(tmp_path / "profile") as browser, played(servers.get(EMBEDDED), tmp_path, browser, clock) as story:
        clock.run()
        with_key(story.console, story.cast.first_lab.first, "t-07")
        yield story


def at_work(console: Console, *, there: bool = True) -> Tab:
    tab = open_bench(console, there=there)
    if there:
        tab.evaluate("""{ const one = document.getElementById("place"); one.value = "site:first-lab";
          one.dispatchEvent(new Event("change")); document.getElementById("scan").focus(); }""")
        tab.evaluate(
            "new Promise((done) => { const look = async () => (await (await caches.open('vialog-bench'))"
            ".match('/bench/pin')) ? done(true) : setTimeout(look, 50); look(); })"
        )
    return tab


def moves(console: Console) -> list[dict[str, Any]]:
    found = []
    for one in recorded(console, MOVED):
        envelope = json.loads(one.entry[one.entry.index(b'{"payload"') :])
        said = json.loads(base64.b64decode(envelope["payload"]))
        if said["signers"][0]["person"] == "t-07":
            found.append(said)
    return found


def move(tab: Tab, numbers: range) -> None:
    """Scan moves: the position of the first, then things in turn; the bench counts the positions on."""
    assert "✓" in scan(tab, f"F6/R1/B1/{numbers[0]}")
    for number in numbers:
        said = scan(tab, ITEMS[number % len(ITEMS)])
        assert "Signed and kept" in said, said


def test_fifty_scans_without_network_and_a_browser_that_is_killed_are_fifty_statements_none_twice(
    servers: Servers, tmp_path: Path
) -> None:
    clock, profile = RunningClock(), tmp_path / "profile"
    with chromium() as any_one, played(servers.get(EMBEDDED), tmp_path, any_one, clock) as story:
        clock.run()
        with chromium(profile) as first:
            console = Console(story.console.log, first)
            with_key(console, story.cast.first_lab.first, "t-07")
            tab = at_work(console)
            network(tab, there=False)
            assert "✓" in scan(tab, "ACT MOVE")
            move(tab, range(1, 26))
            until(tab, "document.getElementById('unsent').innerText.includes('25 signed and not sent')")
            assert moves(console) == []
        # Here the browser is killed, as at the end of every such block: it is not asked to end.
        with chromium(profile) as second:
            console = Console(story.console.log, second)
            again = at_work(console, there=False)
            until(again, "document.getElementById('unsent').innerText.includes('25 signed and not sent')")
            move(again, range(26, 51))
            network(again, there=True)
            again.evaluate("dispatchEvent(new Event('online'))")
            settled(again)
            found = moves(console)
            assert [one["body"]["items"][0]["place"] for one in found] == [f"F6/R1/B1/{one}" for one in range(1, 51)]
            assert [one["capture"]["seq"] for one in found] == list(range(1, 51))
            assert len({one["id"] for one in found}) == 50
            assert {one["capture"]["mode"] for one in found} == {"offline"}


def test_an_answer_that_is_lost_is_asked_for_again_and_recorded_once(story: Played) -> None:
    tab = at_work(story.console)
    tab.evaluate("""{ const real = fetch; let lost = 0;
      globalThis.fetch = async (...asked) => { const answer = await real(...asked);
        if (asked[0] === "/v1/statements" && lost++ === 0) throw new TypeError("lost");
        return answer; }; }""")
    scan(tab, "ACT MOVE")
    move(tab, range(1, 3))
    settled(tab)
    assert len(moves(story.console)) == 2


def test_two_tabs_sign_and_send_side_by_side_and_nothing_is_doubled_or_left_out(story: Played) -> None:
    one, other = at_work(story.console), at_work(story.console)
    scan(one, "ACT MOVE")
    scan(other, "ACT MOVE")
    for number in range(1, 9):
        scan(one, f"F6/R1/B1/{number}")
        scan(one, ITEMS[0])
        scan(other, f"F6/R2/B1/{number}")
        scan(other, ITEMS[1])
    settled(one)
    settled(other)
    found = moves(story.console)
    assert sorted(said["capture"]["seq"] for said in found) == list(range(1, 17))
    assert len({said["capture"]["device"] for said in found}) == 1


FILLED: Final = """import("/static/acts/keeping.js").then(async ({put}) => {
  let number = 0;
  for (let size = 8e6; size >= 1; size /= 2) {
    for (let fits = true; fits; number += 1) {
      const noise = Array.from({length: size / 8}, () => Math.random()).join("").slice(0, size);
      fits = await put(`filler ${number}`, noise).then(() => true, () => false);
    }
  } })"""
"""Fills what room the browser gives, to the last byte."""


def test_where_there_is_no_room_it_is_told_and_nothing_counts_as_scanned(story: Played) -> None:
    tab = at_work(story.console)
    scan(tab, "ACT MOVE")
    scan(tab, "F6/R1/B1/1")
    tab.call("Storage.overrideQuotaForOrigin", origin=story.console.origin, quotaSize=30_000_000)
    tab.evaluate(FILLED)
    said = scan(tab, ITEMS[0])
    assert "NOT KEPT" in said
    assert "✗" in said
    tab.call("Storage.overrideQuotaForOrigin", origin=story.console.origin)
    assert "Signed and kept" in scan(tab, ITEMS[1])
    settled(tab)
    (said,) = [one["body"]["items"][0]["place"] for one in moves(story.console)]
    assert said == "F6/R1/B1/1"


def test_a_session_that_has_ended_loses_nothing_and_holds_nothing_up(story: Played) -> None:
    tab = at_work(story.console)
    network(tab, there=False)
    scan(tab, "ACT MOVE")
    move(tab, range(1, 4))
    story.console.forget()
    again = open_bench(story.console)
    assert not again.evaluate("document.getElementById('stranger').hidden")
    settled(again)
    assert len(moves(story.console)) == 3
    assert "Signed and kept" in scan(again, ITEMS[0])
    settled(again)
    assert len(moves(story.console)) == 4


OLDER: Final = """(async () => {
  const pins = await caches.open("vialog-bench");
  const now = await (await pins.match("/bench/pin")).text();
  const [newest, older] = [await caches.open(`vialog-bench-${now}`), await caches.open("vialog-bench-older")];
  for (const request of await newest.keys()) {
    const answer = await newest.match(request, {ignoreVary: true});
    const headers = answer.headers;
    const text = (await answer.text()).replaceAll(now, "older");
    await older.put(request.url, new Response(text, {headers}));
  }
  await pins.put("/bench/pin", new Response("older"));
})()"""
"""Lets the browser keep a bench of another version, as one is that was kept before the service got a newer one."""
PINNED: Final = "caches.open('vialog-bench').then((one) => one.match('/bench/pin')).then((one) => one.text())"
RUNNING: Final = "document.getElementById('bench').dataset.version"


def reloaded(tab: Tab) -> str:
    """Wait until the bench has loaded itself anew as another version, and return that."""
    waiting.until(lambda: _running(tab) != "older")
    return _running(tab)


def _running(tab: Tab) -> str:
    try:
        return str(tab.evaluate(f"document.getElementById('bench') ? {RUNNING} : 'older'"))
    except RuntimeError:  # between two pages there is none to ask
        return "older"


def test_a_newer_bench_is_not_taken_before_everything_is_sent(story: Played) -> None:
    tab = at_work(story.console)
    tab.evaluate(OLDER)
    network(tab, there=False)
    scan(tab, "ACT MOVE")
    move(tab, range(1, 3))
    kept = at_work(story.console, there=False)
    assert kept.evaluate(RUNNING) == "older"
    tab.call("Page.close")
    kept.evaluate("""{ const real = fetch; globalThis.fetch = (...asked) =>
      asked[0] === "/v1/statements" ? Promise.reject(new TypeError("away")) : real(...asked); }""")
    network(kept, there=True)
    waiting = 'import("/static/acts/offline.js").then(({keepPage}) => keepPage("older", async () => false))'
    assert kept.evaluate(waiting) is True
    assert kept.evaluate(PINNED) == "older"
    sent = open_bench(story.console)
    settled(sent)
    assert len(moves(story.console)) == 2
    newest = open_bench(story.console)
    assert reloaded(newest) not in {"", "older"}


def test_what_is_not_recorded_can_be_saved_as_a_file_that_the_program_records(story: Played, tmp_path: Path) -> None:
    tab = at_work(story.console)
    network(tab, there=False)
    scan(tab, "ACT MOVE")
    move(tab, range(1, 4))
    until(tab, "document.getElementById('unsent').innerText.includes('3 signed and not sent')")
    lines = saved(story.console, tab, "#export", tmp_path).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    for line in lines:
        assert story.console.log.ask("POST", "/v1/statements", line.encode()).status == 201
    network(tab, there=True)
    tab.evaluate("dispatchEvent(new Event('online'))")
    settled(tab)
    assert len(moves(story.console)) == 3
