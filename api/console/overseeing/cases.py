"""A case as its tasks: what is done, what is open, whose turn it is, and where each is stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response

from api.console.frame import PageRoute, page
from api.console.language import Told
from api.console.tasks.application import application_tasks
from api.console.tasks.assessment import assessment_tasks
from api.console.tasks.recall import recall_tasks
from api.console.tasks.supervision import supervision_tasks
from api.console.tasks.task import Matter, Standing
from api.console.telling import Teller
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from api.telling.histories import history_of
from ledger.domain.states.application import Application
from ledger.domain.states.risk import Assessment
from ledger.domain.states.subjects import Case, CaseStatus
from ledger.domain.states.supervision import Supervision
from ledger.domain.supervision.recalls import MATTER as RECALL
from ledger.errors import NotFound
from ledger.ids import Tag
from ledger.words.reader import code_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.console.tasks.task import Section
    from api.http.answering.reading import Reading
    from ledger.words.table import Language

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_MOST: Final = 5
"""So many recalled items are named above the tasks."""


@router.get("/cases/{ident}/tasks")
def tasks(ident: str, request: Request, reads: Reads, language: Told) -> Response:
    """Show the tasks of a case; 404 where nothing of it may be seen, or it is of a matter that has none."""
    parameters_of(request, ("lang",))
    matter = matter_of(ident, reads, language)
    teller, case = matter.teller, matter.case
    sections = list(sections_of(matter))
    every = [one for section in sections for one in section.tasks]
    own = {None, reads.who.party}
    mine = [one for one in every if one.standing is Standing.OPEN and one.links and one.whose in own]
    values: dict[str, Any] = {
        "tag_of": matter.tag,
        "name": teller.name(matter.tag),
        "status": code_word("case_status", str(case.status), teller.today),
        "closed": case.status is CaseStatus.CLOSED,
        "about": about(matter),
        "sections": sections,
        "done": sum(one.standing is Standing.DONE for one in every),
        "open": sum(one.standing is Standing.OPEN for one in every),
        "mine": len(mine),
    }
    made = page(request, "tasks.html", {**teller.of_every_page, **values})
    teller.tells([matter.tag])
    return made


def matter_of(ident: str, reads: Reading, language: Language) -> Matter:
    """Return a case as whoever reads is shown it. Raises NotFound."""
    tag = Tag(ident)
    reads.check_seen(tag, "case")
    history = history_of(reads.store, tag, reads.position)
    if not isinstance(history.subject, Case):
        raise NotFound("the record has no such subject for you")
    return Matter(Teller(reads, language), history, history.subject)


def has_tasks(case: Case) -> bool:
    """Say whether a case is one of those whose tasks are told."""
    return isinstance(case.detail, Supervision | Application | Assessment) or case.matter == RECALL


def about(matter: Matter) -> list[Tag]:
    """Return what a case is about, to be named above its tasks."""
    match matter.case.detail:
        case Supervision() as detail:
            return [Tag(detail.unit), *map(Tag, sorted(detail.approvals))]
        case Application() as detail:
            return [Tag(one) for one in (detail.applicant, detail.approval) if one is not None]
        case Assessment() as detail:
            return [Tag(one) for one in (detail.applicant, detail.body, detail.application) if one is not None]
        case _:
            named = (matter.case.approval, matter.case.consignment, *sorted(matter.case.items)[:_MOST])
            return [Tag(one) for one in named if one is not None]


def sections_of(matter: Matter) -> Iterator[Section]:
    """Yield the tasks of a case. Raises NotFound: its matter has none."""
    match matter.case.detail:
        case Supervision() as detail:
            yield from supervision_tasks(matter, detail)
        case Application() as detail:
            yield from application_tasks(matter, detail)
        case Assessment() as detail:
            yield from assessment_tasks(matter, detail)
        case _ if matter.case.matter == RECALL:
            yield from recall_tasks(matter)
        case _:
            raise NotFound("this case is not told as tasks")
