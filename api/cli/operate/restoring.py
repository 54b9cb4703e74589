"""``vialog restore``: put a log back from a mirror's copy, or take what is there for the newest there is."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.operate.mirror import DATABASE, check_file
from api.cli.output import Json, print_object, print_pairs, progress, say
from api.cli.record.incoming.lines import Pause
from api.cli.record.submit import lines_of
from api.logs.guarding import LOG_KEYS_FOLDER, Guard
from api.logs.wiring import open_guard, open_publication, open_store
from api.settings import read_settings
from ledger.errors import IntegrityFailed, LedgerError, Malformed, NotFound, NotTrusted, Unavailable
from ledger.evidence.files import read_policy
from ledger.mirror.copy import Copy
from ledger.mirror.restoring import Trusted, put_back, verify_copy
from ledger.publisher.log_keys import read_vkeys
from ledger.publisher.memory_file import FILE_NAME, MemoryFile
from ledger.publisher.remembering import check_remembered, take_as_newest
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.entry import parse_entry
from ledger.statement.form.disclosure import check_disclosures
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.tlog.policy import Party, Policy

if TYPE_CHECKING:
    from api.cli.record.submit import Line
    from api.rows.operate import Disclosed, PutBack, TakenAsIs
    from api.settings import Settings
    from ledger.mirror.restoring import Restored
    from ledger.store.port import Store
    from ledger.tlog.checkpoint import Checkpoint

RULES: Final = {
    "RST-01": "A log is put back from a mirror's copy, taken as it is, or given its disclosures: one of these is said.",
}


_NAMES: Final = {"kept": "entries kept"}


@dataclass(frozen=True, slots=True)
class _Wanted:
    copy: Path
    policy: Policy
    remembered: dict[str, Checkpoint]


def restore(
    *,
    copy: Annotated[
        Path | None, typer.Option("--from", help="A mirror's copy: what the log lacks of it is put back, verbatim.")
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option("--policy", help="Names the log by its keys, where the data directory has no log-keys."),
    ] = None,
    as_is: Annotated[
        bool,
        typer.Option("--as-is", help="What is here is the newest state of the log that anybody has: you have asked."),
    ] = False,
    disclosures: Annotated[
        Path | None,
        typer.Option("--disclosures", help="Signed statements with their disclosures, one a line: put these back."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Put a log back after its database was restored from a backup or lost, so that it never forks.

    With --from every entry of a mirror's copy is verified, held against the checkpoints that this machine remembers,
    and appended as it was: the same bytes, positions and times. Nothing that the database still holds is changed. A
    copy has no disclosures: how many are lost is said. With --as-is nothing is appended: a missing last-checkpoint is
    written again from the newest one that is published, and a data directory that was copied is taken for its own. With
    --disclosures those of recorded statements that have none are put back: from a file of `vialog log disclosures`, or
    from those that the parties handed in. Stop every other process that uses the log first.
    """
    if [copy is not None, as_is, disclosures is not None].count(True) != 1:
        raise Malformed("RST-01", "--from", "give one of --from with a mirror's copy, --as-is and --disclosures")
    settings = read_settings()
    said: Disclosed | PutBack | TakenAsIs
    if disclosures is not None:
        said = _disclose(settings, disclosures)
    elif copy is None:
        said = _as_is(settings)
    else:
        check_file(copy, DATABASE, "a mirror's copy")
        if not copy.is_file():
            raise NotFound(f"there is no mirror's copy {copy}")
        said = _from(settings, _wanted(settings, copy, policy))
    print_object(said) if as_json else print_pairs((_NAMES.get(name, name), value) for name, value in said.items())


def _wanted(settings: Settings, copy: Path, policy: Path | None) -> _Wanted:
    memory = MemoryFile(settings.data / FILE_NAME)
    newest = memory.read()
    remembered = dict(memory.evidence()) | ({} if newest is None else {str(memory.path): newest})
    return _Wanted(copy, _believed(settings, policy), remembered)


