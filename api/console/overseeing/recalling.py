"""From a lot, an item or whatever goods came in under to all that was made of them: where it is, who is to be told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api.asking.written import Written
from api.console.acts.stated import roles_for
from api.console.frame import PageRoute, changed, page, pages_of
from api.console.language import Told
from api.console.naming import meant
from api.console.tables import table_of
from api.console.telling import Teller
from api.http.answering.asked import answered
from api.http.answering.parameters import parameters_of, whole_number
from api.http.answering.reading import Reads
from ledger.domain.work.checks import GONE
from ledger.ids import Tag, is_tag
from ledger.words.reader import code_word
from projections.asked.table import QUESTIONS
from projections.ordering import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_BY: Final = ("item", "lot", "consignment", "approval", "donor")
_PAGE: Final = 100
_ORDERED: Final = 1_000
_DIGITS: Final = 4
_NOBODY: Final = "nobody"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has something. party: None: nobody. there: how many are not gone. address: exactly these rows."""

    party: str | None
    there: int
    gone: int
    address: str


@router.get("/recall")
def recall(request: Request, reads: Reads, language: Told) -> Response:
    """Show what was made of something, by who has it and what became of it; ask for it where nothing is named."""
    given = parameters_of(request, (*_BY, "holder", "status", "page", "lang"))
    given = {name: value.strip() for name, value in given.items() if value.strip()}
    teller, question = Teller(reads, language), QUESTIONS["descendants"]
    asked: dict[str, str] = {name: given[name] for name in _BY if name in given}
    for name in ("item", "consignment", "approval"):
        if name in asked:
            asked[name] = meant(reads, asked[name], name)
    values: dict[str, Any] = {"given": given, "answer": None}
    every: list[Any] = []
    if asked:
        every = [*answered(question, Written(asked), reads).rows]
        shown = _in_order(teller, [one for one in every if _is_shown(one, given)])
        number = whole_number(given.get("page", "1"), _DIGITS) or 1
        rows = shown[(number - 1) * _PAGE : number * _PAGE]
        teller.labels.fetch([Tag(one) for one in dict.fromkeys(ident for row in rows for ident in _named(row))])
        there = [one for one in every if one.status not in GONE]
        values |= {
            "answer": True,
            "holders": _holders(request, every),
            "statuses": [
                (
                    code_word("item_status", status, teller.today),
                    count,
                    changed(request, status=status, holder=None, page=None),
                )
                for status, count in sorted(Counter(str(one.status) for one in every).items())
            ],
            "total": len(every),
            "there": len(there),
            "shown": len(shown),
            "table": table_of(teller, rows, question.row, _PAGE),
            "pages": pages_of(request, len(shown), _PAGE),
            "number": number,
            "narrowed": "holder" in given or "status" in given,
            "all": changed(request, holder=None, status=None, page=None),
            "csv": f"/ask/descendants?{urlencode({**asked, 'file': 'csv'})}",
            "order": _order(teller, asked),
        }
    made = page(request, "recall.html", {**teller.of_every_page, **values})
    teller.tells(Tag(one.item) for one in every)
    return made


def _in_order(teller: Teller, rows: list[Any]) -> list[Any]:
    """Return rows as people count what they are about; by their ids where so many would have to be named first."""
    if len(rows) > _ORDERED:
        return rows
    teller.labels.fetch([Tag(one.item) for one in rows])
    return sorted(rows, key=lambda one: sort_key(teller.name(one.item)))


def _named(one: Any) -> Iterator[str]:  # noqa: ANN401  a row of the question
    """Yield the ids that are told of a row by what these are called."""
    values = (getattr(one, field.name) for field in fields(one))
    flat = (each for value in values for each in (value if isinstance(value, tuple) else (value,)))
    return (each for each in flat if isinstance(each, str) and is_tag(each))


def _is_shown(one: Any, given: dict[str, str]) -> bool:  # noqa: ANN401  a row of the question
    holder, status = given.get("holder"), given.get("status")
    return (holder is None or _holder(one) == holder) and status in {None, str(one.status)}


def _holder(one: Any) -> str:  # noqa: ANN401  as above
    return _NOBODY if one.holder is None else str(one.holder)


def _holders(request: Request, rows: Sequence[Any]) -> list[Holder]:
    there, gone = Counter[str](), Counter[str]()
    for one in rows:
        (gone if one.status in GONE else there)[_holder(one)] += 1
    return [
        Holder(
            None if one == _NOBODY else one,
            there[one],
            gone[one],
            changed(request, holder=one, status=None, page=None),
        )
        for one in sorted({*there, *gone}, key=lambda one: (-there[one], one))
    ]


def _order(teller: Teller, asked: dict[str, str]) -> str | None:
    """Return where the reader orders the recall of what is shown; None: their party may not."""
    if not roles_for("order-recall", teller.reads.record.world.party(teller.reads.who.party)):
        return None
    said = {"items" if name == "item" else name: value for name, value in asked.items() if name != "donor"}
    return f"/acts/order-recall?{urlencode(said)}"
