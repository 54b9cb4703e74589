"""The verifier page in a real browser: what a person sees, and that nothing in a bundle can do anything to it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.registry.parties import SiteRegistered
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.export import export_bundle
from ledger.ids import SiteId, Tag
from tests.corpus.bundle_edits import refiled
from tests.corpus.bundle_log import Saying, disclosure
from tests.corpus.bundle_story import FIRST, LINEAGE, SCIENTIST, begun, use
from tests.corpus.bundles import NOBODY, POLICY, TRUST, build
from tests.journeys.chromium import MISSING, Browser, Tab, chromium, find_chromium, verify_on_page
from tests.journeys.page import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.corpus.bundles import Expected

pytestmark = pytest.mark.browser

PRINT = "dispatchEvent(new Event('beforeprint'))"
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>\n\u200c</td></table>'


ENGLISH = """[...document.querySelectorAll("#answer *")]
  .filter((one) => one.closest("bdi, pre, code, time, [lang=en]") === null)
  .flatMap((one) => [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data))
  .filter((text) => /[a-z]{3}/.test(text.replace(/(?:item|approval|consignment|party|site|key|case):\\S+/g, "")))"""
"""What stands on the page in Latin letters and is no text of the bundle's, no id and no name of a file."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests; without one they fail, and say what is missing."""
    try:
        find_chromium()
    except FileNotFoundError:
        pytest.fail(MISSING)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Expected]]:
    """The corpus of bundles in a folder, and what is expected of each."""
    folder = tmp_path_factory.mktemp("corpus")
    return folder, build(folder)


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """The page, opened from its file; the browser has nothing to complain about in the end."""
    browser.heard.clear()
    tab = browser.open(PAGE.as_uri())
    yield tab
    assert tab.complaints() == []


def test_every_bundle_of_the_corpus_gets_its_verdict_in_the_browser(
    tab: Tab, corpus: tuple[Path, dict[str, Expected]]
) -> None:
    folder, expected = corpus
    answers = {name: verdict_of(tab, folder, f"{name}.zip", one.trust) for name, one in expected.items()}
    assert answers == {name: [one.verdict, one.exit, one.check, one.about] for name, one in expected.items()}


def test_a_person_reads_the_verdict_and_what_happened(tab: Tab, corpus: tuple[Path, dict[str, Expected]]) -> None:
    answer = shown(tab, corpus[0], "good-item-with-a-disclosure", TRUST)
    assert tab.evaluate("document.activeElement.textContent") == "✓ Record verified, signers in your trust file"
    assert "It does not say that the goods are in order." in answer
    assert "All checks hold, and the keys that signed are those that your trust file names." in answer
    told = tab.evaluate("[...document.querySelectorAll('ol.events > li')].map((one) => one.innerText)")
    used = next(one for one in told if " used first " in one)
    for words in ("2026-09-01 12:17\n", "purpose: research", "used up: 0.1 mL", "it could not wait"):
        assert words in used
    assert "GAT-15 research is not a purpose of approval GX 1: first" in used
    assert "disclosed note: 解冻 twice, by mistake" in used
    assert "✓ signature holds, signer known" in used
    assert "verified and known" not in answer[: answer.index("The verdict, in the word of the format:")]


def test_the_first_lines_tell_how_the_subject_stands(tab: Tab, corpus: tuple[Path, dict[str, Expected]]) -> None:
    shown(tab, corpus[0], "good-item", TRUST)
    first = tab.evaluate("document.querySelector('.summary .stands').innerText").splitlines()
    assert first == [
        "c: received, in the hands of laboratory; 0.3 mL left no. 19",
        "1 breach of a rule is recorded",
    ]


