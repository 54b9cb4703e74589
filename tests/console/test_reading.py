"""Pages to read, asked over HTTP: with the views they say what they say without, each of what its reader may see."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest
import zxingcpp
from pypdfium2 import PdfDocument

from api.labels.codes import code_of
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.bundle.manifest import parse_manifest
from ledger.ids import ItemId, key_tag
from ledger.rulepacks.load import load_packs
from ledger.statement.duties import DUTIES as DUTIES_BY_ID
from projections.database.session import Session, prepare
from projections.obligations import Asked, Part, folded
from projections.running.log import Log
from projections.running.rebuilding import rebuild
from projections.source import Source
from scripts.demo.cast import PLASMA, REAGENTS
from scripts.demo.stage import StoryClock
from tests.http.test_signing_in import signed_in
from tests.servers import EMBEDDED
from tests.told import story_served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.demo.cast import Cast, Vial
    from scripts.demo.stage import Party
    from tests.http.serving import Answer, Served
    from tests.servers import Servers

TEXTS: Final = ("PL-010", "PL-0lO", "GX 2026 0164", "p-01", "nobody")
FROM_VIEWS: Final = "Where to look was said by the views"
DUTIES: Final = ("account-for-material", "declare-at-destination", "keep-approval-records")


@dataclass(frozen=True)
class Told:
    """The story on a served log, who plays in it, and what it is about."""

    log: Served
    cast: Cast
    vials: list[Vial]

    def get(self, who: Party, path: str) -> Answer:
        """Open a page as somebody's first person; as the second one, where the first one's key is revoked."""
        person = who.second if who is self.cast.second_lab else who.first
        headers = {"Cookie": signed_in(self.log, person.signer), "Accept-Language": "en"}
        return self.log.ask("GET", path, headers=headers)


@contextmanager
def told(servers: Servers, folder: Path) -> Iterator[Told]:
    """Tell the demo's story, served without views, for a with block."""
    clock = StoryClock()
    with story_served(servers.get(EMBEDDED), folder, clock) as (log, cast, vials):
        yield Told(log, cast, vials)


