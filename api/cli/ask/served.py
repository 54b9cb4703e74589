"""Pages of lists as a service lists them, for whoever asks: its rows, read again as what a list's rows are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import msgspec

from api.client.asking import NOUNS, PAGE, Asking
from ledger.clock import format_time
from ledger.errors import Malformed
from ledger.ids import type_of
from projections import list_rows
from projections.lists import Page
from projections.obligations import ObligationRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.client.transport import Transport
    from api.rows.http import Listed
    from projections.lists import Listing, Part, Where
    from projections.obligations import Asked
    from projections.obligations import Part as Owed

Row = TypeVar("Row")

_ROWS: Final[dict[str, type[Any]]] = {
    "item": list_rows.ItemRow,
    "approval": list_rows.ApprovalRow,
    "permit": list_rows.PermitRow,
    "consignment": list_rows.ConsignmentRow,
    "party": list_rows.PartyRow,
    "site": list_rows.SiteRow,
    "case": list_rows.CaseRow,
}
"""By the type of its subjects the rows of a list."""


def listed_there(service: Transport, listing: Listing[Row], where: Where, part: Part) -> tuple[Page[Row], int]:
    """Return a page of a list as a service has it, and up to which position. Raises as ``Transport.ask``."""
    narrowed = {
        "status": where.status,
        "party": where.party,
        "site": where.site,
        "consignment": where.consignment,
        "approval": where.approval,
        "q": where.text,
        "after": part.after,
    }
    pages = Asking(service).pages(NOUNS[listing.id_type], limit=str(min(part.limit, PAGE)), **narrowed)
    return _joined(pages, cast("type[Row]", _ROWS[listing.id_type]), part.limit)


def owed_there(service: Transport, asked: Asked, part: Owed) -> tuple[Page[ObligationRow], int]:
    """Return a page of what is owed as a service has it, and up to which position. Raises as ``Transport.ask``."""
    narrowed = {
        **{type_of(tag): str(tag) for tag in asked.subjects},
        "status": asked.standing,
        "duty": asked.duty,
        "district": asked.district,
        "at": format_time(asked.at),
        "after": None if part.after is None else str(part.after),
    }
    pages = Asking(service).pages("worklist", limit=str(min(part.limit, PAGE)), **narrowed)
    return _joined(pages, ObligationRow, part.limit)


def _joined(pages: Iterator[Listed], row: type[Row], limit: int) -> tuple[Page[Row], int]:
    """Return the rows of pages, as far as a limit, as one page."""
    first = next(pages)
    said, more = [*first["rows"]], first["more"]
    while more and len(said) < limit:
        if (page := next(pages, None)) is None:
            raise Malformed("SVC-03", "Link", "does not lead to the next page")
        said += page["rows"]
        more = page["more"]
    try:
        rows = tuple(msgspec.convert(one, row) for one in said[:limit])
    except msgspec.ValidationError as error:
        raise Malformed("SVC-03", "$.rows", str(error)) from None
    return Page(rows, first["total"], more or len(said) > limit), first["as_known_at"]
