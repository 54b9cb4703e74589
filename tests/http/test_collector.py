"""What a service pays for at its start, and how much the collector of cycles looks at in one go while it serves."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.console.frame import environment, make_ready
from api.http.server import COLLECTED

if TYPE_CHECKING:
    from collections.abc import Iterator

_REMEMBERED: Final = 600_000
_AT_MOST: Final = 100_000


@pytest.fixture
def collected() -> Iterator[None]:
    """Thresholds as a service sets them, and what stood before left alone; all as it was afterwards."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED)
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.usefixtures("collected")
def test_one_look_at_the_older_ones_is_at_few_however_much_a_process_remembers() -> None:
    """A request in whose time the collector looks waits for it: it may find no more than so many objects to look at."""
    looked_at: list[int] = []

    def heed(phase: str, details: dict[str, Any]) -> None:
        if phase == "start" and details["generation"] == 1:
            looked_at.append(len(gc.get_objects(1)))

    gc.callbacks.append(heed)
    try:
        remembered = [[number] for number in range(_REMEMBERED)]
    finally:
        gc.callbacks.remove(heed)
    assert len(remembered) == _REMEMBERED
    assert len(looked_at) > 5
    assert max(looked_at) <= _AT_MOST


def test_once_a_service_is_ready_no_page_of_it_waits_for_a_template() -> None:
    make_ready()
    ready = {name for _, name in environment().cache}  # type: ignore[union-attr]  # it has one
    assert {"worklist.html", "parts/owed.html", "subject.html", "acts/bench.html"} <= ready
    assert {one for one in environment().list_templates() if not one.startswith("govuk")} <= ready
