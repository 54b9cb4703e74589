"""What to look at before believing that an answer, true as it may be, is to what one wants to know."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from api.language import label
from ledger.ids import is_statement_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from ledger.evidence.bundle.answer import Claimed
    from ledger.words.table import Language
    from projections.claims.checking import Checked

_CLOSE: Final = timedelta(days=1)
"""Terms that are told as of so near to the verifier's clock are told as of today."""
_LEFT_OUT: Final = "The bundle proves the record up to position {size}; {number} of its events are later, and left out."
_TOLD_SINCE: Final = (
    "The bundle proves the record up to position {size}; {number} of its events are later, and count only for what is "
    "told as known now."
)


def remarks(checked: Checked, clock: datetime, tell: Callable[[datetime], str], language: Language) -> Iterator[str]:
    """Yield remarks on an answer. clock: what time it is here. tell: how an instant is written."""
    asked = checked.asked
    if asked is None:
        return
    if checked.amended is not None:
        form = label("It is corrected or voided by position {number}; what was signed stays signed.", language)
        yield form.format(number=checked.amended)
    if checked.bundled != asked.subject and not is_statement_id(asked.subject):
        form = label("The bundle is about {bundled}, and the answer about {subject}.", language)
        yield form.format(bundled=checked.bundled, subject=asked.subject)
    if checked.size is not None and asked.as_of < checked.size:
        form = _TOLD_SINCE if tells_since(checked) else _LEFT_OUT
        yield label(form, language).format(size=checked.size, number=checked.later)
    if checked.follows is not None:
        yield from _of_earlier(checked.follows.claimed, language)
    events = () if checked.follows is None else checked.follows.events
    if events and asked.now < events[-1].recorded:
        form = label("Terms are told as of {now}, before the last event that counts was recorded, {time}.", language)
        yield form.format(now=tell(asked.now), time=tell(events[-1].recorded))
    if abs(asked.now - clock) > _CLOSE:
        form = label("Terms are told as of {now}, and by the clock here it is {clock}.", language)
        yield form.format(now=tell(asked.now), clock=tell(clock))
    if checked.claimed is not None and abs(asked.now - checked.claimed.now) > _CLOSE:
        form = label("The claimed answer tells terms as of {now}.", language)
        yield form.format(now=tell(checked.claimed.now))


def tells_since(checked: Checked) -> bool:
    """Return whether rows follow that tell, beside what was known at the position asked for, what is known since."""
    follows, size = checked.follows, checked.size
    return follows is not None and size is not None and follows.tells_since and follows.claimed.as_of < size


def _of_earlier(claimed: Claimed, language: Language) -> Iterator[str]:
    """Yield what an answer of an earlier form tells otherwise than one of the newest, or leaves out."""
    if claimed.earlier is not None and claimed.question == "whereabouts":
        yield label("It is of an earlier form, which does not name what told it since.", language)
    if claimed.earlier == 1 and claimed.question == "balance":
        yield label(
            "It is of an earlier form, by which goods that went missing stay so, though they were lost or found since.",
            language,
        )
    if claimed.earlier is not None and claimed.question == "balance":
        yield label(
            "It is of an earlier form, which does not tell what of what is on hand is in transit or in use.", language
        )
