"""What somebody names by whatever it is called, in a field that is about one type of things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from api.http.answering.named import found_in
from ledger.ids import Tag, is_tag, type_of

if TYPE_CHECKING:
    from api.http.answering.reading import Reading


def meant(reads: Reading, text: str, id_type: str) -> str:
    """Return the id of what is named. Raises HTTPException 400: nothing of the type is called so, or several are."""
    if is_tag(text) and type_of(Tag(text)) == id_type:
        return text
    hits, _ = found_in(reads, text)
    found = [hit.tag for hit in hits if type_of(hit.tag) == id_type]
    if len(found) != 1:
        raise HTTPException(400, "what is asked about is named by its id, or by a name that is one thing's alone")
    return found[0]
