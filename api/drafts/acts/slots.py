"""What an option, or a column of a list, may name: the members of a kind's body, by the ways in which they are called.

A member is called by its path, ``output.label``; of a list the singular does, ``input.item``; and the last name alone
where only one member is called so. Knows no kind by name: the schema says all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from api.manifests.members import Member, Members
from api.telling.schemas import BEGUN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.kind import Kind

_BODY: Final = "$.body."
_INDEX: Final = re.compile(r"\[[0-9]+\]")
_OF_HEADER: Final = {
    "$.occurred_at": "--occurred-at",
    "$.reason": "--reason",
    "$.corrects": "--corrects",
    "$.acknowledges": "--acknowledge",
    "$.disclose": "--disclose",
    "$.signers": "--key",
}
"""By where it stands in a draft, the option that gives what every statement may have."""

_IRREGULAR: Final = {"children": "child", "mismatches": "mismatch"}


@dataclass(frozen=True, slots=True)
class Slot:
    """A member that holds one value, or a list of such.

    path: below the body, or below an element of a list. within: that list; None: the body itself.
    amount: of an amount its value and its unit; None: it is none. begins: its subject is new.
    """

    path: str
    member: Member
    within: str | None
    amount: tuple[Member, Member] | None
    begins: bool

    @property
    def full(self) -> str:
        """Return its path in the body."""
        return self.path if self.within is None else f"{self.within}.{self.path}"

    @property
    def option(self) -> str:
        """Return how people name it: the singular of a list, hyphens between words."""
        list_of_texts = self.member.item is not None
        path = _singular(self.path) if list_of_texts else self.path
        full = path if self.within is None else f"{_singular(self.within)}.{path}"
        return f"--{full.replace('_', '-')}"

    @property
    def spellings(self) -> tuple[frozenset[str], ...]:
        """Return the names that it may be called by, those that go before others first."""
        last = self.path.rpartition(".")[2]
        singular = self.option.removeprefix("--").replace("-", "_")
        return frozenset({self.full}), frozenset({singular}), frozenset({last, singular.rpartition(".")[2]})


class Slots:
    """The members of one kind's body that can be named.

    lists: the members of the elements of each list of objects.
    """

    def __init__(self, kind: Kind[Any]) -> None:
        """Read the schema of a kind's body."""
        self.kind, self.body = kind.name, Members(kind.body, None)
        self._begun = BEGUN.get(kind.name, ())
        self.lists = {path: Members(kind.body, path) for path in self.body.paths() if _is_list(self.body.find(path))}
        self.all = [
            *self._leaves(self.body, None),
            *(slot for path, members in self.lists.items() for slot in self._leaves(members, path)),
        ]

    def named(self, name: str) -> Slot:
        """Return the member that a name means. Raises ValueError: none, or several."""
        written = name.replace("-", "_")
        for rank in range(3):
            found = [slot for slot in self.all if written in slot.spellings[rank]]
            if len(found) == 1:
                return found[0]
            if found:
                raise ValueError(f"may be any of {_listed(found)}")
        raise ValueError(f"is no member of {self.kind}; what is: {_listed(self.all)}")

    def option_of(self, member: str) -> str:
        """Return the option that gives a member of a draft, from the member's path; the path where none does."""
        if not member.startswith(_BODY):
            return next((option for path, option in _OF_HEADER.items() if member.startswith(path)), member)
        path = _INDEX.sub("", member.removeprefix(_BODY))
        found = [slot for slot in self.all if path == slot.full or path.startswith(f"{slot.full}.")] or self.at(path)
        return found[0].option if found else member

    def at(self, full: str) -> list[Slot]:
        """Return the member at a path of the body, or those below it."""
        return [slot for slot in self.all if slot.full == full or slot.full.startswith(f"{full}.")]

    @property
    def most(self) -> int | None:
        """Return how many rows make one statement: as many as its needed list takes; None: each makes one."""
        needed = (self.body.find(path) for path in self.body.missing({}))
        return next((one.longest for one in needed if one is not None and one.item is not None), None)

    def _leaves(self, members: Members, within: str | None) -> Iterator[Slot]:
        amounts: list[str] = []
        for path in members.paths():
            member = members.find(path)
            if member is None or any(path.startswith(f"{one}.") for one in amounts):
                continue
            amount = None
            if member.is_amount:
                amounts.append(path)
                parts = [members.find(f"{path}.{name}") for name in member.parts]
                amount = (parts[0], parts[1]) if parts[0] is not None and parts[1] is not None else None
            elif member.parts or _is_list(member):
                continue
            full = path if within is None else f"{within}.{path}"
            yield Slot(path, member, within, amount, full in self._begun)


def _is_list(member: Member | None) -> bool:
    """Say whether a member is a list of objects."""
    return member is not None and member.item is not None and bool(member.item.parts)


def _singular(path: str) -> str:
    before, dot, name = path.rpartition(".")
    return f"{before}{dot}{_IRREGULAR.get(name) or name.removesuffix('s')}"


def _listed(slots: list[Slot]) -> str:
    return ", ".join(slot.option for slot in slots)
