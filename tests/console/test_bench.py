"""The bench: what a scanner does to it, what is signed, what is told; with the network there."""

from __future__ import annotations

import base64
import json
import re
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.console.acts.bench import FILES, version
from api.console.static_files import content_of
from tests.console.benches import arrived, open_bench, press, recorded, scan, settled, working
from tests.console.browsing import WIDTHS
from tests.console.keyed import until, with_key
from tests.console.played import Played
from tests.console.test_pages import AXE, LATIN, OUTSIDE, VIOLATED
from tests.journeys.chromium import chromium
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.store.port import Recorded
    from tests.journeys.chromium import Browser, Tab
    from tests.servers import Servers

pytestmark = pytest.mark.browser

LISTED: Final = """[...document.querySelectorAll('#list li')].some((one) =>
  one.innerText.includes('{text}') && one.innerText.includes('{state}'))"""


@pytest.fixture(scope="module")
def story(servers: Servers, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The story, told; a technician of the first laboratory works at the bench."""
    folder = tmp_path_factory.mktemp("bench")
    with working(servers.get(EMBEDDED), folder, browser, lambda cast: cast.first_lab.first, "t-07") as story:
        yield story


def said_of(recorded: Recorded) -> dict[str, Any]:
    envelope = json.loads(recorded.entry[recorded.entry.index(b'{"payload"') :])
    said: dict[str, Any] = json.loads(base64.b64decode(envelope["payload"]))
    return said


def places(tab: Tab, place: str = "site:first-lab") -> None:
    tab.evaluate(f"""{{ const one = document.getElementById("place"); one.value = {place!r};
      one.dispatchEvent(new Event("change")); document.getElementById("scan").focus(); }}""")


def test_twenty_items_are_received_in_at_most_twenty_two_scans(
    servers: Servers, browser: Browser, tmp_path: Path
) -> None:
    with arrived(servers.get(EMBEDDED), tmp_path, browser) as (console, cast, vials):
        console.forget()
        with_key(console, cast.first_lab.first, "t-07")
        tab = open_bench(console, "/bench?lang=en#receive")
        places(tab)
        scans = [vials[0].consignment, *(one.label for one in vials), "ACT DONE"]
        assert len(scans) == 22
        heard = [scan(tab, text) for text in scans]
        assert "20 of 20 received" in heard[20]
        assert "Signed and kept" in heard[21]
        settled(tab)
        (receipt,) = recorded(console, "item.received/1")[-1:]
        body = said_of(receipt)["body"]
        assert [one["item"] for one in body["items"]] == [one.item for one in vials]
        assert {one["condition"] for one in body["items"]} == {"intact"}
        assert tab.evaluate("document.activeElement.id") == "scan"
        assert tab.complaints() == []


def test_what_is_damaged_missing_or_not_expected_is_told_and_stated(
    servers: Servers, browser: Browser, tmp_path: Path
) -> None:
    with arrived(servers.get(EMBEDDED), tmp_path, browser) as (console, cast, vials):
        console.forget()
        with_key(console, cast.first_lab.first, "t-07")
        tab = open_bench(console, "/bench?lang=en#receive")
        places(tab)
        assert "20 to be received" in scan(tab, "AWB-784-1077")
        assert "1 of 20" in scan(tab, "AB-001")
        assert "damaged" in scan(tab, "ACT DAMAGED")
        assert "scanned already" in scan(tab, "AB 001".replace(" ", "-").lower() + " ")
        assert "nothing here is called so" in scan(tab, "PL-999")
        for one in vials[1:18]:
            scan(tab, one.label)
        assert "2 were not scanned" in scan(tab, "ACT DONE")
        again = open_bench(console)
        assert "18 of 20 received" in again.evaluate("document.getElementById('gathered-count').textContent")
        press(again, "#absent")
        until(again, "document.querySelector('#list .console-scan--refused')")
        text = again.evaluate("document.getElementById('list').innerText")
        assert "RCP-05" in text
        assert "missing: AB-019 · AB-020" in text, "a person knows what is printed on a tube, and no id"
        assert "item:" not in text
        assert "WS 233-2017" in text
        again.evaluate(
            "document.querySelectorAll('#list select').forEach((one) => { one.value = 'reported-to-customs'; })"
        )
        again.evaluate("document.querySelector('#list .govuk-button--warning').click()")
        until(again, "document.querySelector('#list .console-scan--recorded')")
        body = said_of(recorded(console, "item.received/1")[-1])["body"]
        conditions = {one["item"]: one["condition"] for one in body["items"]}
        assert conditions[vials[0].item] == "damaged"
        assert [conditions[one.item] for one in vials[18:]] == ["missing", "missing"]


def test_a_thing_goes_to_the_position_that_was_scanned_and_the_next_one_behind_it(story: Played) -> None:
    tab = open_bench(story.console)
    places(tab)
    for text in ("ACT MOVE", "F5/R1/B1/01", "AC-001", "AC-002"):
        scan(tab, text)
    settled(tab)
    moved = [said_of(one)["body"] for one in recorded(story.console, "item.moved/1")[-2:]]
    assert [one["items"][0]["place"] for one in moved] == ["F5/R1/B1/01", "F5/R1/B1/02"]
    assert tab.evaluate("document.getElementById('next-position').textContent") == "F5/R1/B1/03"
    until(tab, LISTED.format(text="Move: AC-002 → F5/R1/B1/02", state="Recorded"))
    assert tab.complaints() == []


def test_a_double_scan_counts_once_and_a_list_that_is_pasted_as_often_as_it_has_lines(story: Played) -> None:
    tab = open_bench(story.console)
    places(tab)
    scan(tab, "ACT ACCEPT")
    twice = """(async () => { const field = document.getElementById("scan");
      const enter = () => field.dispatchEvent(
        new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true}));
      for (const _ of [1, 2]) { field.value = "AC-003"; enter(); }
      await new Promise((done) => setTimeout(done, 300));
      return document.querySelectorAll("#gathered li").length; })()"""
    assert tab.evaluate(twice) == 1
    assert "AC-003: 1 scanned" in tab.evaluate("document.getElementById('told').innerText")
    pasted = """{ const data = new DataTransfer(); data.setData("text", "AC-004\\nAC-005\\r\\nAC-008\\n");
      const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
      document.getElementById("scan").dispatchEvent(paste); }"""
    tab.evaluate(pasted)
    until(tab, "document.querySelectorAll('#gathered li').length === 4")
    for _ in range(4):
        before = tab.evaluate("document.querySelectorAll('#gathered li').length")
        tab.evaluate("document.querySelector('#gathered button').click()")
        until(tab, f"document.querySelectorAll('#gathered li').length < {before}")


def test_the_enter_of_an_input_method_is_none_of_the_scanners_and_says_what_to_do(story: Played) -> None:
    tab = open_bench(story.console)
    tab.evaluate("""{ const field = document.getElementById("scan"); field.value = "AC-003";
      const enter = {key: "Enter", isComposing: true, bubbles: true, cancelable: true};
      field.dispatchEvent(new KeyboardEvent("keydown", enter)); }""")
    said = tab.evaluate("document.getElementById('told').innerText")
    assert "Switch the input method to English" in said
    assert "请切换为英文" in said
    assert tab.evaluate("document.getElementById('scan').value") == "AC-003"


def test_what_is_refused_is_told_in_words_holds_up_nothing_and_what_was_wrong_is_taken_back_by_a_statement(
    story: Played,
) -> None:
    tab = open_bench(story.console)
    places(tab)
    for text in ("ACT RETURN", "F5/R2/B1/1", "AC-009", "ACT MOVE", "F5/R2/B1/1", "AC-010"):
        scan(tab, text)
    settled(tab)
    until(tab, LISTED.format(text="STK-04", state="not recorded"))
    until(tab, LISTED.format(text="Move: AC-010", state="Recorded"))
    press(tab, "#list .console-scan--recorded button")
    until(tab, LISTED.format(text="Undo: Move: AC-010", state="Recorded"))
    settled(tab)
    moved, voided = recorded(story.console, "item.moved/1")[-1], recorded(story.console, "statement.voided/1")[-1]
    assert said_of(voided)["body"] == {"statement": moved.statement, "ground": "wrong-item"}
    until(tab, "document.activeElement.id === 'scan'")


def test_goods_go_from_one_organisation_to_another_each_at_its_own_bench(
    story: Played,
) -> None:

    tab = open_bench(story.console)
    places(tab)
    scan(tab, "ACT HAND-OVER")
    tab.evaluate("""{ const one = document.getElementById("receiver"); one.value = "party:second-lab";
      one.dispatchEvent(new Event("change")); document.getElementById("scan").focus(); }""")
    for text in ("AC-017", "AC-018"):
        assert "✓" in scan(tab, text)
    scan(tab, "ACT DONE")
    settled(tab)
    kinds = [said_of(one) for one in recorded(story.console, "custody.handed-over/1")[-1:]]
    assert [one["body"]["count"] for one in kinds] == [2], tab.evaluate("document.getElementById('list').innerText")
    with chromium() as other:
        theirs = type(story.console)(story.console.log, other)
        with_key(theirs, story.cast.second_lab.second, "s-01")
        bench = open_bench(theirs)
        scan(bench, "ACT ACCEPT")
        bench.evaluate("""{ const one = document.getElementById("giver"); one.value = "party:first-lab";
          one.dispatchEvent(new Event("change")); document.getElementById("scan").focus(); }""")
        for text in ("AC-017", "AC-018", "ACT DONE"):
            assert "✓" in scan(bench, text)
        settled(bench)
        accepted = said_of(recorded(story.console, "custody.accepted/1")[-1])
        assert (accepted["signers"][0]["party"], accepted["body"]["giver"]) == ("party:second-lab", "party:first-lab")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_bench_can_be_used_by_everybody_at_every_width_also_after_an_error(story: Played, language: str) -> None:
    tab = open_bench(story.console, f"/bench?lang={language}")
    places(tab)
    for text in ("ACT MOVE", "F5/R9/B2/1", "AC-099"):
        scan(tab, text)
    tab.evaluate(AXE)
    found = {}
    for act in ("MOVE", "USE", "RECEIVE"):
        scan(tab, f"ACT {act}")
        for width in WIDTHS:
            tab.resize(width, 800)
            found[f"{act} {width}"] = tab.evaluate(VIOLATED)
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    assert {name: one for name, one in found.items() if one} == {}
    assert tab.evaluate(OUTSIDE) == []
    if language == "zh":
        assert tab.evaluate(LATIN) == []


def test_what_a_bench_knows_is_in_the_language_of_its_page_whatever_the_browser_was_told_since(story: Played) -> None:
    bench = open_bench(story.console, "/bench?lang=zh")
    story.console.open("/worklist?lang=en").call("Page.close")
    asked = "import('/static/acts/known.js').then((known) => known.ask().then(() => known.who().called))"
    assert bench.evaluate(asked) == "第一转化医学实验室"


def test_the_keyboard_alone_reaches_everything_and_the_focus_returns_to_the_scan_field(story: Played) -> None:
    tab = open_bench(story.console)
    assert tab.evaluate("document.activeElement.id") == "scan"
    press(tab, "[data-act=move]")
    until(tab, "document.activeElement.id === 'scan'")
    reachable = """[...document.querySelectorAll("#bench :is(button, select, input, a[href], summary)")]
      .filter((one) => one.checkVisibility()).every((one) => one.tabIndex >= 0)"""
    assert tab.evaluate(reachable)
    tab.evaluate("document.querySelector('main').click()")
    assert tab.evaluate("document.activeElement.id") == "scan"


def test_the_version_of_a_bench_is_that_of_all_its_files(story: Played) -> None:
    said = json.loads(story.console.log.get("/bench/version").body)
    assert said["version"] == version()
    scripts = {f"/static/{name}" for name in FILES}
    assert set(said["files"]) == scripts
    imported = {
        normpath(join(dirname(name), one))
        for name in FILES
        if name.endswith(".js")
        for one in re.findall(r'from "([^"]+)"', content_of(name).decode())
    }
    assert imported <= set(FILES)
