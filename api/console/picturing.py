"""The picture of an answer, for a page: that of `vialog ask … --svg`, where what draws it is installed."""

from __future__ import annotations

from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Final

from api.asking.resting import about_answer
from api.pictures.catalogue import PICTURES, picture_of

if TYPE_CHECKING:
    from ledger.words.reader import Reader
    from projections.asked.answering import Answer
    from projections.asked.question import Asked, Question

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Of a picture as a file of its own: its styles are its own, and it loads nothing and runs nothing."""
_ONE_AT_A_TIME: Final = Lock()
"""The library keeps its settings for the whole process."""


def has_picture(question: Question) -> bool:
    """Say whether a question has a picture, and what draws it is installed."""
    return question.name in PICTURES and find_spec("matplotlib") is not None


def drawn(asked: Asked, found: Answer, reader: Reader) -> bytes:
    """Return the picture of an answer as SVG. asked: with its events."""
    # Loaded here: it takes a second, and is there only where the extra is.
    from api.pictures.drawing import draw

    picture = picture_of(asked, found, reader, about_answer(found, reader))
    with _ONE_AT_A_TIME:
        return draw(picture, reader.zone.offset)
