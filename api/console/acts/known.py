"""What a bench knows by heart: who works there, as what, where, with whom, and which things are near, with how much.

It is asked for a page of things at a time, and after that for what has changed since a position: that costs what was
recorded meanwhile, however long the log is. Which things there may be is the views' word; whether they may be seen, and
what is told of each, comes from the record (ADR 0077).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.console.acts.company import colleagues_of, disposals_of
from api.console.acts.places import places_of
from api.drafts.acts.authors import roles_in
from api.drafts.acts.kinds import ACTS
from api.http.bounds.whole_logs import Why
from api.labels.codes import code_of
from ledger.clock import format_time
from ledger.domain.bodies.printed import search_key
from ledger.domain.fold import VOIDED
from ledger.domain.states.border import Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.subjects import CaseStatus, Item, ItemStatus
from ledger.ids import ItemId, Tag, type_of
from ledger.quantity import format_decimal
from ledger.statement.catalogue import KINDS
from projections.listed import LISTED, narrowing
from projections.names import Names
from projections.reading import read_checked
from projections.views.states.consignments import CONSIGNMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from api.http.answering.reading import Reading
    from ledger.domain.states.subjects import Subject
    from ledger.words.table import Language

PAGE: Final = 500
"""Things of one page."""

MOST_BEHIND: Final = 2_000
"""Entries behind which a bench asks for everything again: reading what changed would cost more."""

_HANDED: Final = "custody.handed-over/1"
_ANSWERED: Final = ("custody.accepted/1", "custody.refused/1")
_NAMED: Final = {"party": "parties", "consignment": "consignments", "item": "items"}


def first(reads: Reading, acts: Iterable[str], language: Language) -> dict[str, Any]:
    """Return who works there and where, all parties, what is coming, and the first page of things.

    position: up to which the views know what there may be. What was recorded behind it is told as what changed since.
    """
    own, viewed = Tag(reads.who.party), _viewed(reads)
    parties, _ = _tags(reads, "party", None, None)
    places = places_of(reads, language)
    goods = [*_tags(reads, "consignment", own, None)[0], *_bound_for(reads, [Tag(site) for site, _ in places])]
    coming = _rows(reads, dict.fromkeys(goods), language)
    besides = [*_on_offer(reads), *(Tag(item) for one in coming for item in one["items"])]
    tags, more = _tags(reads, "item", own, None)
    return {
        **who(reads, acts, language),
        "position": viewed,
        "places": places,
        "colleagues": colleagues_of(reads),
        "disposals": disposals_of(reads, _approved(reads), language),
        "parties": _rows(reads, parties, language),
        "consignments": coming,
        "items": _rows(reads, dict.fromkeys([*besides, *tags]), language),
        "next": tags[-1] if more else None,
    }


def page_of_things(reads: Reading, after: Tag, language: Language) -> dict[str, Any]:
    """Return the page of things behind one, and behind which the next page begins; None: it is the last."""
    tags, more = _tags(reads, "item", Tag(reads.who.party), after)
    return {"items": _rows(reads, tags, language), "next": tags[-1] if more else None}


def changes(reads: Reading, acts: Iterable[str], since: int, language: Language) -> dict[str, Any]:
    """Return what is otherwise than at a position: rows that are new or changed, and the ids of what is not near now.

    By the statements that the reader is shown, and by no others. Of a position that lies too far behind only that is
    told: ``again``.
    """
    if not 0 <= reads.position - since <= MOST_BEHIND:
        return {"again": True}
    borne = sorted(reads.borne_since(since))
    said: dict[str, Any] = {**who(reads, acts, language), "gone": []}
    for id_type, name in _NAMED.items():
        tags = [tag for tag in borne if type_of(tag) == id_type]
        said[name] = _rows(reads, tags, language)
        said["gone"] += sorted(set(map(str, tags)) - {one["id"] for one in said[name]})
    reads.others.tells([Tag(one) for one in said["gone"]])
    if any(type_of(tag) == "site" for tag in borne):
        said["places"] = places_of(reads, language)
    if any(type_of(tag) == "key" for tag in borne):
        said["colleagues"] = colleagues_of(reads)
    if any(type_of(tag) == "case" for tag in borne):
        said["disposals"] = disposals_of(reads, _approved(reads), language)
    return said


def who(reads: Reading, acts: Iterable[str], language: Language) -> Mapping[str, Any]:
    """Return who works there, in which log, and in which roles they may state each act."""
    principal, world = reads.who, reads.record.world
    kinds = {**{act: ACTS[act] for act in acts}, "void": VOIDED}
    party = world.party(principal.party)
    called = Names(reads.source.about(Tag(principal.party))).called(Tag(principal.party), language)
    return {
        "log": reads.store.origin,
        "now": format_time(world.now),
        "position": reads.position,
        "party": principal.party,
        "called": called or principal.party,
        "person": principal.person,
        "key": principal.key.removeprefix("key:"),
        "alg": world.key(principal.key).alg,
        "acts": {act: {"kind": kind, "roles": roles_in(party, KINDS[kind])} for act, kind in kinds.items()},
    }


def _viewed(reads: Reading) -> int:
    """Return up to which position it is known what there may be."""
    with reads.views() as still:
        return reads.position if still is None else min(reads.position, still.standing.position)


def _tags(reads: Reading, id_type: str, party: Tag | None, after: Tag | None) -> tuple[list[Tag], bool]:
    """Return the subjects of a type that there may be behind one, of things a page, and whether more follow.

    Raises Unavailable: the views cannot be asked, and as many read the whole log as may at a time.
    """
    limit = PAGE if id_type == "item" else None
    with reads.views() as still:
        if still is not None:
            said = narrowing(party=party, after=after)
            found = still.ask(LISTED[id_type], "listed", **said, limit=None if limit is None else limit + 1)
            return [Tag(row[1]) for row in found][:limit], limit is not None and len(found) > limit
    with reads.whole_log(Why.NO_VIEWS):
        return [Tag(one.id) for one in reads.source.subjects(id_type)], False  # type: ignore[attr-defined]


def _approved(reads: Reading) -> list[Tag]:
    """Return the cases of the reader's party that may be approved and not carried out; of these there are few."""
    with reads.views() as still:
        if still is not None:
            said = narrowing(party=reads.who.party, status=str(CaseStatus.APPROVED))
            return [Tag(row[1]) for row in still.ask(LISTED["case"], "listed", **said, limit=None)]
    return _tags(reads, "case", None, None)[0]


