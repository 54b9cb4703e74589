"""What a statement says that an item comes from: part of what a bundle's subject rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.evidence.bundle.rests import origins
from ledger.ids import Tag
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from tests.authors import opening

if TYPE_CHECKING:
    from ledger.statement.form.payload import Payload

A: Final = Tag("item:a")
MADE: Final = [{"item": "item:b"}, {"item": A}]
OF: Final = {"item": "item:p"}


def said(kind: str, **body: Any) -> Payload:  # noqa: ANN401  of any form
    return read_payload(parse_envelope(opening().envelope).payload)._replace(kind=kind, body=body)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        pytest.param(
            said("item.listed/1", items=MADE, approval="approval:A", consignment="consignment:C"),
            {"approval:A", "consignment:C"},
            id="listed",
        ),
        pytest.param(said("item.listed/1", items=[OF], approval="approval:A"), set(), id="another is listed"),
        pytest.param(said("item.listed/1", items=7, approval="approval:A"), set(), id="a list of another form"),
        pytest.param(said("item.listed/1", items=[7, *MADE], approval=["approval:A"]), set(), id="not a text"),
        pytest.param(said("item.aliquoted/1", children=MADE, parent="item:p"), {"item:p"}, id="an aliquot"),
        pytest.param(said("item.aliquoted/1", children=MADE, parent=A), set(), id="of itself"),
        pytest.param(said("item.derived/1", outputs=MADE, inputs=[OF]), {"item:p"}, id="derived"),
        pytest.param(said("item.pooled/1", output={"item": A}, inputs=[OF, 5, "x"]), {"item:p"}, id="pooled"),
        pytest.param(said("item.propagated/1", outputs=MADE, seed=OF), {"item:p"}, id="propagated"),
        pytest.param(said("item.used/1", item=A), set(), id="used"),
    ],
)
def test_origins_are_read_as_far_as_they_go(statement: Payload, found: set[str]) -> None:
    assert origins(statement, A) == found
