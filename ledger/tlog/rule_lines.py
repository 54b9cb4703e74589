r"""Files that a verifier writes by hand, the policy and the trust: one rule a line, whatever editor wrote it.

    file    = [byte order mark] line *(newline line)      newline is LF or CR LF; behind the last line it may be missing
    line    = words of UTF-8 with spaces and tabs between, before and behind them; without words it says nothing
    comment = a line whose first word begins with "#"; it may hold anything but control characters, be it UTF-8 or not

Nothing is signed over these files, so they may be written in several ways; what is not read is named with its cause,
for such a file looks right on the screen. What the words mean is the business of ``policy`` and of the trust.

>>> list(read_rules(b"\xef\xbb\xbfquorum\t none \r\n# \xd6\xd0\r\n", rule="TLOG-07", most=100))
[('line 1', ['quorum', 'none'])]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed
from ledger.tlog.wire import UNICODE_SPACES

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK: Final = b"\xef\xbb\xbf"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_CAUSES: Final = {b"\x00": "a zero byte, as UTF-16 has them: save it as UTF-8", b"\r": "a carriage return ends no line"}
_WORD: Final = re.compile(r"[^ \t]+")
_ODD_SPACE: Final = re.compile(f"[{UNICODE_SPACES}\ufeff]")


def read_rules(data: bytes, *, rule: str, most: int) -> Iterator[tuple[str, list[str]]]:
    """Yield where each rule of a file stands, as "line 7", and its words, at least one.

    rule: what a file breaks that cannot be read so. most: bytes that it may have.

    Raises Malformed(rule): too large, not UTF-8, a control character, a space that is none; its member is the line.
    """
    if len(data) > most:
        raise Malformed(rule, "$", f"larger than {most} bytes")
    if data.startswith(_UTF_16):
        raise Malformed(rule, "$", "is UTF-16: save it as UTF-8")
    for number, line in enumerate(data.removeprefix(_MARK).split(b"\n"), start=1):
        if words := _words(line.removesuffix(b"\r"), f"line {number}", rule):
            yield f"line {number}", words


def _words(line: bytes, where: str, rule: str) -> list[str]:
    if (control := _CONTROL.search(line)) is not None:
        raise Malformed(rule, where, _CAUSES.get(control[0], "a control character other than tab"))
    if line.lstrip(b" \t").startswith(b"#"):
        return []
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(rule, where, "not UTF-8") from None
    if (odd := _ODD_SPACE.search(text)) is not None:
        raise Malformed(rule, where, f"U+{ord(odd[0]):04X} stands where only spaces and tabs separate words")
    return _WORD.findall(text)
