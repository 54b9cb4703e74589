"""What is made from the code is as the code would make it now."""

from __future__ import annotations

from scripts.make_docs import documents, kept_schemas


def test_made_documents_are_up_to_date() -> None:
    stale = [
        path.name for path, text in documents().items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `make docs`"


def test_no_schema_is_left_of_a_kind_or_command_that_is_no_more() -> None:
    assert kept_schemas() <= documents().keys()
