"""The log that is asked: the one that the settings lead to, or a mirror's copy, replayed here before anybody asks."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import progress, say
from api.language import label, reader_language
from api.logs.served import open_readable, open_service
from api.logs.wiring import check_name, open_publication
from ledger.words.table import words_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.logs.served import Disclosing
    from api.rows.questions import Replayed
    from api.settings import Settings
    from ledger.mirror.held import Held
    from ledger.words.table import Language

From = Annotated[
    Path | None,
    typer.Option("--from", metavar="COPY", help="Ask a mirror's copy, replayed here; with --policy."),
]
By = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="With --from: the log and the witnesses you believe."),
]


@dataclass(frozen=True, slots=True)
class Log:
    """A log that is asked. held: how it was replayed from a mirror's copy; None: it is the operator's own."""

    store: Disclosing
    held: Held | None = None

    def published(self, settings: Settings) -> int:
        """Return how many of its entries the newest checkpoint covers that is known of it; 0: none is published."""
        if self.held is not None:
            return self.held.witnessed.checkpoint.size
        if settings.url is not None:
            from api.client.asking import Asking

            with open_service(settings) as service:
                return Asking(service).published()
        with open_publication(settings) as publication:
            return publication.size()


@contextmanager
def open_log(settings: Settings, copy: Path | None = None, policy: Path | None = None) -> Iterator[Log]:
    """Open the log that is asked, for a with block.

    copy: a mirror's; None: the log that the settings lead to.

    Raises as ``open_store``, or as ``replay_copy``; BadParameter: one of copy and policy is left out.
    """
    if (copy is None) != (policy is None):
        raise typer.BadParameter("--from and --policy go together: a mirror's copy is believed by a policy of yours")
    if copy is None or policy is None:
        with open_readable(settings) as store:
            yield Log(store)
        return
    held = _replayed(settings, copy, policy)
    check_name(settings, held.store.origin)
    yield Log(held.store, held)


def _replayed(settings: Settings, copy: Path, policy: Path) -> Held:
    from ledger.evidence.files import read_policy
    from ledger.mirror.held import replay_copy
    from ledger.rulepacks.load import load_packs

    believed, packs = read_policy(policy), load_packs(settings.rules)
    with progress("Replaying") as shown:
        task = shown.add_task("replay", total=None)
        return replay_copy(copy, believed, packs, lambda done, size: shown.update(task, completed=done, total=size))


def replayed_object(held: Held | None) -> Replayed | None:
    """Return how a log was replayed as the members of a JSON object."""
    if held is None:
        return None
    checkpoint = held.witnessed.checkpoint
    return {
        "log": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "cosigned_by": sorted(held.witnessed.witnesses),
        "judged_otherwise": held.differences,
        "not_judged_again": held.unjudged,
    }


def say_replay(held: Held | None) -> None:
    """Say to people what was found of a mirror's copy by replaying it; nothing of the operator's own log."""
    language = reader_language()
    for name, value in () if held is None else about_replay(held, language):
        say(f"{name}{words_in(language).form['rule']}{value}" if name else value)


def about_replay(held: Held, language: Language) -> Iterator[tuple[str, str]]:
    """Yield what was found of a log by replaying it, and what that does not show."""
    checkpoint = held.witnessed.checkpoint
    names = words_in(language).form["between"].join(sorted(held.witnessed.witnesses))
    alone, cosigned = label("cosigned by no witness of the policy", language), label("cosigned by {names}", language)
    by = cosigned.format(names=names) if names else alone
    form = label(
        "The log was replayed here from a mirror's copy, up to position {size}: forms, order, signatures, tags and "
        "index hold, and it is the tree of a checkpoint that {log} signed, {by}.",
        language,
    )
    yield label("checked", language), form.format(size=checkpoint.size, log=checkpoint.origin, by=by)
    if held.differences:
        form = label("Entries judged otherwise today: {number}; `vialog log verify` tells which.", language)
        yield "", form.format(number=held.differences)
    if held.unjudged:
        form = label("Entries not judged again, since the edition that they name is not here: {number}.", language)
        yield "", form.format(number=held.unjudged)
    beyond = label("What was recorded after position {number}.", language)
    yield label("not shown", language), beyond.format(number=checkpoint.size)
    yield "", label("Whether the record is true of the goods: the answer is about what was signed.", language)
