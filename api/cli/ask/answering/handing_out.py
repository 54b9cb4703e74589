"""An answer that others can check: computed as of a published checkpoint, and written with all that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from api.cli.ask.evidence import open_frame, read_note
from api.cli.output import say
from api.logs.wiring import open_publication
from api.telling.reading import voice_of
from ledger.errors import NotFound
from ledger.evidence.bundle.answer import Claimed
from ledger.evidence.export import export_bundle
from ledger.files import write_new
from projections.claims.claiming import claim

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.settings import Settings
    from ledger.store.port import Store
    from projections.asked.answering import Answer
    from projections.asked.question import Asked, Question


@dataclass(frozen=True, slots=True)
class Out:
    """Where a bundle goes, and files with the checkpoint that proves it; of none the newest published one does.

    position: as of which the record is asked; None: as of all that the checkpoint covers.
    """

    file: Path
    checkpoints: Sequence[Path]
    position: int | None


def hand_out(question: Question, asked: Asked, out: Out, store: Store, settings: Settings) -> Answer:
    """Write an answer with its evidence, and return it.

    Raises NotFound: no checkpoint is published that covers the position, or the question cannot be claimed.
    """
    if asked.subject is None:
        raise typer.BadParameter(f"--evidence: {question.name} is not asked about one subject here")
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
        data = export_bundle(store, frame, asked.subject, voice=voice_of(settings), answered=answered)
    write_new(out.file, data)
    say(f"{out.file}: {len(data)} bytes about {asked.subject}, with the answer as of position {said.as_of}")
    return follows.answer