def test_the_first_page_answers_seven_questions(tab: Tab, corpus: tuple[Path, dict[str, Expected]]) -> None:
    shown(tab, corpus[0], "good-item", TRUST)
    cards = tab.evaluate("[...document.querySelectorAll('.card')].map((one) => one.innerText)")
    assert [one.splitlines()[0] for one in cards] == [
        "What is it?",
        "Where is it now, and how much is left?",
        "Under which approval, and with which consignment, did it come in?",
        "Who released it, and who allowed its use?",
        "Was a rule broken?",
        "What went wrong?",
        "What is not proved?",
    ]
    what, now, under, released, broken, wrong, unproven = cards
    assert all("signatures hold, no record left out" in one for one in (what, now, under, released, wrong, broken))
    assert "c, vials" in what
    assert "received, in the hands of laboratory, at Lab" in now
    assert "0.3 mL" in now
    assert "made from first; that came with consignment AWB-1 under approval GX 1, line 1" in under
    assert "approval GX 1: permitted by customs to importer" in under
    assert "no release of first of consignment AWB-1 is on record" in released
    assert "GAT-15 research is not a purpose of approval GX 1: first, approval GX 1" in broken
    assert "The log of Operator judged each act as it was recorded, and m1 judged all of them again; under: " in broken
    assert "No loss, damage, hold, withdrawal or discrepancy is recorded." in wrong
    beyond = tab.evaluate("page.answer.report.claims.filter((one) => one.beyond).length")
    assert len(unproven.splitlines()) - 1 == beyond
    assert "Whether what was signed is true of the samples." in unproven


def test_without_a_mirror_and_without_trust_the_first_page_says_so(
    tab: Tab, corpus: tuple[Path, dict[str, Expected]]
) -> None:
    shown(tab, corpus[0], "signers-unknown", NOBODY)
    cards = tab.evaluate("[...document.querySelectorAll('.card')].map((one) => one.innerText)")
    assert all("signed by parties you do not know" in one for one in cards[:5])
    assert "Who signed: your trust file does not say whose the keys of" in cards[-1]


def test_a_bundle_in_part_says_so_first_and_what_nobody_knows_of_it(
    tab: Tab, corpus: tuple[Path, dict[str, Expected]]
) -> None:
    answer = shown(tab, corpus[0], "answer-claimed-in-part", TRUST)
    assert tab.evaluate("document.activeElement.textContent").endswith(
        "Shown in part: what is shown was checked, something is withheld"
    )
    told = (
        "2 records: no. 13, 14; shown in part: ",
        "agrees as far as is shown",
        "whether more is recorded about what is shown in part",
    )
    for words in told:
        assert words in answer
    assert "1 breach is recorded:" in answer  # of its ancestor, which is in part
    assert "is on record" not in answer  # that there is no release and no consent, nobody knows
    tab.evaluate("document.getElementById('language').click()")
    assert tab.evaluate(ENGLISH) == []


def test_a_bundle_of_a_later_form_is_told_and_nothing_of_it_shown(
    tab: Tab, corpus: tuple[Path, dict[str, Expected]]
) -> None:
    folder, _ = corpus
    data = (folder / "good-item.zip").read_bytes()
    manifest = read_archive(data)["manifest.json"]
    (folder / "later.zip").write_bytes(refiled(data, {"manifest.json": manifest.replace(b"evidence/2", b"evidence/5")}))
    assert "Record not checked in full" in shown(tab, folder, "later", TRUST)
    tab.evaluate(PRINT)
    assert "this reader is too old" in tab.evaluate("document.getElementById('answer').innerText")
    assert tab.evaluate("document.querySelectorAll('ol.events > li').length") == 0


def test_a_bundle_that_failed_is_not_summed_up(tab: Tab, corpus: tuple[Path, dict[str, Expected]]) -> None:
    answer = shown(tab, corpus[0], "last-event-of-the-subject-withheld", TRUST)
    assert "The bundle failed. So nothing in it is summed up here" in answer
    assert "Where is it now" not in answer


