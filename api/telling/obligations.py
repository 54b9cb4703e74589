"""An obligation for people: what is owed, by whom, until when, by which rule and clause, and what closes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from api.access.read import REGISTERED
from api.language import label, listed
from ledger.ids import PartyId, Tag, type_of
from ledger.words.reader import code_word, name_of
from ledger.words.table import duties_in, kinds_in, rules_in, words_in
from ledger.words.times import zoned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.words.reader import Reader
    from projections.obligations import ObligationRow


@dataclass(frozen=True, slots=True)
class Foretold:
    """An obligation that is not on record yet, or is to end, as far as it is told; the members as ``ObligationRow``."""

    duty: str
    subject: Tag
    concerns: tuple[Tag, ...]
    owed_by: str
    debtor: PartyId | None
    owed_to: str
    creditor: PartyId | None
    due: datetime | None
    estimate: bool
    until: datetime | None
    edition: str
    clause: str
    confidence: str


def number_of(row: ObligationRow, reader: Reader) -> str:
    """Return which of those in its case an obligation is; "": what it is about tells it apart."""
    match row.duty:
        case "correct-finding":
            form = label("finding {number}", reader.language)
        case "rectify-nonconformity":
            form = label("nonconformity {number}", reader.language)
        case _:
            return ""
    return form.format(number=row.key)


def foretold_of(row: ObligationRow | Foretold, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield what is told of an obligation before it is on record: what is owed, by whom, until when and why."""
    yield from _matter(row, reader)
    yield "by", _basis(row, reader)


def _matter(row: ObligationRow | Foretold, reader: Reader, number: str = "") -> Iterator[tuple[str, str]]:
    yield "due", _due(row, reader)
    yield "duty", duties_in(reader.language)[row.duty]
    names = (name_of(row.subject, reader), number, *(name_of(one, reader) for one in row.concerns))
    yield "about", _joined(filter(None, names), reader)
    yield "owed by", _who(row.owed_by, row.debtor, reader)
    yield "owed to", _who(row.owed_to, row.creditor, reader)


def told_of(row: ObligationRow, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield what is told of an obligation, by what it is called."""
    yield from _matter(row, reader, number_of(row, reader))
    yield "stands", _stands(row, reader)
    opened = label("position {position}, {time}", reader.language)
    yield "opened", opened.format(position=row.opened_by, time=zoned(row.opened_at, reader.zone, reader.language))
    yield "term", _term(row, reader)
    yield "by", _basis(row, reader)
    yield "closed by", _joined((kinds_in(reader.language)[kind].name for kind in row.closes), reader)
    rules = rules_in(reader.language)
    yield "if missed", f"{row.missed} {rules[row.missed]}" if row.missed else label("a finding", reader.language)


def subjects_told(rows: Iterable[ObligationRow]) -> set[Tag]:
    """Return what rows tell of: their subjects, and what these are about, but not all of a party or a site."""
    found = list(rows)
    named = {tag for row in found for tag in row.about if type_of(tag) not in REGISTERED}
    return named | {row.subject for row in found}


def _due(row: ObligationRow | Foretold, reader: Reader) -> str:
    if row.until is not None:
        return label("until {time}", reader.language).format(time=zoned(row.until, reader.zone, reader.language))
    if row.due is None:
        return label("no date is known", reader.language)
    told = zoned(row.due, reader.zone, reader.language)
    return label("{time} (an estimate)", reader.language).format(time=told) if row.estimate else told


def _stands(row: ObligationRow, reader: Reader) -> str:
    state = code_word("obligation", row.state, reader)
    if row.overdue:
        return label("overdue", reader.language)
    since = row.paused_since or row.ended_at
    if since is None:
        return state
    late = [label("late", reader.language)] if row.late else []
    return listed([state, zoned(since, reader.zone, reader.language), *late], reader.language)


def _who(part: str, party: PartyId | None, reader: Reader) -> str:
    who = code_word("who", part, reader)
    return who if party is None else _qualified(name_of(party, reader), who, reader)


def _term(row: ObligationRow, reader: Reader) -> str:
    """Return the clock: how long, from when, and by which calendar."""
    if row.term is None:
        known = row.due is not None
        return label("the date is stated", reader.language) if known else label("none is known", reader.language)
    unit = code_word("term", row.unit or "", reader)
    since = zoned(row.since, reader.zone, reader.language)
    form = label("{number} {unit} from {time}, calendar {calendar}", reader.language)
    return form.format(number=row.term, unit=unit, time=since, calendar=row.calendar)


def _basis(row: ObligationRow | Foretold, reader: Reader) -> str:
    """Return edition, clause and how the clause was read."""
    read = code_word("confidence", row.confidence, reader)
    own = label("the ledger's own setting", reader.language)
    cited = words_in(reader.language).clause.get(row.clause, row.clause)
    clause = _qualified(cited, read, reader) if row.clause else own
    return _joined((one for one in (clause, row.edition) if one), reader)


def _qualified(name: str, what: str, reader: Reader) -> str:
    return label("{name} ({kind})", reader.language).format(name=name, kind=what)


def _joined(names: Iterable[str], reader: Reader) -> str:
    return words_in(reader.language).form["between"].join(names)