@pytest.fixture(scope="module")
def story(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with told(servers, tmp_path_factory.mktemp("views")) as found:
        yield found


def make_views(log: Served) -> None:
    prepare(log.database.owner)
    with closing(Session(log.database.owner)) as session:
        viewed = Log(log.doors.ledger.store, log.doors.publication, load_packs())
        rebuild(viewed, session, lambda _, __: None)


def opened(log: Served, who: Party, duty: str) -> set[str]:
    """Return by its row each obligation that somebody is told of; the row names the statement that opened it."""
    headers = {"Cookie": signed_in(log, who.first.signer), "Accept-Language": "en"}
    answer = log.ask("GET", f"/worklist.csv?duty={duty}", headers=headers)
    return {" ".join(row[2:5]) for row in list(csv.reader(answer.body.decode("utf-8-sig").splitlines()))[1:]}


def hits(log: Served, who: Party) -> dict[str, list[str]]:
    """Return where each text leads."""
    headers = {"Cookie": signed_in(log, who.first.signer), "Accept-Language": "en"}
    found = {}
    for text in TEXTS:
        answer = log.ask("GET", f"/search?q={text.replace(' ', '%20')}", headers=headers)
        main = answer.body.decode().partition("<main")[2]
        found[text] = [answer.headers.get("location", ""), *sorted(re.findall(r'href="([^"]+)"', main))]
    return found


def test_with_the_views_a_page_says_what_it_says_without(story: Told) -> None:
    log, cast = story.log, story.cast
    now = log.doors.signing_in.clock.now()
    whole = folded(Source(log.doors.ledger.store), log.doors.ledger.packs, Asked(now), Part(10_000))
    unended = {duty: sum(row.duty == duty for row in whole.rows) for duty in DUTIES}
    readers = (cast.first_lab, cast.importer, cast.destination)
    without = {(who.id, duty): opened(log, who, duty) for who in readers for duty in DUTIES}
    found = {who.id: hits(log, who) for who in readers[:2]}
    make_views(log)
    page = log.ask(
        "GET", "/worklist", headers={"Cookie": signed_in(log, cast.first_lab.first.signer), "Accept-Language": "en"}
    )
    assert FROM_VIEWS in page.body.decode()
    with_views = {(who.id, duty): opened(log, who, duty) for who in readers for duty in DUTIES}
    # Who has the goods is told the same; who does not see how a matter ended is no longer told that it is open.
    for (who, duty), rows in with_views.items():
        assert rows <= without[who, duty], (who, duty)
        assert who != cast.first_lab.id or rows == without[who, duty]
        assert len(rows) <= unended[duty]
    assert {who.id: hits(log, who) for who in readers[:2]} == found


def test_a_question_is_answered_for_whatever_its_subject_is_called(story: Told) -> None:
    item = story.vials[9].item
    page = story.get(story.cast.first_lab, "/ask/custody-chain?item=PL-010")
    assert page.status == 200
    file = story.get(story.cast.first_lab, "/ask/custody-chain?item=PL-010&file=csv")
    api = story.get(story.cast.first_lab, f"/v1/questions/custody-chain?item={item}")
    rows = list(csv.reader(file.body.decode("utf-8-sig").splitlines()))[1:]
    assert len(rows) == len(json.loads(api.body)["rows"]) > 5
    assert f"{len(rows)} rows" in page.body.decode()
    assert page.body.decode().count('href="/entries/') == len(rows)


def test_a_question_that_lacks_something_is_shown_and_not_answered(story: Told) -> None:
    page = story.get(story.cast.first_lab, "/ask/compliance-file?party=").body.decode()
    assert 'id="first"' in page
    assert "What the answer rests on" not in page
    assert story.get(story.cast.first_lab, "/ask/custody-chain?item=nobody").status == 400
    assert story.get(story.cast.first_lab, "/ask/no-question").status == 404


@pytest.mark.parametrize("path", ["/ask/custody-chain?item={item}", "/evidence/{item}", "/items/{item}"])
def test_who_may_not_see_a_subject_is_told_that_there_is_none(story: Told, path: str) -> None:
    asked = path.format(item=story.vials[9].item)
    assert story.get(story.cast.assessor, asked).status == 404
    assert story.get(story.cast.first_lab, asked).status == 200


def test_a_code_that_is_scanned_finds_its_item_in_the_search_a_question_and_at_the_bench(story: Told) -> None:
    item = story.vials[9].item
    code = code_of(ItemId(item)).lower()
    assert story.get(story.cast.first_lab, f"/search?q={code}").headers["location"] == f"/items/{item}"
    assert story.get(story.cast.first_lab, f"/ask/custody-chain?item={code}").status == 200
    assert "location" not in story.get(story.cast.assessor, f"/search?q={code}").headers
    known = json.loads(story.get(story.cast.first_lab, "/bench/known").body)
    keys = {one["id"]: one["keys"] for one in known["items"]}
    assert keys
    assert all(code_of(ItemId(one)).lower() in found for one, found in keys.items())


def test_labels_of_what_was_made_of_an_item_are_printed_and_read_back(story: Told) -> None:
    parent = story.vials[20].item
    pages = PdfDocument(story.get(story.cast.first_lab, f"/v1/labels.pdf?made-of={parent}&sheet=3x8").body)
    seen = [one.render(scale=300 / 72).to_pil().convert("L") for one in pages]
    read = {one.text for page in seen for one in zxingcpp.read_barcodes(page)}
    shown = json.loads(story.get(story.cast.first_lab, f"/v1/items/{parent}").body)
    assert read == {code_of(one) for one in shown["children"]} != set()
    page = story.get(story.cast.first_lab, f"/labels?made-of={parent}").body.decode()
    assert all(f'value="{one}" checked' in page for one in shown["children"])
    wrong = story.get(story.cast.first_lab, f"/labels?item={parent}&sheet=99x99&margins=1x1")
    assert (wrong.status, "a label is 8 to 200 mm" in wrong.body.decode()) == (400, True)


def test_a_lineage_tells_amounts_in_and_out_and_opens_what_was_made_of_it(story: Told) -> None:
    parent = story.vials[20].item
    page = story.get(story.cast.first_lab, f"/lineage/{parent}").body.decode()
    assert "Made of it directly: 3" in page
    children = re.findall(r'href="/items/(item:[^"?]+)"><bdi>([^<]+)</bdi>', page)
    assert [name for _, name in children] == [f"{story.vials[20].label}-{one}" for one in "ABC"]
    assert page.count(">0.4 mL</a>") == 3
    toggles = re.findall(r'href="(/lineage/[^"]+)" aria-expanded="false"', page)
    opened = story.get(story.cast.first_lab, toggles[0].replace("&amp;", "&")).body.decode()
    assert ('aria-expanded="true"' in opened, "POOL-1" in opened, "POOL-1" in page) == (True, True, False)
    assert re.search(
        r"<text[^>]*>× 3 · (?!Kind)", story.get(story.cast.first_lab, f"/lineage/{parent}?graph=1").body.decode()
    )
    assert story.get(story.cast.first_lab, f"/lineage/{parent}?after=item:nobodys").status == 400


def test_a_page_says_which_past_it_shows_and_leads_to_the_statements_around_it(story: Told) -> None:
    item, lab = story.vials[9].item, story.cast.first_lab
    now = story.get(lab, f"/items/{item}").body.decode()
    assert "This is a past" not in now
    positions = json.loads(re.findall(r'data-positions="([^"]+)"', now)[0])
    assert 'rel="next"' not in now
    (before,) = re.findall(r'href="([^"]+)" rel="prev"', now)
    assert before == f"/items/{item}?as-of={positions[-2]}"
    then = story.get(lab, before).body.decode()
    assert f"As it was known at position {positions[-2]}." in then
    assert f'id="p{positions[-2]}"' in then
    assert f'id="p{positions[-1]}"' not in then
    assert re.findall(r'href="([^"]+)" rel="next"', then) == [f"/items/{item}?as-of={positions[-1]}"]
    both = story.get(lab, f"/items/{item}?at=2026-08-05&as-of={positions[-2]}").body.decode()
    assert "As it was at 2026-08-05" in both
    assert f"As it was known at position {positions[-2]}." in both
    for page in ("items", "lineage"):
        assert story.get(lab, f"/{page}/{item}?as-of=2020-01-01").status == 404, "nothing was on record yet"


def test_a_question_that_has_a_picture_shows_it_beside_its_table(story: Told) -> None:
    lab, item = story.cast.first_lab, story.vials[9].item
    asked = f"/ask/custody-chain?item={item}"
    page = story.get(lab, asked).body.decode()
    assert f'<img src="/ask/custody-chain?item={quote(item, safe="")}&amp;file=svg"' in page
    picture = story.get(lab, f"{asked}&file=svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "script-src" not in picture.headers["content-security-policy"]
    assert b"<title" in picture.body
    assert b"PL-010" in picture.body
    assert "<img" not in story.get(lab, "/ask/discrepancies").body.decode()
    assert story.get(story.cast.assessor, f"{asked}&file=svg").status == 404


def test_an_answer_in_chinese_calls_products_and_what_is_owed_by_their_chinese_names(story: Told) -> None:
    def main_of(path: str) -> str:
        headers = {"Cookie": signed_in(story.log, story.cast.first_lab.first.signer), "Accept-Language": "zh"}
        answer = story.log.ask("GET", path, headers=headers)
        assert answer.status == 200, answer.body
        return answer.body.decode().partition("<main")[2]

    balance = main_of(f"/ask/balance?approval={REAGENTS}")
    assert "纯化单克隆抗体" in balance
    assert "monoclonal" not in balance
    owed = main_of(f"/ask/owed?approval={REAGENTS}").partition("<dl")[0]  # before the list of what the rows rest on
    assert "审批" in owed
    assert not [duty for duty in DUTIES_BY_ID if f">{duty}" in owed], "an id says nothing to who reads"


def test_a_balance_of_what_a_party_sees_says_so_where_it_adds_up_otherwise_than_in_truth(story: Told) -> None:
    """Each laboratory sees its own half of what came in: both lines add up, and neither is what there is."""
    amounts = set()
    for who in (story.cast.first_lab, story.cast.second_lab):
        left_out = f"What {who.name} may not see of the log is not taken in"
        page = story.get(who, f"/ask/balance?approval={REAGENTS}").body.decode().partition("<main")[2]
        assert "the stated quantities add up" in page
        assert left_out in page.partition("the stated quantities add up")[0], "it is read before the amounts are"
        assert left_out in page.partition("What the answer rests on")[2]
        assert left_out in story.get(who, f"/approvals/{REAGENTS}").body.decode()
        amounts.add(page.partition("of 65 mL listed ")[2].partition(" on hand")[0])
    assert len(amounts) == 2


def test_a_balance_of_which_something_is_unexplained_leads_to_the_statements_and_no_other_does(story: Told) -> None:
    link = 'href="/ask/open-lines"'
    open_line = story.get(story.cast.importer, f"/ask/balance?approval={PLASMA}").body.decode()
    assert "that line does not close" in open_line
    assert link in open_line.partition("<main")[2]
    assert link not in story.get(story.cast.first_lab, f"/ask/balance?approval={REAGENTS}").body.decode()


def test_what_is_owed_of_two_findings_of_a_case_says_which_and_leads_to_its_tasks(story: Told) -> None:
    officers = story.cast.destination
    page = story.get(officers, "/worklist?duty=correct-finding").body.decode()
    assert [
        link.rpartition(">")[2] for link in re.findall(r'href="/cases/case:supervision-12/tasks">finding [0-9]+', page)
    ] == [
        "finding 3",
        "finding 4",
    ]
    case = story.get(officers, "/cases/case:supervision-12").body.decode()
    assert re.findall(r"verifies it\. Finding ([0-9]+) – 2026-", case) == ["3", "4"]


def test_the_hash_of_evidence_is_told_before_it_is_saved(story: Told) -> None:
    item = story.vials[9].item
    page = story.get(story.cast.first_lab, f"/evidence/{item}").body.decode()
    assert f'href="/v1/items/{item}/evidence"' in page
    saved = story.get(story.cast.first_lab, f"/v1/items/{item}/evidence").body
    assert f"<code>{hashlib.sha256(saved).hexdigest()}</code>" in page


def test_what_evidence_withholds_is_told_before_it_is_saved(story: Told) -> None:
    """The contractor who has vials to destroy reads neither their approval nor the announcement of their goods."""
    contractor = story.cast.contractor
    rows = json.loads(story.get(contractor, "/v1/items?limit=1000").body)["rows"]
    held = next(row["id"] for row in rows if b"?part=yes" in story.get(contractor, f"/evidence/{row['id']}").body)
    page = story.get(contractor, f"/evidence/{held}").body.decode().partition("<main")[2]
    assert story.get(contractor, f"/v1/items/{held}/evidence").status == 403
    saved = story.get(contractor, f"/v1/items/{held}/evidence?part=yes").body
    manifest = parse_manifest(read_archive(saved)["manifest.json"])
    assert f"<code>{hashlib.sha256(saved).hexdigest()}</code>" in page
    assert "This bundle is in part." in page
    assert " · ".join(str(one.position) for one in manifest.withheld) in page
    assert len(manifest.withheld) == 2
    assert all(f'href="/parties/{tag}"' in page for tag in manifest.part if tag.startswith("party:"))


def test_who_holds_an_approval_is_told_why_there_is_no_evidence_of_it_and_who_has_some(story: Told) -> None:
    """Nor are they offered one in part, which there is none of either: what others do with the items is theirs."""
    importer = story.cast.importer
    page = story.get(importer, f"/evidence/{REAGENTS}").body.decode()
    assert "There is no evidence of it for you: it needs statements that you may not read." in page
    assert "of an approval or a consignment not what others do with its items" in page
    assert "Save the bundle" not in page
    whole, part = (story.get(importer, f"/v1/approvals/{REAGENTS}/evidence{asked}") for asked in ("", "?part=yes"))
    assert (whole.status, part.status) == (403, 403)
    assert b"unless these are about the very thing" in whole.body
    assert "there may be more that you may not" in story.get(importer, f"/approvals/{REAGENTS}").body.decode()


def test_an_overview_lists_what_has_to_do_with_who_reads_it(story: Told) -> None:
    importer = story.get(story.cast.importer, "/overview").body.decode()
    assert f'href="/approvals/{REAGENTS}"' in importer
    assert 'href="/ask/remaining"' in importer
    customs = story.get(story.cast.destination, "/overview").body.decode()
    assert f'href="/approvals/{REAGENTS}"' not in customs
    assert 'href="/ask/visits-due"' in customs


def test_acts_of_the_bench_are_offered_to_who_may_state_them_and_to_nobody_else(story: Told) -> None:
    refused = "holds no role in which this may be stated"
    lab, assessor = story.cast.first_lab, story.cast.assessor
    offered = {who: story.get(who, "/acts").body.decode() for who in (lab, assessor)}
    assert 'href="/acts/use"' in offered[lab]
    assert 'href="/acts/use"' not in offered[assessor]
    assert refused in story.get(assessor, "/acts/use").body.decode()
    acts = re.findall(r'href="/acts/([a-z-]+)"', offered[assessor])
    assert acts
    for act in acts:
        assert refused not in story.get(assessor, f"/acts/{act}").body.decode(), act


def test_who_was_told_of_ones_data_stands_on_a_page_of_ones_own(story: Told) -> None:
    assert story.get(story.cast.importer, f"/items/{story.vials[9].item}").status == 200
    page = story.get(story.cast.first_lab, f"/accesses?reader={story.cast.importer.id}").body.decode()
    assert "read by" in page
    assert f'href="/parties/{story.cast.importer.id}"' in page
    assert "Polar Line" not in story.get(story.cast.assessor, "/accesses").body.decode().partition("<main")[2]


def test_the_keys_of_ones_own_are_told_and_no_others(story: Told) -> None:
    page = story.get(story.cast.first_lab, "/keys").body.decode()
    assert set(re.findall(r'href="/keys/(key:[0-9a-f]{64})"', page)) == {
        key_tag(one.signer.thumbprint) for one in (story.cast.first_lab.first, story.cast.first_lab.second)
    }
    assert "yours, now" in page
