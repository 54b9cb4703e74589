"""How items end: incidents, disposal, destruction, waste, exits. The kinds of this wing, one row each."""

from __future__ import annotations

from typing import Any

from ledger.domain.custody import positions
from ledger.domain.ending import deposit, destruction, disposal, exits, incidents, sale, waste
from ledger.domain.kind import Kind
from ledger.statement.catalogue.signers import CONCERNED, CONTRACTOR, HANDS, KEEPERS, LABORATORIES

ENDING: tuple[Kind[Any], ...] = (
    Kind("loss.reported/1", incidents.LossReported, HANDS, incidents.judge_loss_reported, item=incidents.loss_reported, site=positions.site_left, case=incidents.loss_opened),
    Kind("incident.reported/1", incidents.IncidentReported, HANDS, incidents.judge_incident_reported, case=incidents.incident_opened),
    Kind("incident.closed/1", incidents.IncidentClosed, HANDS, incidents.judge_incident_closed, item=incidents.item_found, case=incidents.incident_closed),
    Kind("disposal.requested/1", disposal.DisposalRequested, HANDS, disposal.judge_disposal_requested, item=disposal.disposal_requested, case=disposal.disposal_opened),
    Kind("disposal.approved/1", disposal.DisposalApproved, HANDS, disposal.judge_disposal_approved, case=disposal.disposal_approved),
    Kind("item.destroyed/1", destruction.ItemDestroyed, HANDS, destruction.judge_item_destroyed, persons=2, item=destruction.item_destroyed, site=destruction.site_emptied, case=destruction.disposal_executed),
    Kind("waste.handed-over/1", waste.WasteHandedOver, HANDS, waste.judge_waste_handed_over, item=waste.waste_handed_over, site=positions.site_left, case=waste.waste_opened),
    Kind("waste.certified/1", waste.WasteCertified, CONTRACTOR, waste.judge_waste_certified, item=waste.item_certified, case=waste.waste_certified),
    Kind("item.re-exported/1", exits.ItemReExported, HANDS, exits.judge_item_re_exported, item=exits.item_re_exported, site=positions.site_left),
    Kind("activity.ended/1", exits.ActivityEnded, LABORATORIES, exits.judge_activity_ended),
    Kind("sale.recorded/1", sale.SaleRecorded, CONCERNED, sale.judge_sale_recorded, item=sale.item_sold),
    Kind("deposit.receipted/1", deposit.DepositReceipted, KEEPERS, deposit.judge_deposit_receipted),
)  # fmt: skip
