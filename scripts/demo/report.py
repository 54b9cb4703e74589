"""What the demo shows at its end: what happened, the mass balance, and how to look further."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import typer
from rich.table import Table

from api.answers import breach_lines
from api.cli.output import rule_sentence
from api.cli.paragraphs import print_paragraph
from api.language import label
from ledger.quantity import format_decimal
from ledger.words.telling import sentence
from projections.balance import Flow, LineBalance

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from rich.console import Console

    from api.reading import Readers
    from ledger.evidence.verdicts import Report
    from scripts.demo.stage import Stage

_OUT: Final = (Flow.USED, Flow.SAMPLED, Flow.PROCESSED, Flow.DISPOSED, Flow.MISSING)


def show_events(stage: Stage, readers: Readers) -> None:
    """Print what was refused, what was recorded as a breach, and what was put right: each as a sentence."""
    typer.echo(f"{label('What stands out', readers.language)}\n")
    for one in stage.remarkable:
        rules = None if one.needed is None else one.needed.rules
        reader = readers.of(rules, one.said.occurred_at)
        print_paragraph(sentence(one.said, reader))
        for line in (
            () if one.needed is None else breach_lines(one.needed.breaches, one.needed.rules, reader, one.said.body)
        ):
            print_paragraph(line, f"    {label('breach', reader.language)} ")
        if one.refusal is not None:
            print_paragraph(str(one.refusal), f"    {label('refused', reader.language)} ")
            if (rule := rule_sentence(one.refusal)) is not None:
                print_paragraph(rule, "    ")
        if one.said.corrects is not None:
            print_paragraph(label("a correction: both statements stay in the log", reader.language), "    ")


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
