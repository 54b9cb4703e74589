"""What is done with items: collected, used, divided, pooled, inactivated. The kinds of this wing, one row each."""

from __future__ import annotations

from typing import Any

from ledger.domain.kind import Kind
from ledger.domain.work import collection, derive, inactivation, use
from ledger.statement.catalogue.signers import LABORATORIES

WORK: tuple[Kind[Any], ...] = (
    Kind("item.collected/1", collection.ItemCollected, LABORATORIES, collection.judge_item_collected, item=collection.item_collected, site=collection.site_collected),
    Kind("item.used/1", use.ItemUsed, LABORATORIES, use.judge_item_used, item=use.item_used),
    Kind("item.tested/1", use.ItemTested, LABORATORIES, use.judge_item_tested, item=use.item_tested),
    Kind("item.aliquoted/1", derive.ItemAliquoted, LABORATORIES, derive.judge_item_aliquoted, item=derive.item_aliquoted, consignment=derive.aliquots_labelled, site=derive.aliquots_at),
    Kind("item.derived/1", derive.ItemDerived, LABORATORIES, derive.judge_item_derived, item=derive.item_derived, consignment=derive.outputs_labelled, site=derive.outputs_at),
    Kind("item.pooled/1", derive.ItemPooled, LABORATORIES, derive.judge_item_pooled, item=derive.item_pooled, consignment=derive.pool_labelled, site=derive.pool_at),
    Kind("item.propagated/1", derive.ItemPropagated, LABORATORIES, derive.judge_item_propagated, item=derive.item_propagated, consignment=derive.outputs_labelled, site=derive.outputs_at),
    Kind("item.inactivated/1", inactivation.ItemInactivated, LABORATORIES, inactivation.judge_item_inactivated, item=inactivation.item_inactivated),
    Kind("inactivation.verified/1", inactivation.InactivationVerified, LABORATORIES, inactivation.judge_inactivation_verified, item=inactivation.inactivation_verified),
)  # fmt: skip
