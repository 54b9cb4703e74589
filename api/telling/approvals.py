"""An approval and its balance as the members of JSON objects: the same for commands and for pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.quantity import format_decimal, write_ratio
from ledger.words.table import Language
from projections.booking import Flow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from api.rows import subjects as rows
    from ledger.domain.shares import SiteShare
    from ledger.domain.states.border import Approval, Line
    from projections.balance import LineBalance


def product_in(line: Mapping[str, Any], language: Language) -> str:
    """Return what the product of a line is called in a language: in English where it has no Chinese name."""
    chinese: str | None = line["product_zh"]
    return chinese if chinese and language is Language.CHINESE else line["product"]


def approval_object(approval: Approval) -> rows.ApprovalState:
    """Return the state of an approval."""
    return {
        "id": approval.id,
        "number": approval.number,
        "status": approval.status,
        "applicant": approval.applicant,
        "direction": approval.direction,
        "grade": approval.grade,
        "valid_from": _day(approval.valid_from),
        "valid_to": _day(approval.valid_to),
        "write_off": approval.write_off,
        "sites": sorted(approval.sites),
        "purposes": sorted(approval.purposes),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def line_object(number: int, line: Line) -> rows.ApprovalLine:
    """Return a line with what may still be declared on it."""
    return {
        "line": number,
        "product": line.product,
        "product_zh": line.product_zh,
        "unit": line.approved.unit,
        "approved": format_decimal(line.approved.value),
        "reserved": format_decimal(line.reserved_total),
        "written_off": format_decimal(line.committed_total),
        "remaining": format_decimal(line.remaining.value),
    }


def share_object(approval: Approval, share: SiteShare) -> rows.SiteShare:
    """Return what a site has of a line."""
    return {
        "line": share.line,
        "unit": approval.lines[share.line].approved.unit,
        "site": share.site,
        "allotted": None if share.allotted is None else format_decimal(share.allotted),
        "there": format_decimal(share.there),
        "sent": format_decimal(share.sent),
        "named": share.named,
    }


def balance_object(row: LineBalance) -> rows.LineBalance:
    """Return the balance of a line."""
    return {
        "line": row.line,
        "unit": row.unit,
        "approved": write_ratio(row.approved),
        "written_off": write_ratio(row.written_off),
        "flows": {str(flow): write_ratio(row.flows[flow]) for flow in Flow},
        "on_hand": write_ratio(row.on_hand),
        "in_transit": write_ratio(row.in_transit),
        "in_use": write_ratio(row.in_use),
        "difference": write_ratio(row.difference),
    }
