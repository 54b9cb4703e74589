"""The agenda of a risk-assessment meeting: each product that waits, with what its dossier, panel and application say.

What the meeting decides is chosen product by product; the act that states it is told and judged on its own page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api.console.acts.stated import roles_for
from api.console.districts import district_told, districts_of
from api.console.frame import PageRoute, led_to, page
from api.console.language import PARAMETER, Told
from api.console.tasks.application import product_name
from api.console.tasks.assessment import undecided
from api.console.telling import Teller
from api.http.answering.parameters import check_id, parameters_of
from api.http.answering.reading import Reads
from api.language import label, listed
from ledger.domain.states.application import Application
from ledger.domain.states.risk import Assessment
from ledger.domain.states.subjects import Case
from ledger.ids import Tag, is_tag
from ledger.words.reader import amount_words, code_word
from ledger.words.table import words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.domain.bodies.products import Product
    from ledger.ids import CaseId

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_NEXT: Final = "next"
"""The parameter with which the page leads on."""

_ROW: Final = ("assessment", "line", "outcome", "reasons", "spot_check", "on_site")
_MOST: Final = 60
"""So many products stand on one agenda: what is decided on them fits into an address."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A product that waits for a meeting. notes: what is known of it, in words; lacks: what is not there yet.

    districts: where its applicant, who uses it or its application lies, by their codes.
    """

    assessment: Tag
    line: int
    product: str
    amount: str
    applicant: Tag
    application: Tag | None
    notes: tuple[str, ...]
    lacks: tuple[str, ...]
    districts: tuple[str, ...]


@router.get("/agenda")
def agenda(request: Request, reads: Reads, language: Told) -> Response:
    """Show the products that wait for a meeting, of what the reader may see; with ``next``, lead on to the act."""
    given = parameters_of(request, ("body", "district", "number", _NEXT, *_ROW, PARAMETER), several=_ROW)
    body = given.get("body") or None
    check_id("body", is_one=body is None or is_tag(body))
    if given.get(_NEXT):
        return led_to(f"/acts/hold-meeting?{urlencode(list(_decided(request)))}")
    teller = Teller(reads, language)
    with reads.whole_log():
        cases = {one.id: one for one in reads.source.subjects("case") if isinstance(one, Case)}
    assessments = [(case, case.detail) for case in cases.values() if isinstance(case.detail, Assessment)]
    asked = [(case, detail) for case, detail in assessments if body in {None, detail.body}]
    waiting = [row for case, detail in asked for row in _waiting(teller, case, detail, cases)]
    if (district := given.get("district") or None) is not None:
        waiting = [row for row in waiting if district in row.districts]
    codes = words_in(language).code
    values: dict[str, Any] = {
        "rows": waiting[:_MOST],
        "district": None if district is None else district_told(teller, district),
        "lies": {code: district_told(teller, code) for row in waiting[:_MOST] for code in row.districts},
        "more": max(0, len(waiting) - _MOST),
        "bodies": sorted({detail.body for _, detail in assessments if undecided(detail)}),
        "body": body or (reads.who.party if any(one.body == reads.who.party for _, one in assessments) else None),
        "may": bool(roles_for("hold-meeting", reads.record.world.party(reads.who.party))),
        "outcomes": list(codes["assessment_outcome"].items()),
        "reasons": list(codes["outcome_reason"].items()),
    }
    made = page(request, "agenda.html", {**teller.of_every_page, **values})
    teller.tells({row.assessment for row in waiting} | {row.application for row in waiting if row.application})
    return made


def _decided(request: Request) -> Iterator[tuple[str, str]]:
    """Yield what was decided as the act takes it: a row for each product on which something was chosen."""
    given = request.query_params
    yield from (("tell", "1"), ("body", given.get("body", "")), ("number", given.get("number", "")))
    columns = [given.getlist(name) for name in _ROW]
    for row in zip(*columns, strict=False):
        if row[_ROW.index("outcome")]:
            yield from ((f"outcomes.{name}", value) for name, value in zip(_ROW, row, strict=True))


def _waiting(teller: Teller, case: Case, detail: Assessment, cases: Mapping[CaseId, Case]) -> Iterator[Waiting]:
    """Yield the products of an assessment that wait for a meeting."""
    if not (waits := undecided(detail)):
        return
    application = None if detail.application is None else cases.get(detail.application)
    lacks = tuple(_lacks(teller, detail))
    concerned = [Tag(case.id), Tag(detail.applicant), Tag(detail.using_unit)]
    if application is not None:
        concerned.append(Tag(application.id))
    districts = tuple(districts_of(teller.reads, *concerned))
    for one in detail.products:
        if one.line in waits:
            yield Waiting(
                Tag(case.id),
                one.line,
                product_name(one, teller.language),
                amount_words(one.quantity.value, one.quantity.unit, teller.language),
                Tag(detail.applicant),
                None if application is None else Tag(application.id),
                tuple(_notes(teller, detail, one, application)),
                lacks,
                districts,
            )


def _notes(teller: Teller, detail: Assessment, one: Product, application: Case | None) -> Iterator[str]:
    language, today = teller.language, teller.today
    if one.agents:
        agents = listed((code_word("agent", agent, today) for agent in one.agents), language)
        yield label("agents: {agents}", language).format(agents=agents)
    if one.origin:
        yield label("origin: {country}", language).format(country=one.origin)
    if detail.using_unit != detail.applicant:
        yield label("to be used by {party}", language).format(party=teller.name(Tag(detail.using_unit)))
    if detail.first:
        yield label("the applicant never applied before", language)
    if application is not None and isinstance(application.detail, Application):
        said = label("application: {phase}", language)
        yield said.format(phase=code_word("phase", application.detail.phase, today))
    if (before := detail.outcomes.get(one.line)) is not None:
        said = label("an earlier meeting: {outcome}", language)
        yield said.format(outcome=code_word("assessment_outcome", before.outcome, today))
    if detail.panel is not None:
        yield label("panel of {number} experts", language).format(number=len(detail.panel.experts))


def _lacks(teller: Teller, detail: Assessment) -> Iterator[str]:
    """Yield what should be there before a meeting decides, and is not."""
    language = teller.language
    if detail.waiting_since is not None:
        yield label("nobody has said whether its dossier is complete", language)
    if detail.missing:
        papers = listed((code_word("paper", one, teller.today) for one in sorted(detail.missing)), language)
        yield label("missing: {papers}", language).format(papers=papers)
    if detail.panel is None:
        yield label("no panel was formed for it (RSK-15, 255/2024 Art. 6)", language)
