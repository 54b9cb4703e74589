"""What each route takes and answers, for the OpenAPI document: rows by their types, problems by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from api.http.problems import MEDIA_TYPE, OF_REQUESTS, PROBLEMS
from api.rows import access, hooks, http, notices, record, waiting
from api.rows.answers import Recorded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.http.problems import Problem
    from ledger.errors import LedgerError

Responses = dict[int | str, dict[str, Any]]

JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"
TEXT: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"

_ROWS: Final = (
    *(Recorded, record.Checked, record.Drafted, record.Submission),
    *(http.Problem, http.Health, http.Alive, http.Unhealthy),
    *(http.Challenged, http.SignedIn, http.TokenMade, http.Tokens),
    *(http.RecordedInBatch, http.CheckedInBatch, http.FailedProblem),
    *(http.Questions, http.Answered, http.Listed, http.SubjectShown, http.EntryShown, http.Entries),
    *(access.Accesses, access.AccessProof),
    *(hooks.HookRow, hooks.HooksOfParty, hooks.Deliveries, hooks.DeliveredAgain, hooks.HookKeys),
    *(waiting.OpenStatementRow, waiting.OpenStatementsOfParty, waiting.OpenStatementShown),
    *(waiting.KeptDraftRow, waiting.KeptDrafts),
    *(notices.InboxShown, notices.InboxRead, notices.DigestShown),
)
_FREE: Final = {"type": "object"}
"""An object whose members docs/formats.md tells."""


def components() -> Mapping[str, Any]:
    """Return by their names the schemas of all rows that routes take or answer."""
    _, parts = msgspec.json.schema_components(_ROWS, ref_template="#/components/schemas/{name}")
    return {name: parts[name] for name in sorted(parts)}


def takes(*rows: Any, media: str = JSON, words: str) -> dict[str, Any]:  # noqa: ANN401  a type of rows
    """Return what a route takes, as FastAPI's openapi_extra; without rows an object that words tell."""
    content = {media: {"schema": _either(rows) if rows else _FREE}}
    return {"requestBody": {"required": True, "description": words, "content": content}}


def answers(words: str, *rows: Any, media: str = JSON) -> dict[str, Any]:  # noqa: ANN401  a type of rows
    """Return one answer of a route; without rows bytes or text."""
    return {"description": words, "content": {media: {"schema": _either(rows) if rows else {"type": "string"}}}}


def or_proof(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer that is a .tlog-proof where the caller waits for one."""
    return answer | {"content": answer["content"] | {TEXT: {"schema": {"type": "string"}}}}


def problems(*errors: type[LedgerError] | int) -> Responses:
    """Return the answers that tell problems: of the ledger by their classes, of the request by their statuses."""
    found: dict[int, list[Problem]] = {}
    for one in errors:
        problem = OF_REQUESTS[one] if isinstance(one, int) else PROBLEMS[one]
        found.setdefault(problem.status, []).append(problem)
    return {
        status: answers("; ".join(f"{one.name}: {one.title}" for one in same), http.Problem, media=MEDIA_TYPE)
        for status, same in sorted(found.items())
    }


def _either(rows: tuple[Any, ...]) -> dict[str, Any]:
    named = [{"$ref": f"#/components/schemas/{one.__name__}"} for one in rows]
    return named[0] if len(named) == 1 else {"anyOf": named}
