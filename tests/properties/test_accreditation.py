"""What is owed for a site, of few statements as of all that ever stood there: whatever comes, goes, is taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.stock import ItemCheckedOut, ItemStored
from ledger.domain.fold import changes
from ledger.domain.registry.parties import SiteChanged
from ledger.ids import Tag
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import ABOUT, obligations
from projections.accreditation import Opening, since
from projections.folding.editions import Begun
from projections.own_kinds import SITE_KINDS
from tests.spec.bench import LAB, A, B, vials
from tests.spec.owing.scenes import told as in_force
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, packs, said

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event, Signed
    from ledger.ids import ItemId

SITE = Tag(LAB)


def _stored(at: datetime, item: ItemId) -> Signed[Any]:
    return said(ItemStored(site=LAB, items=(Placed(item=item, place=f"F1/{item[-1]}"),)), LABORATORY, at=at)


def _taken_out(at: datetime, item: ItemId) -> Signed[Any]:
    return said(ItemCheckedOut(site=LAB, items=(item,), project="p-1"), LABORATORY, at=at)


def _changed(at: datetime, until: date | None, *, active: bool | None) -> Signed[Any]:
    return said(SiteChanged(site=LAB, certificate_to=until, active=active), LABORATORY, at=at)


_INSTANTS = st.integers(0, 9).map(lambda hours: NOON + timedelta(hours=hours))
_ITEMS = st.sampled_from((A, B))
_ACTS = st.one_of(
    st.builds(_stored, _INSTANTS, _ITEMS),
    st.builds(_taken_out, _INSTANTS, _ITEMS),
    st.builds(
        _changed,
        _INSTANTS,
        st.sampled_from((None, date(2026, 12, 31), date(2027, 6, 30), date(2027, 12, 31))),
        active=st.sampled_from((None, None, True, False)),
    ),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Event[Any]]:
    """Draw what is told of a site and two items, some of it taken back or told of another hour."""
    told = [*vials(), *draw(st.lists(_ACTS, min_size=2, max_size=9))]
    acts = told[len(vials()) :]
    for one in draw(st.lists(st.sampled_from(acts), max_size=2, unique_by=lambda act: act.id)):
        if draw(st.booleans()):
            told.append(said(StatementVoided(statement=one.id, ground="entered-twice"), LABORATORY, at=NOON))
        else:
            told.append(replace(said(one.body, LABORATORY, SECOND_PERSON, at=draw(_INSTANTS)), corrects=one.id))
    return in_force(told)


@settings(deadline=None)
@given(histories())
def test_what_is_owed_and_stands_is_computed_of_what_opened_it_and_of_the_sites_own_statements(
    events: list[Event[Any]],
) -> None:
    _check(events)


def test_what_has_stood_there_since_an_accreditation_was_renewed_rests_on_the_new_one() -> None:
    later = NOON + timedelta(hours=1)
    for events, expected in (
        ([_stored(NOON, A)], 1),
        ([_stored(NOON, A), _changed(later, date(2031, 1, 1), active=None), _stored(later, B)], 1),
        ([_stored(NOON, A), _taken_out(later, A)], 0),
        ([_stored(NOON, A), _changed(later, None, active=False)], 0),
    ):
        assert _check(in_force([*vials(), *events])) == expected


def _check(events: list[Event[Any]]) -> int:
    """Hold what stands against the same computed of few statements. Return how much that is."""
    editions = Begun(packs(), events[-1].recorded)
    about = [event for event in events if SITE in event.tags]
    owed = [
        one for one in obligations(about, editions, {SITE}, ABOUT["site"]) if one.met is None and one.lapsed is None
    ]
    for one in owed:
        assert _again(one, about, editions) == one
    return len(owed)


def _again(one: Obligation, about: list[Event[Any]], editions: Begun) -> Obligation:
    """Return an obligation, computed of few statements."""
    first = next(event for event in about if event.position == one.opened.position)
    counts = next(event for event, _, _ in changes(SITE, about, KINDS) if event.position == first.position)
    own = [event for event in about if event.said.kind in SITE_KINDS]
    opening = Opening(counts, (*own, first), list(changes(SITE, own, KINDS)))
    return next(found for found in since(SITE, opening, editions) if found.order == one.order)
