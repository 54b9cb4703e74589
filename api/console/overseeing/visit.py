"""The form of a visit, for a phone: each of its points as it is looked at, and what they come to.

Nothing is recorded here: the form leads on to the act that states the visit, which is told in words and judged there.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api.console.frame import PageRoute, led_to, page
from api.console.language import Told
from api.console.overseeing.cases import matter_of
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from ledger.domain.states.site import Site
from ledger.domain.states.supervision import Supervision
from ledger.domain.supervision.visits import Because, Form, PointResult
from ledger.errors import NotFound
from ledger.ids import Tag
from ledger.reference.checklists import load_checklist, numbered
from ledger.words.table import Language, words_in
from projections.reading import read_checked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.console.tasks.task import Matter
    from ledger.reference.checklists import Point

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_NEXT: Final = "next"
"""The parameter with which the form leads on."""

_FORM: Final = Form.AQSIQ_269_2015
_BESIDE: Final = ("site", "conclusion", "unit_signed", "score", "second", "confirms")


@router.get("/cases/{ident}/visit")
def visit(ident: str, request: Request, reads: Reads, language: Told) -> Response:
    """Show the form of a visit; with ``next``, lead to where the visit is told and signed.

    404: nothing of the case may be seen, or it is no supervision.
    """
    points = numbered(_FORM)
    names = [name for one in points for name in (one, f"{one}.because")]
    given = {name: one for name, one in parameters_of(request, (*names, *_BESIDE, _NEXT, "lang")).items() if one}
    matter = matter_of(ident, reads, language)
    detail = matter.case.detail
    if not isinstance(detail, Supervision):
        raise NotFound("this case is not told as tasks")
    teller = matter.teller
    if given.pop(_NEXT, None):
        teller.tells([matter.tag])
        return led_to(f"/acts/visit?{urlencode(list(_said(matter, detail, given)))}")
    words = words_in(language).code
    parts = groupby(points.values(), key=lambda one: one.part)
    values: dict[str, Any] = {
        "tag_of": matter.tag,
        "unit": detail.unit,
        "may": detail.takes_part(matter.reader),
        "given": given,
        "parts": [(part, [(one.number, _says(one, language)) for one in its]) for part, its in parts],
        "total": len(points),
        "read": sum(bool(_says(one, language)) for one in points.values()),
        "unplaced": [_says(one, language) for one in load_checklist(_FORM) if not one.number],
        "sites": _sites(matter, detail),
        "results": list(words["point_result"].items()),
        "because": list(words["because"].items()),
        "conclusions": list(words["conclusion"].items()),
        "signed": list(words["unit_signed"].items()),
        "finding": max(detail.findings, default=0) + 1,
        "clause": "269/2015 annex 2",
    }
    made = page(request, "visit.html", {**teller.of_every_page, **values})
    teller.tells([matter.tag])
    return made


def _says(one: Point, language: Language) -> str:
    """Return what a point asks; "" where that was not read."""
    return one.says_zh if language is Language.CHINESE else one.says_en


def _said(matter: Matter, detail: Supervision, given: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what was said as the act takes it: of each point that was looked at, or was not done, one row."""
    yield from (("tell", "1"), ("case", matter.tag), ("party", detail.unit), ("form", _FORM))
    yield from ((name, given.get(name, "")) for name in _BESIDE)
    for number in numbered(_FORM):
        if result := given.get(number):
            yield "points.point", number
            yield "points.result", result
            undone = result == PointResult.NOT_DONE
            yield "points.because", given.get(f"{number}.because", Because.OTHER) if undone else ""


def _sites(matter: Matter, detail: Supervision) -> list[tuple[Tag, str]]:
    """Return the sites that may be visited: those that the plan names, or else all that the unit has stated."""
    planned = matter.events("supervision.planned/1")
    named = [Tag(site) for event in planned for site in event.said.body.sites]
    if not named:
        reads = matter.teller.reads
        stated = (read_checked(one) for one in reads.store.about(Tag(detail.unit), kinds=("site.registered/1",)))
        tags = sorted({Tag(event.said.body.site) for event in stated})
        sites = ((tag, reads.source.subject(tag)) for tag in tags)
        named = [tag for tag, one in sites if isinstance(one, Site) and one.party == detail.unit]
    return [(one, matter.teller.name(one)) for one in named]
