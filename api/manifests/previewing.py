"""The first rows of a manifest as they would become statements: what somebody looks at before anything is signed."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.manifests.layout import Layout
    from api.manifests.statements import Plan, Planned

_PREVIEWED: Final = 10
AT: Final = "manifest line"
"""The column of a preview that says where a row stands; no member has a space in its name, and many are called line."""


def first_rows(layout: Layout, plan: Plan) -> list[dict[str, object]]:
    """Return the first rows with all that they say, by dotted path, and their lines."""
    return list(islice((row for planned in plan.statements for row in _flat_rows(layout, planned)), _PREVIEWED))


def _flat_rows(layout: Layout, planned: Planned) -> Iterator[dict[str, object]]:
    """Yield the rows of a statement with all that they say, by dotted path."""
    elements = planned.body.get(layout.rows) if layout.rows is not None else [{}]
    shared = {name: value for name, value in planned.body.items() if name != layout.rows}
    for line, element in zip(planned.lines, elements if isinstance(elements, list) else (), strict=True):
        yield {AT: line, **dict(_flat(shared)), **dict(_flat(element))}


def _flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _flat(one, f"{path}.{name}" if path else name)
    else:
        yield path, value
