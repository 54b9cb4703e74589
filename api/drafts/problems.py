"""All that is wrong with a draft, told at once, each with the line of the file that it stands in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed

if TYPE_CHECKING:
    from ledger.statement.text.strict_json import JsonValue

_STEP: Final = re.compile(r"\.(?P<name>[\w-]+)|\[(?P<index>\d+)\]")
_TABLE: Final = re.compile(r"\s*(?P<open>\[\[?)\s*(?P<path>[\w.-]+)\s*\]\]?\s*(?:#.*)?")
_KEY: Final = re.compile(r"\s*(?P<path>[\w.-]+)\s*=")


@dataclass(slots=True)
class Problems:
    """What is wrong with one draft.

    text: the file, where it is TOML; "" of JSON, which is one line.
    """

    text: str = ""
    found: list[tuple[str, str, str, int | None]] = field(default_factory=list)

    def note(self, rule: str, member: str, problem: str, value: JsonValue = None) -> None:
        """Note what is wrong at a member. value: what stands there; None: it is missing."""
        self.found.append((rule, member, problem, line_of(self.text, member, value)))

    def check(self) -> None:
        """Raise Malformed where anything was noted: one problem by its own rule and member, several one a line."""
        if not self.found:
            return
        rule, member, problem, line = self.found[0]
        if len(self.found) == 1:
            raise Malformed(rule, member, problem if line is None else f"{problem} (line {line})")
        told = [
            f"  {'' if line is None else f'line {line}: '}{rule}: {at}: {what}" for rule, at, what, line in self.found
        ]
        raise Malformed(rule, "$", "\n".join((f"{len(told)} things are wrong with the draft:", *told)))


def line_of(text: str, member: str, value: JsonValue) -> int | None:
    """Return the line of a TOML file in which a member stands, or what it would stand in; None where nobody can tell.

    value: what stands there; of a list on several lines it says which. None: it is missing.
    """
    steps = [one["name"] or int(one["index"]) for one in _STEP.finditer(member)]
    lines = text.splitlines()
    found, within, counted = None, list[str | int](), dict[str, int]()
    for number, line in enumerate(lines, 1):
        if (table := _TABLE.fullmatch(line)) is not None:
            path = table["path"]
            within = [*path.split(".")]
            if table["open"] == "[[":
                counted[path] = counted.get(path, -1) + 1
                within.append(counted[path])
            here = within
        elif (key := _KEY.match(line)) is not None:
            here = [*within, *key["path"].split(".")]
        else:
            continue
        if steps[: len(here)] == here and here:
            found = number
            if (table is None) and isinstance(value, str | int):
                return _line_with(lines, number, json.dumps(value, ensure_ascii=False))
    return found


def _line_with(lines: list[str], first: int, written: str) -> int:
    """Return the first line from one on in which a value is written, before the next member; else that line."""
    for number, line in enumerate(lines[first - 1 :], first):
        if number > first and (_KEY.match(line) or _TABLE.fullmatch(line)):
            break
        if written in line:
            return number
    return first
