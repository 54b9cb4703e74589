"""The bench where things are divided, joined, counted and destroyed: what is scanned, what is signed, what not."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.console.acting import in_a_browser
from tests.console.benches import network, open_bench, press, recorded, scan, settled, working
from tests.console.browsing import WIDTHS
from tests.console.keyed import until
from tests.console.played import Played
from tests.console.test_pages import AXE, LATIN, OUTSIDE, VIOLATED
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.console.acting import Person
    from tests.journeys.chromium import Browser, Tab
    from tests.servers import Servers

pytestmark = pytest.mark.browser

BECAUSE: Final = """document.querySelectorAll('#told-breaches select').forEach((one) => {
  one.value = 'reported-to-customs'; })"""
LEADS: Final = """[...document.querySelectorAll('main a')].map((one) => one.getAttribute('href'))
  .find((one) => one.startsWith('/cosign#'))"""
USED: Final = {"project": "neutralisation-2026", "purpose": "research", "activity": "inactivated"}
TOLD: Final = "!document.getElementById('together').hidden"
SITE: Final = "site:first-lab"


@pytest.fixture(scope="module")
def story(servers: Servers, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The story, told; a technician of the first laboratory works at the bench."""
    folder = tmp_path_factory.mktemp("makes")
    with working(servers.get(EMBEDDED), folder, browser, lambda cast: cast.first_lab.first, "t-07") as story:
        yield story


@pytest.fixture(scope="module")
def colleague(story: Played) -> Iterator[Person]:
    """A second technician, at a computer of their own."""
    with in_a_browser(story.console.log, story.cast.first_lab.first, "t-08") as person:
        yield person


def choose(tab: Tab, **said: str) -> None:
    """Say something beside the scan field, as a person does."""
    for name, value in said.items():
        tab.evaluate(f"""{{ const one = document.getElementById({name!r}); one.value = {value!r};
          one.dispatchEvent(new Event("change")); document.getElementById("scan").focus(); }}""")


def choose_second(tab: Tab, person: str) -> None:
    options = "[...document.getElementById('second').options]"
    choose(tab, second=tab.evaluate(f"{options}.find((one) => one.text === {person!r}).value"))


def bodies(story: Played, kind: str) -> list[Any]:
    found = []
    for one in recorded(story.console, kind):
        envelope = json.loads(one.entry[one.entry.index(b'{"payload"') :])
        found.append(json.loads(base64.b64decode(envelope["payload"])))
    return found


def text_of(tab: Tab, ident: str) -> str:
    said: str = tab.evaluate(f"document.getElementById({ident!r}).innerText")
    return said


def test_a_tube_is_divided_with_a_scan_for_each_new_one_and_what_stays_is_computed(story: Played) -> None:
    tab = open_bench(story.console, "/bench?lang=en#aliquot")
    choose(tab, place=SITE, quantity="0.2 mL", loss="0.05 mL")
    assert "AC-001 is divided" in scan(tab, "AC-001")
    assert "new tube 1" in scan(tab, "AC-001-A")
    assert "called so already" in scan(tab, "ac-001-a ")
    assert "called so already" in scan(tab, "AC-002")
    assert "new tube 2" in scan(tab, "AC-001-B")
    assert "It held 0.75 mL; in it stays 0.3 mL." in text_of(tab, "gathered-beside")
    assert "✓" in scan(tab, "ACT DONE")
    settled(tab)
    said = bodies(story, "item.aliquoted/1")[-1]["body"]
    assert [(one["label"], one["quantity"]) for one in said["children"]] == [
        ("AC-001-A", {"value": "0.2", "unit": "mL"}),
        ("AC-001-B", {"value": "0.2", "unit": "mL"}),
    ]
    assert (said["residual"]["value"], said["loss"]["value"]) == ("0.3", "0.05")
    for text in ("ACT STORE", "F5/R2/B1/1", "AC-001-A", "AC-001-B"):
        assert "✓" in scan(tab, text)
    settled(tab)
    stored = bodies(story, "item.stored/1")[-2:]
    assert [one["body"]["items"][0]["item"] for one in stored] == [one["item"] for one in said["children"]]
    assert tab.evaluate("document.activeElement.id") == "scan"
    assert tab.complaints() == []


