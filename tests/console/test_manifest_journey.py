"""A manifest in the browser: two faulty lines are told, then the corrected file is told, signed here and recorded."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import TYPE_CHECKING, Final

import pytest
from openpyxl import Workbook

from api.console.acts.importing import MOST_BYTES, MOST_FILE
from scripts.demo.cast import FIRST, PLASMA
from tests.console.benches import recorded, working
from tests.console.browsing import WIDTHS
from tests.console.keyed import until, with_key
from tests.console.played import Played
from tests.console.test_pages import AXE, LATIN, OUTSIDE, VIOLATED
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.http.serving import Answer
    from tests.journeys.chromium import Browser, Tab
    from tests.servers import Servers

pytestmark = pytest.mark.browser

BECAUSE: Final = """document.querySelectorAll('#breaches select').forEach((one) => {
  one.value = 'reported-to-customs'; })"""
HEADER: Final[Sequence[object]] = ["Label", "Quantity", "Unit"]
KIND: Final = "item.listed/1"
MAPPING: Final = f"""
kind = "{KIND}"
rows = "items"
unique = ["label"]
[constants]
consignment = "{FIRST}"
approval = "{PLASMA}"
line = 1
[columns]
"Tube" = "label"
"Menge" = "quantity.value"
"Einheit" = "quantity.unit"
[fresh]
item = "item"
"""
GOODS: Final = {"consignment": FIRST, "approval": PLASMA, "line": "1"}


@pytest.fixture(scope="module")
def story(servers: Servers, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The story, told; somebody of the importer has a key in the browser."""
    folder = tmp_path_factory.mktemp("manifest")
    with working(servers.get(EMBEDDED), folder, browser, lambda cast: cast.importer.first, "i-07") as story:
        yield story


def book(folder: Path, rows: Sequence[Sequence[object]], name: str = "list.xlsx") -> Path:
    made = Workbook()
    for row in rows:
        made.worksheets[0].append(list(row))
    made.save(folder / name)
    return folder / name


def read_in(tab: Tab, file: Path, **fixed: str) -> None:
    """Choose a manifest and have it read."""
    tab.choose("#file", file)
    for name, value in fixed.items():
        tab.evaluate(f"document.getElementById('fixed-{name}').value = {value!r}")
    tab.evaluate("document.getElementById('say').requestSubmit()")
    until(tab, "['wrong', 'signing', 'failed'].some((one) => !document.getElementById(one).hidden)")


def text_of(tab: Tab, ident: str) -> str:
    said: str = tab.evaluate(f"document.getElementById({ident!r}).innerText")
    return said


def test_faulty_lines_are_told_and_the_corrected_file_is_signed_here_and_recorded(
    story: Played, tmp_path: Path
) -> None:
    before = len(recorded(story.console, KIND))
    tab = story.console.open("/manifest?lang=en")
    rows: list[Sequence[object]] = [HEADER, *([f"NEW-{one}", 1, "mL"] for one in range(1, 6))]
    wrong = [*rows[:2], ["NEW-2", 1, "mLs"], rows[3], ["NEW-1", 1, "mL"], rows[5]]
    read_in(tab, book(tmp_path, wrong, "wrong.xlsx"), **GOODS)
    problems = tab.evaluate(
        "[...document.querySelectorAll('#problems tr')].map((row) => [...row.children].map((one) => one.innerText))"
    )
    assert [(line, column) for line, column, _ in problems] == [("3", "Unit"), ("5", "Label")]
    assert '"mLs" is not a permitted unit' in problems[0][2]
    assert tab.evaluate("document.activeElement.id") == "wrong"
    assert tab.evaluate("document.getElementById('signing').hidden")
    assert len(recorded(story.console, KIND)) == before
    read_in(tab, book(tmp_path, rows))
    assert text_of(tab, "comes-to").endswith("rows: 5 · statements: 1")
    assert "NEW-3" in text_of(tab, "first")
    sentence = tab.evaluate("document.querySelector('#statements .console-said').textContent")
    tab.evaluate("document.querySelector('#statements summary').click()")
    until(tab, "document.querySelector('#statements dl').innerText.includes('NEW-5')")
    assert len(recorded(story.console, KIND)) == before
    if not tab.evaluate("document.getElementById('again').hidden"):
        tab.evaluate(BECAUSE)
        tab.evaluate("document.getElementById('again').click()")
        until(tab, "!document.getElementById('sign').hidden && !document.getElementById('signing').hidden")
    tab.evaluate("document.getElementById('sign').click()")
    until(tab, "!document.getElementById('recorded').hidden || !document.getElementById('failed').hidden")
    assert text_of(tab, "why") == ""
    (new,) = recorded(story.console, KIND)[before:]
    assert f"vialog-recorded={new.position}" in tab.evaluate("document.cookie").split("; ")
    said = json.loads(base64.b64decode(json.loads(new.entry[new.entry.index(b'{"payload"') :])["payload"]))
    assert [one["label"] for one in said["body"]["items"]] == [f"NEW-{one}" for one in range(1, 6)]
    assert said["capture"]["mode"] == "import"
    assert said["signers"][0]["person"] == "i-07"
    assert "NEW-1" in sentence
    assert tab.evaluate("document.activeElement.id") == "recorded"
    read_in(tab, book(tmp_path, rows))
    assert "NEW-1" in text_of(tab, "problems") or "NEW-1" in text_of(tab, "why")
    assert tab.complaints() == []


