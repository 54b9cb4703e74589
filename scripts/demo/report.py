"""What the demo shows at its end: what happened, the mass balance, and how to look further."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rich.table import Table

from ledger.quantity import format_decimal
from projections.balance import Flow, LineBalance

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from rich.console import Console

    from ledger.evidence.verdicts import Report
    from scripts.demo.stage import Stage

_OUT: Final = (Flow.USED, Flow.SAMPLED, Flow.PROCESSED, Flow.DISPOSED, Flow.MISSING)


def show_events(console: Console, stage: Stage) -> None:
    """Print what was recorded as a breach, and what was refused."""
    heads = ("when (UTC)", "statement", "answer", "what is wrong", "clause")
    table = Table(*heads, title="What stands out", title_justify="left")
    rows = [
        (
            when,
            name,
            f"{breach['rule']} breach",
            str(breach["problem"]),
            str(breach["clause"]) + ("" if breach["verified"] else " [yellow](unverified)[/]"),
        )
        for when, name, breach in stage.breaches
    ]
    rows += [(when, name, "refused", problem, "") for when, name, problem in stage.refused]
    rows += [(when, name, "correction", f"puts right {old}; both stay", "") for when, name, old in stage.corrected]
    for when, name, answer, problem, clause in sorted(rows):
        table.add_row(f"{when:%m-%d %H:%M}", name, answer, _cut(problem), clause)
    console.print(table)


def show_balance(console: Console, rows: Iterable[LineBalance]) -> None:
    """Print the mass balance of each approval line; a line closes when nothing is left unexplained."""
    table = Table(title="Mass balance of each approval line", title_justify="left")
    for head in ("approval line", "unit", "approved", "written off", "listed", *_OUT, "on hand", "closes"):
        table.add_column(str(head), justify="left" if head in {"approval line", "unit"} else "right")
    for row in rows:
        explained = sum((row.flows[flow] for flow in Flow if flow is not Flow.LISTED), row.on_hand)
        closes = row.difference == 0 and row.flows[Flow.LISTED] == explained
        table.add_row(
            f"{row.approval.removeprefix('approval:')} / {row.line}  {row.product}",
            row.unit,
            *map(_amount, (row.approved, row.written_off, row.flows[Flow.LISTED])),
            *(_amount(row.flows[flow]) for flow in _OUT),
            _amount(row.on_hand),
            "[green]yes[/]" if closes else f"[red]{_amount(row.difference)}[/]",
        )
    console.print(table)


def show_evidence(console: Console, report: Report) -> None:
    """Print what a stranger found who verified the evidence about one vial."""
    console.print(f"\nEvidence about {report.subject}, verified offline: {report.verdict}.", highlight=False)
    claims = Counter(claim.verdict for claim in report.claims)
    console.print(f"  {', '.join(f'{count} claims {verdict}' for verdict, count in claims.items())}", highlight=False)
    console.print(f"  {report.claims[0].words}", highlight=False)


def _amount(value: Fraction | None) -> str:
    if not value:
        return "?" if value is None else "-"
    return format_decimal(Decimal(value.numerator) / Decimal(value.denominator))


def _cut(text: str, length: int = 90) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
