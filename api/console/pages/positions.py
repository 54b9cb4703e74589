"""What stands where at a site: from its freezers down to the positions of a box, as a grid and as a table.

Which positions there are and what stands in them is told by what the reader is shown of each thing. Nothing on record
says how many positions a box has, nor that one is free: only that nothing is recorded there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.console.days import Days
from api.console.frame import PageRoute, page
from api.console.grids import SIZES, grid_of
from api.console.items import amount_of
from api.console.language import PARAMETER, Told
from api.console.telling import Teller
from api.http.answering.listed import MOST_LOOKED_AT
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from api.http.bounds.whole_logs import Why
from api.language import label
from ledger.domain.bodies.printed import place_key
from ledger.domain.states.border import Approval
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Item, ItemStatus
from ledger.errors import NotFound
from ledger.ids import ItemId, SiteId, Tag, type_of
from projections.listed import LISTED, narrowing
from projections.ordering import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markupsafe import Markup

    from api.http.answering.reading import Reading
    from ledger.domain.states.subjects import Subject


router = APIRouter(route_class=PageRoute, include_in_schema=False)

MOST: Final = 400
"""So many things of a container, and so many that stand in no position, are shown at most."""

_SOON: Final = timedelta(days=30)
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Stands:
    """A thing where it stands. place: "" in no position. marks: what is to be known of it, by a shape and in words."""

    tag: Tag
    place: str
    step: str
    amount: str
    since: str | Markup
    marks: tuple[tuple[str, str], ...]


@router.get("/sites/{ident}/positions")
def positions(ident: str, request: Request, reads: Reads, language: Told) -> Response:
    """Show what stands in a container of a site, ``within``, or which there are; 404 where there is no such site."""
    given = parameters_of(request, ("within", "size", PARAMETER))
    tag, within = Tag(ident), given.get("within", "")
    if len(within) > _LONGEST:
        raise HTTPException(400, "this address takes no such parameter")
    reads.check_seen(tag, "site")
    teller, size = Teller(reads, language), _size(given.get("size"))
    site = _subject(reads, tag)
    if not isinstance(site, Site):
        raise NotFound("the record has no such subject for you")
    here = _Here(reads, site, within)
    telling = _Telling(teller, Days.around(reads))
    found = list(islice(telling.standing(here), MOST + 1))
    rows = found[:MOST]
    standing: dict[str, list[Stands]] = {}
    for one in rows:
        standing.setdefault(one.step, []).append(one)
    without = [] if within else list(islice(telling.without(here), MOST + 1))
    without.sort(key=lambda one: sort_key(teller.name(one.tag)))
    base, shown = f"/sites/{tag}/positions", here.shown
    values = {
        "tag": tag,
        "name": teller.name(tag),
        "here": base,
        "within": shown,
        "steps": [(step, f"{base}?{urlencode({'within': path})}") for step, path in _steps(shown)],
        "number": here.number,
        "containers": [
            (step, count, f"{base}?{urlencode({'within': path})}") for step, count, path in here.containers()
        ],
        "grid": None if len(found) > MOST else grid_of(standing, size),
        "sizes": [f"{one} × {other}" for one, other in SIZES],
        "size": given.get("size"),
        "standing": standing,
        "rows": rows,
        "more": len(found) > MOST,
        "without": without[:MOST],
        "more_without": len(without) > MOST,
    }
    made = page(request, "positions.html", {**teller.of_every_page, **values})
    teller.tells([tag, *(one.tag for one in (*rows, *without[:MOST]))])
    return made


def _steps(place: str) -> list[tuple[str, str]]:
    """Return the steps that lead to a place, each with the place that it leads to."""
    steps = place.split("/") if place else []
    return [(step, "/".join(steps[: number + 1])) for number, step in enumerate(steps)]


def _size(written: str | None) -> tuple[int, int] | None:
    return next((one for one in SIZES if f"{one[0]} × {one[1]}" == written), None)


def _subject(reads: Reading, tag: Tag) -> Subject:
    """Return a subject as the reader is shown it: a site of others by the statements about what stands there."""
    others = type_of(tag) == "site" and reads.record.world.site(SiteId(tag)).party != reads.who.party
    return reads.record.whole(tag) if reads.looking.sight(tag).whole and not others else reads.source.subject(tag)


class _Here:
    """A container of a site, or all of it: which positions and containers are in it, by what the reader sees there."""

    def __init__(self, reads: Reading, site: Site, within: str) -> None:
        """Take the site as the reader is shown it. within: as somebody wrote it; "" for all of it."""
        self.reads, self.site = reads, site
        self._key = place_key(within.strip("/"))
        inside = f"{self._key}/" if self._key else ""
        found = {key: items for key, items in site.places.items() if key.startswith(inside)}
        if site.party != reads.who.party:
            # A statement may name things besides those of which the reader sees more than their ids.
            looked = islice(((key, one) for key, items in found.items() for one in items), MOST_LOOKED_AT)
            seen = ((key, one) for key, one in looked if reads.looking.sight(Tag(one)))
            found = {key: tuple(one for _, one in some) for key, some in groupby(seen, lambda pair: pair[0])}
        self.places = dict(sorted(found.items(), key=lambda one: sort_key(one[0])))
        self.depth = inside.count("/")

    @property
    def shown(self) -> str:
        """Return the place of the container as it was stated; "" of all of the site."""
        key = next(iter(self.places), None)
        return self._key if key is None else "/".join(self._path(key)[: self.depth])

    @property
    def number(self) -> int:
        """Return how many things stand in it."""
        return sum(map(len, self.places.values()))

    def containers(self) -> list[tuple[str, int, str]]:
        """Return the containers right in it: what each is called, how many things stand there, and its place."""
        counts: Counter[str] = Counter()
        first: dict[str, str] = {}
        for key, items in self.places.items():
            steps = key.split("/")
            if len(steps) > self.depth + 1:
                container = "/".join(steps[: self.depth + 1])
                counts[container] += len(items)
                first.setdefault(container, key)
        found = [("/".join(self._path(first[one])[: self.depth + 1]), count) for one, count in counts.items()]
        return [(place.rpartition("/")[2], count, place) for place, count in found]

    def things(self) -> Iterator[ItemId]:
        """Yield what stands right in it, in the order of the positions."""
        for key, items in self.places.items():
            if key.count("/") == self.depth:
                yield from items

    def _path(self, key: str) -> list[str]:
        """Return the steps of a position as somebody wrote them, which the site has by their keys alone."""
        item = _subject(self.reads, Tag(self.places[key][0]))
        place = item.place if isinstance(item, Item) else None
        return (place if place is not None and place_key(place) == key else key).split("/")


@dataclass(frozen=True, slots=True)
class _Telling:
    """Tells things where they stand."""

    teller: Teller
    days: Days

    def standing(self, here: _Here) -> Iterator[Stands]:
        """Yield what stands right in a container, as the reader is shown it."""
        return self._told(here, here.things(), placed=True)

    def without(self, here: _Here) -> Iterator[Stands]:
        """Yield what the site has and what stands in no position.

        Raises Unavailable: the views cannot be asked, and as many read the whole log as may at a time.
        """
        reads, site = self.teller.reads, here.site
        stands = {item for items in site.places.values() for item in items}
        with reads.views() as still:
            if still is not None:
                listed = still.ask(LISTED["item"], "listed", **narrowing(site=site.id), limit=None)
                found = [ItemId(row[1]) for row in listed if row[1] not in stands]
                return self._told(here, found[:MOST_LOOKED_AT], placed=False)
        with reads.whole_log(Why.NO_VIEWS):
            every = [one.id for one in reads.source.subjects("item") if isinstance(one, Item) and one.site == site.id]
        return self._told(here, (one for one in every if one not in stands), placed=False)

    def _told(self, here: _Here, items: Iterable[ItemId], *, placed: bool) -> Iterator[Stands]:
        for ident in items:
            tag = Tag(ident)
            if not self.teller.reads.looking.sight(tag):
                continue
            item = _subject(self.teller.reads, tag)
            if isinstance(item, Item) and item.site == here.site.id and (item.place is not None) is placed:
                stand = here.site.stands.get(ident)
                since = self.teller.when(stand.since) if stand is not None and placed else ""
                place = item.place or ""
                step = place_key(place).rpartition("/")[2]
                yield Stands(tag, place, step, amount_of(self.teller, item), since, tuple(self._marks(item)))

    def _marks(self, item: Item) -> Iterator[tuple[str, str]]:
        if item.holds or item.ordered is not None:
            yield "■", self._say("on hold")
        if item.disposal is not None:
            yield "◆", self._say("to be destroyed")
        if item.excursion_at is not None:
            yield "●", self._say("excursion of temperature, not cleared")
        if item.checked_out is not None:
            yield "▷", self._say("checked out")
        if item.status is ItemStatus.DEPLETED:
            yield "○", self._say("used up")
        yield from self._ends(item)

    def _ends(self, item: Item) -> Iterator[tuple[str, str]]:
        """Yield that the approval of a thing has ended, or ends soon, where the reader is shown it."""
        reads = self.teller.reads
        if item.approval is None or not reads.looking.sight(Tag(item.approval)):
            return
        approval = _subject(reads, Tag(item.approval))
        if not isinstance(approval, Approval) or approval.valid_to is None:
            return
        if approval.valid_to < self.days.today:
            yield "▼", self._say("its approval ended on {day}").format(day=approval.valid_to)
        elif approval.valid_to <= self.days.today + _SOON:
            yield "▽", self._say("its approval ends on {day}").format(day=approval.valid_to)

    def _say(self, words: str) -> str:
        return label(words, self.teller.language)
