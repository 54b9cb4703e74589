"""The editions of the rules of a claimed answer beside those of whoever checks it: either may have some alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from projections.obligations import begun

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from ledger.domain.law.rules import RulePack
    from ledger.evidence.bundle.answer import Claimed
    from ledger.rulepacks.load import RulePacks
    from projections.claims.asking import Follows


def further(claimed: Claimed, follows: Follows, packs: RulePacks) -> list[str]:
    """Return the editions here that whoever claims may not have had: they judged no event of the answer, and it is
    claimed with another one of their jurisdiction."""
    judged = {event.rules for event in follows.events}
    known = {pack.jurisdiction for one in claimed.editions if (pack := packs.by_name(one)) is not None}
    return [
        one
        for one in follows.claimed.editions
        if one not in {*judged, *claimed.editions} and (pack := packs.by_name(one)) and pack.jurisdiction in known
    ]


def instead(claimed: Claimed, follows: Follows, packs: RulePacks) -> list[str]:
    """Return the claimed editions that judge nothing here, since this program has another one of the same day."""
    days = {_day_of(one.pack) for one in begun(packs, claimed.now).editions}
    kept = {one.pack.name for one in packs.kept if _day_of(one.pack) in days}
    return [one for one in claimed.editions if one in kept and one not in follows.claimed.editions]


def theirs(packs: RulePacks, without: Collection[str], instead: Collection[str]) -> RulePacks:
    """Return the editions as whoever claims has them: without some, and with some in place of those of their days."""
    put = tuple(one for one in packs.kept if one.pack.name in instead)
    days = {_day_of(one.pack) for one in put}
    had = [one for one in packs.editions if one.pack.name not in without]
    left = tuple(one for one in had if _day_of(one.pack) not in days)
    moved = tuple(one for one in had if _day_of(one.pack) in days)
    return replace(packs, editions=(*left, *put), kept=(*(one for one in packs.kept if one not in put), *moved))


def _day_of(pack: RulePack) -> tuple[str, date]:
    return pack.jurisdiction, pack.effective_from
