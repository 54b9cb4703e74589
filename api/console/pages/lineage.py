"""The lineage of an item: a tree as a table, page by page, and a small picture of it for who asks for one."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.console.asof import AS_OF, AT, kept_of, moment_of, query_of
from api.console.frame import PageRoute, page
from api.console.graph import graph_of
from api.console.items import amount_of
from api.console.language import Told
from api.console.lineage import page_of, rows_of, told_of
from api.console.made import made_of
from api.console.telling import Teller
from api.http.answering.parameters import parameters_of
from api.http.answering.reading import Reads
from api.telling.histories import ancestors_of
from ledger.ids import ItemId, Tag
from ledger.words.reader import code_word

router = APIRouter(route_class=PageRoute, include_in_schema=False)

_MOST_OPENED: Final = 20


@router.get("/lineage/{ident}")
def lineage(ident: str, request: Request, reads: Reads, language: Told) -> Response:
    """Show what an item was made of, and what was made of it; 404 where nothing of it may be seen."""
    given = parameters_of(request, ("after", "open", "graph", AT, AS_OF, "lang"), several=("open",))
    opened = dict.fromkeys(request.query_params.getlist("open"))
    if len(opened) > _MOST_OPENED:
        raise HTTPException(400, "this address takes no such parameter")
    tag = Tag(ident)
    reads.check_seen(tag, "item")
    moment, teller = moment_of(given, reads), Teller(reads, language)
    position = reads.position if moment.position is None else moment.position
    item, events = told_of(teller, ItemId(tag), moment)
    made = made_of(teller, events, item.id)
    try:
        shown, more = page_of(made, given.get("after"))
    except KeyError:
        raise HTTPException(400, "this address takes no such parameter") from None
    rows = list(rows_of(teller, shown, opened, moment))
    above = ancestors_of(reads.store, item, position, moment.instant)
    name = item.label or teller.name(tag)
    called = {one.id: one.label or teller.name(one.id) for one in above}
    parents = [(called.get(one, one), f"/lineage/{one}") for one in item.parents]
    kept = kept_of(given)

    def address(*pairs: tuple[str, str], opens: dict[str, None] | None = None, same: bool = True) -> str:
        after = [("after", given["after"])] if same and "after" in given else []
        graph = [("graph", "1")] if given.get("graph") and not any(key == "graph" for key, _ in pairs) else []
        every = [*kept, *after, *graph, *(("open", one) for one in (opened if opens is None else opens)), *pairs]
        return f"/lineage/{tag}?{urlencode([pair for pair in every if pair[1]])}"

    values: dict[str, Any] = {
        "tag": tag,
        "name": name,
        "then": query_of(given),
        "moment": moment,
        "status": code_word("item_status", item.status, teller.today),
        "left": amount_of(teller, item),
        "above": [(one, code_word("item_status", one.status, teller.today), amount_of(teller, one)) for one in above],
        "rows": [(row, _toggled(row.made.item, opened, row.opened, address)) for row in rows],
        "total": len(made),
        "first": 0 if not shown else made.index(shown[0]) + 1,
        "last": 0 if not shown else made.index(shown[0]) + len(shown),
        "next": address(("after", shown[-1].item), opens={}, same=False) if more else "",
        "begin": address(opens={}, same=False) if "after" in given else "",
        "graph": graph_of(language, name, parents, made, rows) if given.get("graph") else None,
        "graph_address": address(("graph", "" if given.get("graph") else "1")),
    }
    answer = page(request, "lineage.html", {**teller.of_every_page, **values})
    teller.tells([tag, *(Tag(one.id) for one in above), *(Tag(row.made.item) for row in rows if row.below is not None)])
    return answer


def _toggled(item: str, opened: dict[str, None], is_open: bool, address: Any) -> str:  # noqa: ANN401, FBT001  made above
    """Return where an item is opened, or closed again."""
    others = {one: None for one in opened if one != item}
    toggled: str = address(opens=others if is_open else {**others, item: None})
    return toggled
