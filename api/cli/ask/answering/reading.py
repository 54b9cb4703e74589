"""What an answer is made of: what the views say that its rows can be of, where these lack nothing, and else the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.logs.wiring import look_at_views
from ledger.errors import Unavailable
from projections.asked.answering import read
from projections.asked.narrowed import narrowed
from projections.asked.question import Reads
from projections.running.looking import look

if TYPE_CHECKING:
    from api.logs.mirrored import Log
    from api.settings import Settings
    from projections.asked.question import Asked, Question

_PATIENCE: Final = 5.0
"""Seconds that the views may take to answer before the log is read."""


def read_asked(log: Log, settings: Settings, question: Question, asked: Asked, position: int) -> tuple[Asked, bool]:
    """Return what is asked with the events that it rests on, and whether the views said which these are.

    Raises IntegrityFailed: the views and the log are not of one mind. TooOld.
    """
    if log.held is None and settings.url is None and question.reads is Reads.VIEWS:
        found = _narrowed(log, settings, question, asked, position)
        if found is not None:
            return found, True
    return read(log.store, question, asked, position), False


def _narrowed(log: Log, settings: Settings, question: Question, asked: Asked, position: int) -> Asked | None:
    with look_at_views(settings, _PATIENCE) as tables:
        try:
            if look(tables, log.store.head()).state != "current":
                return None
        except Unavailable:
            return None
        with tables.still() as still:
            return narrowed(question, asked, still, log.store) if still.standing.position == position else None
