"""What pages tell of others stands in the access log, as what routes tell does: no more than they tell, and no less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.ending.incidents import Incident, IncidentReported
from ledger.domain.work.derive import ItemAliquoted
from ledger.domain.work.making import Child
from ledger.ids import CaseId, ItemId, SiteId
from tests.authors import START, made
from tests.http.test_access_log import Watched, watching
from tests.http.test_asking import OWN as LAB
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Servers

CASE: Final = CaseId("case:spill")
SITE: Final = SiteId("site:lab-1")
CHILD: Final = ItemId("item:child")
PARENT: Final = ItemId("item:own-b")


@pytest.fixture(scope="module")
def watched(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A log in which the laboratory that is audited divided one of its items, and owes something for an incident."""
    divided = ItemAliquoted(
        parent=PARENT,
        laboratory=SITE,
        children=(Child(item=CHILD, label="C-1", quantity=Amount(value="4", unit="mL")),),
        residual=Amount(value="6", unit="mL"),
        loss=Amount(value="0", unit="mL"),
    )
    spilt = IncidentReported(case=CASE, site=SITE, incident=Incident.SPILL, discovered_at=START)
    folder = tmp_path_factory.mktemp("watched")
    with watching(servers.get(EMBEDDED), folder, made(divided, LAB), made(spilt, LAB)) as watched:
        yield watched


@pytest.mark.parametrize(
    ("path", "subjects"),
    [
        pytest.param("/items/item:own", {"item:own"}, id="an item, and nothing that its statements name besides"),
        pytest.param("/items/item:own-b", {PARENT, CHILD}, id="an item, with what was made of it"),
        pytest.param("/items/item:child", {CHILD, PARENT}, id="an item, with what it was made of"),
        pytest.param("/cases/case:spill", {CASE}, id="a case"),
        pytest.param("/search?q=C-1", {CHILD}, id="a search that leads to one"),
        pytest.param("/search?q=A-11", {"item:own"}, id="a search that suggests what is called alike"),
        pytest.param("/recall?item=item:own-b", {PARENT, CHILD}, id="what was made of an item"),
        pytest.param("/find?q=C-1", {CHILD}, id="what bears a part of a name"),
        pytest.param("/worklist", {CASE, "item:own", PARENT, CHILD}, id="what is owed"),
        pytest.param("/worklist?about=case:spill", {CASE}, id="what is owed about one subject"),
        pytest.param("/worklist.csv?about=case:spill", {CASE}, id="what is owed, as a table"),
    ],
)
def test_a_page_that_tells_of_others_has_its_entry(watched: Watched, path: str, subjects: set[str]) -> None:
    before = len(watched.rows())
    assert watched.ask(path).status in {200, 303}
    assert len(watched.rows()) == before + 1
    said, (part,) = watched.last()
    assert (part["party"], set(part["subjects"])) == (LAB.party, subjects)
    assert path.startswith(said["route"].partition("{")[0])


def test_a_search_that_comes_close_to_nothing_tells_nothing(watched: Watched) -> None:
    before = len(watched.rows())
    assert watched.ask("/search?q=nothing-is-called-that").status == 200
    assert len(watched.rows()) == before


def test_a_statement_is_told_as_it_stands_in_the_history_of_what_it_is_most_about(watched: Watched) -> None:
    """Not in that of its party or site, of which the log knows nothing but what changes these."""
    position = next(one for one in watched.log.doors.ledger.store.about(CHILD)).position  # type: ignore[arg-type]
    answer = watched.ask(f"/entries/{position}")
    assert answer.status == 200
    _, (part,) = watched.last()
    assert part["subjects"][:1] == [CHILD]
