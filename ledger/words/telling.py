"""Telling: a statement as a sentence, in any language that there are words in.

It works on the members of the payload as they were signed, so it needs no catalogue and no type of any body: whoever
reads a log, a bundle or one file can tell what it says. A statement of a kind that there are no words for is told by
its kind. Nothing that a statement may hold makes these functions fail.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ledger.words.given import RELABELLED
from ledger.words.places import told_at
from ledger.words.reader import BEFORE
from ledger.words.said import values_of
from ledger.words.table import words_in
from ledger.words.template import fill, read_template, written
from ledger.words.times import zoned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.words.reader import Reader
    from ledger.words.said import Said
    from ledger.words.template import JsonValue


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
    return fill(template, values, partial(told_at, reader, values), words.form["unknown"])


def _after(said: Said, reader: Reader) -> str:
    """Return what a statement corrects, and why, as it stands behind its sentence; "" where it corrects nothing."""
    values = values_of(said)
    return fill(read_template(words_in(reader.language).form["after"]), values, partial(told_at, reader, values), "")


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
    return fill(read_template(words.fact[name]), values, partial(told_at, reader, values), words.form["unknown"])
