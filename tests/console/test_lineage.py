"""A lineage of very many items: pages that follow each other without a gap, and a picture that stays small."""

from __future__ import annotations

import pytest

from api.console.graph import MOST, graph_of
from api.console.lineage import PAGE, Row, page_of
from api.console.made import Made
from ledger.ids import ItemId
from ledger.words.table import Language


def made(number: int, each: int) -> list[Made]:
    """Return items that were made, so many of them by each statement."""
    return [
        Made(ItemId(f"item:m-{at:06}"), f"M-{at:06}", "item.aliquoted/1", at // each, "1 mL") for at in range(number)
    ]


@pytest.mark.parametrize("number", [0, 1, PAGE, PAGE + 1, 1_050])
def test_pages_have_every_item_once(number: int) -> None:
    every, after = made(number, 96), None
    found: list[Made] = []
    while True:
        shown, more = page_of(every, after)
        found += shown
        if not more:
            break
        after = shown[-1].item
    assert found == every


def test_a_page_begins_behind_an_item_that_there_is() -> None:
    with pytest.raises(KeyError):
        page_of(made(3, 1), "item:nobodys")


@pytest.mark.parametrize("each", [1, 2, 96])
@pytest.mark.parametrize("number", [1, 40, 1_000, 10_000])
@pytest.mark.parametrize("parents", [0, 1, 400])
def test_a_picture_has_at_most_so_many_nodes_and_all_are_in_it(number: int, each: int, parents: int) -> None:
    every = made(number, each)
    rows = [Row(one, 0, "", "", 7, opened=False, more=0) for one in every[:PAGE]]
    graph = graph_of(Language.ENGLISH, "L-1", [(f"P-{at}", "/lineage/item:p") for at in range(parents)], every, rows)
    assert len(graph.nodes) <= MOST
    assert [one.text for one in graph.nodes if one.itself] == ["L-1"]
    assert graph.left == min(one.x for one in graph.nodes), "nothing empty before what is asked about"
    assert all(one.y >= 0 and one.y + 34 <= graph.height and one.x + 240 <= graph.width for one in graph.nodes)
    behind = [one.full for one in graph.nodes if one.x == 640]
    told = [int(one.split()[1].replace(",", "")) if one.startswith("×") else 1 for one in behind]
    assert sum(told) == number
