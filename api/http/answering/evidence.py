"""Evidence over HTTP: the zip that a stranger can check, about one subject, for who may read all that it needs.

It is the bundle of `vialog evidence export`, in the narrow scope and under the newest checkpoint, and with ``question``
that of `vialog ask --evidence`. The same subject under the same checkpoint makes the same bytes; so does a question at
the same time. It discloses nothing. Where a statement that it needs may not be read there is none, unless it is asked
for in part (``part=yes``): then it names what it withholds, and no verifier takes it for the whole.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import typer
from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.access.entire import TooLarge, Withheld
from api.asking.written import Written, check_options, read_written
from api.http.answering.forms import Form, form_of, given
from api.http.answering.pages import PROBLEMS, SAME, takes
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import PublishedReads
from api.telling.labels import Labels
from ledger.errors import NotFound
from ledger.evidence.bundle.answer import Claimed
from ledger.evidence.export import export_bundle
from ledger.ids import Tag, type_of
from projections.asked.table import QUESTIONS
from projections.claims.claiming import claim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.access.entire import Entire
    from api.http.answering.reading import Reading
    from ledger.evidence.export import Answered
    from projections.asked.question import Asked

router = APIRouter(prefix="/v1", tags=["asking"])

OF: Final[Mapping[str, str]] = {
    "items": "item",
    "approvals": "approval",
    "consignments": "consignment",
    "permits": "permit",
    "parties": "party",
    "cases": "case",
}
"""By the noun of their address the types of subject that there is evidence about."""

_TAKES: Final = ("question", "lot", "donor", "at", "part")
OFFERED: Final = (
    "it needs statements that you may not read; unless these are about the very thing that it is about, it is made "
    "without them in part (part=yes, or `vialog evidence export --in-part`), and says what it withholds"
)
_MOST: Final = 32_000_000
"""Bytes of entries in a bundle; larger ones are written at the log itself."""


def _bundles(noun: str, id_type: str) -> Callable[..., Response]:
    def bundle(ident: str, request: Request, reads: PublishedReads) -> Response:
        form_of(request, (Form.ZIP,))
        asks = parameters_of(request, _TAKES)
        in_part = _in_part(asks.pop("part", None))
        reads.check_seen(subject := Tag(ident), id_type)
        try:
            with reads.whole_log():
                data, size = bundle_of(subject, asks, reads, in_part=in_part)
        except Withheld as withheld:
            raise HTTPException(403, str(withheld)) from None
        return given(request, data, Form.ZIP, position=size, headers=_headers(subject, data))

    bundle.__doc__ = f"""Return the evidence about one of the {noun}: a zip that anybody can check offline.

    With `question` it holds the answer to one that can be claimed of it, with `lot`, `donor` and `at` as that takes
    them, and all that the answer rests on. 403 where it needs statements that whoever asks may not read, or is larger
    than 32 MB. With `part=yes` it is then made without them, and says what it withholds: but none where an answer, the
    subject itself or the keys that sign need them. 404 where nothing of the subject may be seen.
    `Repr-Digest` is the SHA-256 of the zip (RFC 9530).
    """
    return bundle


def bundle_of(subject: Tag, asks: Mapping[str, str], reads: Reading, *, in_part: bool) -> tuple[bytes, int]:
    """Return the bundle and the size of its checkpoint.

    in_part: whether it may be one that withholds something; one that needs not is whole all the same.

    Raises Withheld, NotFound; HTTPException 400.
    """
    log = reads.entire(_MOST)
    with reads.frame() as frame:
        size = frame.checkpoint.size
        if size > log.head():
            raise NotFound("no checkpoint of this log covers what you asked as of yet")
        answered = _answered(subject, asks, size, log, reads)
        export = partial(export_bundle, frame=frame, subject=subject, voice=reads.voice, answered=answered)
        try:
            return export(log), size
        except TooLarge:
            raise
        except Withheld:
            if (part := reads.in_part(_MOST)).is_part(subject):
                raise
            if not in_part:
                raise Withheld(OFFERED) from None
            return export(part, sealed=part), size


def _in_part(said: str | None) -> bool:
    if said not in {None, "yes"}:
        raise HTTPException(400, "part is yes, or is left out")
    return said is not None


def _answered(subject: Tag, asks: Mapping[str, str], size: int, log: Entire, reads: Reading) -> Answered | None:
    if "question" not in asks:
        if asks:
            raise HTTPException(400, "name a question, or nothing that narrows one")
        return None
    asked, name = _asked(subject, asks, reads), asks["question"]
    said = Claimed(
        log=log.origin,
        question=name,
        subject=subject,
        as_of=size,
        now=asked.at,
        until=asked.until,
        jurisdiction=asked.jurisdiction,
        parameters=asked.narrowed,
    )
    return claim(log, said, size, asked.packs)[1]


def _asked(subject: Tag, asks: Mapping[str, str], reads: Reading) -> Asked:
    if (question := QUESTIONS.get(asks["question"])) is None:
        raise NotFound("there is no question of this name")
    given_ = {name: asks[name] for name in ("lot", "donor") if name in asks}
    written = Written({type_of(subject): subject, **given_}, asks.get("at"))
    try:
        check_options(question, written)
        asked, _ = read_written(question, written, reads.jurisdiction, reads.packs, Labels(lambda: reads.store))
    except typer.BadParameter as error:
        raise HTTPException(400, error.message) from None
    return asked if written.at else replace(asked, at=reads.record.world.now)


def _headers(subject: Tag, data: bytes) -> dict[str, str]:
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    name = subject.replace(":", "-")
    return {"Repr-Digest": f"sha-256=:{digest}:", "Content-Disposition": f'attachment; filename="{name}.zip"'}


_ANSWERS: Final[dict[int | str, Any]] = {
    200: {"description": "The bundle.", "content": {Form.ZIP: {"schema": {"type": "string", "format": "binary"}}}},
    304: SAME,
    **PROBLEMS,
}

for _noun, _id_type in OF.items():
    router.add_api_route(
        f"/{_noun}/{{ident}}/evidence",
        _bundles(_noun, _id_type),
        methods=["GET"],
        operation_id=f"read_evidence_of_{_id_type}",
        response_model=None,
        openapi_extra=takes(*_TAKES),
        responses=_ANSWERS,
    )
