"""The access log over HTTP: who was told what of the party that asks, and what that party was told of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response

from api.accesses.telling import HEADS, lines
from api.http.answering.forms import Form, encoded, filed, form_of, given
from api.http.answering.pages import link_of, part_of, takes
from api.http.answering.parameters import DIGITS, check_id, parameters_of, whole_number
from api.http.answering.reading import Reads
from api.http.bounds.positions import TAKES
from api.http.described import answers, problems
from api.http.problems import Spoken
from api.language import heading, label
from api.rows.access import Accesses, AccessProof
from ledger.errors import IntegrityFailed, NotFound, TooOld, Unavailable
from ledger.ids import PartyId, is_tag

if TYPE_CHECKING:
    from api.http.answering.reading import Reading
    from api.rows.access import AccessRow
    from ledger.words.table import Language

router = APIRouter(prefix="/v1", tags=["asking"])

_TAKES: Final = ("reader", "after", "limit")
_FORMS: Final = (Form.JSON, Form.CSV, Form.XLSX)


@router.get(
    "/accesses",
    operation_id="list_accesses",
    response_model=None,
    openapi_extra=takes(*_TAKES),
    responses={
        200: {
            "description": "A page; Link leads to the next one.",
            "content": {
                Form.JSON: answers("", Accesses)["content"]["application/json"],
                Form.CSV: {"schema": {"type": "string"}},
                Form.XLSX: {"schema": {"type": "string"}},
            },
        },
        304: {"description": "The request has this answer."},
        **problems(400, 401, 403, 406, Unavailable, TooOld, IntegrityFailed),
    },
)
def accesses(request: Request, reads: Reads, language: Spoken) -> Response:
    """List who was told what of the party that asks, and what it was told of others; the newest first, by pages.

    Of what others were told a party reads its own part: by which right, and about what. Narrowed
    by ``reader``, the party that was told; a page has ``limit`` entries and begins behind the number ``after``.
    """
    form = form_of(request, _FORMS)
    given_now = parameters_of(request, _TAKES)
    check_id("reader", is_one="reader" not in given_now or is_tag(given_now["reader"]))
    limit, after = part_of(given_now)
    reader = PartyId(given_now["reader"]) if "reader" in given_now else None
    rows, more = reads.accesses(reader, after, limit)
    same = encoded([rows, more, language, reads.who.party])
    return given(
        request,
        _formed(rows, form, reads, language, more=more),
        form,
        position=reads.position,
        same=same,
        headers=link_of(request, rows[-1]["number"] if more else None),
    )


@router.get(
    "/accesses/{number}/proof",
    operation_id="prove_access",
    response_model=None,
    openapi_extra=TAKES,
    responses={
        200: answers("The proof, a file to be kept.", AccessProof),
        304: {"description": "The request has this answer."},
        **problems(400, 401, 403, 406, 412, NotFound, Unavailable, TooOld, IntegrityFailed),
    },
)
def proof(number: str, request: Request, reads: Reads) -> Response:
    """Prove that an entry of the access log that the party may read is under a digest which the log holds.

    404 until the digest of its day is stated and a checkpoint covers that. The proof shows the party's own part of the
    entry, and holds whatever becomes of the access log: ``vialog access verify`` checks it offline.
    """
    form_of(request, (Form.JSON,))
    found = reads.access_proof(whole_number(number, DIGITS) or 0)
    return given(request, found, Form.JSON, position=reads.position)


def _formed(rows: list[AccessRow], form: Form, reads: Reading, language: Language, *, more: bool) -> bytes:
    if form is Form.JSON:
        return encoded({**reads.seen_by, "more": more, "rows": rows})
    head = [heading(one, language) for one in HEADS]
    table: list[list[Any]] = [line for row in rows for line in lines(row)]
    about = [
        (label("as seen by", language), str(reads.who.party)),
        (label("times", language), label("in UTC", language)),
    ]
    return filed(form, head, table, about, reads.record.world.now)
