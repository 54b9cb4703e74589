"""What a page of a site tells to who supervises the site, and not what stands in it: no more than the statements do."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.domain.bodies.vocabulary import Department, Role
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemStored
from ledger.domain.registry.authorities import AuthorityAssigned
from ledger.domain.registry.parties import SiteRegistered
from ledger.ids import ItemId, SiteId
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
SCIENCE: Final = an("party:science", Role.SCIENCE_AUTHORITY)
CUSTOMS: Final = an("party:customs", Role.CUSTOMS)
SITE: Final = SiteId("site:lab-1")


@pytest.fixture(scope="module")
def log(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A log in which a site of a district has two items in its positions."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("sites")) as log:
        there = SiteRegistered(site=SITE, party=LAB.party, name="There", use="laboratory", level=2, district="nanjing")
        stored = ItemStored(
            site=SITE,
            items=tuple(Placed(item=ItemId(f"item:{one}"), place=f"F1/{one}") for one in ("a", "b")),
        )
        by_department = ((SCIENCE, Department.SCIENCE), (CUSTOMS, Department.CUSTOMS))
        for one in (
            opening(),
            *admissions(LAB, SCIENCE, CUSTOMS),
            *(
                made(AuthorityAssigned(party=who.party, department=of, district="nanjing"), OPERATOR)
                for who, of in by_department
            ),
            made(there, LAB),
            made(collected("lab-1", ("item:a", "A-1"), ("item:b", "A-2")), LAB),
            made(stored, LAB),
        ):
            log.doors.ledger.record(one)
        yield log


def ask(log: Served, who: Author, path: str) -> bytes:
    answer = log.ask("GET", path, headers={"Cookie": signed_in(log, who.signer), "Accept-Language": "en"})
    assert answer.status == 200, answer.body
    return answer.body


@pytest.mark.parametrize(("who", "stand"), [(LAB, 2), (CUSTOMS, 2), (SCIENCE, 0)], ids=["whose", "items", "sites"])
def test_how_much_stands_in_a_site_is_told_by_the_statements_that_are_shown(
    log: Served, who: Author, stand: int
) -> None:
    now: dict[str, Any] = json.loads(ask(log, who, f"/v1/sites/{SITE}"))["now"]
    assert now["items"] == stand
    page = ask(log, who, f"/sites/{SITE}").decode()
    told = re.search(r">items</dt><dd[^>]*>(\d+)<", page)
    assert (0 if told is None else int(told[1])) == stand


def test_what_a_page_tells_of_what_stands_there_is_in_the_access_log(log: Served) -> None:
    """By the statements that say so, and not by the register, which is everybody's."""
    ask(log, CUSTOMS, f"/sites/{SITE}")
    (kept,) = log.doors.accesses.page(LAB.party, CUSTOMS.party, None, 1)
    (part,) = (json.loads(one) for one in kept.parts)
    assert (part["party"], part["right"], part["statements"]) == (LAB.party, "authority", 2)


@pytest.mark.parametrize(
    ("who", "in_part"), [(LAB, False), (CUSTOMS, True), (SCIENCE, True)], ids=["whose", "items", "sites"]
)
def test_a_sites_page_says_that_there_may_be_more_to_all_but_whose_it_is(
    log: Served, who: Author, *, in_part: bool
) -> None:
    """Who supervises a site is not shown all that names it, nor, without the items, what stands there."""
    said = "there may be more that you may not" in ask(log, who, f"/sites/{SITE}").decode()
    assert said is in_part
