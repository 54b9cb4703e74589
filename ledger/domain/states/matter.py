"""What a matter adds to its case: the base of the state that only one kind of case has.

A case stays small: what an application or a meeting holds beyond it stands in ``Case.detail``, in a type of the wing
that opens such cases, which has a file of its own beside this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from ledger.ids import Tag


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a case that only its own matter has."""

    @property
    def links(self) -> frozenset[Tag]:
        """Return the further subjects that a judgement about the case rests on."""
        return frozenset()
