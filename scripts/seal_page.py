"""Seal the verifier page: put its sources and the program's words together, and the blocks' hashes into its policy.

Without the hashes browsers run none of the blocks. What is made, ``ledger/evidence/verify.html``, is one file that can
be taken along, read and opened without anything else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Final

from scripts.page_answers import KNOWN, page_answers, written
from scripts.page_words import page_words

PAGE: Final = Path("ledger/evidence/verify.html")
SOURCES: Final = Path("ledger/evidence/page")
_INCLUDED: Final = re.compile(r"(?:^@@ \S+\n)+", re.MULTILINE)
_BLOCK: Final = re.compile(r"<(style|script)[^>]*>(.*?)</\1>", re.DOTALL)
_SEAL: Final = re.compile(r"'sha256-[^']*'")


def assembled() -> str:
    """Return the page with each of its sources in its place, and the words of today's tables, unsealed."""
    frame = (SOURCES / "page.html").read_text(encoding="utf-8")
    return _INCLUDED.sub(lambda found: "\n".join(map(_source, found[0].replace("@@", "").split())), frame)


def sealed(page: str) -> str:
    """Return the page with the hash of each block in the place of the hash that stood for it; the order is theirs."""
    digests = (hashlib.sha256(text.encode()).digest() for _, text in _BLOCK.findall(page))
    seals = iter([f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests])
    return _SEAL.sub(lambda _: next(seals), page)


def _source(name: str) -> str:
    match name:
        case "words":
            return _constant("WORDS", page_words())
        case "effects":
            return _constant("EFFECTS_TABLE", page_answers())
        case _:
            return (SOURCES / name).read_text(encoding="utf-8")


def _constant(name: str, value: object) -> str:
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"const {name} = {written};\n"


if __name__ == "__main__":
    KNOWN.write_text(written(), encoding="utf-8")
    PAGE.write_text(sealed(assembled()), encoding="utf-8")
