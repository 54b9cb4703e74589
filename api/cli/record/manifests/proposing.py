"""``vialog import --propose``: a mapping for somebody else's manifest is shown, and written to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from api.cli.output import print_object, print_table, say
from api.cli.record.manifests.previews import passed_over, print_rows
from api.drafts.acts.kinds import kind_of
from api.language import label, listed, reader_language
from api.manifests.previewing import first_rows
from api.manifests.proposing.proposal import Proposal, propose
from api.manifests.proposing.written import examples, remarks, shown_of, unused, written
from api.manifests.reading.grid import letters
from api.manifests.reading.sheets import recognised
from api.manifests.reading.texts import quoted
from api.settings import read_settings
from api.telling.labels import open_labels
from ledger.clock import SystemClock
from ledger.errors import NotFound
from ledger.files import refuse_existing, write_new
from ledger.rulepacks.load import load_packs
from ledger.words.table import words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.rows.record import Proposed

_MOST_PROBLEMS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mapping is asked for.

    kind: of the statements. rows, sheet: which, where there are several. out: the file; None: named as the manifest.
    """

    kind: str
    rows: str | None
    sheet: str | None
    out: Path | None


def propose_mapping(manifest: Path, asked: Asked, constants: Mapping[str, str], *, as_json: bool) -> None:
    """Show a proposal and write it. Raises NotFound: there is no such kind. Malformed: as ``propose``. OSError."""
    kind = kind_of(asked.kind)
    if kind is None:
        raise NotFound(f"there is no kind {asked.kind}; `vialog statement kinds` lists them")
    out = asked.out or Path(manifest.with_suffix(".toml").name)
    refuse_existing(out)
    settings = read_settings()
    rules = load_packs(settings.rules).at_instant(settings.jurisdiction, SystemClock().now())
    read = recognised(manifest)
    with open_labels(settings) as labels:
        find = labels.find_in_manifest
        found = propose(read, kind, constants, rules.units, rows=asked.rows, sheet=asked.sheet, find=find)
    write_new(out, written(found, out.name).encode())
    if as_json:
        print_object(_object(found, out))
    else:
        _show(found, manifest, out)


def _show(found: Proposal, manifest: Path, out: Path) -> None:
    say(label("{file}: the header is line {line}.").format(file=manifest.name, line=found.header))
    columns = [label("column"), label("header"), label("member"), label("examples"), label("remark")]
    rows = [(one["column"], one["header"], one["member"], one["shown"], one["remark"]) for one in _columns(found)]
    print_table(columns, rows)
    typer.echo()
    print_rows(found.layout, found.plan)
    for line in _notes(found):
        say(line)
    say(label("The mapping is written to {file}. Look at it, change what is wrong, and try it:").format(file=out))
    say(f"  vialog import {manifest} --mapping {out} --dry-run")


def _columns(found: Proposal) -> Iterator[dict[str, str]]:
    """Yield each column, in its place, with what it is proposed for, or may be."""
    part = words_in(reader_language()).form["part"]
    lines = [(one.column, one.path, listed(shown_of(one)), part.join(remarks(one))) for one in found.choices]
    lines += [
        (
            one.column,
            f"{one.path}?",
            listed(examples(one.column)),
            label("not certain: {reason}").format(reason=one.because),
        )
        for one in found.candidates
    ]
    lines += [(one, "", listed(examples(one)), unused(one, found.layout.kind)) for one in found.never]
    for column, member, shown, remark in sorted(lines, key=lambda line: line[0].place):
        yield {
            "column": letters(column.place),
            "header": column.header,
            "member": member,
            "shown": shown,
            "remark": remark,
        }


def _notes(found: Proposal) -> Iterator[str]:
    if found.plan.passed:
        yield passed_over(found.plan)
    for text, lines in found.leaving.doubtful.items():
        alone = label("line {lines}: {text} has nothing beside it")
        said = alone.format(lines=listed(map(str, lines[:20])), text=quoted(text))
        yield label("not certain: {reason}").format(reason=said)
    yield from (label("not certain: {reason}").format(reason=one) for one in (*found.doubts, *found.leaving.doubts))
    if found.needed:
        needed = label("Needed, and no column says it: {members}; give --set, or write it into the mapping")
        yield needed.format(members=listed(found.needed))
    if found.of_rows:
        needed = label("Needed of each row, and no column certainly says it: {members}")
        yield needed.format(members=listed(found.of_rows))
    rows = sum(len(planned.lines) for planned in found.plan.statements)
    yield label("rows that can be read so: {rows}; problems: {problems}").format(
        rows=rows, problems=len(found.plan.problems)
    )
    yield from (label("problem: {problem}").format(problem=problem) for problem in found.plan.problems[:_MOST_PROBLEMS])


def _object(found: Proposal, out: Path) -> Proposed:
    return {
        "mapping": str(out),
        "kind": found.layout.kind,
        "source": found.manifest.digest,
        "sheet": found.layout.sheet,
        "encoding": found.layout.encoding,
        "header": found.header,
        "columns": [
            {"column": one["column"], "header": one["header"], "member": one["member"], "remark": one["remark"]}
            for one in _columns(found)
        ],
        "needed": found.needed,
        "needed_of_rows": found.of_rows,
        "passed_over": [{"line": line, "reason": reason} for line, reason in found.plan.passed],
        "doubts": [*found.doubts, *found.leaving.doubts],
        "doubtful_lines": [
            {"line": line, "text": text} for text, lines in found.leaving.doubtful.items() for line in lines
        ],
        "rows": first_rows(found.layout, found.plan),
        "problems": [{"line": one.line, "column": one.column, "problem": one.problem} for one in found.plan.problems],
    }