def test_a_failed_bundle_names_the_check_and_what_failed_it(tab: Tab, corpus: tuple[Path, dict[str, Expected]]) -> None:
    answer = shown(tab, corpus[0], "last-event-of-the-subject-withheld", TRUST)
    assert "✗ Failed" in answer
    assert tab.evaluate("document.querySelector('table.claims tbody').innerText").split("\t")[:2] == [
        "✗ completeness",
        "tag item:first",
    ]
    tab.evaluate(PRINT)
    assert "11 completeness" in tab.evaluate("document.querySelector('table.steps').innerText")


def test_a_signer_whom_nobody_vouches_for_is_shown_as_unknown(
    tab: Tab, corpus: tuple[Path, dict[str, Expected]]
) -> None:
    assert "? Record intact, signer unknown" in shown(tab, corpus[0], "signers-unknown", NOBODY)


def test_the_page_speaks_chinese_when_asked(tab: Tab, corpus: tuple[Path, dict[str, Expected]]) -> None:
    shown(tab, corpus[0], "good-item", TRUST)
    tab.evaluate("document.getElementById('language').click()")
    assert tab.evaluate("document.documentElement.lang") == "zh-CN"
    assert "✓ 记录已验证，签署人在您的信任名单中" in tab.evaluate("document.getElementById('answer').innerText")
    tab.evaluate(PRINT)
    assert "undefined" not in tab.evaluate("document.body.innerText")
    assert tab.evaluate(ENGLISH) == []


def test_whatever_a_bundle_says_is_shown_as_text(tab: Tab, tmp_path: Path) -> None:
    log, _ = begun()
    log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE, disclose=[disclosure("note", HOSTILE)]))
    (tmp_path / "hostile.zip").write_bytes(export_bundle(log.store, log.publish(), Tag(FIRST), ["note"]))
    build(tmp_path)
    assert HOSTILE in shown(tab, tmp_path, "hostile", TRUST)
    assert tab.evaluate("document.title") == "Verify an evidence bundle"
    assert tab.evaluate("document.images.length + document.scripts.length") == 3


def test_what_a_statement_holds_stands_apart_in_its_sentence(tab: Tab, tmp_path: Path) -> None:
    log, _ = begun()
    odd = "<b>x</b> {by} [a|b] \u05d0\u05d1 \ue000 and nothing is missing"
    log.say(SiteRegistered(site=SiteId("site:odd"), party=SCIENTIST.party, name=odd, use="laboratory"), SCIENTIST)
    log.say(replace(use(FIRST), laboratory=SiteId("site:odd")), SCIENTIST, saying=Saying(tags=LINEAGE))
    (tmp_path / "odd.zip").write_bytes(export_bundle(log.store, log.publish(), Tag(FIRST)))
    build(tmp_path)
    shown(tab, tmp_path, "odd", TRUST)
    said = tab.evaluate("[...document.querySelectorAll('ol.events bdi.said')].map((one) => one.textContent)")
    assert odd.replace("\ue000", "\ufffd") in said
    assert tab.evaluate("document.querySelectorAll('#answer b').length") == 0


def test_a_long_history_is_folded(tab: Tab, tmp_path: Path) -> None:
    log, _ = begun()
    for _ in range(200):
        log.say(use(FIRST, "0.001"), SCIENTIST, saying=Saying(tags=LINEAGE))
    (tmp_path / "long.zip").write_bytes(export_bundle(log.store, log.publish(), Tag(FIRST)))
    build(tmp_path)
    answer = shown(tab, tmp_path, "long", TRUST)
    assert "101 to 203 of 203" in answer
    assert tab.evaluate("document.querySelector('ol.events').children.length") == 100
    assert "0.8 mL" in answer
    tab.evaluate(PRINT)
    assert tab.evaluate("document.querySelectorAll('ol.events > li').length") > 203


ELEMENTS: Final = "filter((one) => one instanceof Element).length"


