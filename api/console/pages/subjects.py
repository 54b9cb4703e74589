"""A subject as a page: what it is now or was then, what is owed about it, and all statements about it, newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from api.console.approvals import of_approval
from api.console.frame import PageRoute, page
from api.console.items import of_item
from api.console.language import Told
from api.console.telling import Teller
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from api.http.answering.subjects import LISTS
from api.language import heading
from api.telling.histories import history_of
from ledger.domain.duties.obligation import UNENDED
from ledger.domain.duties.steps import Told as Heard
from ledger.domain.fold import effective
from ledger.domain.states.border import Approval
from ledger.domain.states.subjects import Item
from ledger.ids import Tag
from ledger.statement.catalogue import KINDS
from ledger.words.reader import code_word
from projections.asked.supervision.owed import own_obligations
from projections.names import Names
from projections.obligations import begun, row_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from api.telling.histories import History
    from api.telling.moments import Moment
    from projections.lists import Listing
    from projections.obligations import ObligationRow

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_NAMED_ABOVE = frozenset({"id", "known"})


class _Own:
    """What one subject is called, by its own events alone."""

    def __init__(self, names: Names) -> None:
        self.names = names


def _shows(listing: Listing[Any]) -> Callable[..., Response]:
    def shown(ident: str, request: Request, reads: Reads, language: Told) -> Response:
        at = parameters_of(request, ("at", "lang")).get("at") or None
        tag = Tag(ident)
        reads.check_seen(tag, listing.id_type)
        moment, teller = reads.moment(at), Teller(reads, language)
        history = history_of(reads.store, tag, moment.position or reads.position, moment.instant)
        values: dict[str, Any] = {
            "tag": tag,
            "sort": heading(listing.id_type, language),
            "name": teller.name(tag),
            "at": at,
            "moment": moment,
            "status": _status(teller, listing, history),
            "facts": list(_facts(teller, listing, history, moment, tag)),
            "owed": list(_owed(teller, history, tag)),
            "lines": teller.history(history, tag),
            **_special(teller, history, moment, at),
        }
        made = page(request, "subject.html", {**teller.of_every_page, **values})
        branches = (one.tag for side in ("above", "below") for one in values.get(side, ()))
        teller.tells([tag, *branches])
        return made

    shown.__doc__ = f"Show one of the {listing.id_type}s; 404 where nothing of it may be seen, or nothing is."
    return shown


def _special(teller: Teller, history: History, moment: Moment, at: str | None) -> dict[str, Any]:
    match history.subject:
        case Item() as item:
            return of_item(teller, history, item, moment)
        case Approval() as approval:
            return of_approval(teller, approval, moment, at)
        case _:
            return {}


def _status(teller: Teller, listing: Listing[Any], history: History) -> str:
    status = getattr(history.subject, "status", None)
    return "" if status is None else code_word(f"{listing.id_type}_status", str(status), teller.today)


def _facts(
    teller: Teller, listing: Listing[Any], history: History, moment: Moment, tag: Tag
) -> Iterator[tuple[str, Markup]]:
    """Yield what is told of a subject now; an item has a table of its own, and a past moment its history."""
    if isinstance(history.subject, Item) or moment.position or moment.instant:
        return
    own = _Own(Names(teller.reads.source.about(tag)))
    row = listing.row(own, history.subject, ())
    for one in fields(row):
        if one.name not in _NAMED_ABOVE and (value := teller.cell(row, one.name)):
            yield heading(one.name.replace("_", " "), teller.language), value


def _owed(teller: Teller, history: History, tag: Tag) -> Iterator[tuple[ObligationRow, list[tuple[str, str]]]]:
    """Yield what a subject's own statements say is owed and has not ended, each as pairs of a name and a value."""
    reads, now = teller.reads, teller.reads.record.world.now
    counting = Heard(effective(history.events), KINDS)
    for one in own_obligations(counting, tag, begun(reads.packs, now)):
        state = one.state_at(now)
        if state in UNENDED:
            row = row_of(one, state, now)
            yield row, teller.owed(row)


for _noun, _listing in LISTS.items():
    router.add_api_route(f"/{_noun}/{{ident}}", _shows(_listing), methods=["GET"])
