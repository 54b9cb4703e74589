"""The client against the document: each operation has its method, whose answer is typed as the document says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from api.client.asking import NOUNS, Asking
from api.client.following import Following
from api.client.proving import Proving
from api.client.signing_in import challenged, sign_in, sign_out
from api.client.statements import Statements
from api.rows import access, answers, http, record

DOCUMENT: Final[dict[str, Any]] = json.loads(Path("docs/openapi.json").read_text(encoding="utf-8"))
OPERATIONS: Final = {
    operation["operationId"]: operation for path in DOCUMENT["paths"].values() for operation in path.values()
}
TYPES: Final = {
    name: row
    for module in (access, answers, http, record)
    for name, row in vars(module).items()
    if isinstance(row, type)
}

METHODS: Final[dict[str, Callable[..., Any]]] = {
    "submit_statement": Statements.submit,
    "submit_statements": Statements.submit_many,
    "check_statement": Statements.check,
    "draft_statement": Statements.draft,
    "read_proof": Statements.proof,
    **{f"list_{noun}": Asking.pages for noun in (*NOUNS.values(), "storage")},
    **{f"read_{id_type}": Asking.subject for id_type in NOUNS},
    **{f"read_evidence_of_{one}": Asking.evidence for one in NOUNS if one not in {"site", "key"}},
    "read_worklist": Asking.pages,
    "list_accesses": Asking.accesses,
    "prove_access": Proving.access,
    "list_questions": Asking.questions,
    "ask_question": Asking.answer,
    "read_entry": Asking.entry,
    "list_entries": Asking.entries,
    "read_statement": Asking.statement,
    "read_session": Asking.who,
    "follow_feed": Following.events,
    "read_checkpoint": Proving.checkpoint,
    "read_tile": Proving.checkpoint,
    "ask_for_challenge": challenged,
    "sign_in": sign_in,
    "sign_out": sign_out,
}
"""By operation, what asks it."""

_OF_HOOKS: Final = (
    *("register_hook", "withdraw_hook", "list_hooks"),
    *("list_deliveries", "replay_deliveries", "list_hook_keys"),
)
_OPEN: Final = ("leave_open_statement", "list_open_statements", "read_open_statement", "withdraw_open_statement")
_DRAFTS: Final = ("keep_draft", "list_drafts", "read_draft", "drop_draft")
_INBOX: Final = ("read_inbox", "mark_inbox_read", "follow_inbox", "read_digest")
LEFT_OUT: Final = {
    "make_token": "a person's, at a terminal: vialog token make",
    "list_tokens": "a person's, at a terminal: vialog token list",
    "withdraw_token": "a person's, at a terminal: vialog token withdraw",
    **dict.fromkeys(_OF_HOOKS, "a person's, who looks after hooks: docs/hooks.md"),
    **dict.fromkeys(_OPEN, "a signer's, at a terminal: vialog statement leave, waiting, fetch"),
    **dict.fromkeys(_DRAFTS, "a person's, who goes on writing elsewhere: docs/access.md"),
    **dict.fromkeys(_INBOX, "a person's: vialog inbox, the console's page, and a digest that is sent on"),
    "read_health": "for whoever looks after the service",
    "read_readiness": "for whoever looks after the service",
    "read_liveness": "for whoever looks after the service",
    "read_metrics": "for whoever looks after the service",
    **dict.fromkeys(
        ("print_labels_on_sheets", "print_labels_by_a_printer", "show_label"),
        "a person's: vialog labels print",
    ),
    "read_openapi": "the document itself",
}


IN_PAGES: Final = {"AccessRow": "Accesses"}
"""Of rows that a method yields, the page that they stand in."""

NO_ROWS: Final = {
    *("read_proof", "prove_access", "follow_feed", "read_checkpoint", "read_tile"),
    *("ask_for_challenge", "sign_in", "sign_out"),
    *(one for one in METHODS if one.startswith("read_evidence_of_")),
}
"""Operations whose answer is none of JSON's, or is used up by the method."""


def test_every_operation_of_the_document_has_its_method_or_a_reason() -> None:
    assert OPERATIONS.keys() == METHODS.keys() | LEFT_OUT.keys()


@pytest.mark.parametrize("operation", METHODS)
def test_a_method_answers_what_the_document_says(operation: str) -> None:
    """Each type of rows that a method names is one of those that its operation answers, and it names one."""
    named = set(re.findall(r"\w+", METHODS[operation].__annotations__["return"])) & TYPES.keys()
    told = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(OPERATIONS[operation]["responses"])))
    assert {IN_PAGES.get(one, one) for one in named} <= told
    assert named or operation in NO_ROWS
