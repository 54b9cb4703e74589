"""An act as pages: it is said in a form, told in words and judged, and signed in the browser.

Both pages are GETs: they record nothing, and what was said stands in the address. What is recorded is handed in by the
page's script as everybody hands it in, at ``/v1/statements``, and counts by its signature alone.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.console.acts.fields import CALLED, CONFIRMS, SECOND, fields_of
from api.console.acts.judging import told_of
from api.console.acts.places import places_of
from api.console.acts.saying import ACKNOWLEDGED, MOST_ROWS, Said, payload_of, said_of
from api.console.acts.stated import (
    ANSWERING,
    ASSESSING,
    DECIDING,
    KEEPING,
    STATED,
    SUPERVISING,
    VISITED,
    kind_of_act,
    roles_for,
)
from api.console.days import calendar_of
from api.console.frame import PageRoute, page
from api.console.language import PARAMETER, Told
from api.console.telling import Teller
from api.drafts.acts.kinds import ACTS
from api.http.answering.parameters import whole_number
from api.http.answering.reading import Reads
from api.language import label, problem_words
from ledger.domain.supervision.visits import UnitSigned
from ledger.errors import Malformed, NotFound
from ledger.statement.form.envelope import PAYLOAD_TYPE, pae
from ledger.statement.form.payload import read_payload
from ledger.words.reader import code_word
from ledger.words.table import kinds_in, words_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.console.acts.fields import Fields
    from ledger.domain.kind import Kind
    from ledger.words.table import Language

router = APIRouter(route_class=PageRoute, include_in_schema=False)

TELL: Final = "tell"
"""The parameter with which what was said is told, instead of asked for."""
_LARGEST: Final = 16_000


@router.get("/acts")
def acts(request: Request, reads: Reads, language: Told) -> Response:
    """Show which acts there are for the reader's party: those that it may state in a role of its own."""
    says, party = kinds_in(language), reads.record.world.party(reads.who.party)
    groups = []
    for title, offered in _GROUPS.items():
        own = [(act, label(name, language), says[kind].says) for act, (kind, name) in offered.items()]
        groups.append((label(title, language), [one for one in own if roles_for(one[0], party)]))
    listed = [one for one in groups if one[1]]
    return page(request, "acts/index.html", {**Teller(reads, language).of_every_page, "groups": listed})


@router.get("/acts/{act}")
def act(act: str, request: Request, reads: Reads, language: Told) -> Response:
    """Ask for what an act says; with ``tell``, tell it in words and judge it, to be signed. 404: no such act."""
    if act not in CALLED and act not in STATED:
        raise NotFound("there is no such act")
    if len(request.url.query) > _LARGEST:
        raise HTTPException(400, f"an address has at most {_LARGEST} characters")
    teller, kind = Teller(reads, language), kind_of_act(act)
    fields = fields_of(act, places_of(reads, language), language)
    roles = roles_for(act, reads.record.world.party(reads.who.party))
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != PARAMETER]
    said = said_of(pairs, fields)
    values = {
        **teller.of_every_page,
        "act": act,
        "called": label(STATED[act][1] if act in STATED else CALLED[act], language),
        "says": kinds_in(language)[kind.name].says,
        "fields": fields,
        "roles": [(one, code_word("role", one, teller.today)) for one in roles],
        "said": said,
        "rows": _rows(said, fields, dict(pairs)),
        "most": MOST_ROWS,
        "two": kind.persons > 1,
        "visit": kind.name == VISITED,
        # Of a list what is left empty is kept too: a value belongs to the row that it is counted in.
        "pairs": [(name, value) for name, value in pairs if (value or name in fields.rows) and name != TELL],
    }
    if TELL not in dict(pairs):
        return page(request, "acts/act.html", {**values, "problems": []})
    said = said if said.role in set(roles) else replace(said, role=str(roles[0]) if len(roles) == 1 else None)
    problems = _lacking(said, fields, language, kind) if roles else []
    if problems or not roles:
        return page(request, "acts/act.html", {**values, "problems": problems}, 422 if problems else 200)
    try:
        with reads.whole_log():
            given = said.given(fields, language, calendar_of(reads).end_of_day)
            written, disclosures = payload_of(reads, teller.labels, kind, given, said)
    except (Malformed, NotFound) as error:
        problems = [("", line) for line in _lines(error, language)]
        return page(request, "acts/act.html", {**values, "problems": problems}, 422)
    told = told_of(teller, read_payload(written), written)
    values |= {"told": told, "notes": teller.labels.notes, "signers": len(told.signers)}
    return page(
        request, "acts/told.html", {**values, **_told(written, language), "disclosures": disclosures}, signs=True
    )


_GROUPS: Final = {
    "At the bench": {act: (ACTS[act], name) for act, name in CALLED.items()},
    "Supervision": SUPERVISING,
    "Findings, recalls and audits": ANSWERING,
    "Applications": DECIDING,
    "Risk assessments": ASSESSING,
    "Keys": KEEPING,
}


def _lacking(said: Said, fields: Fields, language: Language, kind: Kind[Any]) -> list[tuple[str, str]]:
    """Return what is still to be said, each by the name of its field and in words."""
    missing = [(one.name, one.label) for one in said.lacking(fields)]
    if kind.persons > 1 and said.second is None:
        missing.append((SECOND, label("Code of the second person", language)))
    signs = kind.name == VISITED and said.own.get("unit_signed") != UnitSigned.REFUSED
    if signs and said.confirms is None:
        missing.append((CONFIRMS, label("Code of who signs for the unit", language)))
    if said.role is None:
        missing.append(("role", label("You sign as", language)))
    return [(name, f"{called}: {label('is to be said', language)}") for name, called in missing]


def _told(written: bytes, language: Language) -> Mapping[str, Any]:
    return {
        "payload": base64.b64encode(written).decode(),
        "payload_type": PAYLOAD_TYPE,
        "digest": hashlib.sha256(pae(PAYLOAD_TYPE, written)).hexdigest(),
        "reasons": list(words_in(language).code["reason"].items()),
        "acknowledge": ACKNOWLEDGED,
    }


def _rows(said: Said, fields: Fields, given: Mapping[str, str]) -> list[int]:
    """Return how many rows of each list are shown: those that are said, or as many as are asked for."""
    asked = whole_number(given.get("rows", ""), 2) or 1
    return [min(MOST_ROWS, max(asked, said.rows_of(listed))) for _, listed in fields.lists]


def _lines(error: Malformed | NotFound, language: Language) -> list[str]:
    """Return what is wrong, one line each: of several things not what only says that several are."""
    lines = problem_words(error, language).splitlines()
    return [line.strip() for line in (lines[1:] or lines)]
