"""The digest of a day as a document: as text, and as HTML that needs nothing else and may be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
from markupsafe import Markup

from api.language import label
from api.telling.obligations import told_of
from ledger.words.reader import name_of
from ledger.words.table import Language
from ledger.words.times import zoned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.ids import PartyId
    from ledger.words.reader import Reader
    from projections.digest import Day
    from projections.obligations import ObligationRow

_NAMES: Final = ("overdue", "soon", "new")
_TOLD: Final = frozenset({"due", "duty", "about", "owed by", "owed to", "stands", "opened", "by", "closed by"})
_FORM: Final = Markup("""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{about}</p>
{parts}<p>{end}</p>
</main>
</body>
</html>
""")


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest. log: its name. position: up to which it knows the log. more: of each part, how many are not told.

    parts: what is overdue, what falls due soon, what else is new.
    """

    log: str
    party: PartyId
    day: Day
    position: int
    parts: tuple[Sequence[ObligationRow], ...]
    more: tuple[int, ...]

    @property
    def rows(self) -> list[ObligationRow]:
        """Return all rows."""
        return [row for part in self.parts for row in part]

    def members(self) -> dict[str, Any]:
        """Return the members of its JSON."""
        told = [[msgspec.to_builtins(row, order="deterministic") for row in part] for part in self.parts]
        return {**dict(zip(_NAMES, told, strict=True)), "more": dict(zip(_NAMES, self.more, strict=True))}


def text_of(digest: Digest, reader: Reader) -> str:
    """Return a digest as text."""
    lines = [_title(digest, reader), "", _about(digest, reader)]
    for head, rows, more in zip(_heads(reader), digest.parts, digest.more, strict=True):
        lines += ["", _head(head, len(rows) + more, reader)]
        for row in rows:
            lines += ["", *(f"  {name}: {value}" for name, value in _told(row, reader))]
        lines += [_more(more, reader)] * bool(more)
    return "\n".join([*lines, "", _end(reader), ""])


def html_of(digest: Digest, reader: Reader) -> str:
    """Return a digest as HTML, without style, script or anything from elsewhere."""
    parts = Markup("")
    for head, rows, more in zip(_heads(reader), digest.parts, digest.more, strict=True):
        parts += Markup("<h2>{}</h2>\n").format(_head(head, len(rows) + more, reader))
        for row in rows:
            named = Markup("").join(
                Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in _told(row, reader)
            )
            parts += Markup("<dl>{}</dl>\n").format(named)
        parts += Markup("<p>{}</p>\n").format(_more(more, reader)) if more else ""
    return _FORM.format(
        language="zh-CN" if reader.language is Language.CHINESE else "en",
        title=_title(digest, reader),
        about=_about(digest, reader),
        parts=parts,
        end=_end(reader),
    )


def _title(digest: Digest, reader: Reader) -> str:
    form = label("What falls due: {party}, {day}", reader.language)
    return form.format(party=name_of(digest.party, reader), day=digest.day.day.isoformat())


def _about(digest: Digest, reader: Reader) -> str:
    form = label("The log {log}, as known at position {position}; as things stand at {time}.", reader.language)
    time = zoned(digest.day.at, reader.zone, reader.language)
    return form.format(log=digest.log, position=digest.position, time=time)


def _head(head: str, number: int, reader: Reader) -> str:
    return label("{part}: {number}", reader.language).format(part=head, number=number)


def _heads(reader: Reader) -> tuple[str, str, str]:
    language = reader.language
    new = label("new since the last working day", language)
    return label("overdue", language), label("due within 7 days", language), new


def _more(more: int, reader: Reader) -> str:
    return label("and {more} more", reader.language).format(more=more)


def _end(reader: Reader) -> str:
    return label("What counts is the record: it is asked anew by the worklist.", reader.language)


def _told(row: ObligationRow, reader: Reader) -> Iterator[tuple[str, str]]:
    return ((label(name, reader.language), value) for name, value in told_of(row, reader) if name in _TOLD)
