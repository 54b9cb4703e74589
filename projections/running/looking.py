"""Looking: how the views stand beside the log, told in the same words by whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from projections.views.catalogue import version

if TYPE_CHECKING:
    from projections.database.tables import Standing, Tables

State: TypeAlias = Literal["current", "behind", "stopped", "none", "other-version"]
"""How views stand: all is applied, or not all, or it cannot be; they were not made, or by another program."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the views stood at one moment. lag: how many events they lacked."""

    state: State
    standing: Standing | None
    position: int
    lag: int

    @property
    def checkpoint(self) -> int:
        """Return the size of the largest checkpoint that they were held against; 0: none yet."""
        return 0 if self.standing is None else self.standing.bound.checked

    @property
    def stopped(self) -> str | None:
        """Return why the runner goes on no more; None while it does."""
        return None if self.standing is None else self.standing.stopped


def look(tables: Tables, head: int) -> Look:
    """Return how the views stand. head: of the log, read before. Raises IntegrityFailed, Unavailable."""
    standing = tables.standing()
    position = 0 if standing is None else standing.position
    lag = max(0, head - position)
    return Look(_state(standing, lag), standing, position, lag)


def _state(standing: Standing | None, lag: int) -> State:
    if standing is None:
        return "none"
    if standing.stopped is not None:
        return "stopped"
    if standing.version != version():
        return "other-version"
    return "behind" if lag else "current"