def test_more_than_there_is_is_not_signed_and_what_nobody_knows_is_asked_for(story: Played) -> None:
    tab = open_bench(story.console, "/bench?lang=en#aliquot")
    choose(tab, place=SITE, quantity="half a drop")
    assert "no amount" in scan(tab, "AC-005")
    choose(tab, quantity="0.4 mL")
    for text in ("AC-006", "AC-006-A", "AC-006-B"):
        assert "✓" in scan(tab, text)
    assert "does not hold so much" in scan(tab, "ACT DONE")
    tab.evaluate("document.querySelector('#gathered button').click()")
    until(tab, "document.querySelectorAll('#gathered li').length === 1")
    tab.evaluate("import('/static/acts/known.js').then(({meant}) => { meant('AC-006', 'item')[0].amount = null; })")
    assert "✓" in scan(tab, "AC-006-C")
    assert "say below what stays in it" in scan(tab, "ACT DONE")
    tab = open_bench(story.console, "/bench?lang=en#aliquot")
    choose(tab, residual="0.35 mL", loss="0 mL")
    press(tab, "#anew")
    until(tab, "!document.querySelector('#gathered li') && document.getElementById('residual').value === ''")
    choose(tab, quantity="0.3 mL")
    for text in ("AC-006", "AC-006-D"):
        assert "✓" in scan(tab, text)
    choose(tab, residual="0.4 mL")
    assert "AC-006 held 0.75 mL, and what you say comes to 0.7 mL" in scan(tab, "ACT DONE")
    press(tab, "#anew")
    until(tab, "!document.querySelector('#gathered li')")
    before = len(bodies(story, "item.aliquoted/1"))
    settled(tab)
    assert len(bodies(story, "item.aliquoted/1")) == before


def test_what_is_said_in_another_unit_is_told_as_it_counts_before_it_is_signed(story: Played) -> None:
    tab = open_bench(story.console, "/bench?lang=en#use")
    choose(tab, place=SITE, quantity="50 µL", **USED)
    before = len(bodies(story, "item.used/1"))
    assert "AC-013: 50 uL counts as 0.05 mL" in scan(tab, "AC-013")
    assert "Signed" in scan(tab, "ac-013")
    assert "Use AC-014 · 50 uL = 0.05 mL" in scan(tab, "AC-014")
    choose(tab, quantity="5 mg")
    said = scan(tab, "AC-015")
    assert "AC-015 is recorded in mL, and 5 mg is no amount in it: mg and mL measure different things" in said
    choose(tab, quantity="0.0000005 uL")
    assert "more than nine digits" in scan(tab, "ac-015")
    settled(tab)
    used = [one["body"]["quantity"] for one in bodies(story, "item.used/1")[before:]]
    assert used == [{"value": "50", "unit": "uL"}] * 2
    scan(tab, "ACT ALIQUOT")
    choose(tab, quantity="100 uL", loss="")
    for text in ("AC-014", "AC-014-A"):
        assert "✓" in scan(tab, text)
    assert "AC-014-A · 100 uL = 0.1 mL" in text_of(tab, "gathered")
    assert "in it stays 0.6 mL" in text_of(tab, "gathered-beside")
    choose(tab, quantity="1 mg")
    assert "is recorded in mL" in scan(tab, "AC-014-B")
    assert "✓" in scan(tab, "ACT DONE")
    scan(tab, "ACT POOL")
    choose(tab, quantity="20 uL", loss="0.001 mL")
    for text in ("AC-014", "AC-014-A", "ACT NEW", "POOL-80", "ACT DONE"):
        assert "✓" in scan(tab, text), text
    settled(tab)
    assert bodies(story, "item.aliquoted/1")[-1]["body"]["residual"] == {"value": "0.6", "unit": "mL"}
    assert bodies(story, "item.pooled/1")[-1]["body"]["output"]["quantity"] == {"value": "39", "unit": "uL"}
    assert "not recorded" not in text_of(tab, "list")


def test_an_undone_division_is_voided_and_its_tubes_are_not_known_any_more(story: Played) -> None:
    tab = open_bench(story.console, "/bench?lang=en#aliquot")
    choose(tab, place=SITE, quantity="0.1 mL", loss="")
    for text in ("AC-007", "AC-007-A", "ACT DONE"):
        assert "✓" in scan(tab, text)
    settled(tab)
    made = bodies(story, "item.aliquoted/1")[-1]
    press(tab, "#list [aria-label='Undo: Aliquot: 1 scanned · AC-007']")
    until(tab, "document.getElementById('list').innerText.includes('Undo: Aliquot: 1 scanned · AC-007')")
    settled(tab)
    assert bodies(story, "statement.voided/1")[-1]["body"]["statement"] == made["id"]
    scan(tab, "ACT MOVE")
    scan(tab, "F5/R2/B9/1")
    assert "nothing here is called so" in scan(tab, "AC-007-A")


