"""What somebody says on a page becomes a draft: by the functions by which ``vialog record`` makes one of its options.

Nothing is kept between two requests: what was said stands in the page's address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from api.console.acts.fields import CONFIRMS, SECOND
from api.drafts.acts.authors import key_of, roles_held
from api.drafts.acts.options import Given, body_of
from api.drafts.acts.slots import Slots
from api.drafts.payload import draft_payload
from api.language import label
from ledger.clock import format_time
from ledger.errors import NotFound
from ledger.meaning import Meaning
from ledger.statement.form.disclosure import COMMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from api.console.acts.fields import Field, Fields
    from api.http.answering.reading import Reading
    from api.telling.labels import Labels
    from ledger.domain.kind import Kind
    from ledger.statement.text.strict_json import JsonValue
    from ledger.words.table import Language

MOST_ROWS: Final = 80
"""Of a list on a page; more are scanned at the bench, or come from a file."""

ACKNOWLEDGED: Final = "acknowledge."
"""How the name of a parameter begins that acknowledges a breach; the rule stands behind it, and its value is why."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said.

    rows: by the fields of a list, the values of each of its rows in turn. second: who of the same party signs too.
    confirms: who signs for the unit that is visited.
    """

    own: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]
    acknowledged: Mapping[str, str]
    role: str | None
    occurred_at: str | None
    second: str | None
    confirms: str | None = None

    def given(self, fields: Fields, language: Language, end_of_day: Callable[[date], datetime]) -> SaidAs:
        """Return it as ``vialog record`` is given options: those of the statement, then those of the rows."""
        found = SaidAs(end_of_day)
        for one in fields.own:
            found.take(one, self.own.get(one.name, ""), f"“{one.label}”", None)
        for number, row in enumerate(self.rows, 1):
            where = label("row {number}", language).format(number=number)
            for _, listed in fields.lists:
                for one in listed:
                    found.take(one, row.get(one.name, ""), f"{where}, “{one.label}”", number)
        return found

    def lacking(self, fields: Fields) -> list[Field]:
        """Return the fields that must be said and are not; of a list in each row in which anything of it is said."""
        found = [one for one in fields.own if one.required and not self.own.get(one.name)]
        for name, listed in fields.lists:
            rows = [row for row in self.rows if _says(row, listed)] or ([{}] if name in fields.needed else [])
            found += [one for one in listed if one.required and any(not row.get(one.name) for row in rows)]
        return found

    def rows_of(self, listed: Sequence[Field]) -> int:
        """Return in how many rows, counted to the last one, anything of a list is said."""
        return max((number for number, row in enumerate(self.rows, 1) if _says(row, listed)), default=0)


def _says(row: Mapping[str, str], listed: Sequence[Field]) -> bool:
    return any(row.get(one.name) for one in listed)


@dataclass(slots=True)
class SaidAs:
    """What was said, as options, and the words that are disclosed, by their names."""

    end_of_day: Callable[[date], datetime]
    options: list[Given] = field(default_factory=list)
    disclosed: dict[str, str] = field(default_factory=dict)

    def take(self, one: Field, text: str, where: str, row: int | None) -> None:
        """Take in what stands in a field; nothing where nothing does. row: of a list; None: the statement's own."""
        for line in _lines(one, text):
            self.options.append(Given(one.name, self._value(one, line), where, row))

    def _value(self, one: Field, line: str) -> str:
        if one.discloses:
            named = {words: name for name, words in self.disclosed.items()}
            name = named.get(line) or f"{one.name.rpartition('.')[2]} {len(named) + 1}"
            self.disclosed[name] = line
            return f"{COMMITS}{name}"
        return format_time(self.end_of_day(day)) if one.ends and (day := _day(line)) is not None else line


def said_of(pairs: Sequence[tuple[str, str]], fields: Fields) -> Said:
    """Read what was said from the parameters of an address; a row in which nothing is said is left out."""
    several = {one.name for one in fields.own if one.holds_several}
    own: dict[str, str] = {}
    for name, value in pairs:
        if name not in fields.rows:
            own[name] = f"{own[name]}\n{value.strip()}" if name in several and name in own else value.strip()
    columns = {one: [value.strip() for name, value in pairs if name == one] for one in fields.rows}
    long = min(max(map(len, columns.values()), default=0), MOST_ROWS)
    rows = [{name: found[at] for name, found in columns.items() if at < len(found)} for at in range(long)]
    reasons = {
        name.removeprefix(ACKNOWLEDGED): why for name, why in own.items() if name.startswith(ACKNOWLEDGED) and why
    }
    told = tuple(row for row in rows if any(row.values()))
    beside = (own.get(name) or None for name in ("role", "occurred_at", SECOND, CONFIRMS))
    return Said(own, told, reasons, *beside)


def payload_of(
    reads: Reading, labels: Labels, kind: Kind[Any], given: SaidAs, said: Said
) -> tuple[bytes, tuple[str, ...]]:
    """Return the bytes that are to be signed, and their disclosures: a new statement by whoever reads, of now unless it
    says otherwise.

    given: what was said, as options. said: with the role in which it is said, and who signs besides.

    Raises Malformed: DRF-05 and whatever the form of a statement forbids, DRF-04 somebody else has no one key;
    NotFound.
    """
    body = body_of(Slots(kind), given.options, labels)
    draft: dict[str, JsonValue] = {
        "log": reads.store.origin,
        "kind": kind.name,
        "signers": [*_signers(reads, labels, kind, said, body)],
        "body": body,
    }
    if given.disclosed:
        draft["disclose"] = {**given.disclosed}
    if said.occurred_at is not None:
        draft["occurred_at"] = said.occurred_at
    if said.acknowledged:
        draft["acknowledges"] = [{"rule": rule, "reason": why} for rule, why in said.acknowledged.items()]
    clock = reads.doors.signing_in.clock
    return draft_payload(draft, (), clock, lambda party, person: key_of(labels, party, person))


def _signers(
    reads: Reading, labels: Labels, kind: Kind[Any], said: Said, body: Mapping[str, JsonValue]
) -> Iterator[dict[str, JsonValue]]:
    """Yield who signs: who has signed in, with the very key of the sign-in; who sees it; who represents the unit."""
    who = reads.who
    of_key: dict[str, JsonValue] = {"key": who.key.removeprefix("key:"), "alg": reads.record.world.key(who.key).alg}
    yield {"party": who.party, "person": who.person, "role": said.role, "meaning": str(Meaning.PERFORMED), **of_key}
    if said.second is not None:
        yield {"party": who.party, "person": said.second, "role": said.role, "meaning": str(Meaning.WITNESSED)}
    if said.confirms is not None:
        unit = str(body.get("party", ""))
        if not (held := roles_held(labels.store, kind, unit)):
            raise NotFound(f"{unit} holds no role in which it confirms a visit")
        yield {"party": unit, "person": said.confirms, "role": str(held[0]), "meaning": str(Meaning.CONFIRMED)}


def _lines(one: Field, text: str) -> list[str]:
    if not one.holds_several:
        return [text] if text else []
    return [line.strip() for line in text.splitlines() if line.strip()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
