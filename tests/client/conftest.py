"""A log behind its doors whose people sign in at its own address, with two laboratories and what they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.authors import SteppingClock, admissions, opening
from tests.console.browsing import at_own_address
from tests.http.serving import Served
from tests.http.test_asking import FOREIGN, OWN, stated
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Servers


@pytest.fixture
def log(servers: Servers, tmp_path: Path) -> Iterator[Served]:
    """A served log in which each of two laboratories has two items."""
    with at_own_address(servers.get(EMBEDDED), tmp_path, SteppingClock()) as log:
        given = [opening(), *admissions(OWN, FOREIGN)]
        for one in (*given, *stated("lab-1", "item:own", "A-1"), *stated("lab-2", "item:foreign", "F-1")):
            log.doors.ledger.record(one)
        yield log
