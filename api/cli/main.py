"""The command ``vialog``: its commands in one table, each of which is loaded when it is used."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.commands import Commands, Lazy
from api.cli.exits import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Final[Mapping[str, Lazy]] = {
    "init": Lazy(
        "api.cli.operate.init:init",
        "Open a new log: its database, the operator's root key, and the first entry, log.opened.",
    ),
    "admit": Lazy(
        "api.cli.record.admitting:admit",
        "Admit an organisation to the log, with what it may speak as and a person's key; or one more person of it.",
    ),
    "record": Lazy(
        "api.cli.record.acts:record",
        "State one act: say its members as options, read in words what will be signed, and it is signed and recorded.",
        settings={"allow_extra_args": True, "ignore_unknown_options": True},
        made_as="api.cli.record.drafting.completing:Recording",
    ),
    "import": Lazy(
        "api.cli.record.imports:import_",
        "Import a manifest: each row becomes part of a statement, signed with your key.",
    ),
    "keys": Lazy("api.cli.record.keys:app", "Make signing keys, and look at what is public of them."),
    "statement": Lazy(
        "api.cli.record.statement:app",
        "Write, sign, check and record statements.",
        more={
            "show": "api.cli.ask.statements:show",
            "receipt": "api.cli.ask.receipts:receipt",
            "leave": "api.cli.record.leaving:leave",
            "waiting": "api.cli.record.leaving:waiting",
            "fetch": "api.cli.record.leaving:fetch",
        },
    ),
    "log": Lazy(
        "api.cli.ask.log:app", "Look at the log and verify it.", more={"vkey": "api.cli.operate.publishing:vkey"}
    ),
    "access": Lazy("api.cli.access.accesses:app", "Who was told what of whom over HTTP; its check, and its digest."),
    "auditor": Lazy(
        "api.cli.access.auditor:app", "Let auditors see what is yours, for a time; and list who sees what."
    ),
    "sign-in": Lazy(
        "api.cli.access.signing_in:sign_in",
        "Sign a challenge for the console's page to sign in, and print it: paste it there within five minutes.",
    ),
    "sign": Lazy(
        "api.cli.access.sign:sign",
        "Sign with key files what the console's pages ask for, each time told here first, until Ctrl-C.",
    ),
    "hook": Lazy("api.cli.access.hook:app", "Be told of what is recorded: register hooks, look at them, replay."),
    "token": Lazy("api.cli.access.token:app", "Make, list and withdraw tokens, with which programs ask a service."),
    "session": Lazy("api.cli.access.session:app", "Sign in at the service of VIALOG_URL for the commands that follow."),
    "list": Lazy(
        "api.cli.ask.lists:app",
        "List what the record knows: items, approvals, permits, consignments, parties, sites, cases, what is owed.",
        more={"obligations": "api.cli.ask.obligations:obligations"},
    ),
    "inbox": Lazy(
        "api.cli.ask.notices:inbox",
        "List what a service noted to fall due soon or to be overdue for your party, and how it stands now.",
    ),
    "digest": Lazy(
        "api.cli.ask.notices:digest",
        "Tell what a party has overdue, due within seven days, or new since the working day before, on one day.",
    ),
    "item": Lazy("api.cli.ask.item:app", "Look at single items."),
    "labels": Lazy("api.cli.ask.labels:app", "Print labels for items."),
    "approval": Lazy("api.cli.ask.approval:app", "Look at single approvals."),
    "party": Lazy("api.cli.ask.party:app", "Look at single parties."),
    "ask": Lazy(
        "api.cli.ask.asking:ask",
        "Ask a question of the record; each row of the answer says why it is there, and the answer what it rests on.",
    ),
    "rules": Lazy("api.cli.ask.rules:app", "List, show and export the rule packs that judge."),
    "words": Lazy("api.cli.ask.words:app", "Look up kinds, roles, codes, units, rules and agents, in both languages."),
    "publish": Lazy(
        "api.cli.operate.publishing:publish",
        "Publish a checkpoint over all that is recorded, unless the newest one covers it already.",
    ),
    "serve": Lazy(
        "api.cli.operate.serve:serve",
        "Serve the log over HTTP and publish a checkpoint whenever something is new, until stopped.",
    ),
    "views": Lazy(
        "api.cli.operate.views:app",
        "Look at the views of the log, make them anew, check them, follow the log into them.",
    ),
    "evidence": Lazy(
        "api.cli.ask.evidence:app",
        "Export evidence about a subject; verify evidence, and compute answers again, offline.",
        more={"ask": "api.cli.ask.answering.claims:ask_bundle"},
    ),
    "witness": Lazy("api.cli.operate.witness:app", "Watch logs and cosign checkpoints that only grow."),
    "mirror": Lazy(
        "api.cli.operate.mirror:mirror",
        "Mirror a log: fetch its entries, replay every one, and cosign its newest checkpoint as mirrored and replayed.",
    ),
    "fsck": Lazy(
        "api.cli.operate.fsck:fsck",
        "Check everything in the log's database from the first byte: entries, columns, signatures, tags, tree, index.",
    ),
    "doctor": Lazy(
        "api.cli.operate.doctor.doctor:doctor",
        "Look at this installation: directory, server, the whole schema, head, clock, rule packs, disk.",
    ),
    "clock": Lazy(
        "api.cli.operate.clock:clock",
        "Show this machine's clock beside the database's, the last entry's time and the witnesses'.",
    ),
    "restore": Lazy(
        "api.cli.operate.restoring:restore",
        "Put a log back after its database was restored from a backup or lost, so that it never forks.",
    ),
}
"""Each command with what the list of commands says of it, which is the first sentence of its own help."""

_EXITS = "\n".join(f"{code:>4}  {meaning}" for code, meaning in MEANINGS.items())


class Vialog(Commands):
    """The commands of the table."""

    lazy = COMMANDS


app = typer.Typer(
    cls=Vialog,
    help=(
        "A signed, witnessed ledger of biological samples that cross borders.\n\n"
        "Settings are environment variables named VIALOG_…; data goes to stdout, all else to stderr.\n\n"
        f"\b\nExit codes:\n{_EXITS}"
    ),
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _print_version(asked: bool) -> None:  # noqa: FBT001  the signature that typer calls
    if not asked:
        return
    try:
        typer.echo(f"vialog {version('vialog')}")
    except PackageNotFoundError:
        typer.echo("vialog, not installed: run from a checkout")
    raise typer.Exit


@app.callback()
def _options(
    *,
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version, and end.")
    ] = False,
) -> None:
    pass
