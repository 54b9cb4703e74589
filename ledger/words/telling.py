"""Telling: a statement as a sentence, in any language that there are words in.

It works on the members of the payload as they were signed, so it needs no catalogue and no type of any body: whoever
reads a log, a bundle or one file can tell what it says. A statement of a kind that there are no words for is told by
its kind. Nothing that a statement may hold makes these functions fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, TypeVar

from ledger.ids import Tag, is_statement_id, is_tag, type_of
from ledger.quantity import EXACT, format_decimal, parse_decimal
from ledger.words.given import RELABELLED
from ledger.words.table import Language, words_in
from ledger.words.template import Place, fill, fill_whole, read_template, values_at, written
from ledger.words.times import UNIVERSAL, Zone, zoned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.words.table import Words
    from ledger.words.template import JsonValue

T = TypeVar("T")

_MOST: Final = 4
"""Of longer lists the first three values are told, and how many more there are."""
_KEY: Final = re.compile(r"(key:[0-9a-f]{8})[0-9a-f]{56}\Z")
_DAY_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\Z"
)
"""An instant as RFC 3339 writes it, in whatever zone."""

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


class Signer(Protocol):
    """One who signs."""

    @property
    def party(self) -> str:
        """Return the party that the signer speaks for."""
        ...

    @property
    def meaning(self) -> str:
        """Return what the signer declares by signing, as a code."""
        ...


class Said(Protocol):
    """A statement as it was read: of a payload, and of whatever else has these members."""

    @property
    def kind(self) -> str:
        """Return its kind."""
        ...

    @property
    def occurred_at(self) -> datetime:
        """Return when it happened, as its signers say."""
        ...

    @property
    def signers(self) -> Sequence[Signer]:
        """Return who signs, in order; at least one."""
        ...

    @property
    def body(self) -> Mapping[str, JsonValue]:
        """Return its body as the members of a JSON object."""
        ...

    @property
    def corrects(self) -> str | None:
        """Return the statement that it takes the place of."""
        ...

    @property
    def reason(self) -> str | None:
        """Return why, as a code."""
        ...


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


def sentence(said: Said, reader: Reader) -> str:
    """Return what a statement says, with its time: ``2026-08-10 17:20 (Beijing), 09:20 UTC: …``."""
    form = words_in(reader.language).form
    time = zoned(said.occurred_at, reader.zone, reader.language)
    return form["dated"].format(time=time, sentence=deed(said, reader))


def deed(said: Said, reader: Reader) -> str:
    """Return what a statement says, without its time."""
    return _deed_itself(said, reader) + _after(said, reader)


def _deed_itself(said: Said, reader: Reader) -> str:
    words, values = words_in(reader.language), _values_for(said, reader)
    template = read_template(words.sentence.get(said.kind, words.form["kind"]))
    return fill(template, values, partial(_tell, reader, values), words.form["unknown"])


def _after(said: Said, reader: Reader) -> str:
    """Return what a statement corrects, and why, as it stands behind its sentence; "" where it corrects nothing."""
    values = values_of(said)
    return fill(read_template(words_in(reader.language).form["after"]), values, partial(_tell, reader, values), "")


def _values_for(said: Said, reader: Reader) -> dict[str, JsonValue]:
    """Return what templates name, with what the reader's names know of it beside the body."""
    values = values_of(said)
    if said.kind != RELABELLED:
        return values
    before = reader.names(f"{BEFORE}{written(values.get('item'))}/{written(values.get('label'))}")
    return values if before is None else values | {"before": before}


def change(before: Said, after: Said, reader: Reader) -> str:
    """Return what a correction changes: the parts of both sentences, and the times, that differ; and why.

    before: the statement that it takes the place of.
    """
    form = words_in(reader.language).form
    old, new = (
        [zoned(one.occurred_at, reader.zone, reader.language), *_deed_itself(one, reader).split(form["part"])]
        for one in (before, after)
    )
    gone, come = ([one for one in mine if one not in other] for mine, other in ((old, new), (new, old)))
    told = [form["part"].join(one) or form["none"] for one in (gone, come)]
    return form["changed"].format(old=told[0], new=told[1]) + _after(after, reader)


def fact_told(name: str, values: Mapping[str, JsonValue], reader: Reader) -> str:
    """Return a fact about a subject by its template. name: of the table of facts; values: what the template names."""
    words = words_in(reader.language)
    return fill(read_template(words.fact[name]), values, partial(_tell, reader, values), words.form["unknown"])


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


