"""How much of a subject somebody may see: which stretches of its history, or what the register says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from ledger.domain.acts import Place

REGISTER: Final = frozenset(
    {
        "log.opened/1",
        "party.registered/1",
        "role.granted/1",
        "role.withdrawn/1",
        "authority.assigned/1",
        "key.enrolled/1",
        "key.revoked/1",
        "site.registered/1",
        "site.changed/1",
        "access.digested/1",
    }
)
"""Kinds that everybody who has signed in may read: who may speak, as what, with which key and from where. Without them
no signature can be checked and nothing be handed over. The digests of the access log bind
it for everybody."""


class Window(NamedTuple):
    """A stretch of a subject's history, in the order of the acts.

    since: the first place in it; None: from the beginning.
    until: the last place in it; None: without an end, so that what the subject is now is in it.
    """

    since: Place | None = None
    until: Place | None = None

    def holds(self, place: Place) -> bool:
        """Say whether a place is in it."""
        return (self.since is None or self.since <= place) and (self.until is None or place <= self.until)


EVER: Final = Window()


@dataclass(frozen=True, slots=True)
class Sight:
    """What may be seen of one subject. False where nothing may: then it is answered as if it were not there.

    windows: the stretches of its history. register: what the kinds of ``REGISTER`` say of it may be seen in any case.
    """

    windows: tuple[Window, ...] = ()
    register: bool = False

    def __bool__(self) -> bool:
        """Say whether anything may be seen."""
        return self.register or bool(self.windows)

    @property
    def whole(self) -> bool:
        """Say whether all of it may be seen, from the first act to what it is now."""
        return EVER in self.windows

    @property
    def now(self) -> bool:
        """Say whether what it is now may be seen."""
        return any(one.until is None for one in self.windows)

    @property
    def until(self) -> Place | None:
        """Return up to which place its state may be told (``fold``'s ``before`` is behind it); None: as it is now.

        Where only the register may be seen there is no state to be told; see ``windows``.
        """
        return None if self.now else max((one.until for one in self.windows if one.until is not None), default=None)


NOTHING: Final = Sight()


def joined(sights: Iterable[Sight]) -> Sight:
    """Return what several sights show together."""
    windows: dict[Window, None] = {}
    register = False
    for one in sights:
        windows |= dict.fromkeys(one.windows)
        register = register or one.register
    return Sight((EVER,) if EVER in windows else tuple(windows), register)
