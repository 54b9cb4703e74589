"""An act in the browser, from saying it to its position: what is told before it is signed is what is signed."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import pytest

from api.console.acts.fields import CALLED, HINTS, NAMES
from api.console.acts.stated import STATED, STATED_NAMES, is_left_out
from api.drafts.acts.kinds import ACTS
from api.drafts.acts.slots import Slots
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.words.table import Language, labels_in
from tests.console.browsing import WIDTHS, Console, go, in_language
from tests.console.keyed import SIGNED_IN, saved, until, with_key
from tests.console.played import Played, played
from tests.console.test_pages import AXE, LATIN, OUTSIDE, VIOLATED, text_of
from tests.journeys.chromium import chromium
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.chromium import Browser, Tab
    from tests.servers import Servers

pytestmark = pytest.mark.browser

USED: Final = {
    "tell": "1",
    "laboratory": "site:first-lab",
    "project": "neutralisation-2026",
    "purpose": "research",
    "activity": "inactivated",
    "quantity": "0.05 mL",
}


@pytest.fixture(scope="module")
def story(servers: Servers, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The story, told; a technician of the first laboratory has a key in the browser and has signed in."""
    with played(servers.get(EMBEDDED), tmp_path_factory.mktemp("acts"), browser) as story:
        story.console.forget()
        with_key(story.console, story.cast.first_lab.first, "t-07")
        yield story


def address(act: str, said: dict[str, str], language: str = "en") -> str:
    return f"/acts/{act}?{urlencode({**said, 'lang': language})}"


def stated(story: Played) -> int:
    """Return how many statements are recorded; the log names its checkpoints meanwhile by itself."""
    return sum(one.kind != STATE_KIND for one in story.console.log.doors.ledger.store.read())


def signed(tab: Tab) -> int:
    """Press what signs, and return the position at which it is recorded."""
    until(tab, "!document.getElementById('signing').hidden")
    tab.evaluate("document.getElementById('sign').click()")
    until(tab, "!document.getElementById('recorded').hidden || !document.getElementById('failed').hidden")
    assert tab.evaluate("document.getElementById('why').textContent") == ""
    return int(tab.evaluate("document.getElementById('position').textContent"))


def recorded(story: Played, position: int) -> dict[str, Any]:
    (one,) = story.console.log.doors.ledger.store.read(position - 1, 1)
    envelope = json.loads(one.entry.partition(b"\n\n")[2] or one.entry)
    said: dict[str, Any] = json.loads(base64.b64decode(envelope["payload"]))
    return said


def test_every_member_of_every_act_has_a_field_with_a_name_in_both_languages() -> None:
    zh = labels_in(Language.CHINESE)
    assert {*NAMES.values(), *HINTS.values(), *CALLED.values()} <= zh.keys()
    assert CALLED.keys() == ACTS.keys()
    slots = [Slots(KINDS[ACTS[act]]) for act in CALLED]
    said = {step for one in slots for slot in one.all for step in slot.full.split(".")}
    assert said - NAMES.keys() == set()
    stated = {act: Slots(KINDS[kind]) for act, (kind, _) in STATED.items()}
    asked = {
        step
        for act, one in stated.items()
        for slot in one.all
        for step in slot.full.split(".")
        if not is_left_out(STATED[act][0], slot.full)
    }
    assert asked - NAMES.keys() - STATED_NAMES.keys() == set()
    assert {*STATED_NAMES.values(), *(called for _, called in STATED.values())} <= zh.keys()


def test_an_act_is_said_told_signed_here_and_recorded(story: Played) -> None:
    tab = story.console.open("/acts/use?lang=en")
    for name, value in {**USED, "item": "AC-023"}.items():
        if name != "tell":
            tab.evaluate(f"document.getElementById({name!r}).value = {value!r}")
    go(tab, "document.getElementById('say').requestSubmit()")
    told = tab.evaluate("document.getElementById('sentence').innerText")
    assert "AC-023" in told
    assert "0.05 mL" in told
    assert "performed it: t-07 of First Translational Laboratory, as laboratory" in text_of(tab)
    before = stated(story)
    position = signed(tab)
    assert stated(story) == before + 1
    asks_for = f"vialog-recorded={position}"
    assert asks_for in tab.evaluate("document.cookie").split("; "), "the pages that come next have it"
    said = recorded(story, position)
    assert said["kind"] == "item.used/1"
    assert said["signers"][0]["person"] == "t-07"
    assert tab.evaluate("document.activeElement.id") == "recorded"
    assert tab.complaints() == []
    go(tab, "document.getElementById('entry').click()")
    assert told.partition(": ")[2].rstrip(".") in text_of(tab)