def test_things_are_pooled_without_network_and_the_new_tube_is_known_at_once(story: Played) -> None:
    before = bodies(story, "item.pooled/1")
    tab = open_bench(story.console, "/bench?lang=en")
    network(tab, there=False)
    scan(tab, "ACT POOL")
    choose(tab, place=SITE, quantity="0.1 mL", loss="0.01 mL")
    for text in ("AC-002", "AC-003", "AC-004"):
        assert "✓" in scan(tab, text)
    assert "nothing here is called so" in scan(tab, "POOL-77")
    assert "First the new tube" in scan(tab, "ACT DONE")
    for text in ("ACT NEW", "POOL-77", "ACT DONE"):
        assert "✓" in scan(tab, text)
    for text in ("ACT ALIQUOT",):
        scan(tab, text)
    choose(tab, quantity="0.04 mL", loss="")
    for text in ("POOL-77", "POOL-77-A", "POOL-77-B", "ACT DONE"):
        assert "✓" in scan(tab, text)
    until(tab, "document.getElementById('unsent').innerText.includes('2 signed and not sent')")
    assert bodies(story, "item.pooled/1") == before
    network(tab, there=True)
    tab.evaluate("dispatchEvent(new Event('online'))")
    settled(tab)
    pooled = bodies(story, "item.pooled/1")[-1]
    assert pooled["capture"]["mode"] == "offline"
    assert pooled["body"]["output"]["quantity"] == {"value": "0.29", "unit": "mL"}
    divided = bodies(story, "item.aliquoted/1")[-1]["body"]
    assert divided["parent"] == pooled["body"]["output"]["item"]
    assert divided["residual"] == {"value": "0.21", "unit": "mL"}


def test_things_are_used_without_network_by_the_amount_that_is_said_once(story: Played) -> None:
    tab = open_bench(story.console, "/bench?lang=en#use")
    choose(tab, place=SITE, quantity="0.05 mL", **USED)
    network(tab, there=False)
    for text in ("AC-011", "AC-012"):
        assert "✓" in scan(tab, text)
    network(tab, there=True)
    tab.evaluate("dispatchEvent(new Event('online'))")
    settled(tab)
    used = bodies(story, "item.used/1")[-2:]
    assert {one["capture"]["mode"] for one in used} == {"offline"}
    assert {one["body"]["quantity"]["value"] for one in used} == {"0.05"}


def test_a_position_that_is_taken_is_told_before_it_is_used(story: Played) -> None:
    tab = open_bench(story.console, "/bench?lang=en")
    choose(tab, place=SITE)
    scan(tab, "ACT MOVE")
    said = scan(tab, "F5/R9/B1/013")
    assert "✗" in said
    assert "AC-013 stands there" in said
    scan(tab, "F5/R9/B1/26")
    assert "✓" in scan(tab, "AC-015")
    scan(tab, "F5/R9/B1/8")
    assert "(taken: AC-008)" in text_of(tab, "next")
    scan(tab, "F5/R9/B1/15")
    assert "✓" in scan(tab, "AC-016")
    scan(tab, "F5/R9/B1/16")
    assert "✓" in scan(tab, "AC-015")
    settled(tab)
    before = len(bodies(story, "item.moved/1"))
    assert "F5/R9/B1/17 (taken: AC-017)" in text_of(tab, "next")
    assert "AC-017 stands there" in scan(tab, "AC-018")
    settled(tab)
    assert len(bodies(story, "item.moved/1")) == before


def cosigned(story: Played, colleague: Person) -> None:
    """Let the second person sign what waits for them, as they find it in their inbox."""
    inbox = colleague.form("/inbox")
    address = inbox.evaluate(LEADS)
    assert address, inbox.evaluate("document.querySelector('main').innerText")
    said = colleague.signs(colleague.form(address))
    assert [one["person"] for one in said["signers"]] == ["t-07", "t-08"]


