"""What a case is called that nobody named: its matter and whom it is about, beside its id, in both languages."""

from __future__ import annotations

import pytest

from api.telling.labels import Labels
from ledger.domain.states.subjects import Case
from ledger.ids import CaseId, Tag
from ledger.store.memory import MemoryStore
from ledger.words.table import Language
from projections.source import Source
from tests.recorded.record import LOGS, ORIGIN
from tests.recorded.storing import put


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    """A log with cases of many matters."""
    store = MemoryStore(ORIGIN)
    put(store, max(LOGS.glob("*.xz")))
    return store


def cases(store: MemoryStore, matter: str) -> list[Case]:
    return [one for one in Source(store).subjects("case") if isinstance(one, Case) and one.matter == matter]


@pytest.mark.parametrize("language", Language)
def test_a_discrepancy_is_called_by_what_it_is_and_the_goods_that_differ(
    store: MemoryStore, language: Language
) -> None:
    labels = Labels(lambda: store, language=language)
    found = cases(store, "discrepancy")
    assert found
    for one in found:
        assert one.consignment is not None
        told = labels.named(Tag(one.id))
        goods = labels.called(Tag(one.consignment)) or one.consignment
        assert told.endswith(f"({one.id})")
        assert goods in told
        assert told.startswith("discrepancy: " if language is Language.ENGLISH else "差异")


def test_a_case_with_a_number_keeps_it_and_one_that_is_not_on_record_its_id(store: MemoryStore) -> None:
    labels = Labels(lambda: store)
    (ordered, *_) = cases(store, "return")
    assert labels.called(Tag(ordered.id)) is not None
    assert labels.named(Tag(ordered.id)) == f"{labels.called(Tag(ordered.id))} ({ordered.id})"
    assert labels.named(Tag(CaseId("case:nobodys"))) == "case:nobodys"
