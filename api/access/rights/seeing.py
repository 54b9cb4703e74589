"""Who may see what: one pure function of who is asking and of the record, for every door.

- A **party** sees what it signed and what names it or a site of its own; its approvals, consignments, permits and
  cases; of a case that holds something that it has what concerns that (``holders``); and the items that it has or had:
  for the time it had them, and their past. An item that is on its way to it, or on offer, it sees too.
- An **authority** sees besides what is in its district now, as far as its department supervises it (``departments``):
  what came in under an approval of the district or for a site in it, and what stands or stood there, for that time; and
  of what its department supervises the cases that it acted in.
- **Everybody** who has signed in reads the register: who may speak, as what, with which key and from where.
- An **auditor** sees what an open audit names, as far as who granted it may see that, within its period, until it ends.
- The **operator** sees no more than any other party: that entries exist, and what runs a log, is no subject's.

A revoked key sees nothing. What may not be seen is to be answered as what is not there. Nothing here reads a store, a
clock or a view; what was seen is remembered by a ``Looking`` alone, for as long as one record stands still.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.access.rights.audits import granted_to
from api.access.rights.eyes import Eyes
from api.access.rights.said import Read
from api.access.rights.showing import OWN, Right, Showing
from api.access.rights.sight import NOTHING, REGISTER, Sight, Window, joined
from ledger.ids import PartyId, Tag, type_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.access.principal import Principal
    from api.access.rights.audits import Granted
    from api.access.rights.eyes import Known
    from ledger.domain.judging import Event


def sight(who: Principal | None, tag: Tag, record: Known) -> Sight:
    """Return what somebody may see of a subject; what is False may not be told from what is not there.

    who: None: a stranger, who has not signed in and sees nothing. tag: any id, whether or not it is on record.

    Rows of a list are filtered by it one by one, with the same record: ``[row for row in rows if sight(who, row.tag,
    record)]``. It costs the events of the subject, of what it names, and of an item those of what was made of it; a
    subject that the record has folded before costs nothing more. It does not grow with the log.
    """
    return Looking(who, record).sight(tag)


def shows(who: Principal | None, event: Event[Any], record: Known) -> bool:
    """Say whether somebody may read a statement: what was signed, whole.

    who, record: as for ``sight``. event: as recorded, be it corrected or voided since.

    One that several subjects are in is read by whoever may see it of one of them. Costs that of ``sight`` for each
    subject that it names, up to the first that shows it.
    """
    return Looking(who, record).shows(event)


def opens(who: Principal | None, event: Event[Any], record: Known) -> bool:
    """Say whether somebody may read what a statement discloses: its own party, and whom that lets see it."""
    if who is None or not is_current(who, record):
        return False
    own, read, onlookers = event.said.party, Read.of(event, record), _Onlookers(record)
    return who.party == own or any(
        one.audit.disclosures and own == one.by == one.whose and _shown_by(one, read, onlookers)
        for one in granted_to(who.party, record.world)
    )


def is_current(who: Principal, record: Known) -> bool:
    """Say whether the key by which somebody signed in is still one of that person: revoked, it shows nothing."""
    key = record.world.key(who.key)
    return key.known and not key.revoked and (key.party, key.person) == (who.party, who.person)


class Looking:
    """Somebody who looks at one record again and again: what was seen of a subject is remembered for as long.

    For one request, and one thread: the record stands still meanwhile.
    """

    def __init__(self, who: Principal | None, record: Known) -> None:
        """Look as ``sight`` and ``shows`` do."""
        self._onlookers = _Onlookers(record)
        self._party = None if who is None or not is_current(who, record) else who.party
        self._sights: dict[Tag, Sight] = {}

    def sight(self, tag: Tag) -> Sight:
        """Return what may be seen of a subject, as ``sight`` does; found out once."""
        if tag not in self._sights:
            self._sights[tag] = self._sight(tag)
        return self._sights[tag]

    def _sight(self, tag: Tag) -> Sight:
        if self._party is None or not _is_known(tag, self._onlookers.record):
            return NOTHING
        own = Sight(self._onlookers.of(self._party).windows(tag), register=type_of(tag) in _WITH_REGISTER)
        return joined([own, *(Sight(windows) for windows in _audited(self._party, tag, self._onlookers))])

    def shows_all(self, tag: Tag) -> bool:
        """Say whether every statement about a subject is shown, by rights alone: whatever is recorded about it.

        Who sees an approval, a consignment or a site whole reads of what is done with the items there what they may see
        of these.
        """
        if self._party is None or not self.sight(tag).whole:
            return False
        return type_of(tag) in _SHOWN_WHOLE or self._onlookers.of(self._party).sees_what_is_there(tag)

    def shows(self, event: Event[Any]) -> bool:
        """Say whether a statement may be read, as ``shows`` does."""
        return self.shown(event) is not None

    def shown(self, event: Event[Any]) -> Showing | None:
        """Return whose data a statement is and by which right it may be read; None: it may not."""
        if self._party is None:
            return None
        read, eyes = Read.of(event, self._onlookers.record), self._onlookers.of(self._party)
        if event.said.kind in REGISTER or eyes.owns(read):
            return OWN
        if (seen := eyes.seen_in(read)) is not None:
            as_party = self._onlookers.as_party(self._party)
            own = as_party is eyes or as_party.sees(seen, read.place)
            return eyes.showing(read, Right.PARTY if own else Right.AUTHORITY)
        audits = granted_to(self._party, self._onlookers.record.world)
        shown_by = next((one for one in audits if _shown_by(one, read, self._onlookers)), None)
        return None if shown_by is None else eyes.showing(read, Right.AUDIT, shown_by.case)


_WITH_REGISTER = frozenset({"party", "site", "key"})
_SHOWN_WHOLE = frozenset({"item", "permit", "case", "key"})
"""The types of which whoever sees one whole is shown every statement."""


class _Onlookers:
    """The eyes of the parties that look at one record: who looks, and who lets them."""

    def __init__(self, record: Known) -> None:
        self.record = record
        self._eyes: dict[PartyId, Eyes] = {}
        self._as_parties: dict[PartyId, Eyes] = {}

    def of(self, party: PartyId) -> Eyes:
        """Return the eyes of a party, those of an authority where it is one."""
        if party not in self._eyes:
            self._eyes[party] = Eyes.of(party, self.record)
        return self._eyes[party]

    def as_party(self, party: PartyId) -> Eyes:
        """Return the eyes of a party without what it supervises."""
        eyes = self.of(party)
        if eyes.assigned is None:
            return eyes
        if party not in self._as_parties:
            self._as_parties[party] = Eyes(party, self.record, None)
        return self._as_parties[party]


def _audited(auditor: PartyId, tag: Tag, onlookers: _Onlookers) -> Iterator[tuple[Window, ...]]:
    """Yield what each audit that is open to a party shows it of a subject: never more than who granted it may see.

    What that sees by an audit itself is not passed on.
    """
    return (_by(one, tag, onlookers) for one in granted_to(auditor, onlookers.record.world))


def _by(one: Granted, tag: Tag, onlookers: _Onlookers) -> tuple[Window, ...]:
    """Return what an audit shows of a subject."""
    world = onlookers.record.world
    if not one.covers(tag, world):
        return ()
    if one.by != one.whose and not onlookers.of(one.by).windows(tag):
        return ()
    return one.cut(onlookers.of(one.whose).windows(tag), world)


def _shown_by(one: Granted, read: Read, onlookers: _Onlookers) -> bool:
    """Say whether an audit shows a statement."""
    if not one.holds(read.place):
        return False
    if one.audit.subjects:
        seen = (windows for tag in read.concerned for windows in _by(one, tag, onlookers))
        return any(window.holds(read.place) for window in seen)
    return onlookers.of(one.whose).read(read) and (one.by == one.whose or onlookers.of(one.by).read(read))


def _is_known(tag: Tag, record: Known) -> bool:
    found = record.world.subjects.get(tag)
    return found is not None and found.known
