"""Which lines of a manifest a breach or a refusal is about: those of the rows that it names."""

from __future__ import annotations

import pytest

from api.manifests.lines import Rows
from api.manifests.statements import Planned
from ledger.breach import Breach
from ledger.errors import NeedsAcknowledgement, Refused
from ledger.ids import Tag

ROWS = Rows("items", ("label",))
BODY = Planned(
    {
        "consignment": "consignment:C1",
        "items": [
            {"item": "item:T-1", "label": "HC 1", "site": "site:lab"},
            {"item": "item:T-10", "label": "HC 10", "site": "site:lab"},
            {"item": "item:T-2", "label": "HC-2", "site": "site:lab", "parents": ["item:P"]},
        ],
    },
    (2, 3, 7),
)


@pytest.mark.parametrize(
    ("problem", "lines"),
    [
        ("item:T-1 is listed already", (2,)),
        ("item:T-10 is on item:T-2", (3, 7)),
        ("the label HC 1 is on another item of consignment:C1", (2,)),
        ("the label HC 10 is on another item", (3,)),
        ("item:P is not on record", (7,)),
        ("consignment:C1 is not announced", ()),
        ("site:lab is not a site of party:a", ()),
        ("an item is named twice", ()),
    ],
)
def test_a_refusal_is_about_the_rows_whose_ids_or_labels_it_names(problem: str, lines: tuple[int, ...]) -> None:
    assert ROWS.wrong_in(BODY, Refused("XXX-01", problem)) == lines


def test_a_breach_is_about_the_rows_of_its_subjects_and_else_about_the_statement() -> None:
    some, goods, whole = (Breach("GAT-05", tuple(map(Tag, tags))) for tags in (["item:T-2"], ["consignment:C1"], []))
    assert [ROWS.lines_of(BODY, one) for one in (some, goods, whole)] == [(7,), (), ()]
    assert ROWS.wrong_in(BODY, NeedsAcknowledgement([some], "")) == (7,)
    assert ROWS.wrong_in(BODY, NeedsAcknowledgement([some, goods], "")) == (2, 3, 7)


def test_a_breach_of_every_row_is_about_every_line() -> None:
    every = Breach("GAT-05", tuple(map(Tag, ("item:T-1", "item:T-10", "item:T-2"))))
    assert ROWS.lines_of(BODY, every) == (2, 3, 7)


def test_a_row_with_a_statement_of_its_own_is_its_line() -> None:
    own = Planned({"item": "item:T-1", "laboratory": "site:lab"}, (4,))
    assert Rows(None, ()).lines_of(own, Breach("GAT-05", (Tag("item:T-1"),))) == (4,)
