"""The command ``vialog``: one small module for each group of commands."""

from __future__ import annotations

import typer

from api.cli import approval, evidence, item, keys, log, rules, statement, witness
from api.cli.clock import clock
from api.cli.doctor import doctor
from api.cli.exits import MEANINGS
from api.cli.fsck import fsck
from api.cli.imports import import_
from api.cli.init import init
from api.cli.mirror import mirror
from api.cli.output import Commands
from api.cli.publishing import publish, vkey
from api.cli.restoring import restore
from api.cli.serve import serve

_EXITS = "\n".join(f"{code:>4}  {meaning}" for code, meaning in MEANINGS.items())

app = typer.Typer(
    cls=Commands,
    help=(
        "A signed, witnessed ledger of biological samples that cross borders.\n\n"
        "Settings are environment variables named VIALOG_…; data goes to stdout, all else to stderr.\n\n"
        f"\b\nExit codes:\n{_EXITS}"
    ),
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("init")(init)
app.command("import")(import_)
app.add_typer(keys.app, name="keys")
app.add_typer(statement.app, name="statement")
app.add_typer(log.app, name="log")
log.app.command("vkey")(vkey)
app.add_typer(item.app, name="item")
app.add_typer(approval.app, name="approval")
app.add_typer(rules.app, name="rules")
app.command("publish")(publish)
app.command("serve")(serve)
app.add_typer(evidence.app, name="evidence")
app.add_typer(witness.app, name="witness")
app.command("mirror")(mirror)
app.command("fsck")(fsck)
app.command("doctor")(doctor)
app.command("clock")(clock)
app.command("restore")(restore)
