"""Commands at a service that answers lies: each is refused with a rule, and none of them waits for ever."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from api.client.log import ServedLog
from api.client.problems import error_of, problem_in
from api.client.recording import ServedRecording
from api.client.transport import Patience, Transport
from ledger.errors import LedgerError, Malformed, Unavailable
from tests.client.breaking import between
from tests.client.test_client import item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.client.breaking import Between
    from tests.http.serving import Served

_DEEP = b"[" * 100_000


@pytest.fixture
def line(log: Served) -> Iterator[Between]:
    """Something between that says what it is told to say."""
    with between(log) as line:
        yield line


@pytest.fixture
def service(line: Between) -> Iterator[Transport]:
    """A service that is asked once."""
    with closing(Transport(line.origin, patience=Patience(times=0))) as service:
        yield service


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{}", id="no line"),
        pytest.param(b'{"line":1}', id="no status"),
        pytest.param(b'{"line":1,"status":"recorded"}', id="nothing recorded"),
        pytest.param(b'{"line":1,"status":"error","problem":[]}', id="no problem"),
        pytest.param(
            b'{"line":1,"status":"recorded","position":1,"statement":"x","kind":"x","recorded":"noon","rules":"none",'
            b'"edition":null,"breaches":[]}',
            id="no time",
        ),
        pytest.param(_DEEP, id="deeper than any"),
    ],
)
def test_who_waits_for_what_becomes_of_a_statement_hears_that_the_answer_is_none(
    line: Between, service: Transport, said: bytes
) -> None:
    line.says["/v1/statements/batch"] = said
    with closing(ServedRecording(service)) as recording:
        answer = recording.hand_in(item("x"))
    with pytest.raises(LedgerError):
        answer()


@pytest.mark.rule("SVC-03")
@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"{}", id="nothing"),
        pytest.param(b'{"log":1,"seen_by":"","as_known_at":1,"more":false,"rows":[]}', id="a log without a name"),
        pytest.param(b'{"log":"l","seen_by":"","as_known_at":"1","more":false,"rows":[]}', id="a head that is text"),
        pytest.param(b'{"log":"l","seen_by":"","as_known_at":1,"more":false,"rows":[{}]}', id="a row that lacks all"),
        pytest.param(_DEEP, id="deeper than any"),
    ],
)
def test_a_log_that_is_shown_in_another_form_is_not_read(line: Between, service: Transport, said: bytes) -> None:
    line.says["/v1/entries?limit=1"] = said
    with pytest.raises(Malformed, match="SVC-03"):
        ServedLog(service).head()


def test_a_problem_deeper_than_any_is_told_by_its_status() -> None:
    assert isinstance(error_of(503, problem_in(_DEEP)), Unavailable)
