"""The first rows of a manifest as they would become statements, and what of it is passed over."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

import typer

from api.cli.output import counted, print_table, say
from api.language import label
from api.manifests.problems import spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.manifests.layout import Layout
    from api.manifests.reading.sheets import Manifest
    from api.manifests.statements import Plan, Planned

_PREVIEWED: Final = 10
_AT: Final = "manifest line"
"""The column of a preview that says where a row stands; no member has a space in its name, and many are called line."""


def say_encoding(read: Manifest) -> None:
    """Say in which encoding a file is read that nobody stated; nothing of UTF-8 and of workbooks."""
    if read.encoding is not None:
        say(f"{read.name} is not UTF-8 and is read as {read.encoding}, by its Chinese: look at its words")


def first_rows(layout: Layout, plan: Plan) -> list[dict[str, object]]:
    """Return the first rows with all that they say, by dotted path, and their lines."""
    return list(islice((row for planned in plan.statements for row in _flat_rows(layout, planned)), _PREVIEWED))


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


def _flat_rows(layout: Layout, planned: Planned) -> Iterator[dict[str, object]]:
    """Yield the rows of a statement with all that they say, by dotted path."""
    elements = planned.body.get(layout.rows) if layout.rows is not None else [{}]
    shared = {name: value for name, value in planned.body.items() if name != layout.rows}
    for line, element in zip(planned.lines, elements if isinstance(elements, list) else (), strict=True):
        yield {_AT: line, **dict(_flat(shared)), **dict(_flat(element))}


def _flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _flat(one, f"{path}.{name}" if path else name)
    else:
        yield path, value
