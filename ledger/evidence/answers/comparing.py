"""Two answers to one question, compared: the first row that differs, by its number, its member and its event."""

from __future__ import annotations

import json
from itertools import takewhile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.statement.text.strict_json import JsonValue

    Row = Mapping[str, JsonValue]

_MOST: Final = 60
"""Of a longer value only so much is shown."""


def difference(
    editions: Sequence[str], rows: Sequence[Row], due_editions: Sequence[str], due_rows: Sequence[Row]
) -> str:
    """Return in words where an answer differs from what follows, and "" where it does not.

    editions, rows: what is claimed. due_editions, due_rows: what follows.
    """
    missing = sorted(set(due_editions) - set(editions))
    if missing:
        return f"the edition {missing[0]} was in force or judged an event, and it is claimed without it"
    more = sorted(set(editions) - set(due_editions))
    if more:
        return f"it is claimed with the edition {more[0]}, which neither was in force nor judged any event"
    return _rows(rows, due_rows)


def _rows(claimed: Sequence[Row], follows: Sequence[Row]) -> str:
    rows, others = list(map(_written, claimed)), list(map(_written, follows))
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(rows, others, strict=False)))
    ends = zip(reversed(rows[head:]), reversed(others[head:]), strict=False)
    tail = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], ends))
    said, due = slice(head, len(rows) - tail), slice(head, len(others) - tail)
    number = head + 1
    if not rows[said] and not others[due]:
        return ""
    if not rows[said]:
        return f"row {number} is left out: {_event(follows[head])}"
    if not others[due]:
        return f"row {number} does not follow: {_event(claimed[head])}"
    if sorted(rows[said]) == sorted(others[due]):
        return f"row {number} stands in another's place: {_event(follows[head])}"
    member, one, other = next(_members(claimed[head], follows[head], ""))
    return f"row {number}: {member} is claimed as {one}, and {other} follows: {_event(follows[head])}"


def _event(row: Row) -> str:
    """Return the event that a row names as its reason."""
    why = row.get("why")
    position = why.get("position") if isinstance(why, dict) else None
    return f"event {position}" if isinstance(position, int) else "it names no event"


def _members(said: JsonValue | Row, due: JsonValue | Row, path: str) -> Iterator[tuple[str, str, str]]:
    """Yield the members in which two values differ, the claimed and the following value with each."""
    if isinstance(said, dict) and isinstance(due, dict):
        for name in sorted({*said, *due}):
            if name not in said or name not in due or _written(said[name]) != _written(due[name]):
                yield from _members(said.get(name), due.get(name), f"{path}.{name}" if path else name)
    else:
        yield path or "the row", _shown(said), _shown(due)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST else f"{text[: _MOST - 3]}..."


def _written(value: JsonValue | Row) -> str:
    """Return a value as an answer writes it: by that it is compared, for in Python true is equal to 1."""
    return json.dumps(value, sort_keys=True)
