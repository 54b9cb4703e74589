"""Parts of the subjects of a log: each subject in one, those that were named together side by side, none too heavy."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from ledger.ids import Tag
from projections.folding.groups import Groups

GOODS: Final = [Tag(f"{of}:{number}") for of in ("approval", "case", "item") for number in range(6)]
LASTING: Final = [Tag(f"{of}:{number}") for of in ("party", "site") for number in range(3)]

NAMED: Final = st.lists(st.sets(st.sampled_from(GOODS + LASTING), min_size=1, max_size=4).map(sorted), max_size=12)
WEIGHTS: Final = st.fixed_dictionaries({tag: st.integers(1, 9) for tag in GOODS + LASTING})


@given(named=NAMED, weights=WEIGHTS, processes=st.integers(1, 4))
def test_each_subject_stands_in_one_part_and_no_process_gets_much_more_than_its_share(
    named: list[list[Tag]], weights: dict[Tag, int], processes: int
) -> None:
    parts = joined(named).parts(weights, processes)
    assert sorted(tag for part in parts for tag in part) == sorted(weights)
    done = [0] * processes
    for part in parts:  # who is free takes the next
        done[done.index(min(done))] += sum(weights[tag] for tag in part)
    assert max(done) - min(done) <= 9 + sum(weights.values()) / 8


@given(named=NAMED)
def test_those_that_were_named_together_stand_behind_each_other(named: list[list[Tag]]) -> None:
    groups = together(named)
    where = [number for tag in laid_out(joined(named), GOODS) for number, one in enumerate(groups) if tag in one]
    assert sum(one != other for one, other in pairwise(where)) == len(groups) - 1


def test_whoever_everybody_has_to_do_with_joins_nobody_and_stands_with_whom_it_was_first_named() -> None:
    groups, (first, second, third), party = Groups(), GOODS[:3], LASTING[0]
    for tags in ([party], [first, party], [second], [third, party]):
        groups.join(tags)
    assert laid_out(groups, [party, second, first, third]) == [party, first, second, third]


def test_goods_of_one_site_stand_behind_each_other_and_it_with_them() -> None:
    groups, (first, second, third), (site, other) = Groups(), GOODS[:3], LASTING[3:5]
    for tags in ([first, site], [second, other], [third, site]):
        groups.join(tags)
    assert laid_out(groups, [first, second, third, other, site]) == [first, site, third, second, other]


def test_the_first_parts_are_large_and_a_large_group_is_cut() -> None:
    groups, tags = Groups(), [Tag(f"item:{number}") for number in range(1_000)]
    groups.join(tags)
    sizes = [len(part) for part in groups.parts(dict.fromkeys(tags, 1), 2)]
    assert sizes[0] >= 250 > sizes[-1] > 0
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) > 8


def laid_out(groups: Groups, tags: list[Tag]) -> list[Tag]:
    """Return subjects in the order in which they are handed out."""
    return [tag for part in groups.parts(dict.fromkeys(tags, 1), 1) for tag in part]


def joined(named: list[list[Tag]]) -> Groups:
    """Return the groups of subjects that were named so."""
    groups = Groups()
    for tags in named:
        groups.join(tags)
    return groups


def together(named: list[list[Tag]]) -> list[set[Tag]]:
    """Return the goods that were named together, directly or through others: computed by joining all with all."""
    found: list[set[Tag]] = [{tag} for tag in GOODS]
    for tags in named:
        goods = {tag for tag in tags if tag in GOODS}
        joining = [one for one in found if one & goods]
        found = [one for one in found if not one & goods] + ([set().union(*joining)] if joining else [])
    return found
