"""Pages of the demo's story in a browser: what stands on them, that everybody can use them, and that nothing leaves."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from pypdfium2 import PdfDocument

from scripts.demo.cast import FIRST, REAGENTS
from tests.console.browsing import WIDTHS, go, in_language
from tests.console.keyed import until
from tests.console.played import OPEN_PAGES, Played, played
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.statement.signing.signer import StatementSigner
    from tests.journeys.chromium import Browser, Tab
    from tests.servers import Servers

pytestmark = pytest.mark.browser

AXE: Final = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
LATIN: Final = """[...document.querySelectorAll("main *, header *, footer *")]
  .filter((one) => one.closest("code, pre, table, .console-said, .console-small, [lang=en], a[href*=':']") === null)
  .flatMap((one) => [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data))
  .flatMap((text) => text.match(/[a-z]{3,}(?: [a-z]{2,})+/g) ?? [])"""
"""What stands on a page in several English words, and is not what somebody stated."""
SIDEWAYS: Final = """[...document.querySelectorAll(".console-wide:has(> .console-stacks)")]
  .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.ariaLabel)"""
VIOLATED: Final = """axe.run(document, {resultTypes: ["violations"]}).then((found) =>
  found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`))"""


@pytest.fixture(scope="module")
def story(servers: Servers, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The story, told once."""
    with played(servers.get(EMBEDDED), tmp_path_factory.mktemp("story"), browser) as story:
        story.console.forget()
        yield story


def lab(story: Played) -> StatementSigner:
    return story.cast.first_lab.first.signer


def text_of(tab: Tab) -> str:
    said: str = tab.evaluate("document.querySelector('main').innerText")
    return said


WITH_ERRORS: Final = frozenset({"not-there", "act-wrong", "official-finding-wrong", "labels-wrong"})
"""Pages that are answered with an error, which the browser notes."""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("reader", ["laboratory", "authority", "assessor"])
def test_every_page_can_be_used_by_everybody_at_every_width(story: Played, reader: str, language: str) -> None:
    who, pages = {
        "laboratory": (lab(story), {**story.pages, "sign-in": OPEN_PAGES["sign-in"]}),
        "authority": (story.cast.destination.first.signer, story.official_pages),
        "assessor": (story.cast.assessor.first.signer, story.assessing_pages),
    }[reader]
    story.console.sign_in(who)
    found: dict[str, Any] = {}
    for name, tab in story.console.walk(in_language(pages, language)):
        tab.evaluate(AXE)
        for width in WIDTHS:
            tab.resize(width, 800)
            found[f"{name} {width}"] = tab.evaluate(VIOLATED)
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
            assert width > WIDTHS[0] or tab.evaluate(SIDEWAYS) == [], (name, "what is read row by row scrolls sideways")
        if name not in WITH_ERRORS:
            assert tab.complaints() == [], name
        if language == "zh":
            if name == "bench":  # what it knew in another language it asks for anew when it is opened
                until(tab, f"({LATIN}).length === 0")
            assert tab.evaluate(LATIN) == [], name
        assert tab.evaluate(OUTSIDE) == [], name
    assert {name: one for name, one in found.items() if one} == {}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_stranger_can_use_the_first_page_at_every_width(story: Played, language: str) -> None:
    story.console.forget()
    tab = story.console.open(f"{OPEN_PAGES['welcome']}?lang={language}")
    assert tab.evaluate("location.pathname") == "/"
    tab.evaluate(AXE)
    for width in WIDTHS:
        tab.resize(width, 800)
        assert tab.evaluate(VIOLATED) == []
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    assert tab.complaints() == []
    assert language == "en" or tab.evaluate(LATIN) == []


TABBED: Final = """globalThis.reached = new Set();
  addEventListener("focusin", ({target}) => {
    const {outlineStyle, boxShadow} = getComputedStyle(target);
    if (outlineStyle !== "none" || boxShadow !== "none") reached.add(target);
  });
  globalThis.meant = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0);
  meant.length + 3 * meant.filter((one) => one.type === "date").length"""
"""Notes what the focus comes to, where it is seen there, and counts how often that is at most: a date has four."""
UNREACHED: Final = """meant.filter((one) => !reached.has(one))
  .filter((one) => !meant.some((other) => one.type === "radio" && other.name === one.name && reached.has(other)))
  .map((one) => one.outerHTML.slice(0, 120))"""
"""What can be used on a page and was not come to; of choices one leads to the others."""


@pytest.mark.parametrize("reader", ["laboratory", "authority"])
def test_the_keyboard_alone_reaches_everything_and_shows_where_it_is(story: Played, reader: str) -> None:
    who, pages = {
        "laboratory": (lab(story), story.pages),
        "authority": (story.cast.destination.first.signer, story.official_pages),
    }[reader]
    story.console.sign_in(who)
    left: dict[str, Any] = {}
    for name, tab in story.console.walk(pages):
        if name == "bench":  # it keeps the focus at the scan field, and has a test of its own
            continue
        for _ in range(tab.evaluate(TABBED) + 2):
            tab.call("Input.dispatchKeyEvent", type="rawKeyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
        left[name] = tab.evaluate(UNREACHED)
    assert {name: one for name, one in left.items() if one} == {}


COUNTED: Final = """[...document.querySelectorAll('.console-counts a')]
  .map((one) => [one.getAttribute('href'), +one.querySelector('.console-counts__number').textContent])"""
DRAWN: Final = """[...document.querySelector('.console-bar svg').querySelectorAll('rect')]
  .map((one) => +one.getAttribute('width'))"""
SENT: Final = "document.querySelector('.console-search').requestSubmit()"
OUTSIDE: Final = (
    "performance.getEntriesByType('resource').map((one) => one.name).filter((one) => !one.startsWith(location.origin))"
)


def test_an_item_page_tells_state_owed_custody_and_history_newest_first(story: Played) -> None:
    story.console.sign_in(lab(story))
    tab = story.console.open(f"/items/{story.vials[9].item}?lang=en")
    text = text_of(tab)
    for one in ("PL-010", "What is owed", "Custody", "History", "First Translational Laboratory"):
        assert one in text
    numbers = tab.evaluate("[...document.querySelectorAll('.console-history > li')].map((one) => +one.id.slice(1))")
    assert numbers == sorted(numbers, reverse=True)
    then = story.console.open(f"/items/{story.vials[9].item}?at=2026-08-05&lang=en")
    assert "As it was at 2026-08-05" in text_of(then)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "What you may read of it is shown: there may be more that you may not."),
        ("zh", "此处显示您可查看的内容：可能还有您无权查看的内容。"),
    ],
)
def test_a_page_that_shows_a_part_says_that_there_may_be_more(story: Played, language: str, said: str) -> None:
    story.console.sign_in(lab(story))
    assert said in text_of(story.console.open(f"/items/{story.vials[9].item}?lang={language}"))
    assert said not in text_of(story.console.open(f"/parties/{story.cast.first_lab.id}?lang={language}"))


def test_what_a_page_tells_of_others_stands_in_the_access_log_by_the_pages_address(story: Played) -> None:
    importer = story.cast.importer
    story.console.sign_in(importer.first.signer)
    tab = story.console.open(f"/items/{story.vials[9].item}?lang=en")
    said = tab.evaluate("fetch('/v1/accesses').then((one) => one.json())")
    assert (importer.id, "/items/{ident}") in {(one["party"], one["route"]) for one in said["rows"]}


def test_an_approvals_picture_has_the_same_numbers_as_its_table(story: Played) -> None:
    story.console.sign_in(story.cast.importer.first.signer)
    tab = story.console.open(f"/approvals/{REAGENTS}?lang=en")
    title = tab.evaluate("document.querySelector('.console-bar title').textContent")
    table = tab.evaluate("document.querySelector('.console-bar table').textContent")
    drawn = {name.strip(): Decimal(amount) for name, amount in re.findall(r"([a-z -]+) ([0-9.]+)", title)}
    told = {name.strip(): Decimal(amount) for name, amount in re.findall(r"([a-z -]+)([0-9.]+)", table)}
    at_rest, not_come_in = (
        told["on hand"] - told["of it in transit"] - told["of it in use"],
        told["approved"] - told["listed"],
    )
    assert drawn == {name: told.get(name) for name in drawn} | {"at rest": at_rest, "not come in": not_come_in}
    widths = tab.evaluate(DRAWN)
    assert abs(sum(widths) - 1000) < 1


def test_a_count_of_the_worklist_leads_to_exactly_so_many_rows(story: Played) -> None:
    story.console.sign_in(lab(story))
    tab = story.console.open("/worklist?lang=en")
    counts = tab.evaluate(COUNTED)
    assert [address.rpartition("=")[2] for address, _ in counts] == ["overdue", "silent", "7", "30", "all"]
    for address, count in counts:
        file = story.console.log.ask("GET", address.replace("/worklist", "/worklist.csv", 1), headers=cookie(story))
        assert max(0, file.body.decode("utf-8-sig").count("\r\n") - 1) == count
    assert tab.evaluate("document.querySelectorAll('.console-worklist details').length") == min(50, counts[-1][1])


def cookie(story: Played) -> dict[str, str]:
    return {"Cookie": story.console.sign_in(lab(story))}


def on_paper(story: Played, path: str) -> tuple[PdfDocument, str]:
    """Return a page as it is printed, and what stands on its sheets, with one space where lines end."""
    document = PdfDocument(story.console.open(path).printed())
    told = " ".join(sheet.get_textpage().get_text_range() for sheet in document)
    return document, " ".join(told.split())


def test_fifty_rows_of_the_worklist_are_printed_on_four_sheets_with_why_each_is_there(story: Played) -> None:
    story.console.sign_in(lab(story))
    rows = story.console.open("/worklist?lang=en").evaluate(
        "document.querySelectorAll('.console-worklist > li').length"
    )
    document, told = on_paper(story, "/worklist?lang=en")
    assert rows == 50
    assert len(document) <= 4
    assert len(re.findall(r" by [^·]+ · position \d+ ", told)) == rows
    assert "As First Translational Laboratory may read it; printed for p-01." in told


def test_paper_says_what_a_page_was_narrowed_by_and_what_has_many_columns_lies_across(story: Played) -> None:
    story.console.sign_in(lab(story))
    document, told = on_paper(story, f"/recall?consignment={FIRST}&lang=en")
    assert f"Consignment {FIRST} " in told
    assert "approval" not in told.partition("Who has it, and is to be told")[0]
    width, height = document[0].get_size()
    assert width > height


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("PL-010", "/items/"),
        ("GX 2026 0164", "/approvals/"),
        ("First Translational Laboratory", "/parties/"),
        ("", "/entries/"),
    ],
)
def test_the_one_field_leads_to_the_one_that_is_meant(story: Played, text: str, leads: str) -> None:
    story.console.sign_in(lab(story))
    tab, text = story.console.open("/worklist?lang=en"), text or str(story.received)
    go(tab, f"document.getElementById('search').value = {text!r}; {SENT}")
    assert tab.evaluate("location.pathname").startswith(leads)


def test_the_one_field_lists_where_several_are_meant_and_says_where_none_is(story: Played) -> None:
    headers = cookie(story)
    several = story.console.log.ask("GET", "/search?q=p-01&lang=en", headers=headers).body.decode()
    assert several.count('href="/parties/') >= 9
    none = story.console.log.ask("GET", "/search?q=PL-0lO&lang=en", headers=headers).body.decode()
    assert "Nothing that you may see is called" in none
    assert 'href="/search?q=PL-010"' in none


def test_what_may_not_be_seen_is_as_if_it_were_not_there(story: Played) -> None:
    assessor = {"Cookie": story.console.sign_in(story.cast.assessor.first.signer)}
    answer = story.console.log.ask("GET", f"/items/{story.vials[9].item}", headers=assessor)
    nobodys = story.console.log.ask("GET", "/items/item:nobodys", headers=assessor)
    assert (answer.status, nobodys.status) == (404, 404)
    assert "PL-010" not in answer.body.decode()
    found = story.console.log.ask("GET", f"/search?q={story.vials[9].item}", headers=assessor)
    assert "PL-010" not in found.body.decode()


def test_who_has_not_signed_in_is_led_there_and_back(story: Played) -> None:
    answer = story.console.log.get(f"/consignments/{FIRST}?lang=en")
    assert (answer.status, answer.headers["location"]) == (
        303,
        "/sign-in?next=%2Fconsignments%2Fconsignment%3AAWB-784-1001%3Flang%3Den",
    )
    from_elsewhere = story.console.log.ask("GET", "/worklist", headers={"Sec-Fetch-Site": "cross-site"})
    assert '<meta http-equiv="refresh" content="0;url=/worklist">' in from_elsewhere.body.decode()
