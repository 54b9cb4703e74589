"""An entry judged again, by the edition that it names: what differs today is reported, and is no failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import LedgerError, NeedsAcknowledgement
from ledger.store.deciding.judgement import Bench, judge
from ledger.words.sentences import breach_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.breach import Breach
    from ledger.domain.judging import Signed
    from ledger.ids import Tag
    from ledger.rulepacks.load import RulePacks
    from ledger.statement.entries.entry import Entry
    from ledger.store.deciding.worlds import Worlds
    from ledger.store.port import LockedLog


class Judged(NamedTuple):
    """What came of judging an entry again, as ``Verified`` says it."""

    difference: str = ""
    unjudged: str = ""


class Judge(NamedTuple):
    """Who judges again: by these editions, in the worlds of the log as replayed so far."""

    packs: RulePacks
    worlds: Worlds

    def judge(self, log: LockedLog, said: Signed[Any], named: frozenset[Tag], entry: Entry) -> Judged:
        """Judge a statement again as of its recording. named: the ids that its payload names."""
        rules = self.packs.by_name(entry.rules)
        if rules is None:
            pack, _, digest = entry.rules.partition(" ")
            said_so = f"judged under {pack}, edition {digest}, which this reader does not have"
            return Judged(unjudged=f"{said_so}: judgement not checked")
        try:
            again = judge(Bench(log, self.worlds, rules, entry.recorded), said, named)
        except NeedsAcknowledgement as answer:
            return Judged(difference=f"today not acknowledged: {_told(answer.breaches)}")
        except LedgerError as answer:
            return Judged(difference=f"{type(answer).__name__}: {answer}")
        return Judged(difference=_other_breaches(entry.breaches, again.breaches))


def _other_breaches(recorded: tuple[Breach, ...], today: tuple[Breach, ...]) -> str:
    """Say what an entry tells of breaches and judging again does not, and the reverse; "" where both tell the same."""
    if recorded == today:
        return ""
    parts = (
        ("recorded and not found today", [one for one in recorded if one not in today]),
        ("found today and not recorded", [one for one in today if one not in recorded]),
    )
    return "; ".join(f"{words}: {_told(some)}" for words, some in parts if some) or "recorded in another order"


def _told(breaches: Iterable[Breach]) -> str:
    return "; ".join(f"{one.rule}: {breach_words(one)}" for one in breaches)