def test_numbers_lead_to_their_events(tab: Tab, corpus: tuple[Path, dict[str, Expected]]) -> None:
    shown(tab, corpus[0], "good-item", TRUST)
    led = tab.evaluate(
        "[...document.querySelectorAll('#answer a')].map((one) => {"
        "  one.click();"
        "  const event = document.querySelector(one.getAttribute('href'));"
        "  return event !== null && event.innerText === one.innerText;"
        "})"
    )
    assert len(led) > 5
    assert all(led)
    tab.evaluate("page.language = 'zh'; show()")
    told = tab.evaluate("[...document.querySelectorAll('#answer a')].map((one) => one.parentElement.innerText)")
    assert "第17号" in " ".join(told)
    assert tab.evaluate(f"linked('第1项').{ELEMENTS}") == 0
    assert tab.evaluate(f"linked('第17号').{ELEMENTS}") == 1


def test_a_policy_that_is_none_gives_no_verdict(tab: Tab, corpus: tuple[Path, dict[str, Expected]]) -> None:
    verify_on_page(tab, corpus[0] / "good-item.zip", corpus[0] / TRUST)
    assert tab.evaluate("document.getElementById('answer').childElementCount") == 0
    assert tab.evaluate("document.getElementById('status').textContent").startswith("No verdict: the policy")


def test_the_answer_fits_a_phone(tab: Tab, corpus: tuple[Path, dict[str, Expected]]) -> None:
    tab.resize(390, 800)
    shown(tab, corpus[0], "good-item-with-a-disclosure", TRUST)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_nothing_folded_is_missing_on_paper(tab: Tab, corpus: tuple[Path, dict[str, Expected]]) -> None:
    shown(tab, corpus[0], "good-item", TRUST)
    tab.evaluate(PRINT)
    assert tab.evaluate("document.querySelectorAll('#answer details:not([open])').length") == 0
    events = tab.evaluate(
        "[...document.querySelectorAll('#answer > details > ol.events')].map((one) => one.children.length)"
    )
    assert events == [13]  # those that say who is who
    folded = "[...document.querySelectorAll('#answer > details tbody')].map((one) => one.rows.length)"
    assert tab.evaluate(folded) == [16, 44]  # the steps, all claims
    assert (
        tab.evaluate("document.querySelectorAll('dl.details pre').length") == 2 * 19
    )  # of each event what was signed, and its path
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.evaluate("document.querySelectorAll('#answer details[open]').length") == 0


def test_whatever_takes_the_focus_has_a_name(tab: Tab, corpus: tuple[Path, dict[str, Expected]]) -> None:
    shown(tab, corpus[0], "good-item", TRUST)
    controls = [one for one in tab.call("Accessibility.getFullAXTree")["nodes"] if is_focusable(one)]
    assert len(controls) > 6
    assert [one for one in controls if not one["name"]["value"].strip()] == []


def shown(tab: Tab, folder: Path, name: str, trust: str) -> str:
    """Verify a bundle on the page and return the text of the answer."""
    verify_on_page(tab, folder / f"{name}.zip", folder / POLICY, folder / trust)
    text: str = tab.evaluate("document.getElementById('answer').innerText")
    return text


def verdict_of(tab: Tab, folder: Path, *names: str) -> list[object]:
    """Return verdict, exit code, and the check and subject of the first claim that fails, by the page's verifier."""
    bundle, trust = names
    given = [base64.b64encode((folder / name).read_bytes()).decode() for name in (bundle, POLICY, trust)]
    answer: list[object] = tab.evaluate(f"""(async () => {{
      const bytes = {json.dumps(given)}.map((text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
      const report = await verifyBundle(...bytes);
      const first = report.claims.find((claim) => claim.verdict === "failed") ?? {{ check: null, about: null }};
      return [report.verdict, report.exit, first.check, first.about];
    }})()""")
    return answer


def is_focusable(node: dict[str, Any]) -> bool:
    """Say whether something on the page takes the focus; the page itself does not count."""
    focusable = any(one["name"] == "focusable" and one["value"]["value"] for one in node.get("properties", []))
    return focusable and node["role"]["value"] != "RootWebArea"
