"""The lists of codes: what a purpose, a ground, a reason, a method is called in English and Chinese, and its clause.

A list is whole, or it is open: then it holds the row ``x-*``, and besides its own codes it takes any that begins with
``x-``. Such a code is a party's own; nobody else can say what it means. No code of a list contains another one: no text
that was read says that one purpose is part of another, so each stands for itself.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused
from ledger.nearest import nearest, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RULES: Final = {
    "COD-01": "A code is one of the list of its member; in an open list a party's own code begins with x-.",
}

OWN: Final = "x-"
"""What a party's own code begins with."""

_OPEN: Final = "x-*"
_OWN_WORDS: Final = f"(a code of your own begins with {OWN})"


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list.

    list: the list that it is of, ``purpose``.
    code: how statements write it, lower case, digits, hyphens.
    clause: where it is written; "" where it is usual in the field and no text that was read has it.
    confidence: how that is known, V, V2, M or U; "" without a clause.
    """

    list: str
    code: str
    name_en: str
    name_zh: str
    clause: str
    confidence: str

    @property
    def names(self) -> tuple[str, str, str]:
        """Return all that it is called."""
        return (self.code, self.name_en, self.name_zh)


@dataclass(frozen=True, slots=True)
class Codes:
    """The lists of codes of a period.

    by_list: of each list its codes, in the table's order; of a list that is not here nothing is known.
    own: of each open list what a party's own code in it is called.
    """

    by_list: Mapping[str, Mapping[str, Code]]
    own: Mapping[str, Code]

    def find(self, name: str, code: str) -> Code | None:
        """Return a code of a list; None if the list does not have it."""
        return self.by_list.get(name, {}).get(code)

    def takes(self, name: str, code: str) -> bool:
        """Say whether a code is one of a list, or a party's own in an open one; of an unknown list any is."""
        if name not in self.by_list:
            return True
        return code in self.by_list[name] or (name in self.own and code.startswith(OWN))

    def meant(self, name: str, written: str) -> str | None:
        """Return the code of a list that is called so, in either language, any case and width; None if none is."""
        key = name_key(written)
        found = [one.code for one in self.by_list.get(name, {}).values() if key in map(name_key, one.names)]
        return found[0] if found else None

    def nearest(self, name: str, written: str) -> tuple[str, ...]:
        """Return the codes of a list that are likely meant, the likeliest first; none where none is."""
        called = {name_key(called): one.code for one in self.by_list.get(name, {}).values() for called in one.names}
        return tuple(dict.fromkeys(called[key] for key in nearest(name_key(written), called)))

    def hint(self, name: str, written: str) -> str:
        """Return, for people, which codes of a list are nearest to what is written, or which there are."""
        said = suggestion(self.nearest(name, written), self.by_list.get(name, {}))
        return f"{said} {_OWN_WORDS}" if name in self.own else said

    def check(self, name: str, code: str, member: str) -> None:
        """Check that a member's code is of its list. Raises Refused COD-01."""
        if not self.takes(name, code):
            raise Refused("COD-01", f'{member}: "{code}" is not of the list {name}: {self.hint(name, code)}')

    def search(self, text: str) -> tuple[Code, ...]:
        """Return the codes whose list, code, English or Chinese name contains a text; all of them for an empty one."""
        wanted = name_key(text)
        listed = (one for codes in self.by_list.values() for one in codes.values())
        return tuple(one for one in listed if any(wanted in name_key(called) for called in (one.list, *one.names)))


def read_codes(rows: Iterable[Mapping[str, str]]) -> Codes:
    """Make the lists of their rows, each by the names of its columns.

    Raises KeyError, ValueError: it is no table of codes.
    """
    by_list: dict[str, dict[str, Code]] = {}
    own: dict[str, Code] = {}
    for row in rows:
        one = Code(*(row[name] for name in ("list", "code", "name_en", "name_zh", "clause", "confidence")))
        listed = by_list.setdefault(one.list, {})
        if one.code in listed or (one.code == _OPEN and one.list in own):
            raise ValueError(f"{one.list} has {one.code} twice")
        if one.code == _OPEN:
            own[one.list] = one
        else:
            listed[one.code] = one
    return Codes(
        MappingProxyType({name: MappingProxyType(listed) for name, listed in by_list.items()}), MappingProxyType(own)
    )


def name_key(written: str) -> str:
    """Return what two ways to write a code or its name have in common."""
    text = unicodedata.normalize("NFKC", written).casefold()
    return "".join(one for one in text if one.isalnum())


@cache
def load_codes() -> Codes:
    """Read the lists of codes that are shipped with the package, once."""
    return read_codes(_rows("codes"))


@cache
def load_names() -> Codes:
    """Read the lists that people look for a code in, once: those of codes, and the two tables of samples as lists."""
    tables = {"sample-type": "sample-types", "storage-condition": "storage-conditions"}
    samples = (
        {**row, "list": name, "clause": "", "confidence": ""} for name, file in tables.items() for row in _rows(file)
    )
    return read_codes([*_rows("codes"), *samples])


def _rows(file: str) -> Iterable[dict[str, str]]:
    return csv.DictReader(files("ledger.reference").joinpath(f"{file}.csv").read_text("utf-8").splitlines())
