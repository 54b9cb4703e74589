"""That nothing is missing: step 11 of ``verify``. It is as the index says, and as those who replayed the log vouch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import IntegrityFailed, Malformed
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.rests import Shown, missing
from ledger.evidence.checks.verdicts import Check, CheckFailed, Claim, NotChecked, Verdict, asking
from ledger.ids import type_of
from ledger.tlog.index import check_complete, check_index_proof, decode_index_proof, state_of, status_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.evidence.checks.events import Taken
    from ledger.evidence.checks.opening import Opened
    from ledger.ids import Tag

_UNCLAIMED: Final = "the bundle's subject rests on it, and the bundle claims nothing of it"
_NOT_WHOLE: Final = "an item is made of it, and the bundle does not claim to hold all of its events"
_ALONE: Final = "is the operator's word alone: no mirror that replays the log vouches for it"


class LeftOut(NamedTuple):
    """How many events of a tag a bundle leaves out, and how many there are."""

    events: int
    of: int


class Completeness:
    """The claims of step 11, and what comes out beside them.

    left_out: of tags whose status is here, what else bears them and is not.
    """

    def __init__(self, opened: Opened, taken: Taken) -> None:
        """Check nothing yet. taken: the bundle's entries, behind steps 5 to 10."""
        self._opened = opened
        self._taken = taken
        self._counting = taken.counting()
        self._last = opened.manifest.size - 1
        self.left_out: dict[Tag, LeftOut] = {}

    def claims(self) -> Iterator[Claim]:
        """Yield a claim for each tag of which the bundle claims something, or does not though it should."""
        manifest = self._opened.manifest
        yield from self._unclaimed()
        for number, tag in enumerate(manifest.complete, start=1):
            yield self._claim(f"tag {tag}", tag, partial(self._check_whole, number, tag))
        for number, tag in enumerate(manifest.status, start=1):
            yield self._claim(status_name(tag), tag, partial(self._check_status, number, tag))
        for tag in manifest.part:
            yield Claim(f"part {tag}", Verdict.NOT_CHECKED, in_part_words(len(self._counting.get(tag, ()))))

    def _unclaimed(self) -> Iterator[Claim]:
        manifest, taken = self._opened.manifest, self._taken
        if manifest.subject not in manifest.complete:
            words = "the bundle does not claim to be complete about its own subject"
            yield Claim(f"tag {manifest.subject}", Verdict.FAILED, words, Check.COMPLETENESS)
        shown = [Shown(held.entry, taken.read.get(position)) for position, held in taken.held.items()]
        for tag in missing(manifest, shown):
            about = f"tag {tag}" if type_of(tag) == "item" else status_name(tag)
            yield self._claim(about, tag, partial(_refuse, tag))

    def _claim(self, about: str, tag: Tag, check: Callable[[], str]) -> Claim:
        """Return what a check of the index finds: as much as those vouch for who say what the index is."""
        try:
            with asking(Check.COMPLETENESS):
                words = check()
        except CheckFailed as failed:
            return Claim(about, Verdict.FAILED, failed.words, failed.check)
        except NotChecked as hindered:
            return Claim(about, Verdict.NOT_CHECKED, hindered.words)
        if replayed := self._opened.witnessed.replayed:
            return Claim(about, Verdict.KNOWN, f"{words} and none is missing: replayed by {', '.join(replayed)}")
        if type_of(tag) == "key":
            return Claim(about, Verdict.NOT_CHECKED, f"{words}; that none is missing, no revocation either, {_ALONE}")
        return Claim(about, Verdict.NOT_CHECKED, f"{words}; that none is missing {_ALONE}")

    def _check_whole(self, number: int, tag: Tag) -> str:
        return f"its {self._known(bundle.index_name(number), tag)} events up to {self._last} are here"

    def _check_status(self, number: int, tag: Tag) -> str:
        known = self._known(bundle.status_proof_name(number), status_name(tag))
        count, held = self._count(number, tag), len(self._counting.get(tag, ()))
        if held > count:
            raise IntegrityFailed(f"index proof of {tag}: the log knows {count} events, {held} are here")
        if held < count:
            self.left_out[tag] = LeftOut(count - held, count)
        return f"its {known} events that establish, limit or end it up to {self._last} are here"

    def _known(self, file: str, name: str) -> int:
        """Return how many events the index knows under a name, once they are those of the bundle."""
        proof, root = decode_index_proof(self._opened.files[file]), self._opened.state.index_root
        known, events = check_index_proof(proof, name, root), self._counting.get(name, [])
        if self._taken.unread is not None and known != state_of(events):
            raise NotChecked(
                f"event {self._taken.unread} cannot be read here, and may be one of its {known.count} events"
            )
        return check_complete(proof, name, events, root).count

    def _count(self, number: int, tag: Tag) -> int:
        """Return how many events of a tag of status the index knows, others than those of its status included."""
        file = bundle.index_name(len(self._opened.manifest.complete) + number)
        return check_index_proof(decode_index_proof(self._opened.files[file]), tag, self._opened.state.index_root).count


def in_part_words(count: int) -> str:
    """Return what is said of a tag of which something may be withheld. count: how many of its events are here."""
    return f"{count} of its events are here; what else is recorded about it, if anything, is withheld"


def _refuse(tag: Tag) -> str:
    """Raise Malformed (EVD-22) for a tag that the manifest should list."""
    raise Malformed("EVD-22", "manifest", _NOT_WHOLE if type_of(tag) == "item" else _UNCLAIMED)
