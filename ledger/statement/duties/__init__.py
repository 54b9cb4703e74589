"""Every duty in one literal table for each wing: what opens an obligation, how long it runs and what ends it.

It names kinds of statements, so it stands above the domain, beside the catalogue (ADR 0003). A new duty is a new row of
its wing's table; a row's id never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.duties.running import owing
from ledger.domain.duties.spanning import Spanning
from ledger.domain.duties.steps import Told
from ledger.domain.fold import initial
from ledger.ids import Tag
from ledger.statement.catalogue import KINDS
from ledger.statement.duties.assessment import ASSESSMENT
from ledger.statement.duties.authorisation import AUTHORISATION
from ledger.statement.duties.border import BORDER
from ledger.statement.duties.custody import CUSTODY
from ledger.statement.duties.ending import ENDING
from ledger.statement.duties.keeping import KEEPING
from ledger.statement.duties.registry import REGISTRY
from ledger.statement.duties.supervision import SUPERVISION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ledger.domain.duties.duty import Duty, Editions
    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event

DUTIES: Final[Mapping[str, Duty]] = {
    duty.id: duty
    for duty in (*REGISTRY, *AUTHORISATION, *ASSESSMENT, *BORDER, *CUSTODY, *ENDING, *SUPERVISION, *KEEPING)
}

ABOUT: Final[Mapping[str, tuple[Duty, ...]]] = {
    of: found
    for of in ("item", "approval", "consignment", "case", "permit", "site")
    if (found := tuple(duty for duty in DUTIES.values() if duty.about is type(initial(Tag(f"{of}:any")))))
}
"""By the type of a subject the duties in whose chain they open and end."""

HEARD: Final = frozenset[str]().union(*(duty.hears.kinds for duty in DUTIES.values() if duty.hears is not None))
"""The kinds that are heard of in chains of other subjects than those that a statement bears."""


def obligations(
    events: Iterable[Event[Any]],
    editions: Editions,
    boundary: Collection[Tag] | None = None,
    duties: Collection[Duty] = tuple(DUTIES.values()),
    *,
    subjects: Collection[Tag] | None = None,
) -> list[Obligation]:
    """Return all that is or was owed by the record, in the order in which it was opened.

    events: oldest first; all that bear a tag of the boundary. boundary: None: all events that the log has.
    editions: those known to whoever asks. At an earlier time: those that had begun by then. duties: those asked for.
    subjects: in whose chains; None: in anybody's.

    Raises LookupError: an obligation of a subject in the boundary rests on one beyond it.
    """
    told = Spanning(events, KINDS) if boundary is None else Told(events, KINDS, boundary)
    found: list[Obligation] = []
    for tag in told.subjects if subjects is None else sorted(subjects):
        if isinstance(told, Spanning):
            told.ask_for(tag)
        found += own(told, tag, editions, duties)
    return sorted(found, key=lambda one: one.order)


def own(told: Told, tag: Tag, editions: Editions, duties: Iterable[Duty]) -> list[Obligation]:
    """Return the obligations of some duties in one subject's chain, with what it hears of others."""
    about = [duty for duty in duties if duty.about is type(initial(tag))]
    chain = told.chain(tag, editions) if about else []
    found: list[Obligation] = []
    for duty in about:
        steps = chain if duty.hears is None else told.heard(tag, chain, duty.hears, editions)
        if any(step.event.said.kind in duty.opens for step in steps):  # of most duties nothing is owed in most chains
            found += owing(duty, tag, steps, editions)
    return found
