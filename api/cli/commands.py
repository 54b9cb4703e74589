"""The commands by their names: each is loaded when it is used, so that one starts as fast as its own work needs.

What the list of commands says of each stands in one table, and not in the commands, which would all be loaded for it; a
test holds the two equal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import typer
import typer.main
from typer._click.exceptions import UsageError
from typer.core import TyperGroup

from api.cli.exits import UNREAD
from api.cli.helping import Speaking, told_usage
from api.cli.signals import ended_in_order
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from typer.core import TyperCommand

    Command: TypeAlias = TyperCommand | TyperGroup

JSON: Final = "vialog.json"
"""Under this name a command notes whether it was asked for JSON."""


@dataclass(frozen=True, slots=True)
class Lazy:
    """A command that is not loaded yet.

    where: ``module:name`` of its function, or of the group that it is. says: its line in the list of commands.
    settings: of its context. made_as: likewise of the class that a function becomes; "" any command's.
    more: further commands of the group, by name, where they stand in another module.
    """

    where: str
    says: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    made_as: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    def load(self, name: str) -> Command:
        """Load the command."""
        alone = typer.Typer(rich_markup_mode=None, add_completion=False)
        found = _found(self.where)
        if isinstance(found, typer.Typer):
            for one, where in self.more.items():
                if all(one != known.name for known in found.registered_commands):
                    found.command(one)(_found(where))
            alone.add_typer(found, name=name)
        else:
            made_as = _found(self.made_as) if self.made_as else None
            alone.command(name, cls=made_as, context_settings=dict(self.settings))(found)
        return speaking(cast("Command", typer.main.get_group(alone).commands[name]))


class Loaded(MutableMapping[str, "Command"]):
    """Commands by name, in the order of the table; each is loaded when it is asked for first."""

    def __init__(self, lazy: Mapping[str, Lazy]) -> None:
        self._lazy = lazy
        self._loaded: dict[str, Command] = {}

    def __getitem__(self, name: str) -> Command:
        if name not in self._loaded:
            self._loaded[name] = self._lazy[name].load(name)
        return self._loaded[name]

    def __setitem__(self, name: str, command: Command) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lazy)

    def __len__(self) -> int:
        return len(self._lazy)


class Commands(TyperGroup):
    """The one place where an error of the ledger becomes words and an exit code."""

    context_class = Speaking
    lazy: Mapping[str, Lazy] = {}

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  as typer makes it
        super().__init__(**attributes)
        self.commands = Loaded(self.lazy)  # type: ignore[assignment]  # it is used as a dict is

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]  # noqa: ANN401, ARG002  as typer has it
        """List the commands by what the table says of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.says) for name, one in self.lazy.items()])

    def main(self, *arguments: Any, **settings: Any) -> Any:  # noqa: ANN401  as typer has it
        """Run the command line; one whose output nobody reads any longer ends as SIGPIPE would have ended it."""
        try:
            return super().main(*arguments, **settings)
        except SystemExit as ended:
            if isinstance(ended.__context__, BrokenPipeError):  # click has ended it quietly, but with the code of a bug
                sys.exit(UNREAD)
            raise

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # noqa: ANN401  as typer has it
        """Run a command; what the ledger answers is printed without a traceback, a bug keeps its own."""
        try:
            with ended_in_order():
                answer = super().invoke(ctx)
                sys.stdout.flush()  # what does not arrive is told here, and not by Python at its end
                return answer
        except UsageError as error:
            raise told_usage(error) from None
        except (LedgerError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise  # whoever read our output has enough: see main
            told: int = import_module("api.cli.output").tell(error, as_json=bool(ctx.meta.get(JSON)))
            raise typer.Exit(told) from None


def speaking(command: Command) -> Command:
    """Let a command, and those of a group, be helped with in the reader's language."""
    command.context_class = Speaking
    for one in command.commands.values() if isinstance(command, TyperGroup) else ():
        speaking(cast("Command", one))
    return command


def _found(where: str) -> Any:  # noqa: ANN401  what is loaded is a function or a group
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)
