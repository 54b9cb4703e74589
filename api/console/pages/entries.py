"""One statement as a page: what it says, who signed it, what it broke, and how anybody proves that it is in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response

from api.answers import rules_of
from api.console.frame import PageRoute, page
from api.console.language import Told
from api.console.telling import NOUNS, Teller
from api.http.answering.parameters import DIGITS, parameters_of, whole_number
from api.http.answering.reading import Reads
from api.telling.histories import history_of
from ledger.errors import NotFound
from ledger.ids import type_of
from ledger.words.table import kinds_in
from projections.ordering import sort_key
from projections.reading import read_checked

if TYPE_CHECKING:
    from ledger.ids import Tag

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_NEAREST: Final = ("item", "case", "permit", "consignment", "approval", "key", "site", "party")
"""The types of subjects, that of which a statement tells most first: who is named in many is told of last."""


_SHOWN: Final = 100
"""So many subjects of a statement are named; each is told of."""


@router.get("/entries/{position}")
def entry(position: str, request: Request, reads: Reads, language: Told) -> Response:
    """Show the statement at a position; 404 where it may not be read."""
    parameters_of(request, ("lang",))
    number = whole_number(position, DIGITS)
    found = next(reads.store.read(number - 1, 1), None) if number else None
    if found is None:
        raise NotFound("the record has no such entry for you")
    event = read_checked(found)
    teller, tags = Teller(reads, language), sorted((tag for tag in event.tags if type_of(tag) in NOUNS), key=_nearness)
    history = history_of(reads.store, next(tag for tag in tags if reads.looking.sight(tag)))
    line = teller.line(event, history, None)
    # Which of many are shown says their ids; these are in the order in which people count.
    shown = sorted(tags[:_SHOWN], key=lambda tag: (_nearness(tag)[0], sort_key(teller.name(tag))))
    values = {
        "line": line,
        "number": found.position,
        "statement_id": found.statement,
        "kind": kinds_in(language)[found.kind].name,
        "rules": rules_of(event.rules),
        "tags": shown,
        "more": len(tags) - len(shown),
        "covered": reads.checkpoint >= found.position,
    }
    made = page(request, "entry.html", {**teller.of_every_page, **values})
    teller.tells((), [one for one in (line.position, line.corrects, line.corrected_by) if one is not None])
    return made


def _nearness(tag: Tag) -> tuple[int, Tag]:
    return _NEAREST.index(type_of(tag)), tag
