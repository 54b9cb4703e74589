"""State entries: what the publisher says the index is, appended to the log; who replays it tells whether that is so.

A state entry is an ordinary entry whose header says ``rules none`` and names no tag; its data is the one line

    {"index_root":"<44 characters of base64>","size":<n>,"names":<m>,"published":<k>,"note":"<44 of base64>"}

    index_root   root of the index over all entries before this one; 32 bytes, standard base64 with padding
    size         number of those entries: its own position - 1
    names        number of names in the index: tags, and status of tags
    published    size of the newest checkpoint that was published then; 0 of none
    note         SHA-256 of that checkpoint's signed note, as it was published; of nothing where there was none

without white space, members in this order, numbers decimal without leading zeros and below 2^63. Every published
checkpoint's last leaf is a state entry, so the size of a checkpoint is n + 1. A state entry has no tags and never
changes the index. Standard library only.

>>> encode_state(StateEntry(bytes(32), 0, 0))
b'{"index_root":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","size":0,"names":0,"published":0,"note":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}'
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from ledger.errors import Malformed
from ledger.ids import StatementId
from ledger.statement.entries.entry import NO_RULES

if TYPE_CHECKING:
    from ledger.statement.entries.entry import Entry

STATE_KIND: Final = "log.state/1"
"""Under which kind the store keeps a state entry."""

NO_NOTE: Final = hashlib.sha256().digest()
"""What stands in the place of a note where nothing was published."""

RULES: Final = {
    "ENT-04": "The data of a state entry is its one line: the index's root, the log's size, the names; the checkpoint "
    "published before, and its note.",
}

_HASH: Final = rb'"([0-9A-Za-z+/]{43}=)"'
_NUMBER: Final = rb"(0|[1-9][0-9]{0,18})"
_FORM: Final = re.compile(
    rb'\{"index_root":%b,"size":%b,"names":%b,"published":%b,"note":%b\}' % (_HASH, _NUMBER, _NUMBER, _NUMBER, _HASH)
)
_LIMIT: Final = 1 << 63
_STATES: Final = UUID("5d0b5f0e-4c1d-4f52-9c1e-7c2d0a5b8e11")


@dataclass(frozen=True, slots=True)
class StateEntry:
    """What a state entry says of the entries before it.

    index_root: of the index over them, 32 bytes.
    size: how many they are.
    names: how many names the index holds.
    published: the size of the newest checkpoint then; 0 of none. note: SHA-256 of its note.
    """

    index_root: bytes
    size: int
    names: int
    published: int = 0
    note: bytes = NO_NOTE


def encode_state(state: StateEntry) -> bytes:
    """Return the data of a state entry.

    Raises Malformed: ENT-04, the state has no such line.
    """
    root, note = (base64.b64encode(one).decode("ascii") for one in (state.index_root, state.note))
    index = f'"index_root":"{root}","size":{state.size},"names":{state.names}'
    data = f'{{{index},"published":{state.published},"note":"{note}"}}'.encode("ascii")
    parse_state(data)
    return data


def parse_state(data: bytes) -> StateEntry:
    """Return what the data of a state entry says.

    Raises Malformed: ENT-04, not in the one form.
    """
    match = _FORM.fullmatch(data)
    if match is None:
        raise Malformed("ENT-04", "$", "not the one line of a state entry")
    size, names, published = (int(match[number]) for number in (2, 3, 4))
    state = StateEntry(_read(match[1], "$.index_root"), size, names, published, _read(match[5], "$.note"))
    if size >= _LIMIT or names >= _LIMIT:
        raise Malformed("ENT-04", "$", "a number of 2^63 or above")
    if published > size or (not published and state.note != NO_NOTE):
        raise Malformed("ENT-04", "$.published", "names what cannot have been published before")
    return state


def _read(written: bytes, member: str) -> bytes:
    read = base64.b64decode(written)
    if base64.b64encode(read) != written:
        raise Malformed("ENT-04", member, "not the one base64 spelling of its bytes")
    return read


def state_id(data: bytes) -> StatementId:
    """Return under which id the store keeps the state entry with some data: made from it, so that it can be checked.

    A UUID of version 5 (RFC 9562 5.5) in a name space of its own; no statement has one of that version.
    """
    return StatementId(str(uuid5(_STATES, data.decode("ascii"))))


def is_state(entry: Entry) -> bool:
    """Say whether an entry is a state entry, by its header alone: nothing else is recorded without having been judged.

    Whether its data is well-formed and true is another question; see ``state_of``.
    """
    return entry.rules == NO_RULES


def state_of(entry: Entry) -> StateEntry:
    """Return what a state entry says.

    Raises Malformed: ENT-04, its header or data is not that of a state entry, or its size is not its position - 1.
    """
    if not is_state(entry) or entry.tags or entry.breaches:
        raise Malformed("ENT-04", "$", "a state entry is judged by no rules and has neither tags nor breaches")
    state = parse_state(entry.data)
    if state.size != entry.position - 1:
        raise Malformed("ENT-04", "$.size", f"{state.size} where {entry.position - 1} entries stand before it")
    return state
