"""The inbox: what fell due or does so soon, each as it stands now and why; and statements that lack a signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.console.frame import PageRoute, changed, led_to, page
from api.console.language import PARAMETER, Told
from api.console.pages.signing_in import Form
from api.console.telling import Teller
from api.http.answering.parameters import DIGITS, parameters_of, whole_number
from api.http.answering.reading import Reads
from api.notices.reading import subjects_of
from ledger.words.table import duties_in, kinds_in

if TYPE_CHECKING:
    from api.notices.reading import Told as ToldNotice
    from api.waiting.leaving import OpenStatement

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A notice on the page. moved: the date that it was written for, where that is another one by now; "" it is not."""

    told: ToldNotice
    says: str
    unread: bool
    noted: str
    moved: str
    pairs: list[tuple[str, str]]


@router.get("/inbox")
def inbox(request: Request, reads: Reads, language: Told) -> Response:
    """Show the notices of whoever reads, the newest first, and what waits for their party's signature."""
    given = {name: one for name, one in parameters_of(request, ("after", PARAMETER)).items() if one}
    after = whole_number(given["after"], DIGITS) if "after" in given else None
    if "after" in given and not after:
        raise HTTPException(400, "this address takes no such parameter")
    teller, found = Teller(reads, language), reads.inbox.below(after, _PAGE + 1)
    shown, read_up_to, looked = found[:_PAGE], reads.inbox.read_up_to, reads.inbox.looked
    values = {
        "lines": [_line(teller, one, read_up_to) for one in shown],
        "waiting": [_open(teller, one) for one in reads.unsigned()],
        "newest": shown[0].notice.number if shown and after is None else None,
        "late": reads.inbox.late,
        "looked": None if looked is None else teller.when(looked),
        "next": changed(request, after=str(shown[-1].notice.number)) if len(found) > _PAGE else None,
    }
    made = page(request, "inbox.html", {**teller.of_every_page, **values})
    teller.tells(subjects_of(shown))
    return made


@router.post("/inbox/read")
def read(form: Form, reads: Reads) -> Response:
    """Mark what was shown as read, and show the inbox again."""
    number = whole_number(form.get("up_to", ""), DIGITS)
    if number is None:
        raise HTTPException(400, "this is not what the page sends")
    reads.inbox.read(number)
    return led_to("/inbox")


def _line(teller: Teller, one: ToldNotice, read_up_to: int) -> Line:
    notice, row = one.notice, one.row
    return Line(
        told=one,
        says=duties_in(teller.language)[notice.place.duty],
        unread=notice.number > read_up_to,
        noted=teller.when(notice.noted),
        moved=teller.when(notice.due) if row is None or row.due != notice.due else "",
        pairs=[] if row is None else teller.owed(row),
    )


def _open(teller: Teller, one: OpenStatement) -> dict[str, Any]:
    return {
        "says": kinds_in(teller.language)[one.kind].name,
        "party": one.party,
        "left": teller.when(one.made),
        "expires": teller.when(one.expires),
        "digest": one.digest,
    }
