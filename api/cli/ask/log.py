"""``vialog log``: look at the log, and verify it from its first entry."""

from __future__ import annotations

import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.ask.entries import entry_object, print_entry, read_shown, recorded_at
from api.cli.exits import EXITS
from api.cli.output import MOST_ENTRIES, Json, print_object, print_pairs, progress, say
from api.drafts.acts.kinds import likely, versions_of
from api.drafts.acts.known_keys import key_in_log
from api.logs.guarding import LOG_KEYS_FOLDER
from api.logs.served import open_readable
from api.logs.wiring import open_publication, open_store
from api.settings import read_settings
from api.submissions import write_submission
from api.telling.labels import Labels
from api.telling.reading import Readers
from ledger.errors import NotFound, TooOld
from ledger.publisher.held import HeldTree, held_here
from ledger.publisher.log_files import write_log_files
from ledger.publisher.log_keys import read_vkeys
from ledger.publisher.memory_file import FILE_NAME, MemoryFile
from ledger.rulepacks.load import load_packs
from ledger.service import Submission
from ledger.statement.entries.entry import parse_known
from ledger.statement.entries.state_entry import is_state
from ledger.verification.log import verify_log
from projections.reading import of_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.rows import log as rows
    from ledger.store.port import Readable, Recorded

app = typer.Typer(no_args_is_help=True, help="Look at the log and verify it.")

_Position = Annotated[
    int | None, typer.Option("--entry", min=1, max=MOST_ENTRIES, help="Write the exact bytes of one entry instead.")
]


