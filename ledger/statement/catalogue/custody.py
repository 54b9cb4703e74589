"""Items in hands and places: carriage, custody, receipt, stock and transfer. The kinds of this wing, one row each."""

from __future__ import annotations

from typing import Any

from ledger.domain.custody import carriage, custody, discrepancy, opening, positions, receipt, stock, transfer
from ledger.domain.kind import Kind
from ledger.statement.catalogue.signers import HANDS, KEEPERS

CUSTODY: tuple[Kind[Any], ...] = (
    Kind("shipment.packed/1", carriage.ShipmentPacked, HANDS, carriage.judge_shipment_packed, item=carriage.item_packed),
    Kind("temperature.recorded/1", carriage.TemperatureRecorded, HANDS, carriage.judge_temperature_recorded, item=carriage.item_measured),
    Kind("excursion.dispositioned/1", carriage.ExcursionDispositioned, KEEPERS, carriage.judge_excursion_dispositioned, item=carriage.item_dispositioned),
    Kind("custody.handed-over/1", custody.CustodyHandedOver, HANDS, custody.judge_custody_handed_over, item=custody.item_handed_over, site=positions.site_left),
    Kind("custody.accepted/1", custody.CustodyAccepted, HANDS, custody.judge_custody_accepted, item=custody.item_accepted, site=positions.site_left),
    Kind("custody.refused/1", custody.CustodyRefused, HANDS, custody.judge_custody_refused, item=custody.item_refused),
    Kind("item.received/1", receipt.ItemReceived, KEEPERS, receipt.judge_item_received, item=receipt.item_received, consignment=receipt.consignment_received, site=receipt.site_received),
    Kind("discrepancy.recorded/1", discrepancy.DiscrepancyRecorded, HANDS, discrepancy.judge_discrepancy_recorded, case=discrepancy.case_recorded),
    Kind("discrepancy.resolved/1", discrepancy.DiscrepancyResolved, HANDS, discrepancy.judge_discrepancy_resolved, case=discrepancy.case_resolved),
    Kind("item.labelled/1", discrepancy.ItemLabelled, HANDS, discrepancy.judge_item_labelled, item=discrepancy.item_labelled, consignment=discrepancy.consignment_labelled),
    Kind("item.stored/1", stock.ItemStored, KEEPERS, stock.judge_item_stored, item=stock.item_stored, site=stock.site_stored),
    Kind("item.moved/1", stock.ItemMoved, KEEPERS, stock.judge_item_moved, item=stock.item_restored, site=stock.site_stored),
    Kind("item.checked-out/1", stock.ItemCheckedOut, KEEPERS, stock.judge_item_checked_out, item=stock.item_checked_out, site=positions.site_left),
    Kind("item.returned/1", stock.ItemReturned, KEEPERS, stock.judge_item_returned, item=stock.item_restored, site=stock.site_stored),
    Kind("stock.opened/1", opening.StockOpened, KEEPERS, opening.judge_stock_opened, item=opening.item_opened, site=opening.site_opened),
    Kind("stock.counted/1", stock.StockCounted, KEEPERS, stock.judge_stock_counted, persons=2),
    Kind("transfer.sent/1", transfer.TransferSent, KEEPERS, transfer.judge_transfer_sent, item=transfer.item_sent, site=transfer.site_sent, case=transfer.case_sent, approval=transfer.approval_shared),
    Kind("transfer.received/1", transfer.TransferReceived, KEEPERS, transfer.judge_transfer_received, item=transfer.item_transferred, site=positions.site_left, case=transfer.case_received),
)  # fmt: skip
