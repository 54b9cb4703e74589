"""What the tests of the committer share: a clock that they can stop, and a ledger with vials at the bench."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.contracts.vials import A, B, C
from tests.imports import TestClock, open_ledger, record_all, to_the_bench

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.service import Ledger
    from ledger.store.port import Store


@pytest.fixture
def clock() -> TestClock:
    """The ledger's clock."""
    return TestClock()


@pytest.fixture
def ledger(store: Store, clock: TestClock) -> Iterator[Ledger]:
    """A ledger with three vials of 10 mL at the laboratory's bench."""
    with closing(open_ledger(store, clock)) as ledger:
        record_all(ledger, to_the_bench(A, B, C))
        yield ledger
