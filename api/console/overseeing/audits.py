"""Audits that are open to a party or by it: who lets whom see what of whose, until when, as an overview tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from api.access.rights.audits import open_at
from api.language import label
from ledger.ids import Tag
from ledger.words.table import words_in
from projections.reading import read_checked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.access.rights.audits import Granted
    from api.console.telling import Teller
    from ledger.domain.states.audit import Audit


@dataclass(frozen=True, slots=True)
class OpenAudit:
    """An audit that is open. by: who granted it. shows: what it names, or all. between: of which acts, or ""."""

    case: Tag
    by: Tag
    auditor: Tag
    shows: Markup
    between: str
    until: str
    whole: Tag | None
    """Of whom it shows all; None: it names what it shows."""


def open_audits(teller: Teller, own: Tag) -> Iterator[OpenAudit]:
    """Yield the audits that a party granted or is the auditor of, the newest first, as long as they show anything."""
    reads = teller.reads
    granted = [read_checked(one) for one in reads.store.about(own, kinds=("audit.granted/1",))]
    for tag in dict.fromkeys(Tag(event.said.body.case) for event in reversed(granted)):
        found = open_at(reads.source.subject(tag), reads.record.world.now)
        if found is not None and own in {Tag(found.by), Tag(found.audit.auditor)}:
            audit = found.audit
            yield OpenAudit(
                tag,
                Tag(found.by),
                Tag(audit.auditor),
                shows=_shows(teller, found),
                between=_between(teller, audit),
                until=teller.when(audit.until),
                whole=None if audit.subjects else Tag(found.whose),
            )


def _shows(teller: Teller, granted: Granted) -> Markup:
    if subjects := granted.audit.subjects:
        between = escape(words_in(teller.language).form["between"])
        return between.join(teller.link(one) for one in sorted(subjects, key=teller.name))
    whole = label("all that {name} may see", teller.language)
    before, _, after = whole.partition("{name}")
    return escape(before) + teller.link(Tag(granted.whose)) + escape(after)


def _between(teller: Teller, audit: Audit) -> str:
    """Return of which acts it tells: those between two instants; "": of all."""
    first, last = (None if one is None else teller.when(one) for one in (audit.start, audit.end))
    if first is not None and last is not None:
        return label("of acts from {first} to {last}", teller.language).format(first=first, last=last)
    if first is not None:
        return label("of acts from {first} on", teller.language).format(first=first)
    return "" if last is None else label("of acts up to {last}", teller.language).format(last=last)
