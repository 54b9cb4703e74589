"""Labels over HTTP, for items that whoever asks may see: as sheets of A4 paper, for a label printer, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.http.answering.pages import PROBLEMS, takes
from api.http.answering.parameters import check_id, number_in, parameters_of
from api.http.answering.reading import Reads
from api.http.problems import Spoken
from api.labels.drawing import pdf, png
from api.labels.stock import USUAL_SHEET, USUAL_SIZE, sheet_of, size_of
from api.labels.telling import items_in, label_of, made_of
from api.labels.zpl import DOTS, zpl
from api.telling.labels import Labels
from api.telling.moments import zone_of
from ledger.domain.states.subjects import Item
from ledger.errors import NotFound
from ledger.ids import ConsignmentId, ItemId, Tag, is_tag, type_of
from ledger.words.reader import Reader
from ledger.words.table import Language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.http.answering.reading import Reading
    from api.labels.arranging import Label

router = APIRouter(prefix="/v1", tags=["asking"])

MOST: Final = 500
"""So many labels are printed at once."""
OF: Final = {"item": "item", "made-of": "item", "consignment": "consignment"}
"""What labels are asked for by, and of which type its ids are; ``item`` may stand several times."""
_SHEET: Final = ("sheet", "margins", "first", "lang")
_ROLL: Final = ("size", "dots", "lang")
_PICTURE: Final = ("sheet", "margins", "size", "lang")


def wanted(request: Request, reads: Reading, others: Sequence[str]) -> tuple[list[ItemId], dict[str, str]]:
    """Return the items that labels are asked for, and the other parameters of a request.

    Raises HTTPException 400; NotFound: one of them may not be seen, or there is none.
    """
    pairs = request.query_params.multi_items()
    named = [ItemId(value) for name, value in pairs if name == "item"]
    given = parameters_of(request, (*OF, *others), several=("item",))
    for name in OF:
        values = named if name == "item" else [given[name]] if name in given else []
        check_id(name, is_one=all(is_tag(one) and type_of(Tag(one)) == OF[name] for one in values))
    for tag in (*named, *(given[name] for name in ("made-of", "consignment") if name in given)):
        reads.check_seen(Tag(tag))
    if "made-of" in given:
        named += made_of(ItemId(given["made-of"]), reads.store)
    if "consignment" in given:
        named += items_in(ConsignmentId(given["consignment"]), reads.store)
    seen = [one for one in dict.fromkeys(named) if reads.looking.sight(Tag(one))]
    if len(seen) > MOST:
        raise HTTPException(400, f"at most {MOST} labels are printed at once")
    return seen, given


def labels_of(items: Sequence[ItemId], reads: Reading, language: Language) -> Mapping[ItemId, Label]:
    """Return the labels of some items, by what the reader is shown of them; what it tells of others is logged."""
    labels = Labels(lambda: reads.store, language=language)
    reader = Reader(language, zone_of(reads.packs.at_instant(reads.jurisdiction, reads.record.world.now)), labels.name)
    subjects = (reads.source.subject(Tag(one)) for one in items)
    made = {one.id: label_of(one, reader) for one in subjects if isinstance(one, Item)}
    reads.others.tells([Tag(one) for one in made])
    return made


def _printed(request: Request, reads: Reading, language: Language, others: Sequence[str]) -> tuple[list[Label], Any]:
    items, given = wanted(request, reads, others)
    if (said := given.get("lang", language)) not in set(Language):
        raise HTTPException(400, f"lang is one of {', '.join(Language)}")
    if not (made := list(labels_of(items, reads, Language(said)).values())):
        raise NotFound("the record has no such subject for you")
    return made, given


def _file(content: bytes, media: str, name: str | None) -> Response:
    headers = {"Cache-Control": "no-store"}
    named = {} if name is None else {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers | named, media_type=media)


def _answers(media: str) -> dict[int | str, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "The labels.", "content": {media: binary}}, **PROBLEMS}


@router.get(
    "/labels.pdf",
    operation_id="print_labels_on_sheets",
    response_model=None,
    openapi_extra=takes(*OF, *_SHEET),
    responses=_answers("application/pdf"),
)
def on_sheets(request: Request, reads: Reads, language: Spoken) -> Response:
    """Return labels on sheets of A4 paper: of each `item`, which may stand several times, of all that were made
    directly of one (`made-of`), of a `consignment`.

    `sheet`: labels across and down, `5x13`; `margins`: left and top in mm, of a sheet that is not among those known;
    `first`: the first free label of the first sheet; `lang`: of the words on them, `en` or `zh`, that of the request if
    left out. What may not be seen is left out.
    """
    made, given = _printed(request, reads, language, _SHEET)
    sheet = sheet_of(given.get("sheet", USUAL_SHEET), given.get("margins"))
    first = number_in(given, "first", sheet.labels) or 1
    return _file(pdf(made, sheet, first), "application/pdf", "labels.pdf")


@router.get(
    "/labels.zpl",
    operation_id="print_labels_by_a_printer",
    response_model=None,
    openapi_extra=takes(*OF, *_ROLL),
    responses=_answers("application/octet-stream"),
)
def by_a_printer(request: Request, reads: Reads, language: Spoken) -> Response:
    """Return labels for a printer that speaks ZPL II; which ones, as `/v1/labels.pdf` does.

    `size`: width and height in mm, `38x19`; `dots`: of the printer, to a millimetre: 8, 12 or 24.
    """
    made, given = _printed(request, reads, language, _ROLL)
    content = zpl(made, size_of(given.get("size", USUAL_SIZE)), dots_of(given))
    return _file(content, "application/octet-stream", "labels.zpl")


@router.get(
    "/labels.png",
    operation_id="show_label",
    response_model=None,
    openapi_extra=takes("item", *_PICTURE),
    responses=_answers("image/png"),
)
def as_picture(request: Request, reads: Reads, language: Spoken) -> Response:
    """Return the label of an `item` as a picture, as it stands on a `sheet`, or on a roll of labels of a `size`."""
    made, given = _printed(request, reads, language, _PICTURE)
    size = (
        size_of(given["size"])
        if "size" in given
        else sheet_of(given.get("sheet", USUAL_SHEET), given.get("margins")).size
    )
    return _file(png(made[0], size), "image/png", None)


def dots_of(given: Mapping[str, str]) -> int:
    """Return the dots of a printer. Raises HTTPException 400."""
    dots = number_in(given, "dots", DOTS[-1]) or DOTS[0]
    if dots not in DOTS:
        raise HTTPException(400, f"dots is one of {', '.join(map(str, DOTS))}")
    return dots
