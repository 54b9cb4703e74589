"""What the tests of attacks share: a published log with a hostile administrator, and a mirror that pulls."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.contracts.behind import as_admin
from tests.faults.published_log import TABLES, Scene, scene
from tests.faults.written_log import pulled
from tests.journeys.bench import Bench
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.mirror.mirror import Mirrored
    from tests.servers import Servers


@pytest.fixture(scope="module")
def standing(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One published log for all tests of a file, with a copy of all its rows."""
    with scene(servers, tmp_path_factory.mktemp("publisher")) as made_scene:
        as_admin(made_scene.database, "create schema before")
        for table in TABLES:
            as_admin(made_scene.database, f"create table before.{table} as table vialog.{table}")
        yield made_scene


@pytest.fixture
def log(standing: Scene) -> Iterator[Scene]:
    """Positions 1 to 4: opening, party, role, key; 5: state entry; 6 to 9: parties; 10: state entry."""
    witness = standing.witness
    held = witness.size, witness.root
    yield standing
    witness.size, witness.root = held
    back = (f"delete from vialog.{table}; insert into vialog.{table} table before.{table}" for table in TABLES)
    standing.hostile(*back)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the log's operator publishes it."""
    return tmp_path / "log"


@pytest.fixture
def pull(tmp_path: Path, folder: Path) -> Callable[[], Mirrored]:
    """What pulls from the folder into one copy, as a process that starts each time."""
    return partial(pulled, str(folder), tmp_path)


@pytest.fixture
def bench(servers: Servers, tmp_path: Path) -> Iterator[Bench]:
    """A bench with an empty database, for what is done at the command line."""
    with servers.get(EMBEDDED).empty_database() as database:
        yield Bench(tmp_path, database.admin)
