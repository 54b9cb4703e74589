"""Pages of who oversees, asked over HTTP: each count is so many rows as it leads to, and each of what may be seen."""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime
from html import unescape
from typing import TYPE_CHECKING, Final

import pytest

from api.labels.codes import code_of
from ledger.domain.registry.units import UnitRegistered
from projections.ordering import sort_key
from scripts.demo.cast import FIRST, REAGENTS
from tests.authors import made
from tests.console.test_reading import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.demo.stage import Party
    from tests.console.test_reading import Told
    from tests.servers import Servers

YEAR: Final = "first=2026-01-01&last=2026-12-31"


@pytest.fixture(scope="module")
def story(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with told(servers, tmp_path_factory.mktemp("overseen")) as found:
        yield found


def main_of(story: Told, who: Party, path: str) -> str:
    answer = story.get(who, path)
    assert answer.status == 200, answer.body
    return unescape(answer.body.decode().partition("<main")[2].partition("</main>")[0])


def figures(story: Told, who: Party) -> dict[str, tuple[str, int]]:
    """Return by what each figure is called where it leads, and its number."""
    page = main_of(story, who, f"/figures?{YEAR}")
    found = re.findall(r'aria-label="([^:"]+): (\d+)"', page)
    links = re.findall(r'href="(/figures\?[^"#]*show=[^"#]*)#rows"', page)
    return {called: (link, int(number)) for (called, number), link in zip(found, links, strict=True)}


def test_each_figure_leads_to_exactly_the_rows_that_it_counts(story: Told) -> None:
    assessed = {called: number for called, (_, number) in figures(story, story.cast.assessor).items()}
    assert assessed["meetings"] == assessed["enterprises in meetings"] == 1
    assert (assessed["products decided on"], assessed["products passed"]) == (3, 2)
    assert assessed["applications decided"] == assessed["of these permitted"] == 1
    seen = {called: number for called, (_, number) in figures(story, story.cast.destination).items()}
    assert seen["visits"] == seen["units visited"] == 1
    assert (seen["findings raised"], seen["of these open"], seen["of these corrected and verified"]) == (4, 2, 1)
    for who in (story.cast.assessor, story.cast.destination):
        for address, number in figures(story, who).values():
            counted = main_of(story, who, address).partition("console-counted")[2]
            assert max(0, counted.count("</tr>") - 1) == number
    page = main_of(story, story.cast.assessor, f"/figures?{YEAR}")
    assert "pass rate 66.7 %" in page
    assert "median 2 working days to the decision" in page


def test_figures_are_of_what_may_be_seen_and_of_the_period(story: Told) -> None:
    assert all(number == 0 for _, number in figures(story, story.cast.broker).values())
    before = main_of(story, story.cast.destination, "/figures?first=2025-01-01&last=2025-12-31")
    found = re.findall(r'aria-label="([^"]*): (\d+)"', before)
    assert {called for called, number in found if number != "0"} == {"applications that wait now"}, "which wait today"
    assert story.get(story.cast.destination, "/figures?show=nothing").status == 400
    assert story.get(story.cast.destination, "/figures?first=yesterday").status == 400


def test_goods_lead_to_all_that_was_made_of_them_and_to_who_has_it(story: Told) -> None:
    lab = story.cast.first_lab
    page = main_of(story, lab, f"/recall?consignment={FIRST}")
    (total,) = re.findall(r"Items: (\d+), of them there: \d+", page)
    file = story.get(lab, f"/ask/descendants?consignment={FIRST}&file=csv").body.decode("utf-8-sig")
    rows = list(csv.reader(file.splitlines()))[1:]
    assert len(rows) == int(total) >= 40
    holders = re.findall(r'numeric"[^>]*><a class="govuk-link" href="([^"]+)">(\d+)</a></td><td[^>]*>(\d+)</td>', page)
    assert sum(int(there) + int(gone) for _, there, gone in holders) == int(total)
    for address, there, gone in holders:
        assert f"{int(there) + int(gone)} rows" in main_of(story, lab, address)
    statuses = re.findall(r'href="(/recall[^"]*status=[^"]*)"><span[^>]*>(\d+)<', page)
    assert sum(int(number) for _, number in statuses) == int(total)
    for address, number in statuses:
        assert f"{number} {'row' if int(number) == 1 else 'rows'}" in main_of(story, lab, address)
    assert f'href="/acts/order-recall?consignment={FIRST.replace(":", "%3A")}"' in page


def test_of_what_may_not_be_seen_a_recall_tells_nothing(story: Told) -> None:
    item = story.vials[9].item
    assert story.get(story.cast.assessor, f"/recall?item={item}").status == 404
    assert story.get(story.cast.assessor, f"/recall?consignment={FIRST}").status == 404
    assert "Nothing, as far as the record says" in main_of(story, story.cast.assessor, "/recall?lot=LOT-AB-31")
    assert story.get(story.cast.first_lab, "/recall?item=PL-010").status == 200


@pytest.mark.parametrize("asks", ["/recall?item=", "/ask/whereabouts?item="])
def test_an_item_is_named_by_its_label_its_code_or_its_id_and_by_no_id_of_another_type(story: Told, asks: str) -> None:
    lab, vial = story.cast.first_lab, next(one for one in story.vials if one.label == "PL-010")
    pages = [story.get(lab, asks + name) for name in (vial.label, code_of(vial.item), vial.item)]
    assert [page.status for page in pages] == [200, 200, 200]
    wrong = story.get(lab, asks + FIRST)
    assert (wrong.status, "is not the id of an item" in wrong.body.decode()) == (400, True)


def test_the_file_of_a_unit_holds_visits_findings_and_what_was_broken(story: Told) -> None:
    path = f"/parties/{story.cast.first_lab.id}/file?{YEAR}"
    for who in (story.cast.destination, story.cast.first_lab):
        page = main_of(story, who, path)
        assert page.count("dropped") >= 1
        assert "85" in page
        counts = re.findall(r'href="[^"]*#([a-z-]+)"><span class="console-counts__number">(\d+)<', page)
        for sort, number in counts:
            section = page.partition(f'id="{sort}"')[2].partition("</section>")[0]
            body = section.partition("<tbody")[2].partition("</tbody>")[0]
            assert body.count("</tr>") == int(number), sort
        assert sum(int(number) for _, number in counts) > 5
    stranger = main_of(story, story.cast.broker, path)
    assert "dropped" not in stranger
    assert set(re.findall(r'console-counts__number">(\d+)<', stranger)) <= {"0", "1", "2"}


def test_a_search_counts_what_may_be_seen_of_each_type_and_leads_to_it(story: Told) -> None:
    page = main_of(story, story.cast.first_lab, "/find?q=PL-00")
    counts = re.findall(r'href="(/find[^"]*kind=([a-z]+)[^"]*)"><span class="console-counts__number">(\d+)<', page)
    assert {kind: int(number) for _, kind, number in counts}["items"] >= 9
    for address, _, number in counts:
        shown = main_of(story, story.cast.first_lab, address)
        body = shown.partition("<tbody")[2].partition("</tbody>")[0]
        assert body.count("</tr>") == min(50, int(number))
    of_lab = main_of(story, story.cast.destination, f"/find?party={story.cast.first_lab.id}&kind=cases")
    assert "/cases/" in of_lab
    none = main_of(story, story.cast.assessor, "/find?q=PL-00")
    assert set(re.findall(r'console-counts__number">(\d+)<', none)) == {"0"}
    assert story.get(story.cast.destination, "/find?kind=keys").status == 400
    nowhere = main_of(story, story.cast.destination, f"/find?party={story.cast.first_lab.id}&district=nowhere")
    assert set(re.findall(r'console-counts__number">(\d+)<', nowhere)) == {"0"}
    assert story.get(story.cast.first_lab, "/find?q=PL-00&district=nowhere").status == 400


def test_an_agenda_has_the_products_that_no_meeting_decided_on_for_who_sees_their_assessment(story: Told) -> None:
    for who in (story.cast.assessor, story.cast.destination, story.cast.importer):
        agenda = main_of(story, who, "/agenda")
        assert "2 products wait for a meeting" in agenda
        assert "Control serum" in agenda
        assert "Reference strain" not in agenda, "that was decided on"
    assert "0 products wait for a meeting" in main_of(story, story.cast.broker, "/agenda")
    assert story.get(story.cast.assessor, "/agenda?steal=1").status == 400


def test_what_nobody_named_is_called_by_its_matter_and_whom_it_is_about(story: Told) -> None:
    page = main_of(story, story.cast.first_lab, "/overview")
    assert "Supervision: First Translational Laboratory (supervision-12)" in page
    assert ">AWB-784-1001</a>" in page
    assert ">consignment:AWB-784-1001</a>" not in page


def test_items_stand_in_the_order_in_which_people_count(story: Told) -> None:
    lab, called = story.cast.first_lab, r'<a class="govuk-link[^"]*" href="/items/[^"]+">([^<]+)</a>'
    page = main_of(story, lab, f"/recall?consignment={FIRST}").partition('id="rows"')[2]
    rows = re.findall(f'<tr class="govuk-table__row"><td class="govuk-table__cell"[^>]*>{called}', page)
    assert len(rows) >= 40
    assert rows == sorted(rows, key=sort_key)
    (item,) = re.findall(r'href="(/items/[^"]+)">PL-021</a>', page)
    lineage = main_of(story, lab, item)
    assert re.findall(f"console-level-1.*?{called}", lineage) == ["PL-021-A", "PL-021-B", "PL-021-C"]
    (listed,) = {*re.findall(r'href="(/entries/\d+)">no\. \d+, item listed', page)}
    names = re.findall(called, main_of(story, lab, listed))
    assert len(names) == 40
    assert names == sorted(names, key=sort_key)


def test_what_several_may_be_called_tells_them_apart(story: Told) -> None:
    lab = story.cast.first_lab
    cases = re.findall(">(Discrepancy: [^<]+)<", main_of(story, lab, "/overview"))
    assert len(cases) == len({*cases}) == 3
    assert "Discrepancy: AWB-784-1001, PL-031 (2026-08-12)" in cases
    keys = main_of(story, lab, "/search?q=p-01").split('">key</td>')[1:]
    owners = [re.search("p-01</a> · ([^<]+)<br>", one) for one in keys]
    assert len({one[1] for one in owners if one}) == len(keys) > 1
    found = main_of(story, lab, "/find?q=PL-00")
    assert "9</span> items" in found
    assert "breaches" in main_of(story, lab, f"/parties/{lab.id}/file?{YEAR}")


def test_words_stand_where_there_are_words(story: Told) -> None:
    found = main_of(story, story.cast.first_lab, "/ask/findings?lang=zh")
    assert '<dt class="govuk-summary-list__key">义务</dt>' in found
    assert "correct-finding" not in found
    balance = main_of(story, story.cast.importer, f"/ask/balance?approval={REAGENTS}&lang=zh")
    assert re.search('<td class="govuk-table__cell"[^>]*>毫升</td>', balance)
    assert ">mL<" not in balance
    tasks = main_of(story, story.cast.assessor, "/cases/case:application-233/tasks")
    assert "approval GX-2026-0233" in tasks
    assert "approval:GX-2026-0233" not in tasks


def test_an_agenda_tells_where_each_product_lies_and_is_narrowed_to_a_district(story: Told) -> None:
    customs, now = story.cast.destination, datetime(2026, 11, 27, 5, tzinfo=UTC)
    assert "District:" not in main_of(story, customs, "/agenda"), "nobody has stated one"
    registered = UnitRegistered(
        party=story.cast.importer.id, number="3201", registered_on=date(2026, 11, 1), types=("sales",), district="wuxi"
    )
    ledger = story.log.doors.ledger
    assert ledger.record(made(registered, customs.first, at=now, log=ledger.store.origin)).event is not None
    for who in (customs, story.cast.assessor):
        assert main_of(story, who, "/agenda").count('href="/agenda?') >= 2
        assert "2 products wait for a meeting" in main_of(story, who, "/agenda?district=wuxi")
        assert "Only what lies in wuxi" in main_of(story, who, "/agenda?district=wuxi")
        assert "0 products wait for a meeting" in main_of(story, who, "/agenda?district=nowhere")