def sent(story: Played, name: str, manifest: bytes, **besides: object) -> Answer:
    said = {"name": name, "manifest": base64.b64encode(manifest).decode(), **besides}
    headers = {"Cookie": story.console.sign_in(story.cast.importer.first.signer), "Content-Type": "application/json"}
    return story.console.log.ask("POST", "/manifest/told", json.dumps(said).encode(), headers=headers)


def test_hostile_files_are_refused_and_cost_no_more_than_their_bounds(story: Played, tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(book(tmp_path, [HEADER, ["B-1", 1, "mL"]])) as made,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for one in made.infolist():
            packed.writestr(one, made.read(one))
        packed.writestr("xl/media/bomb", b"\0" * (257 * 2**20))
    many = ("Label,Quantity,Unit\n" + "x,1,mL\n" * 100_001).encode()
    for name, data, rule in (
        ("bomb.xlsx", bomb.getvalue(), "IMP-01"),
        ("many.csv", many, "IMP-04"),
        ("wrong.xlsx", b"no workbook", "IMP-02"),
        ("empty.csv", b"Label\n", "IMP-14"),
    ):
        answer = sent(story, name, data)
        assert (answer.status, json.loads(answer.body).get("rule")) == (400, rule), (name, answer.body)
    assert sent(story, "large.csv", b"x" * (MOST_FILE + 1)).status == 413
    large = story.console.log.ask("POST", "/manifest/told", b" " * (MOST_BYTES + 1), headers={})
    assert large.status == 413
    assert sent(story, "m.csv", b"Label\nx\n", more="members").status == 400
    formula = book(tmp_path, [HEADER, ["=1+1", 1, "mL"]], "formula.xlsx").read_bytes()
    told = json.loads(sent(story, "formula.xlsx", formula, fixed=GOODS).body)
    assert told["statements"] == []
    assert [line for line, _, _ in told["problems"]] == [2]


def test_another_layout_is_read_by_a_mapping_and_a_wrong_mapping_is_told(story: Played) -> None:
    answer = sent(story, "m.csv", b"Label,Quantity,Unit\nX-1,1,mL\n", mapping="kind = 1")
    assert (answer.status, json.loads(answer.body)["rule"]) == (400, "IMP-05")
    told = json.loads(sent(story, "m.csv", b"Tube,Menge,Einheit\nX-1,1,mL\n", mapping=MAPPING).body)
    assert (told["rows"], told["problems"]) == (1, [])
    assert "X-1" in told["first"][0]
    (one,) = told["statements"]
    assert "X-1" in one["sentence"]
    assert json.loads(base64.b64decode(one["payload"]))["kind"] == KIND


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_can_be_used_by_everybody_with_what_is_wrong_and_with_what_is_signed(
    story: Played, tmp_path: Path, language: str
) -> None:
    story.console.forget()
    with_key(story.console, story.cast.importer.first, "i-08" if language == "en" else "i-09")
    tab = story.console.open(f"/manifest?lang={language}")
    tab.evaluate(AXE)
    for row in (["Z-1", 1, "mLs"], [f"Z-{language}", 1, "mL"]):
        read_in(tab, book(tmp_path, [HEADER, row]), **GOODS)
        for width in WIDTHS:
            tab.resize(width, 800)
            assert tab.evaluate(VIOLATED) == [], width
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        if language == "zh":
            assert tab.evaluate(LATIN) == []
    assert tab.evaluate(OUTSIDE) == []
