"""What schemathesis has to be told, in its own process: who asks, JSON lines, and statements that are signed.

Named by SCHEMATHESIS_HOOKS in `fuzz`, which names the scene too. Each kind of caller asks in its turn. No generator
finds a signature, or what is on record: every other statement that is handed in is replaced by one that the operator
has signed, and every other id in an address by one that is known.
"""

from __future__ import annotations

import json
import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import schemathesis

from api.http.bounds.positions import LEAST
from api.http.described import LINES
from projections.asked.table import QUESTIONS
from scripts.faults.fuzz import CALLERS, FOLDER, PORT, session
from scripts.faults.scene import Scene

if TYPE_CHECKING:
    from schemathesis import Case, DeserializationContext, HookContext, Response, SerializationContext

_HANDED_IN: Final = "/v1/statements"
_SIGNED_EVERY: Final = 2
_FOLLOWED: Final = ("/v1/feed", "/v1/inbox/feed")
_AT_LEAST: Final = 4
_SCENE: Final = Scene(Path(os.environ[FOLDER]), int(os.environ[PORT]), 0)
_PEN: Final = _SCENE.pen()
_CALLERS: Final[list[dict[str, str]]] = json.loads((_SCENE.folder / CALLERS).read_text())
_KNOWN: Final[dict[str, list[str]]] = {
    "ident": ["party:operator"],
    "position": ["1", "2", "3"],
    "name": list(QUESTIONS),
    "path": ["0/000.p/1", "entries/000.p/1"],
}
_seen: Final = count()
_handed_in: Final = count()


@schemathesis.serializer(LINES)
def write(_: SerializationContext, value: Any) -> bytes:  # noqa: ANN401  whatever was generated
    """Write what was generated as lines: the members of a list one a line, anything else as the one line."""
    if isinstance(value, bytes):
        return value
    return b"\n".join(json.dumps(one).encode() for one in (value if isinstance(value, list) else [value]))


@schemathesis.deserializer(LINES)
def read(_: DeserializationContext, response: Response) -> Any:  # noqa: ANN401  what is held against the schema
    """Read the first line of an answer: the document describes a line."""
    return json.loads(response.content.splitlines()[0])


@schemathesis.hook
def before_call(_: HookContext, case: Case[Any], __: dict[str, Any]) -> None:
    """Let somebody ask, for what is there now and then."""
    turn, caller = divmod(next(_seen), len(_CALLERS))
    _ask_as(case, _CALLERS[caller])
    if case.method == "POST" and case.path.startswith(_HANDED_IN) and next(_handed_in) % _SIGNED_EVERY == 0:
        case.body = json.loads(_PEN.write()[1])
    if turn % 2:
        case.path_parameters = {
            name: _KNOWN[name][turn // 2 % len(_KNOWN[name])] if name in _KNOWN else value
            for name, value in (case.path_parameters or {}).items()
        }
    if case.path in _FOLLOWED:
        case.query = {**(case.query or {}), "once": "true"}  # or it would not end
    # What never comes is waited for: that, a test of its own shows.
    if str(case.headers.get(LEAST, "")).isdigit():
        case.headers[LEAST] = str(int(case.headers[LEAST]) % _AT_LEAST)


def _ask_as(case: Case[Any], caller: dict[str, str]) -> None:
    ending = (case.method, case.path) == ("DELETE", "/v1/sessions/current")
    # Who signs out ends a session of his own, or nobody would be signed in from here on.
    case.headers.update({"Cookie": session(_SCENE).cookie} if ending and "Cookie" in caller else caller)