def _bound_for(reads: Reading, sites: Iterable[Tag]) -> Iterator[Tag]:
    """Yield the consignments that are bound for sites, by the views; without these ``_tags`` has them already."""
    with reads.views() as still:
        if still is None:
            return
        for site in sites:
            found = still.ask(CONSIGNMENTS, "listed", **narrowing(site=site), limit=None)
            yield from (Tag(row[1]) for row in found)


def _on_offer(reads: Reading) -> list[Tag]:
    """Return the things that were handed to the reader's party, and that it neither accepted nor refused since."""
    offered: dict[Tag, None] = {}
    for recorded in reads.store.about(Tag(reads.who.party), kinds=(_HANDED, *_ANSWERED)):
        body = read_checked(recorded).said.body
        if recorded.kind in _ANSWERED:
            for item in body.items:
                offered.pop(Tag(item), None)
        elif body.receiver == reads.who.party:
            offered |= dict.fromkeys(map(Tag, body.items))
    return list(offered)


def _rows(reads: Reading, tags: Iterable[Tag], language: Language) -> list[dict[str, Any]]:
    tags = list(tags)
    reads.record.fetch(tags)
    rows = [row for tag in tags if (row := _row(reads, tag, language)) is not None]
    reads.others.tells([Tag(row["id"]) for row in rows])
    return rows


def _row(reads: Reading, tag: Tag, language: Language) -> dict[str, Any] | None:
    """Return what a bench knows of a subject; None: nothing, for it is not near, or may not be seen."""
    if not (sight := reads.looking.sight(tag)):
        return None
    one = reads.record.whole(tag) if sight.whole else reads.source.subject(tag)
    if (told := _told(reads, one)) is None:
        return None
    names = Names(reads.source.about(tag))
    codes = [search_key(code_of(ItemId(tag)))] if type_of(tag) == "item" else []
    keys = [*{search_key(name.text): None for name in names.of(tag) if not name.old}, str(tag), *codes]
    return {"id": str(tag), "keys": keys, "name": names.called(tag, language) or str(tag), **told}


def _told(reads: Reading, one: Subject) -> Mapping[str, Any] | None:
    own = reads.who.party
    match one:
        case Party():
            return None if one.id == own or not one.known else {}
        case Consignment():
            waits: Sequence[str] = sorted(item for item in one.released_items if item not in one.received_items)
            return {"items": waits} if waits else None
        case Item():
            handed = one.handover is not None and one.handover.receiver == own
            near = one.known and one.status is not ItemStatus.DISPOSED and (one.custodian == own or handed)
            if not near and not _is_coming(reads, one):
                return None
            held = one.quantity
            amount = None if held is None else {"value": format_decimal(held.value), "unit": held.unit}
            return {"site": one.site, "place": one.place, "out": one.checked_out is not None, "amount": amount}
        case _:
            return None


def _is_coming(reads: Reading, item: Item) -> bool:
    """Say whether an item is still to be received from its consignment."""
    if item.consignment is None:
        return False
    goods = reads.record.world.consignment(item.consignment)
    return item.id in goods.released_items and item.id not in goods.received_items
