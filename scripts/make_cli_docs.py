"""Make ``docs/cli.md`` from what the commands themselves say with ``--help``. A golden test holds the two equal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer.main
from typer.core import TyperGroup

from api.cli.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = Path(__file__).parent.parent / "docs" / "cli.md"

_WIDTH: Final = 100
_HEAD: Final = """# The command `vialog`

Made from `--help` by `python -m scripts.make_cli_docs`; do not edit.

Data goes to stdout; messages, questions and progress go to stderr. With `--json` data is one JSON object a line, and an
error is one JSON object on stderr: `{"error": {"answer", "code", "rule", "member", "problem", "breaches"}}`, of which
an error has those that apply. Of `statement submit --json` every statement has its line on stdout, those that were not
recorded too. Passphrases are asked for, or read from the file that VIALOG_PASSPHRASE_FILE names; they are never
arguments. Colour is used on terminals only; NO_COLOR turns it off.
"""


def page() -> str:
    """Return the page as it should be."""
    parts = (f"## `{name}`\n\n```text\n{text}\n```\n" for name, text in _helps())
    return "\n".join((_HEAD, *parts))


def _helps() -> Iterator[tuple[str, str]]:
    """Yield each command's name and help, groups before their commands."""
    command = typer.main.get_command(app)
    pending = [(command, command.context_class(command, info_name="vialog", terminal_width=_WIDTH))]
    while pending:
        command, context = pending.pop(0)
        context.max_content_width = _WIDTH
        yield context.command_path, command.get_help(context).rstrip()
        if isinstance(command, TyperGroup):
            pending[:0] = [
                (one, one.context_class(one, info_name=name, parent=context, terminal_width=_WIDTH))
                for name, one in command.commands.items()
            ]


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
