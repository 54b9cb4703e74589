"""A statement in words, for whoever wants to know what it says: the sentence, who signs it, what they were told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from api.answers import breach_lines, rules_of
from api.cli.paragraphs import print_named, print_paragraph
from api.language import label
from ledger.errors import Malformed
from ledger.statement.form.disclosure import digest_of, read_disclosure
from ledger.words.reader import Reader, code_word, name_of
from ledger.words.table import Language, kinds_in, rules_in
from ledger.words.telling import sentence
from ledger.words.times import zoned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.rows.log import Told
    from api.telling.reading import Readers
    from ledger.statement.entries.entry import Entry
    from ledger.statement.form.header import Signer
    from ledger.statement.form.payload import Payload

_UNREADABLE: Final = "?"


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement that is shown.

    disclosures: those at hand, as they are written. entry: what the log holds of it; None where it is not recorded, or
    where it is not known whether it is.
    """

    payload: Payload
    disclosures: Sequence[str] = ()
    entry: Entry | None = None

    def reader(self, readers: Readers, language: Language | None = None) -> Reader:
        """Return whom it is told. language: that of the environment if left out."""
        return readers.of(None if self.entry is None else self.entry.rules, self.payload.occurred_at, language)


def print_told(shown: Shown, readers: Readers) -> None:
    """Print a statement in words."""
    reader = shown.reader(readers)
    print_paragraph(sentence(shown.payload, reader))
    print_paragraph("")
    print_named((label(name, reader.language), value) for name, value in _details(shown, reader))


def told_object(shown: Shown, readers: Readers) -> Told:
    """Return a statement as it is told, as members of a JSON object: its sentence in each language, and disclosures."""
    english, chinese = (sentence(shown.payload, shown.reader(readers, language)) for language in Language)
    return {"sentences": {"en": english, "zh": chinese}, "disclosed": dict(_disclosed(shown))}


def _details(shown: Shown, reader: Reader) -> Iterator[tuple[str, str]]:
    payload, language = shown.payload, reader.language
    kind = kinds_in(language).get(payload.kind)
    named = label("{name} ({kind})", language)
    yield "kind", payload.kind if kind is None else named.format(name=kind.name, kind=payload.kind)
    yield "statement", payload.id
    yield "log", payload.log
    for one in payload.signers:
        yield "signed by", _signer(one, reader)
    capture = payload.capture
    yield "came about", " ".join((code_word("capture", capture.mode, reader), *filter(None, (capture.device,))))
    if payload.seen is not None:
        yield "signers had seen", label("a checkpoint of {size} entries", language).format(size=payload.seen.size)
    if payload.corrects is not None:
        yield "corrects", name_of(payload.corrects, reader)
    for known in payload.acknowledges:
        reason = label("reason: {reason}", language).format(reason=code_word("reason", known.reason, reader))
        yield "acknowledged", f"{known.rule}  {rules_in(language).get(known.rule, '')}  {reason}"
    yield from _recorded(shown, reader)
    for name, value in _disclosed(shown):
        yield "disclosed", f"{name}: {value if isinstance(value, str) else msgspec.json.encode(value).decode()}"
    if (rest := len(payload.sd) - len(list(_disclosed(shown)))) > 0:
        yield "not disclosed", str(rest)


def _recorded(shown: Shown, reader: Reader) -> Iterator[tuple[str, str]]:
    if (entry := shown.entry) is None:
        yield "recorded", label("not known from this file; its signatures were not checked", reader.language)
        return
    where = label("at position {position}, {time}, judged by {rules}", reader.language)
    time = zoned(entry.recorded, reader.zone, reader.language)
    yield "recorded", where.format(position=entry.position, time=time, rules=rules_of(entry.rules))
    for line in breach_lines(entry.breaches, entry.rules, reader, shown.payload.body):
        yield "breach", line


def _signer(one: Signer, reader: Reader) -> str:
    called = name_of(one.party, reader)
    both = label("{name} ({id})", reader.language).format(name=called, id=one.party)
    told = label("{party}, person {person}, as {role}: {meaning}; {key}", reader.language)
    return told.format(
        party=one.party if called == one.party else both,
        person=one.person,
        role=code_word("role", one.role, reader),
        meaning=code_word("meaning", one.meaning, reader),
        key=name_of(f"key:{one.key}", Reader(reader.language, reader.zone)),
    )


def _disclosed(shown: Shown) -> Iterator[tuple[str, Any]]:
    """Yield the names and values of the disclosures that the payload commits to; others are no part of it."""
    for text in shown.disclosures:
        try:
            one = read_disclosure(text)
            if digest_of(text) in shown.payload.sd:
                yield one.name, one.value
        except (Malformed, UnicodeEncodeError):
            continue
