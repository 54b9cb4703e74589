"""Which entries a bundle needs: those of its subject, and those of all that it rests on.

    complete   the subject; of an item its ancestors; their approvals and consignments; of a case what it is about;
               the key:… tags of all who sign anything here, back to the key that opened the log
    partial    the parties of all who sign, and the sites that these events name: only what establishes them

An approval brings the events of everything that came in under it, since its balance rests on them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from ledger.domain.fold import fold
from ledger.errors import Malformed, NotFound, unreadable
from ledger.evidence.manifest import Why
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.entry import Entry, parse_entry
from ledger.statement.envelope import parse_envelope
from ledger.statement.payload import Payload, read_payload
from ledger.statement.reading import key_tag
from ledger.store.deciding.earlier import event_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.port import Recorded, Store

_LINEAGE: Final = {"item": Why.ANCESTOR, "approval": Why.APPROVAL, "consignment": Why.CONSIGNMENT}
_ESTABLISHING: Final = {
    "party": (Why.PARTY, ("party.registered/1", "role.granted/1", "role.withdrawn/1")),
    "site": (Why.SITE, ("site.registered/1", "site.changed/1")),
}
_RANK: Final = {why: rank for rank, why in enumerate(Why)}


@dataclass(frozen=True, slots=True)
class Chosen:
    """An entry that a bundle needs, and what for."""

    recorded: Recorded
    entry: Entry
    payload: Payload
    why: Why


@dataclass(slots=True)
class Gathered:
    """What a bundle needs. chosen: by position; complete, partial: the tags in the manifest's sense."""

    chosen: dict[int, Chosen] = field(default_factory=dict)
    complete: set[Tag] = field(default_factory=set)
    partial: set[Tag] = field(default_factory=set)

    def add(self, recorded: Recorded, why: Why) -> None:
        """Take in an entry; of several reasons the first of the words stays."""
        known = self.chosen.get(recorded.position)
        if known is None:
            entry, payload = _opened(recorded)
            self.chosen[recorded.position] = Chosen(recorded, entry, payload, why)
        elif _RANK[why] < _RANK[known.why]:
            self.chosen[recorded.position] = Chosen(recorded, known.entry, known.payload, why)


def gather(store: Store, subject: Tag, size: int) -> Gathered:
    """Return what a bundle about a subject needs, as of a checkpoint.

    size: of the checkpoint; entries from that position on are left out.

    Raises NotFound: the log says nothing about the subject up to there. IntegrityFailed: an entry is no statement.
    TooOld: this program does not know what an entry says, and so not all that it rests on.
    """
    gathered = Gathered()
    _gather_lineage(store, subject, size, gathered)
    sites = {tag for one in gathered.chosen.values() for tag in one.entry.tags if type_of(tag) == "site"}
    _gather_signers(store, sites - gathered.complete, size, gathered)
    return gathered


def _gather_lineage(store: Store, subject: Tag, size: int, gathered: Gathered) -> None:
    pending = [subject]
    while pending:
        tag = pending.pop()
        if tag in gathered.complete:
            continue
        events = list(_upto(store, tag, size))
        if not events:
            raise NotFound(f"the log says nothing about {tag} before position {size}")
        for recorded in events:
            gathered.add(recorded, Why.SUBJECT if tag == subject else _LINEAGE[type_of(tag)])
        gathered.complete.add(tag)
        state = fold(tag, map(event_of, events), KINDS)
        pending += (link for link in state.links if type_of(link) in _LINEAGE)


def _gather_signers(store: Store, sites: set[Tag], size: int, gathered: Gathered) -> None:
    """Add keys, parties and sites until all who sign an entry that is added are there too."""
    pending = set(sites)
    while pending := (pending | _signing(gathered)) - gathered.complete - gathered.partial:
        for tag in sorted(pending):
            if type_of(tag) == "key":
                gathered.complete.add(tag)
                for recorded in _upto(store, tag, size):
                    gathered.add(recorded, Why.KEY)
            else:
                gathered.partial.add(tag)
                why, kinds = _ESTABLISHING[type_of(tag)]
                for recorded in _upto(store, tag, size, kinds):
                    # An operator's tag stands on all that it registers; what establishes others is not its own.
                    if _opened(recorded)[1].body.get(type_of(tag)) == tag:
                        gathered.add(recorded, why)


def _signing(gathered: Gathered) -> set[Tag]:
    signers = (signer for one in gathered.chosen.values() for signer in one.payload.signers)
    return {Tag(tag) for signer in signers for tag in (key_tag(signer.key), signer.party)}


def _upto(store: Store, tag: Tag, size: int, kinds: tuple[str, ...] = ()) -> Iterator[Recorded]:
    return takewhile(lambda one: one.position < size, store.about(tag, kinds=kinds))


def _opened(recorded: Recorded) -> tuple[Entry, Payload]:
    try:
        entry = parse_entry(recorded.entry)
        return entry, read_payload(parse_envelope(entry.data).payload)
    except Malformed as error:
        raise unreadable(recorded.position, error) from error
