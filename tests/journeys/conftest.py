"""What the journeys start from: a bench before the log is opened, and one with a consignment announced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.journeys.bench import Bench, Who
from tests.servers import EMBEDDED, Servers

Port: TypeAlias = "tuple[Bench, Who]"


@pytest.fixture
def bench(servers: Servers, tmp_path: Path) -> Iterator[Bench]:
    """A bench with an empty database."""
    with servers.get(EMBEDDED).empty_database() as database:
        yield Bench(tmp_path, database.admin)


@pytest.fixture(scope="module")
def port(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    """A bench and an applicant on it that has announced ``consignment:C1``; one log for all tests of a module."""
    with servers.get(EMBEDDED).empty_database() as database:
        bench = Bench(tmp_path_factory.mktemp("port"), database.admin)
        bench.open()
        who = bench.admit("party:importer", "applicant", "laboratory")
        bench.announce(who)
        yield bench, who
