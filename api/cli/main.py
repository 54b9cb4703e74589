"""The command ``vialog``: one small module for each group of commands."""

from __future__ import annotations

import typer

from api.cli.ask import approval, evidence, item, lists, log, rules
from api.cli.exits import MEANINGS
from api.cli.operate import witness
from api.cli.operate.clock import clock
from api.cli.operate.doctor import doctor
from api.cli.operate.fsck import fsck
from api.cli.operate.init import init
from api.cli.operate.mirror import mirror
from api.cli.operate.publishing import publish, vkey
from api.cli.operate.restoring import restore
from api.cli.operate.serve import serve
from api.cli.output import Commands
from api.cli.record import keys, statement
from api.cli.record.acts import record
from api.cli.record.imports import import_

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
app.command("record", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(record)
app.command("import")(import_)
app.add_typer(keys.app, name="keys")
app.add_typer(statement.app, name="statement")
app.add_typer(log.app, name="log")
log.app.command("vkey")(vkey)
app.add_typer(lists.app, name="list")
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
