"""What the demo shows at its end: what happened, the mass balance, and how to look further."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import typer

from api.answers import breach_lines
from api.cli.output import print_table, rule_sentence
from api.cli.paragraphs import print_paragraph
from api.language import finding, label, problem_words, spoken
from ledger.quantity import format_decimal
from ledger.words.reader import code_word, name_of
from ledger.words.telling import sentence
from projections.balance import LineBalance
from projections.booking import OUT, Flow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from api.telling.reading import Readers
    from ledger.evidence.checks.verdicts import Report
    from ledger.words.reader import Reader
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
            print_paragraph(problem_words(one.refusal), f"    {label('refused', reader.language)} ")
            if (rule := rule_sentence(one.refusal)) is not None:
                print_paragraph(rule, "    ")
        if one.said.corrects is not None:
            print_paragraph(label("a correction: both statements stay in the log", reader.language), "    ")


def show_balance(rows: Iterable[LineBalance], reader: Reader) -> None:
    """Print the mass balance of each approval line; a line closes when nothing is left unexplained."""
    flows = (Flow.LISTED, *_OUT)
    heads = ("approval", "line", "product", "unit", "approved", "written off")
    columns = (*heads, *(code_word("flow", one, reader) for one in flows), "on hand", "closes")
    print_table(
        columns, [_cells(row, flows, reader) for row in rows], f"\n{label('Mass balance of each approval line')}"
    )


def _cells(row: LineBalance, flows: Iterable[Flow], reader: Reader) -> list[object]:
    told = sum((row.flows[flow] for flow in OUT), row.on_hand)
    closes = not row.difference and not row.unexplained and row.flows[Flow.LISTED] == told
    named = (row.approval.removeprefix("approval:"), row.line, row.product, code_word("unit", row.unit, reader))
    amounts = (row.approved, row.written_off, *(row.flows[flow] for flow in flows), row.on_hand)
    return [*named, *map(_amount, amounts), label("yes" if closes else "no", reader.language)]


def show_evidence(report: Report, reader: Reader) -> None:
    """Print what a stranger found who verified the evidence about one vial."""
    found = label("Evidence about {subject}, verified offline: {verdict}.")
    print_paragraph("")
    print_paragraph(found.format(subject=name_of(report.subject or "", reader), verdict=spoken(report.verdict)))
    for verdict, number in Counter(claim.verdict for claim in report.claims).items():
        typer.echo(f"  {label('{number} claims: {verdict}').format(number=number, verdict=spoken(verdict))}")
    print_paragraph(finding(report.claims[0].words), "  ")


def _amount(value: Fraction | None) -> str:
    if not value:
        return "?" if value is None else "-"
    return format_decimal(Decimal(value.numerator) / Decimal(value.denominator))