@app.command("show")
def show(
    *,
    after: Annotated[
        int | None, typer.Option("--after", min=0, max=MOST_ENTRIES, help="Show what comes after this position.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MOST_ENTRIES, help="Show at most so many.")] = 20,
    tag: Annotated[
        str | None, typer.Option("--tag", help="Only what concerns an id, such as item:…, or what is printed.")
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only statements of a kind.")] = None,
    signed_by: Annotated[
        str | None, typer.Option("--signed-by", help="Only what a key signed: key:… or its thumbprint.")
    ] = None,
    entry: _Position = None,
    as_json: Json = False,
) -> None:
    """Show entries of the log, oldest first; the newest ones, unless --after, --tag, --kind or --signed-by says which.

    Each is told as a sentence, in the language of the locale or of VIALOG_LANGUAGE, with the time at which it happened
    in the jurisdiction and in UTC; below it its kind, when it was recorded, and the breaches that its signers
    acknowledged.

    With --entry, write one entry to stdout byte for byte as it is stored and hashed; with --json beside it, taken
    apart.
    """
    settings = read_settings()
    with open_readable(settings) as store:
        if entry is not None:
            _show_entry(recorded_at(store, entry), as_json=as_json)
            return
        found = islice(_wanted(store, after, limit, tag=tag, kind=kind, signed_by=signed_by), limit)
        if as_json:
            for recorded in found:
                print_object(entry_object(recorded))
            return
        readers = Readers(settings, Labels(lambda: store))
        for recorded in found:
            print_entry(recorded, readers)


@app.command("verify")
def verify(*, as_json: Json = False) -> None:
    """Verify the whole log from its first entry: form, order, hashes, signatures, keys, tags and index.

    Everything is judged again, too, by the edition of rules that each entry names; where today's answer differs from
    the recorded one, or the edition is not here (VIALOG_RULES), that is reported and is no failure. Anything else that
    does not hold stops with exit code 10 and names the first bad entry. That nothing was cut off at the end, only
    checkpoints show: the newest one in the database, and the one that this machine remembers. What was cut off behind
    both leaves no trace here. Exit code 11: all holds that could be checked, but this program is too old for an entry;
    of it and those behind it only leaves, order, and signatures by keys known before are checked.
    """
    settings = read_settings()
    packs = load_packs(settings.rules)
    with open_store(settings) as store, open_publication(settings) as publication, progress("Verifying") as shown:
        origin, size = store.origin, store.head()
        keys = read_vkeys(settings.data / LOG_KEYS_FOLDER)
        tree = HeldTree(held_here(origin, publication, MemoryFile(settings.data / FILE_NAME), keys))
        task = shown.add_task("verify", total=size)
        counted, last, unread, too_old = 0, b"", 0, ""
        differing: list[rows.Differing] = []
        lacking = Counter[str]()
        for verified in verify_log(store.read(limit=size), origin, packs, beyond=True):
            counted, last = counted + 1, verified.leaf
            tree.take(verified.leaf)
            unread, too_old = unread + bool(verified.unread), verified.unread
            shown.advance(task)
            if verified.difference:
                differing.append({"position": verified.position, "today": verified.difference})
                if not as_json:
                    say(f"position {verified.position}: judged today: {verified.difference}")
            if verified.unjudged:
                lacking[verified.unjudged] += 1
        tree.check_end(store)
    for why, entries in lacking.items():
        say(f"{why} ({entries} of the entries)")
    said: rows.VerifiedLog = {
        "log": origin,
        "size": counted,
        "last_leaf": last.hex(),
        "held": tree.largest,
        "differences": len(differing),
        "unjudged": lacking.total(),
        "unread": unread,
        "verified": not unread,
        "differing": differing,
    }
    shown_here = ((name, value) for name, value in said.items() if name != "differing")
    print_object(said) if as_json else print_pairs(shown_here)
    if unread:
        say(f"{too_old}. All before it holds; of it and what follows, leaves, order and known signatures do")
        raise typer.Exit(EXITS[TooOld])


@app.command("disclosures")
def disclosures(*, as_json: Json = False) -> None:  # noqa: ARG001  what is printed is JSON either way
    """Print the disclosures that are kept, one line for each statement that has any, as it was handed in.

    For a backup: `vialog restore --disclosures` puts them back where the log had to be restored from a mirror, which
    has none. What is erased later is still in what is printed today: keep it no longer than the newest one.
    """
    with open_store(read_settings()) as store:
        for recorded in store.read():
            if not is_state(entry := parse_known(recorded.entry)) and (kept := store.disclosures(recorded.statement)):
                typer.echo(write_submission(Submission(entry.data, tuple(kept))).decode())


@app.command("files")
def files(
    folder: Annotated[Path, typer.Argument(help="Where to: a folder, made if missing.")], *, as_json: Json = False
) -> None:
    """Write the published log into a folder, as a mirror without a network reads it: checkpoint and entries.

    The same files as under /log of `vialog serve`: what is there of an earlier checkpoint stays and is gone on from.
    They hold every party's statements in clear: hand them to a mirror, and guard them like the log.
    """
    settings = read_settings()
    with open_store(settings) as store, open_publication(settings) as publication:
        newest = publication.newest()
        if newest is None:
            raise NotFound("nothing is published of this log yet: `vialog publish` does it")
        written = write_log_files(store, newest, folder)
    origin, size = newest.checkpoint.origin, newest.checkpoint.size
    said: rows.LogFiles = {"log": origin, "size": size, "folder": str(folder), "bundles": written}
    print_object(said) if as_json else print_pairs(said.items())


def _wanted(
    store: Readable, after: int | None, limit: int, *, tag: str | None, kind: str | None, signed_by: str | None
) -> Iterator[Recorded]:
    if signed_by is not None:
        thumbprint = signed_by.removeprefix("key:")
        key_in_log(store, thumbprint)
        everything = _wanted(store, after or 0, MOST_ENTRIES, tag=tag, kind=kind, signed_by=None)
        return (recorded for recorded in everything if thumbprint in _signers(recorded))
    kinds = [] if kind is None else [one.name for one in versions_of(kind)]
    if kind is not None and not kinds:
        raise NotFound(
            f"{kind} is not a kind that this ledger knows; `vialog statement kinds` lists them{likely(kind)}"
        )
    if tag is not None:
        about = Labels(lambda: store).id_of(tag, None, "--tag")
        return store.about(about, after or 0, kinds)
    if kind is not None:
        return of_kinds(store.read(after or 0), kinds)
    return store.read(max(0, store.head() - limit) if after is None else after, limit)


def _signers(recorded: Recorded) -> frozenset[str]:
    """Return the thumbprints of the keys that signed an entry; none of what nobody signs."""
    payload = read_shown(recorded).payload
    return frozenset() if payload is None else frozenset(signer.key for signer in payload.signers)


def _show_entry(recorded: Recorded, *, as_json: bool) -> None:
    if as_json:
        print_object(entry_object(recorded))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(recorded.entry)
    sys.stdout.buffer.flush()
