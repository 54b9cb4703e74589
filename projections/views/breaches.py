"""Breaches: the rules that statements were recorded against, as their signers were told and acknowledged.

Of a statement and not of a subject's steps: what an entry says of it stays, whatever is corrected or voided later
(``correction`` says what was). The runner puts these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.judging import Event
    from projections.views.view import Row


def rows(event: Event[Any]) -> Iterator[Row]:
    """Yield the breaches of a statement, in the order of its entry.

    about: the subjects that one concerns; none of what concerns the whole statement. reason: of the signers.
    """
    for number, breach in enumerate(event.breaches, 1):
        said = event.said
        parties = tuple(sorted(map(str, said.parties)))
        reason = (said.acknowledged or {}).get(breach.rule)
        stated = (said.kind, breach.rule, breach.subjects, parties)
        yield (said.id, number, event.position, *stated, said.occurred_at, event.recorded, reason)


BREACHES = View(
    name="breach",
    of="",
    columns=(
        *("statement", "number", "position", "kind", "rule", "about", "parties"),
        *("occurred", "recorded", "reason"),
    ),
    key=2,
)