def test_a_box_is_counted_against_the_record_and_the_second_person_signs_what_was_told(
    story: Played, colleague: Person
) -> None:
    tab = open_bench(story.console, "/bench?lang=en#count")
    choose(tab, place=SITE)
    assert "First say below" in scan(tab, "F0/R1")
    choose_second(tab, "t-08")
    assert "nothing stands there" in scan(tab, "F77")
    assert "3 to be found" in scan(tab, "f0")
    assert "1 of 3 found" in scan(tab, "OS-1")
    choose(tab, quantity="1 mg")
    assert "is recorded in uL, and 1 mg is no amount in it" in scan(tab, "OS-2")
    choose(tab, quantity="0.75 mL")
    assert "2 of 3 found" in scan(tab, "os-2")
    assert "OS-2 · 0.75 mL = 750 uL" in text_of(tab, "gathered")
    choose(tab, quantity="")
    assert "scanned already" in scan(tab, "Os-2")
    assert "on record elsewhere (F5/R9/B1/19)" in scan(tab, "AC-019")
    assert "Put it aside" in scan(tab, "ZZ-1")
    assert "AC-019 (F5/R9/B1/19) · ZZ-1 (?)" in text_of(tab, "gathered-beside")
    assert "1 were not scanned" in scan(tab, "ACT DONE")
    again = open_bench(story.console)
    assert "3 scanned, 3 on record" in text_of(again, "gathered-count")
    network(again, there=False)
    press(again, "#absent")
    until(again, "document.getElementById('told').innerText.includes('needs the network')")
    network(again, there=True)
    press(again, "#absent")
    until(again, TOLD)
    assert "STK-07" in text_of(again, "told-breaches")
    assert again.evaluate("document.getElementById('sign').hidden")
    press(again, "#tell-again")
    until(again, "document.getElementById('told').innerText.includes('Choose why')")
    again.evaluate(BECAUSE)
    press(again, "#tell-again")
    until(again, "!document.getElementById('sign').hidden")
    assert "OS-3" in text_of(again, "told-sentence")
    assert "statement" not in text_of(again, "digest")
    before = len(bodies(story, "stock.counted/1"))
    press(again, "#sign")
    until(again, "document.getElementById('list').innerText.includes('waits for the second person')")
    assert len(bodies(story, "stock.counted/1")) == before
    until(again, "document.activeElement.id === 'scan'")
    cosigned(story, colleague)
    said = bodies(story, "stock.counted/1")[-1]
    counted = [one["counted"] for one in said["body"]["items"] if "counted" in one]
    assert counted == [{"value": "0.75", "unit": "mL"}]
    labels = {one["item"]: one["present"] for one in said["body"]["items"]}
    assert sorted(labels.values()) == [False, True, True, True]
    assert [one["reason"] for one in said["acknowledges"]] == ["reported-to-customs"]


def test_things_are_destroyed_before_a_second_person_who_signs_the_same_bytes(story: Played, colleague: Person) -> None:
    tab = open_bench(story.console, "/bench?lang=en#dispose")
    choose(tab, place=SITE, method="autoclave", indicator="passed", cycle="2026-1177", equipment="autoclave-3")
    choose_second(tab, "t-08")
    for text in ("AC-022", "AC-023"):
        assert "✓" in scan(tab, text)
    scan(tab, "ACT DONE")
    until(tab, TOLD)
    assert "DST-02" in text_of(tab, "told-breaches")
    choose(tab, quantity="1 mg")
    assert "is recorded in mL, and 1 mg is no amount in it" in scan(tab, "AC-024")
    choose(tab, quantity="40 uL")
    assert "✓" in scan(tab, "ac-024")
    assert "AC-024 · 40 uL = 0.04 mL" in text_of(tab, "gathered")
    assert not tab.evaluate(TOLD)
    scan(tab, "ACT DONE")
    until(tab, TOLD)
    tab.evaluate(BECAUSE)
    press(tab, "#tell-again")
    until(tab, "!document.getElementById('sign').hidden")
    press(tab, "#sign")
    until(tab, "document.getElementById('told').innerText.includes('Signed, and left for t-08')")
    assert tab.evaluate("document.getElementById('cycle').value") == ""
    cosigned(story, colleague)
    said = bodies(story, "item.destroyed/1")[-1]["body"]
    assert len(said["items"]) == 3
    assert [one["quantity"] for one in said["items"] if "quantity" in one] == [{"value": "40", "unit": "uL"}]
    assert (said["method"], said["cycle"], said["indicator"]) == ("autoclave", "2026-1177", "passed")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_gathered_and_told_can_be_used_by_everybody_at_every_width(
    story: Played, colleague: Person, language: str
) -> None:
    assert colleague.console.log is story.console.log
    tab = open_bench(story.console, f"/bench?lang={language}")
    choose(tab, place=SITE, quantity="0.1 mL")
    tab.evaluate(AXE)
    found = {}
    scans = {
        "ALIQUOT": ("AC-020", "AC-020-A"),
        "POOL": ("AC-021", "ACT NEW", "POOL-78"),
        "COUNT": ("F0", "OS-1", "AC-019", "ZZ-2"),
        "DISPOSE": ("AC-020", "ACT DONE"),
    }
    for act, texts in scans.items():
        scan(tab, f"ACT {act}")
        if act in {"ALIQUOT", "POOL"}:
            choose(tab, quantity="0.1 mL")
        else:
            choose_second(tab, "t-08")
            choose(tab, method="autoclave", indicator="none")
        for text in texts:
            scan(tab, text)
        if act == "DISPOSE":
            until(tab, TOLD)
        for width in WIDTHS:
            tab.resize(width, 800)
            found[f"{act} {width}"] = tab.evaluate(VIOLATED)
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (act, width)
        if language == "zh":
            assert tab.evaluate(LATIN) == [], act
        press(tab, "#anew")
        until(tab, "!document.querySelector('#gathered li')")
    assert {name: one for name, one in found.items() if one} == {}
    assert tab.evaluate(OUTSIDE) == []
