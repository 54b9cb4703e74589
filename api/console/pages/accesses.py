"""Who was told what of one's own data: the access log as a party may read it, the newest entry first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.console.frame import PageRoute, changed, page
from api.console.language import Told
from api.console.telling import Teller
from api.http.answering.parameters import DIGITS, check_id, parameters_of, whole_number
from api.http.answering.reading import Reads
from api.language import label
from ledger.ids import PartyId, is_tag

if TYPE_CHECKING:
    from api.rows.access import AccessPart, AccessRow

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_PAGE: Final = 50
_SUBJECTS: Final = 5


@router.get("/accesses")
def accesses(request: Request, reads: Reads, language: Told) -> Response:
    """Show what others were told of the party that reads, and what it was told of others."""
    given = {name: one for name, one in parameters_of(request, ("reader", "after", "lang")).items() if one}
    check_id("reader", is_one="reader" not in given or is_tag(given["reader"]))
    after = whole_number(given["after"], DIGITS) if "after" in given else None
    if "after" in given and not after:
        raise HTTPException(400, "this address takes no such parameter")
    reader = PartyId(given["reader"]) if "reader" in given else None
    rows, more = reads.accesses(reader, after, _PAGE)
    teller = Teller(reads, language)
    values = {
        "reader": reader,
        "rows": [_row(teller, one) for one in rows],
        "next": changed(request, after=str(rows[-1]["number"])) if more else None,
    }
    made = page(request, "accesses.html", {**teller.of_every_page, **values})
    teller.tells(())
    return made


def _row(teller: Teller, row: AccessRow) -> dict[str, Any]:
    own = row["party"] == teller.reads.who.party
    return {
        "number": row["number"],
        "when": teller.when(datetime.fromisoformat(row["at"])),
        "party": row["party"],
        "person": row["person"],
        "own": own,
        "parts": [_part(teller, one, own=own) for one in row["parts"]],
        "others": row["others"],
    }


def _part(teller: Teller, part: AccessPart, *, own: bool) -> dict[str, Any]:
    rights = {
        "party": label("as a party that has, had or gets it", teller.language),
        "authority": label("as an authority that supervises it", teller.language),
        "audit": label("by an audit that is open to it", teller.language),
        "operator": label("by the operator's token for mirrors", teller.language),
    }
    return {
        "whose": part["party"] if own else None,
        "right": rights[part["right"]],
        "grant": part["grant"],
        "statements": part["statements"],
        "subjects": part["subjects"][:_SUBJECTS],
        "more": max(0, len(part["subjects"]) - _SUBJECTS) + part["more"],
    }
