"""What an item is, and what its statements say, for people: member by member, and sentence by sentence."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from api.language import label, listed
from api.telling.reading import holds_told, told
from ledger.words.reader import amount_words, code_word
from ledger.words.table import words_in
from ledger.words.telling import change, sentence
from ledger.words.times import zoned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.telling.histories import History
    from ledger.domain.judging import Event
    from ledger.words.reader import Reader
    from ledger.words.table import Language

_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T")
_TABLES: Final = {
    "condition": "condition",
    "kept": "kept",
    "origin": "origin",
    "storage": "storage",
    "types": "sample_type",
    "inactivation": "inactivation_state",
    "material": "material",
    "status": "item_status",
}
"""The tables of the codes that an item's state has."""


def state_of(said: dict[str, Any], item: dict[str, Any], reader: Reader) -> Iterator[tuple[str, object]]:
    """Yield what an item is by now, member by member; what says nothing is left out."""
    for name, value in item.items():
        if value in (None, [], (), False) or name == "known":
            continue
        match name:
            case _ if name in _TABLES:
                yield name, code_word(_TABLES[name], value, reader)
            case "holds":
                yield name, holds_told(value, reader)
            case "agents":
                yield (
                    name,
                    words_in(reader.language).form["between"].join(code_word("agent", one, reader) for one in value),
                )
            case "quantity":
                yield name, amount_words(value["value"], value["unit"], reader.language)
            case _ if isinstance(value, str) and _TIME.match(value):
                yield name, zoned(datetime.fromisoformat(value), reader.zone, reader.language)
            case _:
                yield name, label("yes", reader.language) if value is True else _flat(value, reader.language)
    yield from ((name, listed(said[name], reader.language)) for name in ("ancestors", "children"))


def sample_of(sample: dict[str, Any], reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield what an item is as a sample."""
    for name, value in sample.items():
        table = _TABLES.get(name, "")
        told = [code_word(table, str(one), reader) for one in (value if isinstance(value, list) else [value])]
        yield name, words_in(reader.language).form["between"].join(told)


def sentence_of(event: Event[Any], history: History, reader: Reader) -> str:
    """Return what a statement says; a correction what it changes of the other one, which stands in the history too."""
    before = next((one for one in history.events if one.said.id == event.said.corrects), None)
    if before is None:
        return sentence(told(event.said), reader)
    time = zoned(event.said.occurred_at, reader.zone, reader.language)
    return (
        words_in(reader.language)
        .form["dated"]
        .format(time=time, sentence=change(told(before.said), told(event.said), reader))
    )


def _flat(value: object, language: Language) -> object:
    if isinstance(value, dict):
        return " ".join(str(one) for one in value.values() if one is not None)
    return listed(map(str, value), language) if isinstance(value, list) else value
