"""What somebody names by whatever it is called, in a field that is about one type of things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from api.http.answering.named import found_in
from api.labels.codes import item_by
from api.telling.labels import Labels, is_written_as_id
from ledger.ids import Tag, is_tag, type_of

if TYPE_CHECKING:
    from api.http.answering.reading import Reading


def candidates(reads: Reading, text: str, id_type: str) -> list[Tag]:
    """Return what a text may mean of one type: by an id or a code only that, whether or not it may be seen."""
    named = item_by(text) or text
    if is_tag(named):
        return [Tag(named)] if type_of(Tag(named)) == id_type else []
    hits, _ = found_in(reads, text)
    return [hit.tag for hit in hits if type_of(hit.tag) == id_type]


def meant(reads: Reading, text: str, id_type: str) -> str:
    """Return the id of what is named.

    Raises HTTPException 400: nothing of the type is called so, or several are. Malformed: it is an id of another type.
    """
    if is_written_as_id(item_by(text) or text):
        return Labels(lambda: reads.store).id_of(text, id_type, f"--{id_type}")
    found = candidates(reads, text, id_type)
    if len(found) != 1:
        raise HTTPException(400, "what is asked about is named by its id, or by a name that is one thing's alone")
    return found[0]
