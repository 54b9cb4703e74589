"""``vialog item``: everything that the record says about one item, now or as known at a position."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.ask.entries import BELOW, position_head
from api.cli.output import At, Json, print_object, print_table, say
from api.cli.paragraphs import print_named, print_paragraph
from api.language import label
from api.logs.served import open_readable
from api.settings import read_settings
from api.telling.histories import ancestors_of, custody_of, history_of
from api.telling.item_json import item_object
from api.telling.items import sample_of, sentence_of, state_of
from api.telling.labels import Labels
from api.telling.moments import read_moment
from api.telling.reading import Readers, told
from ledger.domain.fold import VOIDED
from ledger.domain.states.subjects import Item
from ledger.ids import Tag
from ledger.words.reader import code_word
from ledger.words.runs import reading_values, runs
from ledger.words.sentences import breach_told
from ledger.words.table import words_in
from ledger.words.telling import fact_told
from ledger.words.times import zoned

if TYPE_CHECKING:
    from api.telling.histories import History
    from api.telling.reading import ToldStatement
    from ledger.domain.judging import Event

app = typer.Typer(no_args_is_help=True, help="Look at single items.")


@app.callback()
def group() -> None:
    """Look at single items."""


@app.command("show")
def show(
    item: Annotated[str, typer.Argument(help="What is printed on it, or its id, item:….")],
    *,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Show an item: state, lineage, who had it and where, and every statement about it, with its breaches.

    Of a statement about many items an item shows what was wrong with itself, and with no other.

    What is printed on it may be its label, an old one or its lot; where several items bear it, they are listed.

    With --at and a position, what was recorded later is left out, corrections too: the answer is what anybody could
    know then. With a time, what happened later is left out, by all that is told now: what was told late is taken in,
    and corrections are; a day ends where it ends in the jurisdiction. Exit code 11: a statement about the item says
    what this program is too old for; --at shows what was known before it.
    """
    settings = read_settings()
    moment = read_moment(at, settings)
    with open_readable(settings) as store:
        labels = Labels(lambda: store)
        tag = labels.id_of(item, "item", "ITEM")
        history = history_of(store, tag, moment.position, moment.instant)
        subject = history.subject
        if not isinstance(subject, Item):
            raise TypeError("an item's tag folds to an item")
        ancestors = ancestors_of(store, subject, history.position, moment.instant)
        said = item_object(history, subject, ancestors, moment.instant)
        for note in labels.notes:
            say(note)
        print_object(said) if as_json else _print(said, history, Readers(settings, labels), labels)


def _print(said: dict[str, Any], history: History, readers: Readers, labels: Labels) -> None:
    reader, item = readers.today, said["item"]
    print_named((label(name, reader.language), labels.told(value)) for name, value in state_of(said, item, reader))
    if said["sample"]:
        typer.echo(f"\n{label('Sample', reader.language)}")
        print_named((label(name, reader.language), told) for name, told in sample_of(said["sample"], reader))
    title = label("Custody, as known at position {position}", reader.language)
    if said["as_of"] is not None:
        title = label("Custody up to {time}, as known at position {position}", reader.language)
    typer.echo(f"\n{title.format(position=history.position, time=said['as_of'])}")
    print_table(
        [label(one, reader.language) for one in ("from", "to", "party", "site", "place", "told")],
        [
            (
                zoned(one.began, reader.zone, reader.language),
                "" if one.ended is None else zoned(one.ended, reader.zone, reader.language),
                *_named(labels, one.party, one.site),
                one.place,
                label("out of order", reader.language) if one.out_of_order else "",
            )
            for one in custody_of(history)
        ],
    )
    typer.echo(f"\n{label('History', reader.language)}")
    _print_history(history, Tag(item["id"]), readers)


def _print_history(history: History, item: Tag, readers: Readers) -> None:
    """Print the statements about an item; a run of readings as one line."""

    def alone(event: Event[Any]) -> ToldStatement | None:
        broken = any(one.concerns(item) for one in event.breaches)
        return None if broken or history.step_of(event) is None else told(event.said)

    for run in runs(history.events, alone):
        if len(run) == 1:
            _print_event(run[0], history, item, readers)
            continue
        reader = readers.of(run[0].rules, run[0].said.occurred_at)
        values = reading_values([told(event.said) for event in run])
        print_paragraph(fact_told("readings", values, reader), f"{run[0].position}–{run[-1].position}  ")


def _print_event(event: Event[Any], history: History, item: Tag, readers: Readers) -> None:
    """Print one statement about an item: the sentence, what was wrong with the item, and whether it counts."""
    reader = replace(readers.of(event.rules, event.said.occurred_at), about=item)
    print_paragraph(sentence_of(event, history, reader), position_head(event.position))
    reasons = event.said.acknowledged or {}
    for breach in (one for one in event.breaches if one.concerns(item)):
        reason = code_word("reason", reasons.get(breach.rule, ""), reader)
        line = f"{breach.rule}{words_in(reader.language).form['rule']}{breach_told(breach.among(()), reader)}"
        told_why = label("{breach} ({reason})", reader.language).format(breach=line, reason=reason)
        print_paragraph(told_why, f"{BELOW}{label('breach', reader.language)} ")
    step = history.step_of(event)
    if step is not None and step.out_of_order:
        print_paragraph(label("told out of order", reader.language), BELOW)
    if step is None and event.said.kind != VOIDED:
        print_paragraph(label("no longer counts: corrected or voided", reader.language), BELOW)


def _named(labels: Labels, *ids: str | None) -> tuple[str, ...]:
    return tuple("" if one is None else labels.named(Tag(one)) for one in ids)
