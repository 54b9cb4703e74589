"""A proposal as a mapping in TOML: what is sure as it will be used, what is not behind a #, with the reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from api.language import label
from api.manifests.mapping import FIND
from api.manifests.problems import spans
from api.manifests.proposing.terms import codes_of
from api.manifests.proposing.words import NEVER
from api.manifests.reading.grid import Number, header_key, letters
from api.manifests.reading.texts import visible
from api.manifests.spelling import DateOrder
from ledger.quantity import format_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from api.manifests.proposing.columns import Choice, Column
    from api.manifests.proposing.proposal import Proposal

_PLACE: Final = "place"
_EXAMPLES: Final = 3
_LONGEST_EXAMPLE: Final = 20
_LONGEST_NOTE: Final = 200


def written(proposal: Proposal, mapping: str) -> str:
    """Return the mapping as text. mapping: the name of its file, for the notes in it."""
    return "\n".join(_lines(proposal, mapping)) + "\n"


def examples(column: Column) -> list[str]:
    """Return the first different values of a column, for people."""
    found: dict[str, None] = {}
    for cell in column.cells:
        if isinstance(cell, str | Number):
            text = cell if isinstance(cell, str) else format_decimal(cell.value)
            found[visible(text if len(text) <= _LONGEST_EXAMPLE else f"{text[:_LONGEST_EXAMPLE]}…")] = None
        if len(found) == _EXAMPLES:
            break
    return list(found)


def shown_of(choice: Choice) -> list[str]:
    """Return the first values of a column that is chosen; of what is only committed to, as of donors, none."""
    return [] if choice.look.member.is_commitment else examples(choice.column)


def remarks(choice: Choice) -> list[str]:
    """Return what a person has to know of a choice."""
    spelling = choice.look.spelling
    rules = (
        (spelling.merged, label("merged cells hold for all their rows")),
        (spelling.one_spelling, label("full-width characters, odd spaces and hyphens count as plain ones")),
        (spelling.decimal_comma, label("the comma is a decimal one")),
        (spelling.dates is not None, label("dates are {order}").format(order=_called(spelling.dates))),
    )
    said = [words for needed, words in rules if needed]
    said += [
        label('"{word}" is {meant}').format(word=word, meant=meant or label("nothing"))
        for word, meant in choice.look.meant.items()
    ][:5]
    said += [label('"{word}" is not known').format(word=word) for word in choice.look.unknown[:5]]
    said += choice.doubts
    said += [label('"{column}" may be it too').format(column=other.shown) for other in choice.others]
    return said


def _called(order: DateOrder | None) -> str:
    """Return an order of dates as the reader's language has it."""
    return {
        None: "",
        DateOrder.YEAR_FIRST: label("year-month-day"),
        DateOrder.DAY_FIRST: label("day-month-year"),
        DateOrder.MONTH_FIRST: label("month-day-year"),
    }[order]


def unused(column: Column, kind: str) -> str:
    """Return why a column is not imported."""
    known = [member for member in column.said.ranks if member != NEVER]
    if not known:
        return label("not imported")
    said = label("not imported: {kind} says nothing of its {member}")
    return said.format(kind=kind, member=", ".join(known))


def _lines(found: Proposal, mapping: str) -> Iterator[str]:
    layout, manifest = found.layout, found.manifest
    proposed = label("Proposed for {file}. Look at every line, and change what is wrong.")
    yield f"# {proposed.format(file=visible(manifest.name))}"
    uncertain = label("What is not certain stands behind a #, with the reason: take the # away where it is right.")
    yield f"# {uncertain}"
    yield f"# vialog import {visible(manifest.name)} --mapping {visible(mapping)} --dry-run"
    yield from (f"# {_note(doubt)}" for doubt in found.doubts)
    yield ""
    yield f"kind = {_text(layout.kind)}"
    yield from (f"{name} = {_text(said)}" for name, said in (("rows", layout.rows), ("sheet", layout.sheet)) if said)
    if layout.encoding is not None:
        yield f"encoding = {_text(layout.encoding)}   # {label('what the text looks like')}"
    if layout.header is None:
        first = label("line {line}: the first that names all columns below").format(line=found.header)
        yield f'header = "{FIND}"   # {first}'
    else:
        yield f"header = {layout.header}"
    yield f"# only_for = {_text(manifest.digest)}   # {label('this file, and no other')}"
    if layout.unique:
        yield f"unique = {_list(layout.unique)}"
    yield from _lists(found)
    yield from _constants(found)
    yield from _columns(found)
    yield from _joined(found)
    yield from _fresh(found)
    yield from _readings(found)
    yield from _passed_over(found)


def _lists(found: Proposal) -> Iterator[str]:
    named = (
        ("one_spelling", [one for one in found.choices if one.look.spelling.one_spelling]),
        ("decimal_comma", [one for one in found.choices if one.look.spelling.decimal_comma]),
        ("merged", [one for one in found.choices if one.look.spelling.merged]),
    )
    for name, choices in named:
        if choices:
            yield f"{name} = {_list(one.column.called for one in choices)}"
    if found.layout.ignored:
        nameless = [one for one in (*found.never, *(one.column for one in found.candidates)) if not one.header]
        yield f"ignored = {_list(dict.fromkeys(one.called for one in nameless))}"


