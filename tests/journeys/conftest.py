"""What the journeys start from: a bench before the log is opened, and one with a consignment announced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.journeys.bench import Bench, Who
from tests.servers import EMBEDDED, Database, Servers

Port: TypeAlias = "tuple[Bench, Who]"


@pytest.fixture
def bench(servers: Servers, tmp_path: Path) -> Iterator[Bench]:
    """A bench with an empty database."""
    with servers.get(EMBEDDED).empty_database() as database:
        yield Bench(tmp_path, database.admin)


@pytest.fixture(scope="session")
def announced(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, Port]:
    """A bench, and an applicant on it that has announced ``consignment:C1``: made once, and copied by who needs one."""
    database = servers.get(EMBEDDED).lasting_database()
    bench = Bench(tmp_path_factory.mktemp("announced"), database.admin)
    bench.open()
    who = bench.admit("party:importer", "applicant", "laboratory")
    bench.announce(who)
    return database, (bench, who)


@pytest.fixture(scope="module")
def port(
    servers: Servers, announced: tuple[Database, Port], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Port]:
    """A copy of the announced consignment's bench, and its applicant; one log for all tests of a module."""
    database, (bench, who) = announced
    with servers.get(EMBEDDED).copy(database) as copy:
        copied = bench.copied(tmp_path_factory.mktemp("port"), copy.admin)
        yield copied, replace(who, key=copied.place / who.key.name)
