"""One browser for all tests of the console, and logs that it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.console.browsing import Console, at_own_address
from tests.http.serving import Served, served
from tests.journeys.chromium import MISSING, Browser, chromium, find_chromium
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Servers


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser; without one these tests fail, and say what is missing."""
    try:
        find_chromium()
    except FileNotFoundError:
        pytest.fail(MISSING)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def idle(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served log that is empty, for tests that record nothing."""
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("idle")) as idle:
        yield idle


@pytest.fixture
def console(servers: Servers, browser: Browser, tmp_path: Path) -> Iterator[Console]:
    """An empty log behind the console."""
    with at_own_address(servers.get(EMBEDDED), tmp_path) as log:
        made = Console(log, browser)
        made.forget()
        yield made
