"""What a shell completes beside commands and their options: kinds and acts, and the members of an act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer._click.shell_completion import CompletionItem
from typer.core import TyperCommand

from api.drafts.acts.kinds import ACTS, kind_of
from api.drafts.acts.slots import Slots
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from typer._click.core import Context


def begun_kinds(incomplete: str) -> list[str]:
    """Return the kinds, without their versions, that begin so."""
    return [one for one in dict.fromkeys(name.rpartition("/")[0] for name in KINDS) if one.startswith(incomplete)]


def begun_acts(incomplete: str) -> list[str]:
    """Return the acts of the bench that begin so, and then the kinds."""
    return [*(one for one in ACTS if one.startswith(incomplete)), *begun_kinds(incomplete)]


class Recording(TyperCommand):
    """The command that states an act: its options are those of every act, and the members of the one that is meant."""

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """Return what may stand there: of options the members first."""
        known = super().shell_complete(ctx, incomplete)
        kind = kind_of(str(ctx.params.get("kind")))
        if kind is None or not incomplete.startswith("-"):
            return known
        members = dict.fromkeys(slot.option for slot in Slots(kind).all)
        return [*(CompletionItem(one) for one in members if one.startswith(incomplete)), *known]
