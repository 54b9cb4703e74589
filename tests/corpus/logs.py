"""What the logs of the corpus are made with: an ordinary event, one as a later program writes it, others around it.

Each writes a log on, and returns the position that is odd.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.statement.form.envelope import parse_envelope
from ledger.statement.statement import sign_statement
from tests.corpus.bundle_log import Saying, SmallLog, tags_in
from tests.corpus.bundle_story import FIRST, LINEAGE, SCIENTIST, use
from tests.later import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ledger.domain.bodies.vocabulary import Body
    from ledger.statement.authoring import Author

ON_ITEM: Final = Saying(tags=LINEAGE)


def ordinary(log: SmallLog) -> int:
    return log.say(use(FIRST), SCIENTIST, saying=ON_ITEM)


def later(
    change: Callable[[dict[str, Any]], object],
    body: Body | None = None,
    authors: Sequence[Author] = (SCIENTIST,),
    derived: Collection[str] = LINEAGE,
) -> Callable[[SmallLog], int]:
    """Return what writes a statement as a later program might, signed for real, and an ordinary one behind it."""

    def tell(log: SmallLog) -> int:
        plain = sign_statement(log.payload(body or use(FIRST), authors), [one.signer for one in authors])
        envelope = changed(plain, change, *(one.signer for one in authors))
        at = log.append(envelope, parse_envelope(envelope).payload, Saying(tags=derived))
        log.say(use(FIRST), SCIENTIST, saying=ON_ITEM)
        return at

    return tell


def before_it(body: Body, *authors: Author) -> Callable[[SmallLog], int]:
    """Return what writes the same as this program does."""

    def tell(log: SmallLog) -> int:
        at = log.say(body, *authors, saying=ON_ITEM)
        log.say(use(FIRST), SCIENTIST, saying=ON_ITEM)
        return at

    return tell


def at_the_opening(log: SmallLog) -> int:
    ordinary(log)
    return 1


def at_the_state_entry(log: SmallLog) -> int:
    ordinary(log)
    return 0


def of_a_later_form(value: dict[str, Any]) -> None:
    value["v"] = 2
    del value["capture"]


def with_tags_of(log: SmallLog, position: int) -> Saying:
    """Return the saying of a statement that bears the tags of another."""
    (found,) = log.store.read(position - 1, 1)
    return Saying(tags=tags_in(found.entry))


TWICE: Final = before_it(use(FIRST), SCIENTIST)
