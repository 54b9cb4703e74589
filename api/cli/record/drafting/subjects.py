"""Labels in drafts: wherever a draft has an id, it may have what is printed instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.telling.labels import is_written_as_id
from api.telling.schemas import BodySchema
from ledger.errors import Malformed, NotFound
from ledger.ids import Tag
from ledger.statement.catalogue import KINDS
from ledger.statement.wording import complaints

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.drafts.problems import Problems
    from api.telling.labels import Labels
    from ledger.statement.text.strict_json import JsonValue


def with_ids(draft: dict[str, JsonValue], labels: Labels, problems: Problems) -> dict[str, JsonValue]:
    """Return a draft with ids in the place of what is printed, in its body and of its signers' parties.

    Where several items bear a label, one that came in with a consignment or under an approval that the body names is
    meant. What is not of the form is left as it is, for whoever reads the draft next.

    problems: where labels that are not found, or mean several things, are noted.

    Raises as ``Labels.id_of``, with the member's path, where a single label is all that is wrong.
    """
    wrong: list[NotFound | Malformed] = []

    def asked(text: str, id_type: str, member: str, among: Collection[Tag] = ()) -> str:
        try:
            return labels.id_of(text, id_type, member, among)
        except (NotFound, Malformed) as error:
            problem = error.problem if isinstance(error, Malformed) else str(error).removeprefix(f"{member}: ")
            problems.note("LBL-01", member, problem, text)
            wrong.append(error)
            return f"{id_type}:unknown"  # so that what else is wrong is found; it is never signed

    kind, body, signers = draft.get("kind"), draft.get("body"), draft.get("signers")
    if isinstance(signers, list):
        draft = {**draft, "signers": [_signer(one, f"$.signers[{at}]", labels) for at, one in enumerate(signers)]}
    if not isinstance(kind, str) or kind not in KINDS:
        return draft
    schema, among = BodySchema(KINDS[kind]), set[Tag]()

    def find(text: str, id_type: str, member: str) -> str:
        if id_type == "item" or _is_left(text):
            among.add(Tag(text))
            return text
        found = asked(text, id_type, member)
        among.add(Tag(found))
        return found

    # Of an item a label may be ambiguous until it is known what the statement is about.
    body = schema.with_ids(body, find)

    def find_item(text: str, id_type: str, member: str) -> str:
        return text if id_type != "item" or _is_left(text) else asked(text, id_type, member, among)

    body = schema.with_ids(body, find_item)
    if len(wrong) == 1 and not any(complaints(body, KINDS[kind].body)):
        raise wrong[0]
    return {**draft, "body": body}


def _is_left(text: str) -> bool:
    """Say whether a text is no label: what begins as an id is one, or its reader says what is wrong with it."""
    return not text or is_written_as_id(text)


def _signer(signer: JsonValue, member: str, labels: Labels) -> JsonValue:
    party = signer.get("party") if isinstance(signer, dict) else None
    if not isinstance(signer, dict) or not isinstance(party, str) or _is_left(party):
        return signer
    return {**signer, "party": labels.id_of(party, "party", f"{member}.party")}
