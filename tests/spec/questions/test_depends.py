"""What depends on a permit, and which run out: questions of the record, folded from a small history."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.authorisation.depends import Dependents, dependents, running_out
from ledger.domain.law.schemes import Scheme
from ledger.ids import ItemId
from tests.spec.authorisations import BODY, CERTIFICATE, LICENCE, LIST, PARTIES, drawn, ended, linked, recorded
from tests.spec.bench import APPROVAL, A, B, aliquoted, child, vials
from tests.spec.world import NOON, events_of, world_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.domain.judging import Signed
    from ledger.domain.states.subjects import Subject

MADE: Final = ItemId("item:made")
NOTHING: Final = Dependents(frozenset(), frozenset(), frozenset())


def subjects(given: list[Signed[Any]]) -> Iterable[Subject]:
    return world_of(events_of(given), NOON).subjects.values()


def test_what_depends_on_a_permit_is_found_through_others() -> None:
    given = [
        *PARTIES, *vials(), recorded(LICENCE), recorded(CERTIFICATE, permits=(LICENCE,)),
        recorded(LIST, Scheme.ASSESSMENT_REPORT, BODY), drawn(A, permit=CERTIFICATE),
        aliquoted(child(MADE, "3"), residual="7"),
    ]  # fmt: skip
    found = dependents(subjects(given), LICENCE)
    assert found == Dependents(frozenset({CERTIFICATE}), frozenset(), frozenset({A, MADE}))
    assert dependents(subjects(given), LIST) == NOTHING
    given.append(linked(permit=LIST, approvals=(APPROVAL,), by=BODY))
    assert dependents(subjects(given), LIST) == Dependents(
        frozenset(), frozenset({APPROVAL}), frozenset({A, B, MADE})
    ), "what came in under the approval that stands on the report"


def test_permits_that_run_out_are_found_with_the_approvals_that_depend_on_them() -> None:
    given = [
        *PARTIES, *vials(), recorded(LICENCE, valid_to=date(2026, 12, 31), approvals=(APPROVAL,)),
        recorded(CERTIFICATE, valid_to=date(2026, 10, 1)), recorded(LIST, valid_to=None),
    ]  # fmt: skip
    found = running_out(subjects(given), date(2026, 9, 1), date(2026, 12, 31))
    assert list(found) == [CERTIFICATE, LICENCE]
    assert found[LICENCE].approvals == {APPROVAL}
    assert list(running_out(subjects(given), date(2026, 9, 1), date(2026, 12, 30))) == [CERTIFICATE]
    assert list(running_out(subjects([*given, ended(permit=CERTIFICATE)]), date(2026, 9, 1), date(2026, 12, 30))) == []
