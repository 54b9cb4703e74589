"""What an organisation sees first of its matters: what is due, approvals with what is left, goods, cases, questions.

An authority and an enterprise get the same page: what it lists has to do with whoever reads, and the questions that it
leads to are those of the roles that they have.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response

from api.console.approvals import in_units
from api.console.districts import is_official
from api.console.frame import PageRoute, page
from api.console.language import Told
from api.console.overseeing.audits import open_audits
from api.console.pages.worklist import counts_of
from api.console.tasks.supervision import TO_CORRECT
from api.console.telling import Teller
from api.http.answering.listed import first_of
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from api.http.answering.subjects import row_now
from api.language import heading, label
from api.telling.approvals import line_object, product_in
from ledger.domain.states.border import Approval
from ledger.domain.states.subjects import Case
from ledger.domain.states.supervision import Supervision
from ledger.ids import Tag
from ledger.words.reader import code_word
from ledger.words.table import questions_in
from projections.lists import APPROVALS, CASES, CONSIGNMENTS
from projections.reading import read_checked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.lists import Listing

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_MOST: Final = 10
_WIDTH: Final = 1000
_OF_AUTHORITIES: Final = (
    *("late-declarations", "visits-due", "next-visits", "findings", "visit-scores", "unit-classes", "compliance-file"),
    *("meetings", "application-days", "rectifications", "recalls", "descendants", "incidents", "samples"),
)
_OF_OTHERS: Final = (
    *("remaining", "open-lines", "expiring", "late-declarations", "findings", "compliance-file", "discrepancies"),
    *("unanswered-handovers", "excursions", "left-over", "uncounted", "waste-in-store", "retention-ending"),
)
_PAGES: Final = (
    ("/find", "Search with filters"),
    ("/figures", "Figures"),
    ("/agenda", "Agenda of a risk-assessment meeting"),
    ("/recall", "What was made of it, and who has it"),
    ("/parties/{own}/file", "File of your own organisation"),
)
"""Further pages for everybody, each by what it may see."""
_CASE: Final = ("matter", "status", "due")
_GOODS: Final = ("status", "items", "received", "missing", "destination")


@dataclass(frozen=True, slots=True)
class Left:
    """A line of an approval as a bar. parts: what of it is written off, reserved and left, of a thousand each."""

    line: int
    product: str
    unit: str
    parts: tuple[tuple[str, str, str, str, str], ...]


@router.get("/overview")
def overview(request: Request, reads: Reads, language: Told) -> Response:
    """Show what has to do with the party that reads, and where to ask on."""
    parameters_of(request, ("lang",))
    teller, own = Teller(reads, language), Tag(reads.who.party)
    roles = reads.record.world.party(reads.who.party).roles
    approvals, more = first_of(reads, APPROVALS, own, _MOST)
    supervised = list(islice(_supervised(teller, own), _MOST + 1))
    audits = list(islice(open_audits(teller, own), _MOST + 1))
    asks = _OF_AUTHORITIES if is_official(reads) else _OF_OTHERS
    counts, owed_as_of = counts_of(reads)
    values: dict[str, Any] = {
        "roles": [code_word("role", one, teller.today) for one in sorted(roles)],
        "counts": counts,
        "owed_as_of": owed_as_of,
        "newest": reads.position,
        "approvals": [_approval(teller, one) for one in approvals],
        "more_approvals": more,
        "goods": _table(teller, CONSIGNMENTS, _GOODS),
        "cases": _table(teller, CASES, _CASE),
        "supervised": supervised[:_MOST],
        "more_supervised": len(supervised) > _MOST,
        "audits": [one for one in audits[:_MOST] if one.auditor == own],
        "granted": [one for one in audits[:_MOST] if one.by == own],
        "more_audits": len(audits) > _MOST,
        "pages": [(address.format(own=own), label(called, language)) for address, called in _PAGES],
        "asks": [(one, questions_in(language)[one]) for one in asks],
    }
    made = page(request, "overview.html", {**teller.of_every_page, **values})
    told = (tag for name in ("goods", "cases") for tag, _ in values[name]["rows"])
    teller.tells([*approvals, *told, *(tag for tag, _, _ in values["supervised"]), *(one.case for one in audits)])
    return made


def _supervised(teller: Teller, own: Tag) -> Iterator[tuple[Tag, str, int]]:
    """Yield the supervisions of the party itself, the newest first: how each stands, what waits for its act."""
    reads = teller.reads
    planned = [read_checked(one) for one in reads.store.about(own, kinds=("supervision.planned/1",))]
    for tag in dict.fromkeys(Tag(event.said.body.case) for event in reversed(planned)):
        one = reads.source.subject(tag)
        if isinstance(one, Case) and isinstance(one.detail, Supervision) and Tag(one.detail.unit) == own:
            waiting = sum(finding.status in TO_CORRECT for finding in one.detail.findings.values())
            yield tag, code_word("case_status", one.status, teller.today), waiting


def _approval(teller: Teller, tag: Tag) -> dict[str, Any]:
    one = teller.reads.source.subject(tag)
    assert isinstance(one, Approval)  # noqa: S101  the list is of approvals
    return {
        "tag": tag,
        "status": code_word("approval_status", one.status, teller.today),
        "until": "" if one.valid_to is None else one.valid_to.isoformat(),
        "lines": list(_lines(teller, one)),
    }


def _lines(teller: Teller, approval: Approval) -> Iterator[Left]:
    language = teller.language
    for number, line in sorted(approval.lines.items()):
        said = line_object(number, line)
        whole, at, parts = Fraction(said["approved"]) or Fraction(1), Fraction(0), []
        amounts = (
            ("written off", said["written_off"], "shade-0"),
            ("reserved", said["reserved"], "shade-2"),
            ("remaining", said["remaining"], "shade-10"),
        )
        for name, amount, shade in amounts:
            width = max(Fraction(0), Fraction(amount)) / whole * _WIDTH
            parts.append((heading(name, language), amount, shade, f"{float(at):.2f}", f"{float(width):.2f}"))
            at += width
        unit = in_units(teller, line.approved.unit)
        yield Left(number, product_in(said, language), unit, tuple(parts))


def _table(teller: Teller, listing: Listing[Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the first rows of a list with some of its columns."""
    reads = teller.reads
    tags, more = first_of(reads, listing, Tag(reads.who.party), _MOST)
    rows = [(tag, row_now(listing, reads.source.subject(tag), reads.source, tag)) for tag in tags]
    return {
        "heads": [heading(name.replace("_", " "), teller.language) for name in names],
        "rows": [(tag, [teller.cell(row, name) for name in names]) for tag, row in rows],
        "more": more,
    }