def _constants(found: Proposal) -> Iterator[str]:
    if found.layout.constants or found.needed:
        yield from ("", "[constants]")
    for path, value in found.layout.constants.items():
        yield f"{_key(path)} = {_value(value)}"
    for path in found.needed:
        said = label("needed, and no column says it: write it here, or give --set {member}=…")
        yield f"# {_key(path)} = …   # {said.format(member=path)}"
    wanted = [path for path in found.of_rows if not _candidates(found, path)]
    if found.layout.row_constants or wanted:
        yield from ("", "[row_constants]")
    for path, value in found.layout.row_constants.items():
        yield f"{_key(path)} = {_value(value)}   # {label('from the header')}"
    for path in wanted:
        yield f"# {_key(path)} = …   # {label('each row needs it, and no column says it')}"


def _columns(found: Proposal) -> Iterator[str]:
    for table, shared in (("shared", True), ("columns", False)):
        lines = [
            f"{_text(one.column.called)} = {_text(one.path)}{_remark(one.column, shown_of(one), remarks(one))}"
            for one in found.choices
            if one.shared is shared and header_key(one.column.called) in {**found.layout.shared, **found.layout.columns}
        ]
        for one in (candidate for candidate in found.candidates if candidate.shared is shared):
            remark = _remark(one.column, examples(one.column), [one.because])
            lines.append(f"# {_text(one.column.called)} = {_text(one.path)}{remark}")
        if lines:
            yield from ("", f"[{table}]", *lines)
    named = [one for one in found.never if one.header]
    if named:
        said = label("not imported: {columns}")
        yield f"# {_note(said.format(columns=', '.join(one.shown for one in named)))}"


def _joined(found: Proposal) -> Iterator[str]:
    """Yield, where several columns may be a place, how they are one together."""
    steps = [one.column for one in found.choices if one.path == _PLACE]
    steps += _candidates(found, _PLACE)
    if len(steps) > 1:
        called = _list(one.called for one in sorted(steps, key=lambda one: one.place))
        yield from (
            "",
            "[joined]",
            f"# {_PLACE} = {called}   # {label('if the place is these together; then nothing else is it')}",
        )


def _fresh(found: Proposal) -> Iterator[str]:
    if found.layout.fresh:
        yield from ("", "[fresh]")
        yield from (f"{_key(path)} = {_text(kind)}" for path, kind in found.layout.fresh.items())


def _readings(found: Proposal) -> Iterator[str]:
    dates = [one for one in found.choices if one.look.spelling.dates is not None]
    if dates:
        yield from ("", "[dates]")
        yield from (f"{_text(one.column.called)} = {_text(str(one.look.spelling.dates))}" for one in dates)
    for one in found.choices:
        look = one.look
        if look.meant or look.unknown:
            yield from ("", f"[values.{_text(one.column.called)}]")
            yield from (f"{_text(word)} = {_text(meant)}" for word, meant in look.meant.items())
            yield from (
                f"# {_text(word)} = …   # {_note(label('one of {codes}').format(codes=_choices(one)))}"
                for word in look.unknown
            )


def _choices(choice: Choice) -> str:
    member = choice.look.member
    named = label("the table of units") if member.codes is None else member.codes
    return ", ".join(codes_of(member)) or named


def _passed_over(found: Proposal) -> Iterator[str]:
    rule, left = found.layout.pass_over, found.leaving
    if not (rule.headers or rule.begins or rule.columns or left.doubtful or left.doubts):
        return
    yield from ("", "[pass_over]")
    if left.lines:
        yield f"# {spans(left.lines)}"
    if rule.headers:
        yield "headers = true"
    if rule.begins:
        yield f"begins = {_list(rule.begins)}"
    yield from (f"# {_note(doubt)}" for doubt in left.doubts)
    for text, lines in left.doubtful.items():
        said = label("line {lines}: {text} has nothing beside it: put it under begins if that is no goods")
        yield f"# {_note(said.format(lines=', '.join(map(str, lines[:20])), text=_text(text)))}"
    if rule.columns:
        called = {header_key(one.called): one.called for one in _all_columns(found)}
        yield from ("", "[pass_over.columns]")
        yield from (f"{_text(called.get(key, key))} = {_list(words)}" for key, words in rule.columns.items())


def _all_columns(found: Proposal) -> Iterator[Column]:
    yield from (one.column for one in found.choices)
    yield from (one.column for one in found.candidates)
    yield from found.never


def _candidates(found: Proposal, path: str) -> list[Column]:
    return [one.column for one in found.candidates if one.path == path]


def _remark(column: Column, shown: Iterable[str], notes: Iterable[str]) -> str:
    said = [f"column {letters(column.place)}", *shown, *notes]
    return f"   # {_note('; '.join(said))}"


def _note(text: str) -> str:
    shown = visible(" ".join(text.split()))
    return shown if len(shown) <= _LONGEST_NOTE else f"{shown[:_LONGEST_NOTE]}…"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _key(path: str) -> str:
    return _text(path) if "." in path else path


def _value(value: str | int | bool) -> str:  # noqa: FBT001  a value, not a switch
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(value: str) -> str:
    # JSON's strings are TOML's basic strings, but for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
