"""The editions of rule packs that had begun when something was recorded: what obligations are computed with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.obligations import begun

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.law.rules import RulePack
    from ledger.rulepacks.load import RulePacks


class Begun:
    """Some editions, by their names. Equal where the same ones have begun."""

    def __init__(self, packs: RulePacks, at: datetime | None) -> None:
        """Take those that had begun at an instant. at: None: before the first entry, when none counts."""
        found = None if at is None else begun(packs, at)
        every = () if found is None else (*found.editions, *found.kept)
        self.packs: tuple[RulePack, ...] = () if found is None else found.packs
        self._named = {one.pack.name: one.pack for one in reversed(every)}

    def by_name(self, name: str) -> RulePack | None:
        """Return the edition that an entry names; None if it is not here, or had not begun."""
        return self._named.get(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Return what tells them from others."""
        return tuple(sorted(self._named))
