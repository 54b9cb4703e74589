"""What is owed over HTTP: the obligations of the record that whoever asks may see, with what each rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.http.answering.due.page import page_of_owed
from api.http.answering.forms import form_of
from api.http.answering.pages import ANSWERS, FORMS, limit_of, page_given, takes
from api.http.answering.parameters import check_id, parameters_of
from api.http.answering.reading import Reads
from api.http.problems import Spoken
from api.telling.moments import instant_of
from ledger.errors import NotFound
from ledger.ids import Tag, is_tag, type_of
from ledger.statement.duties import DUTIES
from projections.obligations import Asked, Part, Place, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.http.answering.reading import Reading

router = APIRouter(prefix="/v1", tags=["asking"])

_SUBJECTS: Final = ("item", "approval", "consignment", "party", "site", "case")
_TAKES: Final = (*_SUBJECTS, "status", "duty", "district", "at", "limit", "after")
_STANDINGS: Final = frozenset(Standing)


@router.get(
    "/worklist", operation_id="read_worklist", response_model=None, openapi_extra=takes(*_TAKES), responses=ANSWERS
)
def worklist(request: Request, reads: Reads, language: Spoken) -> Response:
    """List what is owed by the statements that whoever asks may read: by whom, to whom, until when and by which clause.

    Those that have not ended, by their dates; ``status`` is how they stand, or ``overdue``. Narrowed as
    `vialog list obligations` is, by ids: ``party`` owes it or is owed it. ``at``: a time or a day, as they stand then,
    by all that is told now: while statements come in, up to some seconds before the newest one (``Vialog-Position``);
    ``Vialog-Min-Position`` asks for more.
    """
    form, given = form_of(request, FORMS), parameters_of(request, _TAKES)
    asked, part = _asked(given, reads), Part(limit_of(given.get("limit")), _after(given.get("after")))
    found = page_of_owed(reads, asked, part)
    behind = str(found.rows[-1].place) if found.rows else ""
    return page_given(request, reads, language, noun="worklist", found=found, form=form, behind=behind)


def _asked(given: Mapping[str, str], reads: Reading) -> Asked:
    for name in _SUBJECTS:
        check_id(name, is_one=name not in given or (is_tag(given[name]) and type_of(Tag(given[name])) == name))
    status, duty, at = (given.get(name) for name in ("status", "duty", "at"))
    if status is not None and status not in _STANDINGS:
        name = "status"
        raise HTTPException(400, f"{name} is one of {', '.join(Standing)}")
    if duty is not None and duty not in DUTIES:
        raise HTTPException(400, "there is no duty of this name")
    instant = reads.record.world.now if at is None else instant_of(at, reads.packs, reads.jurisdiction, "at")
    subjects = [Tag(given[name]) for name in _SUBJECTS if name in given]
    return Asked(instant, subjects, None if status is None else Standing(status), duty, given.get("district"))


def _after(written: str | None) -> Place | None:
    try:
        return None if written is None else Place.read(written)
    except NotFound:
        name = "after"
        raise HTTPException(400, f"{name} is no obligation behind which a page begins") from None
