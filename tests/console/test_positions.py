"""What stands where: a box as a grid, by whoever may see what stands in it, and what is to be known of each thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from api.console.grids import SIZES, grid_of
from ledger.domain.bodies.vocabulary import Department, Packaging, Role
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemStored
from ledger.domain.registry.authorities import AuthorityAssigned
from ledger.domain.registry.parties import SiteRegistered
from ledger.domain.supervision.keeping import HoldReason, LegalHoldPlaced
from ledger.ids import CaseId, ItemId, SiteId
from tests.authors import OPERATOR, admissions, made, opening
from tests.authors import author as an
from tests.http.serving import Served, served
from tests.http.test_asking import collected
from tests.http.test_signing_in import signed_in
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.statement.authoring import Author
    from tests.servers import Servers

LAB: Final = an("party:lab-1", Role.LABORATORY)
OTHER: Final = an("party:lab-2", Role.LABORATORY)
CUSTOMS: Final = an("party:customs", Role.CUSTOMS)
SITE: Final = SiteId("site:lab-1")
PLACES: Final = {
    "item:a": "F1/R1/B1/A1",
    "item:b": "F1/R1/B1/H12",
    "item:c": "F1/R1/B2/01",
    "item:d": "F2/door",
    "item:e": "F1/R1/B1/C3",
}


@pytest.fixture(scope="module")
def log(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A log in which a site has things in boxes of different kinds, one in no position, one on hold, one handed on."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("positions")) as log:
        there = SiteRegistered(site=SITE, party=LAB.party, name="There", use="laboratory", level=2, district="nanjing")
        stored = ItemStored(site=SITE, items=tuple(Placed(item=ItemId(one), place=at) for one, at in PLACES.items()))
        listed = [(item, item[5:].upper() + "-1") for item in (*PLACES, "item:z")]
        given = CustodyHandedOver(
            items=(ItemId("item:e"),), receiver=OTHER.party, count=1, packaging=Packaging.INTACT, site=SITE
        )
        held = LegalHoldPlaced(case=CaseId("case:hold-1"), ground=HoldReason.INVESTIGATION, items=(ItemId("item:b"),))
        for one in (
            opening(),
            *admissions(LAB, OTHER, CUSTOMS),
            made(AuthorityAssigned(party=CUSTOMS.party, department=Department.CUSTOMS, district="nanjing"), OPERATOR),
            made(there, LAB),
            made(collected("lab-1", *listed), LAB),
            made(stored, LAB),
            made(held, CUSTOMS),
            made(given, LAB),
            made(CustodyAccepted(items=(ItemId("item:e"),), count=1, packaging=Packaging.INTACT), OTHER),
        ):
            log.doors.ledger.record(one)
        yield log


def ask(log: Served, who: Author, query: str = "", language: str = "en") -> str:
    headers = {"Cookie": signed_in(log, who.signer), "Accept-Language": language}
    answer = log.ask("GET", f"/sites/{SITE}/positions{query}", headers=headers)
    assert answer.status == 200, answer.body
    return answer.body.decode()


def test_freezers_racks_and_boxes_lead_to_what_stands_in_them(log: Served) -> None:
    page = ask(log, LAB)
    assert re.findall(r'within=([^"]+)"><span class="console-counts__number">(\d+)</span> in (\w+)', page) == [
        ("F1", "3", "F1"),
        ("F2", "1", "F2"),
    ]
    assert "Here, and in no position" in page
    assert "Z-1" in page
    assert "D-1" not in page
    assert "D-1" in ask(log, LAB, "?within=f2")
    rack = ask(log, LAB, "?within=F1/R1")
    assert "within=F1%2FR1%2FB2" in rack


def test_a_box_whose_positions_are_letters_and_numbers_is_a_grid_with_its_table(log: Served) -> None:
    page = ask(log, LAB, "?within=F1/R1/B1")
    grid, _, table = page.partition("The same as a table")
    assert grid.count('<th scope="col">') == 12
    assert grid.count('<th scope="row">') == 8
    assert grid.count("console-grid__taken") == 2
    assert grid.count("nothing on record") == 8 * 12 - 2
    for one in ("A-1", "B-1"):
        assert one in grid
        assert one in table
    assert "■</span> on hold" in grid


def test_a_box_may_be_said_to_be_larger_and_never_smaller_than_what_stands_in_it(log: Served) -> None:
    assert ask(log, LAB, "?within=F1/R1/B1&size=16+%C3%97+24").count('<th scope="col">') == 24
    assert ask(log, LAB, "?within=F1/R1/B1&size=4+%C3%97+6").count('<th scope="col">') == 12
    assert ask(log, LAB, "?within=F1/R1/B2").count("console-grid__taken") == 1


def test_what_was_handed_on_stands_nowhere_here_and_who_has_it_is_not_told(log: Served) -> None:
    assert "E-1" not in ask(log, LAB, "?within=F1/R1/B1")


@pytest.mark.parametrize(("who", "sees"), [(LAB, True), (CUSTOMS, True), (OTHER, False)])
def test_only_who_may_see_a_thing_is_told_that_it_stands_there(log: Served, who: Author, *, sees: bool) -> None:
    for query in ("", "?within=F1/R1/B1"):
        assert bool(re.search(r"\b[ABZ]-1\b", ask(log, who, query))) is sees
    assert (re.search(r'console-counts__number">3<', ask(log, who)) is not None) is sees


def test_it_speaks_chinese_and_takes_no_other_parameter(log: Served) -> None:
    assert "■</span> 暂不放行、封存或留存" in ask(log, LAB, "?within=F1/R1/B1", "zh")
    headers = {"Cookie": signed_in(log, LAB.signer)}
    assert log.ask("GET", f"/sites/{SITE}/positions?page=2", headers=headers).status == 400
    assert log.ask("GET", f"/sites/{SITE}/positions?within={'a' * 101}", headers=headers).status == 400
    assert log.ask("GET", "/sites/site:nobodys/positions", headers=headers).status == 404


@pytest.mark.parametrize(
    ("steps", "size"),
    [
        ({"a1"}, (4, 6)),
        ({"h12"}, (8, 12)),
        ({"a1", "i9"}, (9, 9)),
        ({"z99"}, (26, 99)),
        ({"1", "25"}, (5, 5)),
        ({"81"}, (9, 9)),
        ({"384"}, (16, 24)),
    ],
)
def test_the_smallest_box_that_holds_what_stands_there_is_taken(steps: set[str], size: tuple[int, int]) -> None:
    grid = grid_of(steps)
    assert grid is not None
    assert (len(grid.rows), len(grid.columns)) == size
    assert steps <= {one for _, row in grid.rows for one in row}


@pytest.mark.parametrize("steps", [set(), {"door"}, {"a1", "1"}, {"385"}, {"a0"}, {"a100"}])
def test_positions_of_other_names_are_a_list(steps: set[str]) -> None:
    assert grid_of(steps) is None


def test_boxes_are_tried_from_the_smallest_on() -> None:
    assert [rows * columns for rows, columns in SIZES] == sorted(rows * columns for rows, columns in SIZES)