def _believed(settings: Settings, policy: Path | None) -> Policy:
    if policy is not None:
        return read_policy(policy)
    keys = read_vkeys(settings.data / LOG_KEYS_FOLDER)
    if not keys:
        raise NotTrusted("TLOG-13", f"there are no keys of the log in {settings.data}: name it with --policy")
    return Policy(tuple(Party(key, "") for key in keys), {}, {}, None)


def _from(settings: Settings, wanted: _Wanted) -> PutBack:
    with closing(Copy(wanted.copy)) as copy:
        checkpoint, note = _verified(settings, wanted, copy)
        named = replace(settings, log_origin=settings.log_origin or checkpoint.origin)
        with open_store(named, create=True) as store, open_publication(settings) as publication:
            restored = put_back(copy, store, checkpoint.size)
            Guard(settings, store.origin).memory.write(note)
            # From here on this machine knows the copy's checkpoint: whatever contradicts it is said, and stops.
            open_guard(settings, store, publication)
    _say_disclosures(restored)
    return {
        "log": checkpoint.origin,
        "size": restored.kept + restored.added,
        "kept": restored.kept,
        "restored": restored.added,
        "disclosures_missing": restored.disclosures,
    }


def _verified(settings: Settings, wanted: _Wanted, copy: Copy) -> tuple[Checkpoint, bytes]:
    trusted = Trusted(wanted.policy, load_packs(settings.rules), wanted.remembered)
    with progress("Verifying") as shown:
        task = shown.add_task("verify", total=None)
        return verify_copy(copy, trusted, lambda done, size: shown.update(task, completed=done, total=size))


def _say_disclosures(restored: Restored) -> None:
    if restored.disclosures:
        say(
            f"The entries that were put back had {restored.disclosures} disclosures, which no mirror has: "
            "see docs/operations.md, a backup was restored, for where they may still be."
        )


def _as_is(settings: Settings) -> TakenAsIs:
    with open_store(settings) as store, open_publication(settings) as publication:
        guard = Guard(settings, store.origin)
        if guard.memory.note() is None:
            take_as_newest(store, publication, guard.memory)
        else:
            check_remembered(store, publication, guard.memory)
            guard.memory.settle()
        guard.check(store, publication)
        said: TakenAsIs = {"log": store.origin, "size": store.head(), "remembered": guard.memory.size()}
    say("If anybody holds a checkpoint of more entries, record nothing, and restore from a mirror's copy instead.")
    return said


def _disclose(settings: Settings, file: Path) -> Disclosed:
    """Put disclosures back, a line at a time; what is wrong with one is said and stops no other."""
    restored = kept = refused = 0
    with open_store(settings) as store:
        for line in lines_of(file):
            if isinstance(line, Pause):
                continue
            try:
                added = _put_disclosures(store, line)
            except (Unavailable, IntegrityFailed):
                raise  # it is the database that failed
            except LedgerError as error:
                refused += 1
                say(f"{line.place}: {error}")
            else:
                restored, kept = restored + added, kept + (not added)
    if refused:
        say(f"{refused} lines could not be put back: see above.")
    return {"statements_restored": restored, "statements_kept": kept, "lines_refused": refused}


def _put_disclosures(store: Store, line: Line) -> bool:
    """Put the disclosures of one statement back; return whether it had none and has them now."""
    if isinstance(line.said, LedgerError):
        raise line.said
    payload = parse_envelope(line.said.envelope).payload
    read = read_payload(payload)
    recorded = store.find(read.id)
    if recorded is None or parse_envelope(parse_entry(recorded.entry).data).payload != payload:
        raise NotFound(f"the statement {read.id} is not recorded here with these bytes")
    check_disclosures(read.sd, line.said.disclosures)
    if not line.said.disclosures or store.disclosures(read.id):
        return False
    store.disclose(read.id, line.said.disclosures)
    return True
