"""An answer that others can check: computed as of a published checkpoint, and written with all that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import typer

from api.cli.ask.evidence import NEWEST, open_frame, read_note
from api.cli.output import say
from api.logs.served import open_service
from api.logs.wiring import open_publication
from api.telling.reading import voice_of
from ledger.clock import format_time
from ledger.errors import NotFound
from ledger.evidence.bundle.answer import Claimed
from ledger.evidence.export import export_bundle
from ledger.files import write_new
from ledger.ids import is_statement_id
from projections.asked.answering import answer, read
from projections.claims.claiming import bundled, claim

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.logs.served import Disclosing
    from api.settings import Settings
    from ledger.store.port import Readable
    from projections.asked.answering import Answer
    from projections.asked.question import Asked, Question


_OF_SUBJECTS: Final = (
    "--evidence: a service hands out evidence about a subject, and this is asked about a statement: run it on the "
    "machine of the log, or take the evidence about a subject of it and ask that: `vialog evidence ask FILE signatures "
    "--subject STATEMENT`"
)


@dataclass(frozen=True, slots=True)
class Out:
    """Where a bundle goes, and files with the checkpoint that proves it; of none the newest published one does.

    position: as of which the record is asked; None: as of all that the checkpoint covers.
    """

    file: Path
    checkpoints: Sequence[Path]
    position: int | None


def hand_out(question: Question, asked: Asked, out: Out, store: Disclosing, settings: Settings) -> Answer:
    """Write an answer with its evidence, and return it.

    Raises NotFound: no checkpoint is published that covers the position, or the question cannot be claimed.
    """
    if asked.subject is None:
        raise typer.BadParameter(f"--evidence: {question.name} is not asked about one subject here")
    if settings.url is not None:
        if is_statement_id(asked.subject):
            raise typer.BadParameter(_OF_SUBJECTS)
        return _fetch(question, asked, out, store, settings)
    notes = [read_note(file) for file in out.checkpoints]
    with open_publication(settings) as publication, open_frame(store, publication, None, notes) as frame:
        size = frame.checkpoint.size
        if out.position is not None and out.position > size:
            raise NotFound(f"the checkpoint covers {size} entries, and not position {out.position}")
        said = Claimed(
            log=store.origin,
            question=question.name,
            subject=asked.subject,
            as_of=out.position or size,
            now=asked.at,
            until=asked.until,
            jurisdiction=asked.jurisdiction,
            parameters=asked.narrowed,
        )
        follows, answered = claim(store, said, size, asked.packs)
        subject = bundled(follows, frame)
        data = export_bundle(store, frame, subject, voice=voice_of(settings), answered=answered)
    write_new(out.file, data)
    say(f"{out.file}: {len(data)} bytes about {subject}, with the answer as of position {said.as_of}")
    return follows.answer


def _fetch(question: Question, asked: Asked, out: Out, store: Readable, settings: Settings) -> Answer:
    """Write what the service hands out, and return the answer as of the checkpoint of it, computed here."""
    from api.client.asking import Asking

    if out.checkpoints or out.position is not None:
        raise typer.BadParameter(NEWEST)
    subject, given = str(asked.subject), {name: str(value) for name, value in asked.narrowed.items()}
    at = None if asked.until is None else format_time(asked.until)
    with open_service(settings) as service:
        data, size = Asking(service).bundle(subject, question=question.name, at=at, **given)
    write_new(out.file, data)
    say(f"{out.file}: {len(data)} bytes about {subject}, with the answer as of position {size}")
    return answer(question, read(store, question, asked, size), size)