def amount_words(value: str, unit: str, language: Language) -> str:
    """Return an amount: ``1 vial``, ``2.5 mL``. value: a plain decimal."""
    words = words_in(language)
    one, _, many = words.unit.get(unit, unit).partition("/")
    try:
        number = parse_decimal(value)
    except ValueError:
        return f"{value} {unit}"
    return words.form["amount"].format(value=format_decimal(number), unit=one if number == 1 or not many else many)


def values_of(said: Said) -> dict[str, JsonValue]:
    """Return what templates name: the members of the body, who says it, and who else signs."""
    body = dict(said.body)
    by = said.signers[0].party
    reference = body.get("reference")
    authority = reference.get("issued_by") if isinstance(reference, Mapping) else None
    signers: list[JsonValue] = [{"party": one.party, "meaning": str(one.meaning)} for one in said.signers]
    return body | {
        "by": by,
        "authority": authority or by,
        "signers": signers,
        "kind": said.kind,
        "corrects": said.corrects,
        "reason": said.reason,
    }


def _tell(reader: Reader, values: Mapping[str, JsonValue], place: Place, found: list[JsonValue]) -> str | None:
    if not place.path:
        found = [dict(values)]
    if not found:
        return None
    words = words_in(reader.language)
    match place.sigil:
        case "#":
            return str(len(found))
        case "!":
            return ""
        case "?":
            one, _, many = place.word.partition("/")
            number = found[0] if len(found) == 1 and isinstance(found[0], int) else len(found)
            return one if number == 1 else many
        case "+":
            return _sum(found, reader)
    own = values_at(place.path, values, reader.about) if place.path and reader.about else found
    match place.sigil:
        case "=":
            return _list(own, len(found), written, words)
        case "@":
            return _parts(own, found, words.part[place.word], reader)
        case _:
            return _list(own, len(found), lambda value: _one(value, place.word, reader), words)


def _parts(own: list[JsonValue], found: list[JsonValue], text: str, reader: Reader) -> str | None:
    """Return each value told by a template; those that lack what it tells are passed over."""
    template = read_template(text)

    def told(value: JsonValue, reader: Reader) -> str | None:
        values = value if isinstance(value, Mapping) else {}
        return fill_whole(template, values, partial(_tell, reader, values))

    # Whether one is told does not depend on names, and to look up 900 of them takes long.
    bare = replace(reader, names=nameless)
    whole, number = ([one for one in rows if told(one, bare) is not None] for rows in (own, found))
    return _list(whole, len(number), lambda one: told(one, reader) or "", words_in(reader.language))


def _one(value: JsonValue, table: str, reader: Reader) -> str:
    if isinstance(value, Mapping):
        return amount_words(written(value.get("value")), written(value.get("unit")), reader.language)
    text = written(value)
    if table:
        return code_word(table, text, reader)
    if is_tag(text) or is_statement_id(text):
        return name_of(text, reader)
    return _instant(text, reader) if _DAY_TIME.match(text) else text


def _instant(text: str, reader: Reader) -> str:
    try:
        return zoned(datetime.fromisoformat(text), reader.zone, reader.language)
    except (ValueError, OverflowError):
        return text


def _sum(found: list[JsonValue], reader: Reader) -> str | None:
    """Return the sum of amounts, for each unit; None if one is none."""
    sums: dict[str, Decimal] = {}
    for one in found:
        if not isinstance(one, Mapping):
            return None
        try:
            value = parse_decimal(written(one.get("value")))
        except ValueError:
            return None
        unit = written(one.get("unit"))
        sums[unit] = EXACT.add(sums.get(unit, Decimal()), value)
    return _list(list(sums.items()), len(sums), partial(_amount, reader.language), words_in(reader.language))


def _amount(language: Language, amount: tuple[str, Decimal]) -> str:
    unit, value = amount
    return amount_words(format_decimal(value), unit, language)


def _list(told: Sequence[T], number: int, tell: Callable[[T], str], words: Words) -> str | None:
    """Return values as one text: all of four, and of more the first three, and how many more there are.

    told: those of them that are told; number: how many there are. None if none is told. Where the one is told that the
    reader asks about, that it is among them.
    """
    if not told:
        return None
    form = words.form
    if len(told) < number and len(told) == 1:
        return form["among"].format(first=tell(told[0]))
    shown = told if len(told) <= _MOST else told[: _MOST - 1]
    texts = list(map(tell, shown))
    if number > len(shown):
        return form["more"].format(first=form["between"].join(texts), more=number - len(shown))
    return form["last"].join([form["between"].join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]
