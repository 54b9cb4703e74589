"""``vialog access``: who was told what of whom over HTTP, whether that is as it was written, and its digest."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer

from api.cli.exits import EXITS
from api.cli.output import Json, counted, print_object, print_pairs, print_table, say
from api.cli.record.acts import record
from api.cli.record.incoming.reading import opened
from api.logs.wiring import open_accesses, open_store
from api.rows.access import AccessPart, AccessProven
from api.settings import read_settings
from ledger.clock import SystemClock, format_time
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.states.party import Party
from ledger.errors import IntegrityFailed, NotFound
from ledger.evidence.files import read_policy
from ledger.ids import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.accesses.checking import Checked, Digest
    from api.accesses.proving import ProvenAccess
    from api.rows.access import AccessChecked, AccessRow
    from ledger.store.port import Store

app = typer.Typer(no_args_is_help=True, help="Who was told what of whom over HTTP; its check, and its digest.")

_AT_MOST: Final = 1_000_000
"""Entries that one digest covers."""


@app.command("list")
def list_(
    *,
    party: Annotated[str | None, typer.Option("--party", help="Only what this party may read of it: an id.")] = None,
    reader: Annotated[str | None, typer.Option("--reader", help="Only what this party was told, by its id.")] = None,
    after: Annotated[int | None, typer.Option("--after", min=1, help="Begin behind the entry of this number.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many entries at most.")] = 100,
    as_json: Json = False,
) -> None:
    """List who was told what of whom over HTTP, the newest first: question 40.

    As the table has it; `vialog access check` holds it against its digests. An entry without an end was begun and not
    finished.
    """
    from api.accesses.telling import told

    with open_accesses(read_settings()) as accesses:
        rows = [told(one, party) for one in accesses.page(party, reader, after, limit)]
    if as_json:
        for row in rows:
            print_object(row)
        return
    print_table(
        ("number", "at", "ended", "party", "person", "question", "whose", "right", "statements", "subjects"),
        [line for row in rows for line in _lines(row)],
    )


def _lines(row: AccessRow) -> Iterator[Sequence[str]]:
    for part in row["parts"]:
        more = f" +{part['more']}" if part["more"] else ""
        yield (
            str(row["number"]),
            row["at"],
            row["ended"] or "",
            row["party"] or row["by"],
            row["person"] or "",
            row["question"] or row["route"],
            part["party"] or "*",
            part["right"] if part["grant"] is None else f"{part['right']} {part['grant']}",
            str(part["statements"]),
            ", ".join(part["subjects"]) + more,
        )


@app.command("check")
def check(*, as_json: Json = False) -> None:
    """Hold the access log against its digests on record, and name the first entry that is not as it was written.

    Exit code 10 where one is not. Entries behind the newest digest are only held against themselves. Entries that
    waited for their digest longer than a day are told: a day was left out.
    """
    from api.accesses.checking import check_accesses
    from api.accesses.digests import digests_of

    settings = read_settings()
    with open_store(settings) as store, open_accesses(settings) as accesses:
        digests = list(digests_of(store))
        found = check_accesses(accesses.entries(), digests, SystemClock().now())
    if as_json:
        print_object(_checked(found, digests))
    else:
        _tell(found, digests)
    if found.difference is not None:
        raise typer.Exit(EXITS[IntegrityFailed])


def _tell(found: Checked, digests: Sequence[Digest]) -> None:
    for one in found.late:
        until = "now" if one.until is None else format_time(one.until)
        say(f"Entries {one.first} to {one.last} waited for their digest from {format_time(one.since)} until {until}")
    entries = counted(found.entries, "entry", "entries")
    if found.difference is not None:
        say(found.difference.problem)
    elif not digests:
        say(f"the access log has {entries}, and no digest of it is on record: `vialog access digest` states one")
    else:
        newest = format_time(digests[-1].recorded)
        say(
            f"the access log is as it was written: {entries}; the digests cover {found.covered}, the newest of {newest}"
        )


def _checked(found: Checked, digests: Sequence[Digest]) -> AccessChecked:
    return {
        "entries": found.entries,
        "covered": found.covered,
        "digests": len(digests),
        "digested": format_time(digests[-1].recorded) if digests else None,
        "differs": None if found.difference is None else found.difference.number,
        "problem": "" if found.difference is None else found.difference.problem,
        "late": [
            {
                "first": one.first,
                "last": one.last,
                "since": format_time(one.since),
                "until": None if one.until is None else format_time(one.until),
            }
            for one in found.late
        ],
    }


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="A proof, as the service gave it; - is stdin.", metavar="FILE")],
    *,
    policy: Annotated[Path, typer.Option("--policy", help="Your policy: the log and the witnesses you believe.")],
    as_json: Json = False,
) -> None:
    """Check, offline, that an entry of an access log is under a digest which the log holds, and tell what it says.

    Nothing is asked of the service. It does not say that there is no other entry, nor that what was read without one
    was none.
    """
    from api.accesses.proving import MOST_BYTES, check_access

    with opened(file) as stream:
        proven = check_access(stream.read(MOST_BYTES + 1), read_policy(policy))
    row = _proven(proven)
    if as_json:
        print_object(row)
        return
    print_pairs((name, _told(said)) for name, said in row.items())


def _proven(proven: ProvenAccess) -> AccessProven:
    said = {name: proven.said.get(name) for name in ("number", "at", "party", "person", "route", "question")}
    more = {
        "parts": [msgspec.convert(part, AccessPart) for part in proven.parts],
        "others": proven.others,
        "digest": proven.position,
        "recorded_by": proven.party,
        "first": proven.first,
        "last": proven.last,
        "checkpoint": proven.witnessed.checkpoint.size,
    }
    return msgspec.convert({**said, **more}, AccessProven)


def _told(said: object) -> object:
    if not isinstance(said, list):
        return said
    return "; ".join(f"{one['party'] or '*'}: {one['right']}, {', '.join(one['subjects'])}" for one in said)


@app.command("digest")
def digest(
    context: typer.Context,
    *,
    key: Annotated[list[Path], typer.Option("--key", help="The operator's key file to sign with.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Sign without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell and judge it; record nothing.")] = False,
    as_json: Json = False,
) -> None:
    """State in the log the digest of the access log's entries since the last one, as its operator: once each day.

    From then on none of them can be changed or left out without `vialog access check` showing it.
    """
    from api.accesses.checking import digest_of_entries

    settings = read_settings()
    with open_store(settings) as store, open_accesses(settings) as accesses:
        covered = _covered(store)
        entries, root = digest_of_entries(islice(accesses.entries(covered), _AT_MOST))
    context.args = ["--first", str(covered + 1), "--entries", str(entries), "--root", root]
    record(context, "access.digested", key=key, role=Role.OPERATOR, yes=yes, dry_run=dry_run, as_json=as_json)


def _covered(store: Store) -> int:
    """Return how many entries the digests cover that count, as the next one is judged. Raises NotFound: no log."""
    from api.accesses.digests import operator_of
    from projections.source import Source

    if (operator := operator_of(store)) is None:
        raise NotFound("the log is not open yet")
    found = Source(store).subject(Tag(operator))
    return found.accesses if isinstance(found, Party) else 0
