"""The page about the command line says what the commands say."""

from __future__ import annotations

import pytest

from scripts.make_cli_docs import PAGE, page


def test_the_page_says_what_help_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m scripts.make_cli_docs`"


def test_the_page_does_not_depend_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = page()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert page() == usual
