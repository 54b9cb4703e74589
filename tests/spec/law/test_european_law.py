"""Small histories under the law of the European Union on animal by-products: the same core, another rule pack."""

from __future__ import annotations

import pytest

from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.ending.disposal import Method
from ledger.domain.work.use import ItemUsed
from ledger.ids import SiteId
from ledger.reference.activities import Activity
from tests.spec.law.test_other_laws import (
    LAB,
    OTHER_LAB,
    VIAL,
    accepted,
    destroyed,
    handed_over,
    imported,
    permit,
    received,
    under,
)


@pytest.mark.rule("APR-16")
@pytest.mark.parametrize("sites", [(), (LAB, OTHER_LAB)])
def test_in_the_european_union_an_authorisation_names_one_user(sites: tuple[SiteId, ...]) -> None:
    with under("EU") as scene:
        assert scene.broken(permit(scene, *sites), scene.customs.first) == ["APR-16"]


@pytest.mark.rule("DIR-01")
def test_in_the_european_union_samples_go_directly_to_their_user() -> None:
    with under("EU") as scene:
        scene.say(permit(scene, LAB), scene.customs.first)
        imported(scene)
        scene.say(*accepted(scene.carrier))
        assert scene.broken(*handed_over(scene.carrier, scene.stranger)) == ["DIR-01"]
        scene.say(*handed_over(scene.stranger, scene.carrier))


@pytest.mark.rule("USE-02")
def test_in_the_european_union_samples_have_no_other_use_whatever_the_authorisation_says() -> None:
    with under("EU") as scene:
        scene.say(permit(scene, LAB, purposes=("research", "sale")), scene.customs.first)
        imported(scene)
        received(scene)
        sold = ItemUsed(
            item=VIAL, laboratory=LAB, project="p-1", purpose="sale", activity=Activity.NONINFECTIOUS,
            quantity=Amount(value="0.5", unit="mL"),
        )  # fmt: skip
        assert scene.broken(sold, scene.lab.first) == ["USE-02"]


@pytest.mark.rule("DSP-05")
def test_in_the_european_union_samples_end_by_a_listed_method() -> None:
    with under("EU") as scene:
        scene.say(permit(scene, LAB), scene.customs.first)
        imported(scene)
        received(scene)
        assert scene.broken(*destroyed(scene, Method.CHEMICAL)) == ["DSP-05"]


def test_in_the_european_union_a_direct_import_that_is_burnt_breaks_nothing() -> None:
    with under("EU") as scene:
        scene.say(permit(scene, LAB), scene.customs.first)
        imported(scene)
        received(scene)
        (held,) = scene.owed("account-for-material")
        assert held.met is None
        scene.say(*destroyed(scene, Method.INCINERATION))
        (gone,) = scene.owed("account-for-material")
        assert gone.met is not None
        assert scene.owed("declare-at-destination") == []
