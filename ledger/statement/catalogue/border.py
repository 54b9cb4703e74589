"""Goods on their way in and out: announced, listed, declared, inspected, released, sent back. The kinds of this wing, one row each."""

from __future__ import annotations

from typing import Any

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.border import (
    certification,
    consignments,
    destination,
    entry,
    executions,
    inspection,
    listing,
    orders,
    release,
)
from ledger.domain.custody import positions
from ledger.domain.kind import Kind
from ledger.statement.catalogue.signers import APPLICANT, AUTHORITY, CONCERNED, DECLARANT, USING_UNIT

BORDER: tuple[Kind[Any], ...] = (
    Kind("consignment.announced/1", consignments.ConsignmentAnnounced, DECLARANT, consignments.judge_consignment_announced, consignment=consignments.consignment_announced, approval=consignments.approval_bound),
    Kind("item.listed/1", listing.ItemListed, CONCERNED, listing.judge_item_listed, item=listing.item_listed, consignment=listing.consignment_items_listed),
    Kind("consignment.certified/1", certification.ConsignmentCertified, APPLICANT, certification.judge_consignment_certified, item=certification.item_certified_harmless, consignment=certification.consignment_certified),
    Kind("consignment.arrived/1", entry.ConsignmentArrived, AUTHORITY | CONCERNED | {Role.CARRIER}, entry.judge_consignment_arrived, consignment=entry.consignment_arrived),
    Kind("consignment.declared/1", entry.ConsignmentDeclared, DECLARANT, entry.judge_consignment_declared, consignment=entry.consignment_declared, approval=entry.approval_declared),
    Kind("consignment.inspected/1", inspection.ConsignmentInspected, AUTHORITY, inspection.judge_consignment_inspected, recorders=CONCERNED, consignment=inspection.consignment_inspected),
    Kind("consignment.sampled/1", inspection.ConsignmentSampled, AUTHORITY, inspection.judge_consignment_sampled, recorders=CONCERNED, item=inspection.item_sampled),
    Kind("consignment.held/1", inspection.ConsignmentHeld, AUTHORITY, inspection.judge_consignment_held, recorders=CONCERNED, item=inspection.item_held, consignment=inspection.consignment_held),
    Kind("consignment.hold-lifted/1", inspection.ConsignmentHoldLifted, AUTHORITY, inspection.judge_consignment_hold_lifted, recorders=CONCERNED, item=inspection.item_hold_lifted, consignment=inspection.consignment_hold_lifted),
    Kind("consignment.released/1", release.ConsignmentReleased, AUTHORITY, release.judge_consignment_released, recorders=CONCERNED, item=release.item_released, consignment=release.consignment_released, approval=release.approval_written_off),
    Kind("return.ordered/1", orders.ReturnOrdered, AUTHORITY, orders.judge_ordered, recorders=CONCERNED, item=orders.item_ordered, consignment=orders.consignment_ordered, case=orders.return_ordered),
    Kind("return.executed/1", executions.ReturnExecuted, AUTHORITY | CONCERNED | {Role.CARRIER}, executions.judge_return_executed, item=executions.item_returned, site=positions.site_left, approval=executions.approval_freed, consignment=executions.consignment_returned, case=executions.order_executed),
    Kind("destruction.ordered/1", orders.DestructionOrdered, AUTHORITY, orders.judge_ordered, recorders=CONCERNED, item=orders.item_ordered, consignment=orders.consignment_ordered, case=orders.destruction_ordered),
    Kind("destruction.executed/1", executions.DestructionExecuted, AUTHORITY | CONCERNED | {Role.CARRIER}, executions.judge_destruction_executed, persons=2, item=executions.item_destroyed, site=positions.site_left, consignment=executions.consignment_destroyed, case=executions.order_executed),
    Kind("destination.declared/1", destination.DestinationDeclared, USING_UNIT, destination.judge_destination_declared, consignment=destination.destination_declared),
    Kind("use.consented/1", destination.UseConsented, AUTHORITY, destination.judge_use_consented, recorders=CONCERNED, consignment=destination.use_consented),
)  # fmt: skip
