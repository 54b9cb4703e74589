"""The page of all sentences: every kind told in each language, by examples that cover what may be left out."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

from ledger.statement.catalogue import KINDS
from ledger.words.reader import Reader
from ledger.words.table import Language
from ledger.words.telling import deed, sentence
from ledger.words.times import Zone
from scripts.example_values import LABORATORY, PARTNER, STATEMENT
from scripts.examples import examples_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.domain.kind import Kind

_HEAD: Final = """# Sentences

Made from `ledger/words` by `make docs`; do not edit. Each kind of statement as people are told it, in English and
Chinese: with what must be there, with everything that may be there, with long lists, and where it matters with other
values. Ids stand by their names where the reader has them; where nobody has given one, as here the case and the
carriers, the id itself stands. Before each sentence its time is put, in the local time of the jurisdiction and in UTC:

"""

_BEIJING: Final = Zone(timezone(timedelta(hours=8)), "CN")
_NAMES: Final[Mapping[str, str]] = {
    LABORATORY: "Harbour Laboratory",
    PARTNER: "Riverside Clinic",
    STATEMENT: "12",
    "agent:bacterium-12": "Bacillus anthracis",
    "agent:virus-3": "Mpox virus",
    "approval:2026-7": "SH 2026/0117",
    "consignment:2026-41": "HB-784",
    "party:waste": "Clean Waste Ltd",
    "site:freezer": "Freezer Room 2",
    "site:store": "Riverside Store",
}


def sentences_page() -> str:
    """Return the page in Markdown."""
    first = next(examples_of(KINDS["item.received/1"]))
    told = [f"> {sentence(first, _reader(language))}\n" for language in Language]
    return "\n".join((_HEAD + ">\n".join(told), *(part for kind in KINDS.values() for part in _told(kind))))


def _told(kind: Kind[Any]) -> Iterator[str]:
    yield f"## {kind.name}\n"
    for example in examples_of(kind):
        for language in Language:
            yield f"- {deed(example, _reader(language))}"
        yield ""


def _reader(language: Language) -> Reader:
    return Reader(language, _BEIJING, name_in_examples)


def name_in_examples(ident: str) -> str | None:
    """Return what something in the examples is called: an item by its number, and not everything has a name."""
    return f"HC-{ident[-4:]}" if ident.startswith("item:T-") else _NAMES.get(ident)
