"""Logs behind their doors that most tests here begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.http.serving import Served, served
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Servers


@pytest.fixture
def log(servers: Servers, tmp_path: Path) -> Iterator[Served]:
    """A served log that is empty."""
    with served(servers.get(EMBEDDED), tmp_path) as log:
        yield log


@pytest.fixture(scope="module")
def idle(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served log that is empty, for tests that record nothing."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("idle")) as idle:
        yield idle
        assert idle.doors.ledger.store.head() == 0
