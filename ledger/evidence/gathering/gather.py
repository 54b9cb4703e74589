"""Which entries a bundle needs: those of its subject, and those of all that it rests on.

    complete   the subject; of an item its ancestors; of a case the items it is about; the key:… tags of all who sign
               anything here, back to the key that opened the log
    status     the parties of all who sign, the sites that these events name, the approvals, consignments and permits:
               only what establishes, limits or ends them

On an approval's balance rests everything that came in under it, and so it is not here. In the whole scope approvals and
consignments are complete too, for whoever may see all that. Where the bundle is to hold an answer, the subjects that it
rests on are here besides.

Made for somebody who may not read all that, a bundle holds what they may read, and of a subject that they do not see
whole it claims nothing (*in part*). Nothing is followed from what is withheld, so nothing is told that follows from it.
Of an entry that is withheld only this is told, and only where somebody who reads an entry of the bundle knows anyway
that there is one: that a subject which that entry names came about before it, by which entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Final, Protocol

from ledger.domain.fold import VOIDED, fold, initial
from ledger.domain.status import STATUS
from ledger.errors import Malformed, NotFound, unreadable
from ledger.evidence.bundle.manifest import ListedWithheld, Scope, Why
from ledger.evidence.bundle.rests import Shown, counted, rests_on
from ledger.ids import Tag, key_tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import Entry, parse_entry
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import Payload, read_payload
from ledger.store.deciding.earlier import event_of
from ledger.tlog.index import status_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Set

    from ledger.store.port import Readable, Recorded

_WHY: Final = {
    "item": Why.ANCESTOR,
    "approval": Why.APPROVAL,
    "consignment": Why.CONSIGNMENT,
    "permit": Why.PERMIT,
    "party": Why.PARTY,
    "site": Why.SITE,
    "key": Why.KEY,
}
_LINKED: Final = frozenset({"item", "approval", "consignment", "permit"})
_LINEAGE: Final = _LINKED | {"case"}
_RANK: Final = {why: rank for rank, why in enumerate(Why)}


_WHOLE: Final = {
    Scope.NARROW: frozenset({"item", "key"}),
    Scope.WHOLE: frozenset({"item", "key", "approval", "consignment"}),
}
"""The types of subject that are complete in a bundle about another one."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An entry that a bundle needs, and what for."""

    recorded: Recorded
    entry: Entry
    payload: Payload
    why: Why


class Sealed(Protocol):
    """What whoever a bundle is made for may not read: of the subjects in part the log yields them less than all."""

    def is_part(self, tag: Tag) -> bool:
        """Say whether they do not see a subject whole, whatever is recorded about it."""
        ...

    def first(self, tag: Tag, kinds: Collection[str]) -> ListedWithheld | None:
        """Return the first event of a subject, of its status where kinds are named; None: none, or they read it."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a bundle is to be about.

    size: of the checkpoint; entries from that position on are left out.
    count: says how many events the index under it knows of a name.
    whole, ruled: what an answer rests on besides: subjects to be complete, and those whose status is enough.
    sealed: what may not be read; None: everything may.
    """

    subject: Tag
    size: int
    scope: Scope
    count: Callable[[str], int]
    whole: frozenset[Tag] = frozenset()
    ruled: frozenset[Tag] = frozenset()
    sealed: Sealed | None = None

    def is_part(self, tag: Tag) -> bool:
        """Say whether nothing is claimed of a subject. What an answer rests on was read whole."""
        if self.sealed is None or tag in self.whole | self.ruled | {self.subject}:
            return False
        return self.sealed.is_part(tag)


@dataclass(slots=True)
class Gathered:
    """What a bundle needs.

    chosen, withheld: by position. complete, status, part: tags in the manifest's sense.
    """

    chosen: dict[int, Chosen] = field(default_factory=dict)
    complete: set[Tag] = field(default_factory=set)
    status: set[Tag] = field(default_factory=set)
    part: set[Tag] = field(default_factory=set)
    withheld: dict[int, ListedWithheld] = field(default_factory=dict)

    def add(self, recorded: Recorded, why: Why) -> Chosen:
        """Take in an entry, and return it; of several reasons the first of the words stays."""
        known = self.chosen.get(recorded.position)
        if known is None:
            entry, payload = _opened(recorded)
            known = self.chosen[recorded.position] = Chosen(recorded, entry, payload, why)
        elif _RANK[why] < _RANK[known.why]:
            known = self.chosen[recorded.position] = Chosen(recorded, known.entry, known.payload, why)
        return known


