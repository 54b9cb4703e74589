"""Corrections and voidings: they count at once and only once, and cost little when they may not be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import LogOpened
from ledger.errors import Refused
from ledger.ids import Tag, key_tag
from ledger.statement.text.binary import encode_base64
from ledger.store.deciding.judgement import Bench, judge
from ledger.store.deciding.worlds import Worlds
from tests.authors import START, author
from tests.contracts.vials import A, B, left
from tests.imports import (
    IMPORTER,
    PACKS,
    TestClock,
    answer_of,
    handed_in,
    opening,
    record_all,
    state,
    together,
    told,
    use,
    voiding,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ledger.service import Ledger
    from ledger.store.port import LockedLog, Recorded, Store


def test_a_correction_counts_for_what_follows_in_its_batch(ledger: Ledger, clock: TestClock) -> None:
    wrong = use(A, "1")
    right = use(A, "9", corrects=wrong)
    answers = together(ledger, clock, *map(handed_in, (wrong, use(A, "1"), right, use(A, "1"), use(B, "1"))))
    assert [told(one) for one in answers] == ["recorded", "recorded", "recorded", "GAT-03", "recorded"]
    assert (left(ledger, A), left(ledger, B)) == ("0 mL", "9 mL")


def test_a_voiding_counts_for_what_follows_in_its_batch(ledger: Ledger, clock: TestClock) -> None:
    wrong = use(A, "10")
    answers = together(ledger, clock, *map(handed_in, (wrong, use(A, "4"), voiding(wrong), use(A, "4"), use(A, "7"))))
    assert [told(one) for one in answers] == ["recorded", "GAT-03", "recorded", "recorded", "PRT-02"]
    assert left(ledger, A) == "6 mL"


@pytest.mark.rule("COR-01")
@pytest.mark.parametrize("apart", [False, True])
def test_what_is_corrected_or_voided_is_not_so_again(ledger: Ledger, clock: TestClock, *, apart: bool) -> None:
    first, second = use(A, "1"), use(B, "1")
    right = use(A, "2", corrects=first)
    better = use(A, "3", corrects=right)
    statements = [
        *(first, second, right, use(A, "4", corrects=first), voiding(first), better, voiding(right)),
        *(voiding(second), voiding(second), use(B, "5", corrects=second)),
    ]
    if apart:
        answers = [answer_of(ledger.submit(handed_in(one))) for one in statements]
    else:
        answers = together(ledger, clock, *map(handed_in, statements))
    told_to = ["recorded"] * 3 + ["COR-01"] * 2 + ["recorded", "COR-01", "recorded", "COR-01", "COR-01"]
    assert [told(one) for one in answers] == told_to
    assert (left(ledger, A), left(ledger, B)) == ("7 mL", "10 mL")


# Who asks for much work


class CountingLog:
    """A log under its lock that notes what is read of it for a rewriting."""

    def __init__(self, log: LockedLog) -> None:
        """Stand before a log."""
        self._log = log
        self.asked: list[Tag] = []

    def __getattr__(self, name: str) -> object:
        """Do all else as the log does."""
        return getattr(self._log, name)

    def concerning(self, wanted: Mapping[Tag, Collection[str]]) -> Sequence[Recorded]:
        """Note the tags."""
        self.asked += wanted
        return self._log.concerning(wanted)


@pytest.mark.rule("COR-02", "COR-03")
def test_nothing_of_what_is_corrected_is_folded_for_those_who_may_not(store: Store, ledger: Ledger) -> None:
    target = use(A, "1")
    record_all(ledger, [target])
    stranger = author("party:nobody", Role.OPERATOR)
    first = opening(stranger)
    body = LogOpened(
        party=stranger.party,
        name="X",
        key=key_tag(stranger.signer.thumbprint),
        spki=encode_base64(stranger.signer.spki),
        alg=stranger.signer.alg,
        person=stranger.person,
    )
    opened_again = state(body, stranger, corrects=target.id, reason="misread")
    foreign = voiding(target, IMPORTER)
    for made, rule in ((first, "ENR-01"), (opened_again, "COR-03"), (foreign, "COR-02")):
        verified = ledger._intake.verify(handed_in(made))
        with store.locked() as log:
            counting, worlds = CountingLog(log), Worlds()
            worlds.catch_up(log)
            bench = Bench(cast("LockedLog", counting), worlds, PACKS.at_instant("CN", START), START)
            with pytest.raises(Refused, match=rule):
                judge(bench, verified.said, verified.named)
        assert not {tag for tag in counting.asked if tag.startswith(("site:", "approval:", "consignment:"))}
        assert rule == "COR-02" or Tag(A) not in counting.asked
