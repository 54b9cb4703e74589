"""The figures of the platform as a page: numbers of a period, each of which leads to exactly so many rows."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.console.frame import PageRoute, changed, page
from api.console.language import Told
from api.console.overseeing.figures import COUNTED, figures_of
from api.console.tables import period_of, whole_log
from api.console.telling import Teller
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from ledger.ids import Tag

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/figures")
def figures(request: Request, reads: Reads, language: Told) -> Response:
    """Show the figures of a period, the last year where no days are given; ``show`` lists what one of them counts."""
    given = {name: one for name, one in parameters_of(request, ("first", "last", "show", "lang")).items() if one}
    first, last = period_of(given, reads)
    teller = Teller(reads, language)
    with whole_log(reads, reads.who.party, first, last) as asked:
        found = figures_of(teller, asked)
        counted = [Tag(case.id) for case in asked.record.cases if isinstance(case.detail, COUNTED)]
    shown = next((one for one in found if one.name == given.get("show")), None)
    if "show" in given and shown is None:
        raise HTTPException(400, "this address takes no such parameter")
    values: dict[str, Any] = {
        "first": first,
        "last": last,
        "show": given.get("show"),
        "figures": [(one, changed(request, show=one.name, first=first, last=last)) for one in found],
        "shown": shown,
    }
    made = page(request, "figures.html", {**teller.of_every_page, **values})
    teller.tells(counted)
    return made
