"""The breaches of an entry as its header writes them: what the signers were told and acknowledged, under the leaf.

    breaches [{"parameters":{"site":"site:lab"},"rule":"GAT-05","subjects":[[2,5]]},…]

Strict JSON in ASCII in one form: no white space; members by ascending name; of a text all but the characters from space
to tilde as ``\\uXXXX`` in lower-case hex, and ``"`` and ``\\`` behind a backslash. Subjects are places in the line of
tags, from 1, as first and last of each run, so that a breach of hundreds of items takes a few bytes. In the order in
which the rules were applied; ``[]`` of none.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from ledger.breach import Breach, Value
from ledger.errors import Malformed
from ledger.statement.text import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.ids import Tag
    from ledger.statement.text.strict_json import JsonValue

NO_BREACHES: Final = "[]"

_RULE: Final = re.compile(r"[A-Z]{1,8}-[0-9]{2,3}\Z")
_NAME: Final = re.compile(r"[a-z]+(?:_[a-z]+)*\Z")


def encode_breaches(breaches: Sequence[Breach], tags: Sequence[Tag]) -> str:
    """Write breaches as the header does.

    tags: the entry's, ascending.

    Raises ValueError: a subject is not among the tags; callers see to it, so that is a bug.
    """
    if not breaches:
        return NO_BREACHES
    places = {tag: place for place, tag in enumerate(tags, start=1)}
    written = [
        {
            "parameters": {name: list(value) if isinstance(value, tuple) else value for name, value in one.parameters},
            "rule": one.rule,
            "subjects": _runs(sorted(_place(places, tag) for tag in one.subjects)),
        }
        for one in breaches
    ]
    return json.dumps(written, separators=(",", ":"), sort_keys=True)


def parse_breaches(text: str, tags: Sequence[Tag]) -> tuple[Breach, ...]:
    """Read breaches; whether they are in the one form is known when they are written again and compared.

    Raises ValueError: they cannot be read.
    """
    if text == NO_BREACHES:
        return ()
    try:
        listed = strict_json.parse(text.encode("ascii"))
    except Malformed as error:
        raise ValueError(str(error)) from None
    if not isinstance(listed, list):
        raise ValueError("the breaches are no list")  # noqa: TRY004  as every other form that is not right
    return tuple(_breach(one, tags) for one in listed)


def _breach(said: JsonValue, tags: Sequence[Tag]) -> Breach:
    match said:
        case {"parameters": dict() as parameters, "rule": str() as rule, "subjects": list() as runs, **more}:
            if not more and _RULE.match(rule) and all(map(_NAME.match, parameters)):
                given = tuple((name, _value(value)) for name, value in parameters.items())
                return Breach(rule, tuple(_subjects(runs, tags)), given)
    raise ValueError("a breach has exactly parameters, rule and subjects")


def _value(said: JsonValue) -> Value:
    match said:
        case None | str():
            return said
        case int() if not isinstance(said, bool):
            return said
        case list() if all(isinstance(one, str) for one in said):
            return tuple(str(one) for one in said)
    raise ValueError("a parameter is a whole number, a text, a list of texts or null")


def _place(places: dict[Tag, int], tag: Tag) -> int:
    if tag not in places:
        raise ValueError(f"a breach concerns {tag}, which its entry does not bear")
    return places[tag]


def _runs(places: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return runs


def _subjects(runs: Sequence[JsonValue], tags: Sequence[Tag]) -> Iterator[Tag]:
    before = -1
    for run in runs:
        match run:
            # The next run does not touch the one before it: they would be one.
            case [int() as first, int() as last] if before + 1 < first <= last <= len(tags):
                yield from tags[first - 1 : last]
                before = last
            case _:
                raise ValueError("subjects are runs of places among the tags")
