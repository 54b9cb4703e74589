"""Every kind has an example in the OpenAPI document, and each is a draft that could be signed."""

from __future__ import annotations

from typing import Any, Final

import pytest

from api.drafts.payload import draft_payload
from api.drafts.problems import Problems
from api.drafts.reading import check_body, read_members_of_draft
from api.http.app import document
from ledger.statement.catalogue import KINDS
from ledger.statement.form.payload import read_payload
from tests.authors import ORIGIN, SteppingClock

EXAMPLES: Final[dict[str, Any]] = document()["paths"]["/v1/drafts"]["post"]["requestBody"]["content"][
    "application/json"
]["examples"]


def test_every_kind_has_its_example() -> None:
    assert EXAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_example_is_a_draft_that_can_be_signed(kind: str) -> None:
    problems = Problems()
    said = read_members_of_draft({"log": ORIGIN} | EXAMPLES[kind]["value"], problems)
    check_body(said, problems)
    payload, _ = draft_payload(said, (), SteppingClock())
    assert read_payload(payload).kind == kind
    roles = {one["role"] for one in EXAMPLES[kind]["value"]["signers"]}
    assert roles <= {*KINDS[kind].roles, *KINDS[kind].recorders}
