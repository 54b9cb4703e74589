"""Whom something is told, and what single things are called then: ids, codes, amounts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from ledger.ids import Tag, is_statement_id, type_of
from ledger.quantity import format_decimal, parse_decimal
from ledger.words.table import Language, words_in
from ledger.words.times import UNIVERSAL, Zone

_KEY: Final = re.compile(r"(key:[0-9a-f]{8})[0-9a-f]{56}\Z")
SAID_TYPES: Final = ("approval", "consignment", "case", "permit")
"""The types of ids that stand as a word before what has no name; all others are ids of things that have names."""
OWN: Final = "x-"
"""How a code begins that a party has made for itself."""

Names: TypeAlias = "Callable[[str], str | None]"
"""What something is called by people: of an id, of a statement's id, or of an agent as ``agent:virus-3`` its label, its
number or its printed name; None where none is known, and then the id stands as it is. Of a label as
``before:item:T-1/HL-1`` the one that the item bore before it."""

BEFORE: Final = "before:"
"""How what is asked begins that is the label which an item bore before another one."""


def nameless(_: str) -> str | None:
    """Know no names: every id stands as it is."""
    return None


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom something is told: in which language, in which local time, and with which names.

    about: the id of whom the reader asks about; of a list that names it no other row is told.
    """

    language: Language = Language.ENGLISH
    zone: Zone = UNIVERSAL
    names: Names = nameless
    about: str = ""


def name_of(ident: str, reader: Reader) -> str:
    """Return what an id is called: its name, with what it is, or the id where it has none. Of a key, its beginning.

    The id of a paper or a matter says in words what it is, and then what stands behind its colon.
    """
    name, short = reader.names(ident), _KEY.sub(r"\1…", ident)
    id_type = "statement" if is_statement_id(ident) else type_of(Tag(ident))
    if name is None and id_type not in SAID_TYPES:
        return short
    called = short.partition(":")[2] if name is None else name
    return words_in(reader.language).named[id_type].format(name=called, id=short)


def code_word(table: str, code: str, reader: Reader) -> str:
    """Return what a code of a table means; one of a party's own is said to be that, another without a word stands."""
    words = words_in(reader.language)
    if table == "unit":
        return words.unit.get(code, code).partition("/")[0]
    if table == "agent":
        return reader.names(f"agent:{code}") or unworded(code, reader.language)
    return words.code.get(table, {}).get(code) or unworded(code, reader.language)


def unworded(code: str, language: Language) -> str:
    """Return a code that the table has no word for: one of a party's own is said to be that."""
    return words_in(language).form["own"].format(code=code) if code.startswith(OWN) else code


def rules_told(rules: str, language: Language) -> str:
    """Return what an edition of rules is called that entries name: its title and since when it is in force."""
    form, name = words_in(language).form, rules.partition(" ")[0]
    series, _, since = name.partition("/")
    title = form.get(f"rules {series}")
    return name if title is None else form["rules"].format(title=title, series=series, since=since)


def amount_words(value: str, unit: str, language: Language) -> str:
    """Return an amount: ``1 vial``, ``2.5 mL``. value: a plain decimal."""
    words = words_in(language)
    one, _, many = words.unit.get(unit, unit).partition("/")
    try:
        number = parse_decimal(value)
    except ValueError:
        return f"{value} {unit}"
    return words.form["amount"].format(value=format_decimal(number), unit=one if number == 1 or not many else many)