def gather(store: Readable, wanted: Wanted) -> Gathered:
    """Return what a bundle needs.

    Raises NotFound: the log says nothing about the subject up to there. IntegrityFailed: an entry is no statement.
    TooOld: this program does not know what an entry says, and so not all that it rests on.
    """
    gathered = Gathered()
    _reach(store, wanted, gathered, {wanted.subject})
    _reach(store, wanted, gathered, wanted.whole | wanted.ruled)
    if wanted.sealed is not None:
        _withhold(wanted.sealed, gathered)
    return gathered


def _reach(store: Readable, wanted: Wanted, gathered: Gathered, asked: Set[Tag]) -> None:
    """Take in the events of some tags, and of all that these rest on, but for what is there already."""
    pending = asked - _taken(gathered)
    while pending:
        tag = min(pending)
        pending |= set(_take(store, wanted, gathered, tag, Why.ANSWER if tag in asked else None))
        pending -= _taken(gathered)


def _taken(gathered: Gathered) -> set[Tag]:
    return gathered.complete | gathered.status | gathered.part


def _withhold(sealed: Sealed, gathered: Gathered) -> None:
    """List by which entry each subject in part came about, where it is withheld and an entry that is here tells so."""
    for tag in gathered.part:
        named = [position for position, one in gathered.chosen.items() if tag in one.entry.tags]
        first = sealed.first(tag, _kinds(tag))
        if first is not None and first.position < max(named, default=0):
            gathered.withheld[first.position] = first


def _take(store: Readable, wanted: Wanted, gathered: Gathered, tag: Tag, why: Why | None) -> Iterator[Tag]:
    """Take in the events of a tag, and yield the tags that these rest on. why: None: by the type of the tag."""
    is_subject = tag == wanted.subject
    why = Why.SUBJECT if is_subject else why or _WHY[type_of(tag)]
    if wanted.is_part(tag):
        gathered.part.add(tag)
        kinds = _kinds(tag)
        events = [one for one in _upto(store, tag, wanted.size, kinds) if not kinds or _rules(one, tag)]
    elif is_subject or tag in wanted.whole or type_of(tag) in _WHOLE[wanted.scope]:
        gathered.complete.add(tag)
        events = list(_upto(store, tag, wanted.size))
    else:
        gathered.status.add(tag)
        events = _status(store, tag, wanted)
    if is_subject and not events:
        raise NotFound(f"the log says nothing about {tag} before position {wanted.size}")
    claimed = counted(gathered.complete, gathered.status, gathered.part)
    for recorded in events:
        yield from _rests_on(gathered.add(recorded, why), wanted.subject, claimed, with_sites=type_of(tag) in _LINEAGE)
    if type_of(tag) == "item" or (tag in gathered.complete and type_of(tag) in _LINEAGE):
        state = fold(tag, map(event_of, events), KINDS)
        yield from (link for link in state.links if type_of(link) in _LINKED)


def _rests_on(one: Chosen, subject: Tag, claimed: tuple[Set[Tag], Set[Tag]], *, with_sites: bool) -> Iterator[Tag]:
    """Yield what an entry rests on: what a verifier asks for, the keys that sign it, the sites it names if wanted.

    claimed: as ``counted`` has them.
    """
    yield from rests_on(Shown(one.entry, one.payload), subject, *claimed)
    yield from (Tag(key_tag(signer.key)) for signer in one.payload.signers)
    if with_sites:
        yield from (tag for tag in one.entry.tags if type_of(tag) == "site")


def _status(store: Readable, tag: Tag, wanted: Wanted) -> list[Recorded]:
    """Return the events that establish, limit or end a subject. Their kinds are few, so few entries are read."""
    events = [one for one in _upto(store, tag, wanted.size, _kinds(tag)) if _rules(one, tag)]
    if len(events) != wanted.count(status_name(tag)):  # a later program knows more kinds: its entries say so themselves
        events = [one for one in _upto(store, tag, wanted.size) if _rules(one, tag)]
    return events


def _kinds(tag: Tag) -> frozenset[str]:
    """Return the kinds of the events of a subject's status; none of a subject that has no status of its own."""
    found = (kinds | {VOIDED} for subject, kinds in STATUS.items() if isinstance(initial(tag), subject))
    return next(found, frozenset())


def _rules(one: Recorded, tag: Tag) -> bool:
    return tag in parse_entry(one.entry).status


def _upto(store: Readable, tag: Tag, size: int, kinds: frozenset[str] = frozenset()) -> Iterator[Recorded]:
    return takewhile(lambda one: one.position < size, store.about(tag, kinds=kinds))


def _opened(recorded: Recorded) -> tuple[Entry, Payload]:
    try:
        entry = parse_entry(recorded.entry)
        return entry, read_payload(parse_envelope(entry.data).payload)
    except Malformed as error:
        raise unreadable(recorded.position, error) from error