def test_the_facts_and_the_fingerprint_are_made_from_the_very_bytes_that_are_signed(story: Played) -> None:
    tab = story.console.open(address("use", {**USED, "item": "AC-015"}))
    until(tab, "!document.getElementById('signing').hidden")
    shown = dict(
        tab.evaluate("""[...document.querySelectorAll('#facts > div')].map((one) =>
      [one.firstElementChild.textContent, one.lastElementChild.textContent])""")
    )
    fingerprint = tab.evaluate("document.getElementById('digest').textContent").replace(" ", "")
    bytes_shown = tab.evaluate("document.getElementById('bytes').textContent")
    said = recorded(story, signed(tab))
    assert json.loads(bytes_shown) == said
    assert shown["body · item"] == said["body"]["item"]
    assert shown["body · quantity · value"] == "0.05"
    assert shown["kind"] == "item.used/1"
    assert len(fingerprint) == 64


def test_bytes_that_are_not_what_was_told_or_not_for_this_key_are_not_signed(story: Played) -> None:
    tab = story.console.open(address("use", {**USED, "item": "AC-012"}))
    until(tab, "!document.getElementById('signing').hidden")
    before = stated(story)
    other = """(async () => {
      const signing = document.getElementById("signing");
      const said = JSON.parse(atob(signing.dataset.payload));
      said.body.quantity.value = "0.5";
      signing.dataset.payload = btoa(JSON.stringify(said));
      document.getElementById("other").hidden = true;
      await import("/static/acts/sign.js?again");
      return [document.getElementById("other").hidden, document.getElementById("sign").disabled];
    })()"""
    assert tab.evaluate(other)[0] is False
    assert stated(story) == before


def test_a_breach_is_told_with_its_clause_and_recorded_only_when_it_is_acknowledged(story: Played) -> None:
    tab = story.console.open(address("use", {**USED, "item": "AC-007", "activity": "culture", "purpose": "teaching"}))
    text = text_of(tab)
    assert "What it breaks" in text
    assert "clause" in text
    assert tab.evaluate("document.getElementById('signing')") is None
    go(
        tab,
        """document.querySelectorAll("main select").forEach((one) => { one.value = "urgent"; });
      document.querySelector("main form").requestSubmit()""",
    )
    assert "it could not wait" in text_of(tab)
    said = recorded(story, signed(tab))
    assert {one["reason"] for one in said["acknowledges"]} == {"urgent"}


def test_what_contradicts_the_record_is_refused_in_words_before_anything_is_signed(story: Played) -> None:
    before = stated(story)
    tab = story.console.open(address("use", {**USED, "item": "AC-007", "quantity": "40 mL"}))
    assert "PRT-02" in tab.evaluate("document.getElementById('refused').innerText")
    assert "AC-007" in tab.evaluate("document.getElementById('refused').innerText")
    chinese = story.console.open(address("use", {**USED, "item": "AC-007", "quantity": "40 mL"}, "zh"))
    assert "照此不能记录" in text_of(chinese)
    assert stated(story) == before


def test_what_is_missing_or_unknown_is_said_at_its_field_and_nothing_that_was_typed_is_lost(story: Played) -> None:
    tab = story.console.open(address("store", {"tell": "1", "site": "site:first-lab", "items.item": "AC-0I5"}))
    assert tab.evaluate("document.getElementById('items.item').value") == "AC-0I5"
    assert "Position: is to be said" in text_of(tab)
    said = {"tell": "1", "site": "site:first-lab", "items.item": "AC-0I5", "items.place": "F5/R1/B1/1"}
    unknown = text_of(story.console.open(address("store", said)))
    assert 'the log knows no item called "AC-0I5"' in unknown
    assert "AC-015" in unknown


def test_who_has_no_key_here_is_told_so_and_nothing_is_signed(story: Played) -> None:
    cookie = story.console.sign_in(story.cast.first_lab.second.signer)
    tab = story.console.open(address("use", {**USED, "item": "AC-012"}))
    until(tab, "!document.getElementById('no-key').hidden")
    assert tab.evaluate("document.getElementById('signing').hidden")
    stolen = story.console.log.ask("POST", "/v1/statements", b"{}", headers={"Cookie": cookie})
    assert stolen.status == 400
    again = story.console.open("/sign-in")
    assert again.evaluate(SIGNED_IN) == 201


def test_a_lost_answer_is_told_and_sending_again_records_once(story: Played) -> None:
    tab = story.console.open(address("use", {**USED, "item": "AC-021"}))
    until(tab, "!document.getElementById('signing').hidden")
    before = stated(story)
    tab.evaluate("""{ const real = fetch; let lost = false;
      globalThis.fetch = async (...asked) => { const answer = await real(...asked);
        if (!lost) { lost = true; throw new TypeError("lost"); } return answer; }; }""")
    tab.evaluate("document.getElementById('sign').click()")
    until(tab, "!document.getElementById('failed').hidden")
    assert "sending the same statement again is safe" in tab.evaluate("document.getElementById('why').textContent")
    tab.evaluate("document.getElementById('sign').click()")
    until(tab, "!document.getElementById('recorded').hidden")
    assert stated(story) == before + 1


def test_a_party_is_told_nothing_by_judging_what_it_does_not_sign(story: Played) -> None:
    """The draft is always of whoever asks, by the key of the sign-in: no parameter names another signer."""
    tab = story.console.open(address("use", {**USED, "item": "AC-012", "party": "party:second-lab", "person": "p-01"}))
    assert "t-07 of First Translational Laboratory" in text_of(tab)
    assert "Second Immunology" not in tab.evaluate("document.querySelector('.console-asked').innerText")


