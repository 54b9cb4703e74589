"""``vialog evidence``: hand out what a stranger can check, and check what a stranger hands out."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.exits import USAGE
from api.cli.output import MOST_ENTRIES, Json, print_object, say, say_error
from api.cli.paragraphs import print_paragraph
from api.language import finding
from api.logs.served import open_service
from api.logs.wiring import open_publication, open_store
from api.settings import read_settings
from ledger.errors import Malformed, NotFound
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.bundle.bundle import MANIFEST
from ledger.evidence.bundle.manifest import Scope, parse_manifest
from ledger.evidence.checks.verdicts import report_lines, withheld_words
from ledger.evidence.files import verify_files, written
from ledger.files import refuse_existing, write_new
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.note import MAX_NOTE, parse_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.rows.evidence import Exported
    from api.settings import Settings
    from ledger.evidence.gathering.frame import Frame
    from ledger.ids import Tag
    from ledger.store.database.publication import Publication
    from ledger.store.port import Readable

NEWEST: Final = (
    "a service hands out what its newest checkpoint proves, without disclosures and in the narrow scope: leave out "
    "--as-of, --checkpoint, --disclose and --scope, or run it on the machine of the log"
)

ALL: Final = "on the machine of the log all may be read: leave out --in-part, or name the service with VIALOG_URL"

app = typer.Typer(
    no_args_is_help=True, help="Export evidence about a subject; verify evidence, and compute answers again, offline."
)


def _subject(id_type: str) -> object:
    said = f"About this {id_type}: what is printed on it, or its id, {id_type}:…."
    return typer.Option(f"--{id_type}", metavar="ID", help=said)


@app.command("export")
def export(
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The zip to write, a new file.")],
    item: Annotated[str | None, _subject("item")] = None,
    approval: Annotated[str | None, _subject("approval")] = None,
    consignment: Annotated[str | None, _subject("consignment")] = None,
    party: Annotated[str | None, _subject("party")] = None,
    case: Annotated[str | None, _subject("case")] = None,
    permit: Annotated[str | None, _subject("permit")] = None,
    as_of: Annotated[
        int | None,
        typer.Option("--as-of", min=1, max=MOST_ENTRIES, help="Under the published checkpoint of so many entries."),
    ] = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(
            "--checkpoint",
            metavar="FILE",
            help="Under the published checkpoint in this file, with its cosignatures, as a mirror writes it.",
        ),
    ] = None,
    disclose: Annotated[
        list[str] | None, typer.Option("--disclose", metavar="NAME", help="Include disclosures of this name.")
    ] = None,
    in_part: Annotated[
        bool,
        typer.Option(
            "--in-part", help="From a service: where you may not read all of it, a bundle that says what it withholds."
        ),
    ] = False,
    scope: Annotated[
        Scope,
        typer.Option("--scope", help="How much of its approvals and consignments: their status, or all of them."),
    ] = Scope.NARROW,
    as_json: Json = False,
) -> None:
    """Write everything that proves the history of one subject into one zip: entries, proofs, checkpoint, keys.

    About exactly one subject, with what it rests on: ancestors, the keys of all who signed, and of approvals,
    consignments, permits, sites and parties all that establishes, limits or ends them, and nothing else: so the balance
    of an approval cannot be computed from it. With --scope whole everything that came in under these approvals and
    consignments is handed out too; choose it only for who may see all that. The newest published checkpoint proves it;
    with --as-of an older one, for which the whole log up to there is read. That nothing is missing counts for whoever
    verifies the bundle by the cosignature of a mirror alone: it comes with --checkpoint, once for each mirror, from the
    file that `vialog mirror --checkpoint` wrote. The same subject in the same scope under the same checkpoint makes the
    same bytes. Nothing is disclosed that --disclose does not name; what is disclosed can be passed on by whoever gets
    the file. A file that exists is never overwritten.

    A service hands out what whoever asks may read. Where that is not all, there is no bundle, or with --in-part one
    that names what it withholds: of which subjects it shows a part, and where entries stand of which it tells nothing
    else. Whoever verifies it is told so, and never that it is complete.
    """
    # Loaded here: who verifies needs neither the catalogue of kinds nor the store.
    from api.telling.labels import Labels
    from api.telling.reading import voice_of
    from ledger.evidence.export import export_bundle

    given = {
        "item": item,
        "approval": approval,
        "consignment": consignment,
        "party": party,
        "case": case,
        "permit": permit,
    }
    id_type, text = _one_subject({name: text for name, text in given.items() if text is not None})
    refuse_existing(output)
    settings = read_settings()
    if settings.url is not None:
        if as_of is not None or checkpoint or disclose or scope is not Scope.NARROW:
            raise typer.BadParameter(NEWEST)
        subject, data = _fetched(settings, text, id_type, in_part=in_part)
    elif in_part:
        raise typer.BadParameter(ALL)
    else:
        notes = [read_note(file) for file in checkpoint or ()]
        with (
            open_store(settings) as store,
            open_publication(settings) as publication,
            open_frame(store, publication, as_of, notes) as frame,
        ):
            subject = Labels(lambda: store).id_of(text, id_type, f"--{id_type}")
            data = export_bundle(store, frame, subject, disclose or (), scope, voice=voice_of(settings))
    write_new(output, data)
    manifest = parse_manifest(read_archive(data)[MANIFEST])
    positions = [one.position for one in manifest.withheld]
    if as_json:
        said: Exported = {
            "subject": subject,
            "scope": scope,
            "file": str(output),
            "bytes": len(data),
            "withheld": positions,
            "part": list(manifest.part),
        }
        print_object(said)
        return
    say(f"{output}: {len(data)} bytes about {subject}")
    if manifest.is_in_part:
        say(f"withheld: {withheld_words(positions, manifest.part)}")


def _fetched(settings: Settings, text: str, id_type: str, *, in_part: bool) -> tuple[Tag, bytes]:
    """Return a subject, and what the service hands out about it."""
    from api.client.asking import Asking
    from api.telling.labels import open_labels

    with open_labels(settings) as labels, open_service(settings) as service:
        subject = labels.id_of(text, id_type, f"--{id_type}")
        return subject, Asking(service).evidence(subject, part="yes" if in_part else None)


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="The bundle, a zip.")],
    *,
    policy: Annotated[Path, typer.Option("--policy", help="Your policy: the log and the witnesses you believe.")],
    trust: Annotated[Path | None, typer.Option("--trust", help="Your trust file: whose keys you know.")] = None,
    as_json: Json = False,
) -> None:
    """Verify a bundle offline, by your own policy and trust: nothing in the bundle is believed.

    Each claim is verified and known, intact but of an unknown signer, not checked, or failed. That nothing is missing
    is verified only where a mirror that your policy names has cosigned the checkpoint, having replayed the log: else it
    is the operator's word alone, and not checked. Exit code 0: all is verified and known. 5: what was checked holds,
    but not all that the bundle claims could be. 3: nothing was changed, but a signer is not known to you. 4: a check
    failed. 2: the policy or the trust file is not one. The same without the ledger installed: python -m
    ledger.evidence.

    Where something is withheld from the bundle, that is said, with the positions and the subjects that it shows in
    part; what rests on it is not checked, and the exit code is never 0. Why it was withheld no verifier can know.

    An answer that the bundle claims is computed again, where it asks for whereabouts, a chain of custody, ancestors,
    descendants, a balance or what is owed; `vialog evidence ask` computes them all, also how an approval was judged,
    what its sites have and who signed a statement, and can be asked something else.
    """
    try:
        report = verify_files(file, policy, trust)
    except Malformed as error:
        say_error(error, as_json=as_json, code=USAGE)
        raise typer.Exit(USAGE) from None
    if as_json:
        typer.echo(written(report, as_json=True))
    else:
        for line in report_lines(report, finding):
            print_paragraph(line)
    raise typer.Exit(report.exit_code)


def _one_subject(given: dict[str, str]) -> tuple[str, str]:
    if len(given) != 1:
        raise typer.BadParameter("name exactly one of --item, --approval, --consignment, --party, --case and --permit")
    (found,) = given.items()
    return found


@contextmanager
def open_frame(store: Readable, publication: Publication, as_of: int | None, notes: list[bytes]) -> Iterator[Frame]:
    """Give the frame of the checkpoint that is asked for, by its size or by notes of it; else of the newest."""
    from ledger.evidence.gathering.frame import cosign_frame, newest_frame

    given = [decode_checkpoint(parse_note(note).text) for note in notes]
    for one in given:
        if one.origin != store.origin:  # before its size is looked up, which may be one of this log's, too
            raise typer.BadParameter(f"the checkpoint given is of the log {one.origin}, and this is {store.origin}")
    wanted = as_of or next((one.size for one in given), None)
    with publication.view() as view:
        newest = newest_frame(view)
        if newest is None:
            raise NotFound("no checkpoint of this log is published yet: `vialog serve` publishes them")
        is_newest = wanted in {None, newest.checkpoint.size}
        frame = newest if is_newest or wanted is None else _older_frame(store, publication, wanted)
        yield cosign_frame(frame, notes)


def read_note(path: Path) -> bytes:
    """Read a file with a checkpoint; of one that is larger than any only so much that it is refused. OSError."""
    with path.open("rb") as file:
        return file.read(MAX_NOTE + 1)


def _older_frame(store: Readable, publication: Publication, size: int) -> Frame:
    found = publication.at(size)
    if found is None or found.checkpoint.size != size:
        nearest = "none below it" if found is None else f"the nearest below it is of {found.checkpoint.size}"
        raise NotFound(f"no checkpoint of {size} entries is published; {nearest}")
    from ledger.evidence.gathering.frame import rebuild_frame

    return rebuild_frame(found.note, (one.entry for one in store.read(limit=size)))
