"""A short form of `python -m scripts.faults.fuzz`: what schemathesis makes of the OpenAPI document."""

from __future__ import annotations

from typing import Final

from scripts.faults import fuzz
from tests.embedded_server import fresh_place

_CASES: Final = 200
_AT_FIRST: Final = 10


def test_nothing_that_is_sent_is_answered_as_the_document_does_not_tell() -> None:
    with fresh_place() as place:
        fuzzed = fuzz.run(place, cases=_CASES, seed=1, phases="fuzzing,stateful")
    assert fuzzed.agrees, fuzzed.said
    assert fuzzed.wrong == ()
    assert fuzzed.cases >= _CASES
    assert fuzzed.recorded > _AT_FIRST
