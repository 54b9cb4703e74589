"""Labels to print: which items, what on, and how each looks; the files come from the addresses of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api.console.frame import PageRoute, page
from api.console.language import Told
from api.console.naming import candidates
from api.console.telling import Teller
from api.http.answering.labels import MOST, labels_of, wanted
from api.http.answering.reading import Reads
from api.labels.arranging import arrange
from api.labels.drawing import DOTS
from api.labels.stock import SHEETS, USUAL_SHEET, USUAL_SIZE, sheet_of, size_of
from api.labels.zpl import DOTS as PRINTERS
from api.language import spoken
from ledger.errors import Malformed, Unavailable
from ledger.ids import ItemId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.http.answering.reading import Reading
    from api.labels.arranging import Label

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_ON: Final = ("sheet", "margins", "first", "size", "dots")
_SHOWN: Final = 24
"""So many labels are shown as pictures; files have all."""


@router.get("/labels")
def labels(request: Request, reads: Reads, language: Told) -> Response:
    """Show labels for items, and where their files are; of what may not be seen there is none."""
    items, given = wanted(request, reads, (*_ON, "more", "lang"))
    teller, more = Teller(reads, language), given.get("more", "").strip()
    meant = _meant(more, reads) if more else []
    if len(meant) == 1 and meant[0] not in items and len(items) < MOST:
        items, more = [*items, *meant], ""
    made = labels_of(items, reads, language)
    on = {name: given[name].strip() for name in _ON if given.get(name, "").strip()}
    problem, cut = _tried(made.values(), on)
    told = {"lang": language}  # as the page is, whatever the browser asks for
    values: dict[str, Any] = {
        "labels": [(one, label, _address("/v1/labels.png", [one], _sheet(on) | told)) for one, label in made.items()],
        "shown": _SHOWN,
        "more": more,
        "several": [one for one in meant if more],
        "sheets": list(SHEETS),
        "printers": [(dots, {8: "203", 12: "300", 24: "600"}[dots]) for dots in PRINTERS],
        "on": {"sheet": USUAL_SHEET, "size": USUAL_SIZE, "dots": str(PRINTERS[0]), "first": "1", **on},
        "problem": spoken(problem, language),
        "cut": cut,
        "pdf": _address("/v1/labels.pdf", items, _sheet(on) | _only(on, "first") | told),
        "zpl": _address("/v1/labels.zpl", items, _only(on, "size", "dots") | told),
    }
    return page(request, "labels.html", {**teller.of_every_page, **values}, 400 if problem else 200)


def _meant(text: str, reads: Reading) -> list[ItemId]:
    """Return which items a text may mean, of those that the reader may see."""
    found = [one for one in candidates(reads, text, "item") if reads.looking.sight(one)]
    reads.others.tells(found)
    return [ItemId(one) for one in found]


def _tried(labels: Iterable[Label], on: Mapping[str, str]) -> tuple[str, int]:
    """Return why they cannot be printed so, "" if they can; and of how many not all text has room."""
    try:
        sizes = sheet_of(on.get("sheet", USUAL_SHEET), on.get("margins")).size, size_of(on.get("size", USUAL_SIZE))
        return "", sum(any(arrange(one, size, DOTS).cut for size in sizes) for one in labels)
    except Malformed as error:
        return error.problem, 0
    except Unavailable as error:
        return str(error), 0


def _sheet(on: Mapping[str, str]) -> dict[str, str]:
    return _only(on, "sheet", "margins")


def _only(on: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: on[name] for name in names if name in on}


def _address(path: str, items: Iterable[ItemId], on: Mapping[str, str]) -> str:
    return f"{path}?{urlencode([*(('item', one) for one in items), *on.items()])}"
