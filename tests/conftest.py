"""What tests of several kinds share: stores, each test with an empty log of its own, on every kind of store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, settings

from ledger.store.database.postgres import PostgresStore
from ledger.store.memory import MemoryStore
from ledger.store.port import Store
from tests.servers import EMBEDDED, NAMES, ORIGIN, Database, Server, Servers

MEMORY = "memory"

# What an example may cost is no property of ours: it depends on what else the machine has to do. The tests' own time is
# the limit. All else is as Hypothesis would have it here, be it on a desk or in continuous integration.
settings.register_profile("here", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")

LONG_FIRST: Final = ("console", "journeys", "faults", "http", "contracts", "client", "foreign", "properties")
"""The folders with files that take long. They are begun first: no worker is left alone with one at the end."""

NewStore: TypeAlias = Callable[[], Store]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {Path(__file__).parent / name: place for place, name in enumerate(LONG_FIRST)}
    items.sort(key=lambda item: min(places.get(one, len(places)) for one in item.path.parents))


@pytest.fixture(scope="session", autouse=True)
def keys_opened_once() -> Iterator[None]:
    """To open a key file takes a sixth of a second, on purpose. The same one is opened once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serialization, "load_der_private_key", cache(serialization.load_der_private_key))
        yield


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Every PostgreSQL server there is, by name; each started when it is first asked for."""
    with closing(Servers()) as servers:
        yield servers


@pytest.fixture(params=NAMES)
def server(request: pytest.FixtureRequest, servers: Servers) -> Server:
    """One server after the other."""
    return servers.get(request.param)


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """A migrated database with an empty log, on one server after the other."""
    with server.database() as database:
        yield database


@pytest.fixture
def empty_database(server: Server) -> Iterator[Database]:
    """A database with nothing in it, on one server after the other."""
    with server.empty_database() as database:
        yield database


@pytest.fixture
def embedded_database(servers: Servers) -> Iterator[Database]:
    """A migrated database with an empty log, on the embedded server alone: for tests of what is not the store's."""
    with servers.get(EMBEDDED).database() as database:
        yield database


@pytest.fixture(params=[MEMORY, *NAMES])
def new_store(request: pytest.FixtureRequest, servers: Servers) -> Iterator[NewStore]:
    """What makes stores, each with an empty log of its own, of one kind after the other."""
    with ExitStack() as stack:

        def make() -> Store:
            if request.param == MEMORY:
                return MemoryStore(ORIGIN)
            database = stack.enter_context(servers.get(request.param).database())
            return stack.enter_context(closing(PostgresStore(database.app)))

        yield make


@pytest.fixture
def store(new_store: NewStore) -> Store:
    """A store with an empty log, of one kind after the other."""
    return new_store()


@pytest.fixture
def postgres_store(database: Database) -> Iterator[PostgresStore]:
    """A store in PostgreSQL with an empty log, on one server after the other."""
    with closing(PostgresStore(database.app)) as store:
        yield store
