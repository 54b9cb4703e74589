"""The first rows of a manifest as they would become statements, and what of it is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from api.cli.output import counted, print_table, say
from api.language import label
from api.manifests.previewing import first_rows
from api.manifests.problems import spans

if TYPE_CHECKING:
    from api.manifests.layout import Layout
    from api.manifests.reading.sheets import Manifest
    from api.manifests.statements import Plan


def say_encoding(read: Manifest) -> None:
    """Say in which encoding a file is read that nobody stated; nothing of UTF-8 and of workbooks."""
    if read.encoding is not None:
        say(f"{read.name} is not UTF-8 and is read as {read.encoding}, by its Chinese: look at its words")


def print_rows(layout: Layout, plan: Plan) -> None:
    """Print the first rows as a table, and once what all of them say; an id that no column gives is left out."""
    shown = first_rows(layout, plan)
    made = layout.fresh.keys() - layout.columns.values()
    columns = [name for name in dict.fromkeys(name for row in shown for name in row) if name not in made]
    alike = [name for name in columns if len(shown) > 1 and len({str(row.get(name)) for row in shown}) == 1]
    apart = [name for name in columns if name not in alike]
    if shown:
        print_table(apart, [[row.get(name) for name in apart] for row in shown])
    if alike:
        typer.echo()
        print_table((label("member"), label("in each of these rows")), [(name, shown[0].get(name)) for name in alike])


def passed_over(plan: Plan) -> str:
    """Return how many rows are passed over, which, and why."""
    reasons: dict[str, list[int]] = {}
    for line, reason in plan.passed:
        reasons.setdefault(reason, []).append(line)
    named = "; ".join(f"{spans(lines)} ({reason})" for reason, lines in reasons.items())
    return f"Passed over {counted(len(plan.passed), 'row')}: {named}"
