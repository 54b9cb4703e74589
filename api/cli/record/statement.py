"""``vialog statement``: which kinds there are, write a draft, sign it, check it. Recording is ``submit``'s."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from api.answers import breach_lines, checked_object, reader_here
from api.cli.ask.obligations import print_foreseen
from api.cli.output import Json, plain, print_object, print_table, say
from api.cli.passphrases import open_key
from api.cli.record.drafting.completing import begun_kinds
from api.cli.record.drafting.subjects import with_ids
from api.cli.record.drafting.templates import description_of, draft_of, says_of
from api.cli.record.incoming.reading import read_signed
from api.cli.record.signing.asking import say_unsigned, sent, signed_object, tell
from api.cli.record.signing.cosigning import cosign
from api.cli.record.submit import submit
from api.client.problems import breaches_in, rules_in
from api.drafts.acts.authors import key_of
from api.drafts.acts.kinds import kind_of, likely
from api.drafts.payload import sign_draft
from api.drafts.reading import check_body, problems_of, read_draft
from api.language import label, reader_language
from api.logs.served import open_readable, open_service
from api.logs.wiring import check_name, open_database, open_ledger
from api.settings import DEFAULT_ORIGIN, read_settings
from api.submissions import write_submission
from api.telling.labels import open_labels
from api.telling.obligations import Foretold
from ledger.clock import SystemClock
from ledger.errors import NotFound
from ledger.files import refuse_existing, write_new
from ledger.meaning import Meaning
from ledger.statement.catalogue import KINDS
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.words.table import Language, words_in
from projections.foreseen import foresee_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from api.rows.record import Checked, KindRow
    from api.settings import Settings
    from ledger.domain.kind import Kind

app = typer.Typer(no_args_is_help=True, help="Write, sign, check and record statements.")
app.command("cosign")(cosign)
app.command("submit")(submit)


@app.command("kinds")
def kinds(*, as_json: Json = False) -> None:
    """List all kinds of statements: who may state them, and how many persons must sign."""
    rows = [_row(kind) for kind in sorted(KINDS.values(), key=lambda one: one.name)]
    if as_json:
        for row in rows:
            print_object(row)
        return
    print_table(
        ("kind", "roles", "by reference", "persons", "says"),
        [
            (row["kind"], _roles(row["roles"]), _roles(row["recorders"]), row["persons"], says_of(KINDS[row["kind"]]))
            for row in rows
        ],
    )


@app.command("new")
def new(
    kind: Annotated[
        str,
        typer.Argument(
            help="A kind, such as item.received/1; `vialog statement kinds` lists them.", autocompletion=begun_kinds
        ),
    ],
    *,
    log: Annotated[str | None, typer.Option("--log", help="The log's name; that of the log here if left out.")] = None,
    party: Annotated[str | None, typer.Option("--party", help="The party that signs: its name, or party:….")] = None,
    person: Annotated[str | None, typer.Option("--person", help="The code of the person who signs.")] = None,
    role: Annotated[str | None, typer.Option("--role", help="What the party speaks as.")] = None,
    meaning: Annotated[Meaning, typer.Option("--meaning", help="What the signature declares.")] = Meaning.PERFORMED,
    as_json: Json = False,
) -> None:
    """Print a draft of a statement, in TOML, to be filled in with an editor and then signed.

    Members that must be there stand with a blank between ‹ and ›; those that may be left out stand as comments. A draft
    that still has a blank is not signed. It names the log that is here; where there is none, as on the machine of who
    only signs, VIALOG_LOG_ORIGIN. With --json the same draft is one JSON object, without the comments and what stands
    in them; in a .json file it is filled in and signed like the other.
    """
    found = kind_of(kind)
    if found is None:
        raise NotFound(
            f"{kind} is not a kind that this ledger knows; `vialog statement kinds` lists them{likely(kind)}"
        )
    settings = read_settings()
    with open_labels(settings) as labels:
        named = None if party is None else labels.id_of(party, "party", "--party")
    signer = {"party": named, "person": person, "role": role, "meaning": meaning.value}
    # What programs read is in no language's way.
    language = Language.ENGLISH if as_json else reader_language()
    draft = draft_of(found, log or _name_of_log(settings), signer, language)
    print_object(tomllib.loads(draft)) if as_json else typer.echo(draft, nl=False)


@app.command("sign")
def sign(
    draft: Annotated[Path, typer.Argument(help="The draft: TOML, or the same members as strict JSON in a .json file.")],
    *,
    key: Annotated[list[Path], typer.Option("--key", help="A key file; one for each signer who is here, in order.")],
    out: Annotated[Path | None, typer.Option("--out", help="Where the signed statement goes; stdout if left out.")] = (
        None
    ),
    as_json: Json = False,
) -> None:
    """Sign a draft and write the signed statement with its disclosures, as one line of JSON.

    What was signed is told in words. Nothing is sent: the result is for `vialog statement submit`, on this machine or
    another. Keys, id and time are put in; the body is checked against its kind before anything is signed. Where the
    draft has what is printed on something in the place of its id, the id is looked up in the log that is here. A file
    is never overwritten.

    Where the draft has more signers than keys are given, the statement is left open, and the others sign it on machines
    of their own with `vialog statement cosign`; their keys are those that the log here knows, or that the draft names
    as `key` and `alg` of the signer.

    With --json, what is printed about --out is its file, id and kind, and who has not signed yet; without --out the
    signed statement is JSON already.
    """
    if out is not None:
        refuse_existing(out)
    settings = read_settings()
    read = read_draft(draft)
    with open_labels(settings, read["log"]) as labels:
        problems = problems_of(draft)
        read = with_ids(read, labels, problems)
        check_body(read, problems)
        for note in labels.notes:
            say(note)
        keys = [open_key(settings, path) for path in key]
        submission = sign_draft(read, keys, SystemClock(), lambda party, person: key_of(labels, party, person))
    line = write_submission(submission)
    payload = read_payload(parse_envelope(submission.envelope).payload)
    given = read.get("names")
    names = {tag: str(name) for tag, name in given.items()} if isinstance(given, dict) else {}
    tell([payload], sent(names))
    if out is None:
        typer.echo(line.decode())
        say_unsigned(payload, submission, names)
        return
    write_new(out, line + b"\n")
    if as_json:
        print_object(signed_object(out, payload, submission))
    else:
        say(f"Signed: {out}")
        say_unsigned(payload, submission, names)


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="A signed statement, as `vialog statement sign` writes it; - is stdin.")],
    *,
    as_json: Json = False,
) -> None:
    """Verify and judge a signed statement as if it were recorded now, and record nothing.

    What would be owed by it, and what would be owed no more, is told with it.
    """
    submission, settings = read_signed(file), read_settings()
    if settings.url is None:
        with open_ledger(settings) as ledger:
            outcome = ledger.check(submission)
            said = checked_object(outcome, foresee_in(ledger.store, ledger.packs, outcome.next))
    else:
        # Loaded here: who has the log here needs no network.
        from api.client.statements import Statements

        with open_service(settings) as service:
            said = Statements(service).check(submission)
    print_object(said) if as_json else _print_checked(said)


def _print_checked(said: Checked) -> None:
    rules = rules_in(said)
    reader = reader_here(rules)
    typer.echo(
        label("is recorded already")
        if said["repeated"]
        else label("can be recorded, judged by {rules}").format(rules=said["rules"])
    )
    for line in breach_lines(breaches_in(said["breaches"]), rules, reader):
        typer.echo(plain(f"  {label('acknowledged breach')} {line}"))
    for row in msgspec.convert(said["opens"], list[Foretold]):
        typer.echo(f"\n{label('would be owed:')}")
        print_foreseen(row, reader)
    for row in msgspec.convert(said["ends"], list[Foretold]):
        typer.echo(f"\n{label('would be owed no more:')}")
        print_foreseen(row, reader)


def _name_of_log(settings: Settings) -> str:
    """Return the name of the log that the settings lead to; where there is none, the one that they give it."""
    if settings.url is not None:
        with open_readable(settings) as log:
            return log.origin
    try:
        with open_database(settings) as database:
            # Loaded here: where there is no log no database's driver is waited for.
            from ledger.store.database.migrate import log_name

            found = log_name(database.app)
    except NotFound:
        found = None
    if found is None:
        return settings.log_origin or DEFAULT_ORIGIN
    check_name(settings, found)
    return found


def _roles(roles: Sequence[str]) -> str:
    """Return roles for who runs the command: in English as they are written."""
    language = reader_language()
    words = words_in(language)
    called = {} if language is Language.ENGLISH else words.code["role"]
    return words.form["between"].join(called.get(one, one) for one in roles)


def _row(kind: Kind[Any]) -> KindRow:
    return {
        "kind": kind.name,
        "roles": sorted(kind.roles),
        "recorders": sorted(kind.recorders),
        "persons": kind.persons,
        "says": description_of(kind),
    }
