"""What is told of a label that nothing bears: what it may have been meant to be, of so many in one go."""

from __future__ import annotations

import pytest

from api.telling.labels import MOST_NEAR, Labels
from ledger.errors import NotFound
from ledger.ids import Tag
from ledger.store.memory import MemoryStore
from ledger.words.table import Language
from projections.source import Source
from tests.recorded.record import LOGS, ORIGIN
from tests.recorded.storing import put


def test_of_a_list_in_which_nothing_is_found_only_the_first_are_told_what_is_near() -> None:
    store = MemoryStore(ORIGIN)
    put(store, max(LOGS.glob("*.xz")))
    labels = Labels(lambda: store, language=Language.ENGLISH)
    items = (Tag(one.id) for one in Source(store).subjects("item"))  # type: ignore[attr-defined]
    borne = next(filter(None, map(labels.called, items)))
    told = []
    for _ in range(MOST_NEAR + 1):
        with pytest.raises(NotFound) as refused:
            labels.id_of(f"{borne}O", "item", "$.item")
        told.append(str(refused.value))
    known = f'$.item: the log knows no item called "{borne}O"'
    assert all(one.startswith(f"{known}; did you mean {borne}") for one in told[:-1])
    assert told[-1] == f"{known}; an id is written item:…"