PAGES: Final = {
    "acts": "/acts?x=1",
    "count": "/acts/count?x=1",
    "cosign": "/cosign?",
    "use": "/acts/use?x=1",
    "pool": "/acts/pool?rows=3",
    "wrong": "/acts/store?tell=1&items.item=AC-0I5",
    "told": f"/acts/use?{urlencode({**USED, 'item': 'AC-012'})}",
    "breach": f"/acts/use?{urlencode({**USED, 'item': 'AC-012', 'activity': 'culture', 'purpose': 'teaching'})}",
    "refused": f"/acts/use?{urlencode({**USED, 'item': 'AC-012', 'quantity': '40 mL'})}",
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_of_an_act_can_be_used_by_everybody_at_every_width(story: Played, language: str) -> None:
    found: dict[str, Any] = {}
    for name, tab in story.console.walk(in_language(PAGES, language)):
        tab.evaluate(AXE)
        if name == "told":
            until(tab, "!document.getElementById('signing').hidden")
        for width in WIDTHS:
            tab.resize(width, 800)
            found[f"{name} {width}"] = tab.evaluate(VIOLATED)
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
        assert tab.evaluate(OUTSIDE) == [], name
        if language == "zh":
            assert tab.evaluate(LATIN) == [], name
        if name != "wrong":
            assert tab.complaints() == [], name
    assert {name: one for name, one in found.items() if one} == {}


def test_what_takes_two_persons_is_signed_by_the_second_in_a_browser_of_their_own(
    story: Played, tmp_path: Path
) -> None:
    with chromium() as other:
        theirs = Console(story.console.log, other)
        with_key(theirs, story.cast.first_lab.first, "t-08")
        said = {
            "tell": "1",
            "site": "site:first-lab",
            "items.item": "AC-001",
            "items.present": "true",
            "second": "t-08",
        }
        tab = story.console.open(address("count", said))
        until(tab, "!document.getElementById('signing').hidden")
        before = stated(story)
        tab.evaluate("document.getElementById('sign').click()")
        until(tab, "!document.getElementById('open').hidden")
        left = saved(story.console, tab, "#leave", tmp_path)
        assert stated(story) == before
        assert story.console.log.ask("POST", "/v1/statements", left.read_bytes().strip()).status == 400
        second = theirs.open("/cosign?lang=en")
        second.choose("#file", left)
        until(second, "!document.getElementById('cosigning').hidden || !document.getElementById('failed').hidden")
        assert second.evaluate("document.getElementById('why').textContent") == ""
        assert "counted 1 item" in second.evaluate("document.getElementById('sentence').textContent")
        assert "AC-001" in second.evaluate("document.getElementById('names').textContent")
        second.evaluate("document.getElementById('sign').click()")
        until(second, "!document.getElementById('recorded').hidden || !document.getElementById('failed').hidden")
        said_now = recorded(story, int(second.evaluate("document.getElementById('position').textContent")))
        assert [(one["person"], one["meaning"]) for one in said_now["signers"]] == [
            ("t-07", "performed"),
            ("t-08", "witnessed"),
        ]
        own = story.console.open("/cosign?lang=en")
        own.choose("#file", left)
        until(own, "!document.getElementById('failed').hidden")
        assert "no statement that waits for the key" in own.evaluate("document.getElementById('why').textContent")


def test_an_open_statement_is_told_to_nobody_but_its_signers(story: Played, tmp_path: Path) -> None:
    said = {"tell": "1", "site": "site:first-lab", "items.item": "AC-001", "items.present": "true", "second": "p-01"}
    tab = story.console.open(address("count", said))
    until(tab, "!document.getElementById('signing').hidden")
    tab.evaluate("document.getElementById('sign').click()")
    until(tab, "!document.getElementById('open').hidden")
    left = saved(story.console, tab, "#leave", tmp_path).read_bytes().strip()
    mine = {"Cookie": cookie(story)}
    assert story.console.log.ask("POST", "/cosign", left, headers=mine).status == 200
    assert story.console.log.ask("POST", "/cosign", left, headers=mine | {"Origin": "https://evil.test"}).status == 403
    theirs = story.console.sign_in(story.cast.second_lab.second.signer)
    assert story.console.log.ask("POST", "/cosign", left, headers={"Cookie": theirs}).status == 403
    assert story.console.open("/sign-in").evaluate(SIGNED_IN) == 201


def test_an_act_that_is_not_there_is_told_as_a_page(story: Played) -> None:
    assert story.console.log.ask("GET", "/acts/steal", headers={"Cookie": cookie(story)}).status == 404


def cookie(story: Played) -> str:
    (one,) = [
        f"{one['name']}={one['value']}"
        for one in story.console.browser.call("Storage.getCookies")["cookies"]
        if one["name"] == "vialog"
    ]
    return one
