"""Seal the verifier page: put the words of breaches into it, and the hashes of its blocks into its policy.

Without the hashes browsers run none of the blocks.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Final

from ledger.breach import PARAMETERS, Sort
from ledger.words.sentences import table_of
from ledger.words.table import Language, words_in

PAGE: Final = Path("ledger/evidence/verify.html")
_BLOCK: Final = re.compile(r"<(style|script)[^>]*>(.*?)</\1>", re.DOTALL)
_SEAL: Final = re.compile(r"'sha256-[^']*'")


_FORM: Final = ("unknown", "none", "between", "more", "about")
_WORDS: Final = re.compile(r"^const BREACH_WORDS = .*;$", re.MULTILINE)


def worded(page: str) -> str:
    """Return the page with the words of today's tables."""
    instants = [name for name, sort in PARAMETERS.items() if sort is Sort.INSTANT]
    tables = {}
    for language in Language:
        words = words_in(language)
        form = {name: words.form[name] for name in _FORM}
        codes = {name: words.code[table_of(name)] for name in PARAMETERS if table_of(name) in words.code}
        tables[language] = {"form": form, "breach": words.breach, "code": codes, "instants": instants}
    written = json.dumps(tables, ensure_ascii=False, separators=(",", ":"))
    return _WORDS.sub(lambda _: f"const BREACH_WORDS = {written};", page)


def sealed(page: str) -> str:
    """Return the page with the hash of each block in the place of the hash that stood for it; the order is theirs."""
    digests = (hashlib.sha256(text.encode()).digest() for _, text in _BLOCK.findall(page))
    seals = iter([f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests])
    return _SEAL.sub(lambda _: next(seals), page)


if __name__ == "__main__":
    PAGE.write_text(sealed(worded(PAGE.read_text(encoding="utf-8"))), encoding="utf-8")
