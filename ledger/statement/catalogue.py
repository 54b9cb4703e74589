"""Every kind of statement in one literal table: who may state what, and how it is judged.

A new kind is a new row; a new meaning of an old kind is a new version of it, and the old row stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.domain.amends import corrections
from ledger.domain.approval import approvals, changes
from ledger.domain.border import consignments, destination, entry, executions, inspection, listing, orders, release
from ledger.domain.custody import carriage, custody, discrepancy, opening, receipt, stock, transfer
from ledger.domain.ending import destruction, disposal, exits, incidents, waste
from ledger.domain.kind import Kind
from ledger.domain.registry import keys, parties
from ledger.domain.vocabulary import Role
from ledger.domain.work import collection, derive, inactivation, use

_OPERATOR = frozenset({Role.OPERATOR})
_ANYONE = frozenset(Role)
_AUTHORITY = frozenset({Role.CUSTOMS, Role.HEALTH_AUTHORITY})
_APPLICANT = frozenset({Role.APPLICANT})
_DECLARANT = frozenset({Role.APPLICANT, Role.BROKER})
_USING_UNIT = frozenset({Role.APPLICANT, Role.LABORATORY})
_CONCERNED = _DECLARANT | _USING_UNIT

_REGISTRY: tuple[Kind[Any], ...] = (
    Kind("log.opened/1", keys.LogOpened, _OPERATOR, keys.judge_log_opened, party=keys.operator_opened, key=keys.key_enrolled),
    Kind("party.registered/1", parties.PartyRegistered, _OPERATOR, parties.judge_party_registered, party=parties.party_registered),
    Kind("role.granted/1", parties.RoleGranted, _OPERATOR, parties.judge_role_granted, party=parties.role_granted),
    Kind("role.withdrawn/1", parties.RoleWithdrawn, _OPERATOR, parties.judge_role_withdrawn, party=parties.role_withdrawn),
    Kind("site.registered/1", parties.SiteRegistered, _ANYONE, parties.judge_site_registered, site=parties.site_registered),
    Kind("site.changed/1", parties.SiteChanged, _ANYONE, parties.judge_site_changed, site=parties.site_changed),
    Kind("key.enrolled/1", keys.KeyEnrolled, _ANYONE, keys.judge_key_enrolled, key=keys.key_enrolled),
    Kind("key.revoked/1", keys.KeyRevoked, _ANYONE, keys.judge_key_revoked, key=keys.key_revoked),
)  # fmt: skip

# Approvals and the border (section A)
_BORDER: tuple[Kind[Any], ...] = (
    Kind("approval.granted/1", approvals.ApprovalGranted, _AUTHORITY, approvals.judge_approval_granted, recorders=_APPLICANT, approval=approvals.approval_granted),
    Kind("approval.amended/1", changes.ApprovalAmended, _AUTHORITY, changes.judge_approval_amended, recorders=_APPLICANT, approval=changes.approval_amended),
    Kind("approval.suspended/1", changes.ApprovalSuspended, _AUTHORITY, changes.judge_approval_suspended, recorders=_APPLICANT, approval=changes.approval_suspended),
    Kind("approval.resumed/1", changes.ApprovalResumed, _AUTHORITY, changes.judge_approval_resumed, recorders=_APPLICANT, approval=changes.approval_resumed),
    Kind("approval.withdrawn/1", changes.ApprovalWithdrawn, _AUTHORITY, changes.judge_approval_withdrawn, recorders=_APPLICANT, approval=changes.approval_withdrawn),
    Kind("approval.site-added/1", changes.ApprovalSiteAdded, _AUTHORITY, changes.judge_approval_site_added, recorders=_APPLICANT, approval=changes.approval_site_added),
    Kind("approval.conversion-stated/1", changes.ApprovalConversionStated, _AUTHORITY | _APPLICANT, changes.judge_approval_conversion_stated, approval=changes.approval_conversion_stated),
    Kind("consignment.announced/1", consignments.ConsignmentAnnounced, _DECLARANT, consignments.judge_consignment_announced, consignment=consignments.consignment_announced),
    Kind("item.listed/1", listing.ItemListed, _CONCERNED, listing.judge_item_listed, item=listing.item_listed, consignment=listing.consignment_items_listed),
    Kind("consignment.arrived/1", entry.ConsignmentArrived, _AUTHORITY | _CONCERNED | {Role.CARRIER}, entry.judge_consignment_arrived, consignment=entry.consignment_arrived),
    Kind("consignment.declared/1", entry.ConsignmentDeclared, _DECLARANT, entry.judge_consignment_declared, consignment=entry.consignment_declared, approval=entry.approval_declared),
    Kind("consignment.inspected/1", inspection.ConsignmentInspected, _AUTHORITY, inspection.judge_consignment_inspected, recorders=_CONCERNED, consignment=inspection.consignment_inspected),
    Kind("consignment.sampled/1", inspection.ConsignmentSampled, _AUTHORITY, inspection.judge_consignment_sampled, recorders=_CONCERNED, item=inspection.item_sampled),
    Kind("consignment.held/1", inspection.ConsignmentHeld, _AUTHORITY, inspection.judge_consignment_held, recorders=_CONCERNED, item=inspection.item_held, consignment=inspection.consignment_held),
    Kind("consignment.hold-lifted/1", inspection.ConsignmentHoldLifted, _AUTHORITY, inspection.judge_consignment_hold_lifted, recorders=_CONCERNED, item=inspection.item_hold_lifted, consignment=inspection.consignment_hold_lifted),
    Kind("consignment.released/1", release.ConsignmentReleased, _AUTHORITY, release.judge_consignment_released, recorders=_CONCERNED, item=release.item_released, consignment=release.consignment_released, approval=release.approval_written_off),
    Kind("return.ordered/1", orders.ReturnOrdered, _AUTHORITY, orders.judge_ordered, recorders=_CONCERNED, item=orders.item_ordered, consignment=orders.consignment_ordered, case=orders.return_ordered),
    Kind("return.executed/1", executions.ReturnExecuted, _AUTHORITY | _CONCERNED | {Role.CARRIER}, executions.judge_return_executed, item=executions.item_returned, site=stock.site_left, approval=executions.approval_freed, consignment=executions.consignment_returned, case=executions.order_executed),
    Kind("destruction.ordered/1", orders.DestructionOrdered, _AUTHORITY, orders.judge_ordered, recorders=_CONCERNED, item=orders.item_ordered, consignment=orders.consignment_ordered, case=orders.destruction_ordered),
    Kind("destruction.executed/1", executions.DestructionExecuted, _AUTHORITY | _CONCERNED | {Role.CARRIER}, executions.judge_destruction_executed, persons=2, item=executions.item_destroyed, site=stock.site_left, consignment=executions.consignment_destroyed, case=executions.order_executed),
    Kind("destination.declared/1", destination.DestinationDeclared, _USING_UNIT, destination.judge_destination_declared, consignment=destination.destination_declared),
    Kind("use.consented/1", destination.UseConsented, _AUTHORITY, destination.judge_use_consented, recorders=_CONCERNED, consignment=destination.use_consented),
)  # fmt: skip

# Carriage, custody, receipt, stock and transfer (section B)
_HANDS = _ANYONE - _OPERATOR
_KEEPERS = frozenset({Role.APPLICANT, Role.LABORATORY, Role.HEALTH_AUTHORITY, Role.CUSTOMS})

_CUSTODY: tuple[Kind[Any], ...] = (
    Kind("shipment.packed/1", carriage.ShipmentPacked, _HANDS, carriage.judge_shipment_packed, item=carriage.item_packed),
    Kind("temperature.recorded/1", carriage.TemperatureRecorded, _HANDS, carriage.judge_temperature_recorded, item=carriage.item_measured),
    Kind("excursion.dispositioned/1", carriage.ExcursionDispositioned, _KEEPERS, carriage.judge_excursion_dispositioned, item=carriage.item_dispositioned),
    Kind("custody.handed-over/1", custody.CustodyHandedOver, _HANDS, custody.judge_custody_handed_over, item=custody.item_handed_over, site=stock.site_left),
    Kind("custody.accepted/1", custody.CustodyAccepted, _HANDS, custody.judge_custody_accepted, item=custody.item_accepted, site=stock.site_left),
    Kind("custody.refused/1", custody.CustodyRefused, _HANDS, custody.judge_custody_refused, item=custody.item_refused),
    Kind("item.received/1", receipt.ItemReceived, _KEEPERS, receipt.judge_item_received, item=receipt.item_received, consignment=receipt.consignment_received, site=receipt.site_received),
    Kind("discrepancy.recorded/1", discrepancy.DiscrepancyRecorded, _HANDS, discrepancy.judge_discrepancy_recorded, case=discrepancy.case_recorded),
    Kind("discrepancy.resolved/1", discrepancy.DiscrepancyResolved, _HANDS, discrepancy.judge_discrepancy_resolved, case=discrepancy.case_resolved),
    Kind("item.labelled/1", discrepancy.ItemLabelled, _HANDS, discrepancy.judge_item_labelled, item=discrepancy.item_labelled, consignment=discrepancy.consignment_labelled),
    Kind("item.stored/1", stock.ItemStored, _KEEPERS, stock.judge_item_stored, item=stock.item_stored, site=stock.site_stored),
    Kind("item.moved/1", stock.ItemMoved, _KEEPERS, stock.judge_item_moved, item=stock.item_restored, site=stock.site_stored),
    Kind("item.checked-out/1", stock.ItemCheckedOut, _KEEPERS, stock.judge_item_checked_out, item=stock.item_checked_out, site=stock.site_left),
    Kind("item.returned/1", stock.ItemReturned, _KEEPERS, stock.judge_item_returned, item=stock.item_restored, site=stock.site_stored),
    Kind("stock.opened/1", opening.StockOpened, _KEEPERS, opening.judge_stock_opened, item=opening.item_opened, site=opening.site_opened),
    Kind("stock.counted/1", stock.StockCounted, _KEEPERS, stock.judge_stock_counted, persons=2),
    Kind("transfer.sent/1", transfer.TransferSent, _KEEPERS, transfer.judge_transfer_sent, item=transfer.item_sent, site=transfer.site_sent, case=transfer.case_sent),
    Kind("transfer.received/1", transfer.TransferReceived, _KEEPERS, transfer.judge_transfer_received, item=transfer.item_transferred, site=stock.site_left, case=transfer.case_received),
)  # fmt: skip

# Use, transformation, disposal, incidents and corrections (section C)
_LABORATORIES = frozenset({Role.LABORATORY, Role.HEALTH_AUTHORITY, Role.CUSTOMS})
_CONTRACTOR = frozenset({Role.WASTE_CONTRACTOR})

_USE: tuple[Kind[Any], ...] = (
    Kind("item.collected/1", collection.ItemCollected, _LABORATORIES, collection.judge_item_collected, item=collection.item_collected, site=collection.site_collected),
    Kind("item.used/1", use.ItemUsed, _LABORATORIES, use.judge_item_used, item=use.item_used),
    Kind("item.tested/1", use.ItemTested, _LABORATORIES, use.judge_item_tested, item=use.item_tested),
    Kind("item.aliquoted/1", derive.ItemAliquoted, _LABORATORIES, derive.judge_item_aliquoted, item=derive.item_aliquoted, consignment=derive.aliquots_labelled, site=derive.aliquots_at),
    Kind("item.derived/1", derive.ItemDerived, _LABORATORIES, derive.judge_item_derived, item=derive.item_derived, consignment=derive.outputs_labelled, site=derive.outputs_at),
    Kind("item.pooled/1", derive.ItemPooled, _LABORATORIES, derive.judge_item_pooled, item=derive.item_pooled, consignment=derive.pool_labelled, site=derive.pool_at),
    Kind("item.propagated/1", derive.ItemPropagated, _LABORATORIES, derive.judge_item_propagated, item=derive.item_propagated, consignment=derive.outputs_labelled, site=derive.outputs_at),
    Kind("item.inactivated/1", inactivation.ItemInactivated, _LABORATORIES, inactivation.judge_item_inactivated, item=inactivation.item_inactivated),
    Kind("inactivation.verified/1", inactivation.InactivationVerified, _LABORATORIES, inactivation.judge_inactivation_verified, item=inactivation.inactivation_verified),
    Kind("loss.reported/1", incidents.LossReported, _HANDS, incidents.judge_loss_reported, item=incidents.loss_reported, site=stock.site_left, case=incidents.loss_opened),
    Kind("incident.reported/1", incidents.IncidentReported, _HANDS, incidents.judge_incident_reported, case=incidents.incident_opened),
    Kind("incident.closed/1", incidents.IncidentClosed, _HANDS, incidents.judge_incident_closed, item=incidents.item_found, case=incidents.incident_closed),
    Kind("disposal.requested/1", disposal.DisposalRequested, _HANDS, disposal.judge_disposal_requested, item=disposal.disposal_requested, case=disposal.disposal_opened),
    Kind("disposal.approved/1", disposal.DisposalApproved, _HANDS, disposal.judge_disposal_approved, case=disposal.disposal_approved),
    Kind("item.destroyed/1", destruction.ItemDestroyed, _HANDS, destruction.judge_item_destroyed, persons=2, item=destruction.item_destroyed, site=destruction.site_emptied, case=destruction.disposal_executed),
    Kind("waste.handed-over/1", waste.WasteHandedOver, _HANDS, waste.judge_waste_handed_over, item=waste.waste_handed_over, site=stock.site_left, case=waste.waste_opened),
    Kind("waste.certified/1", waste.WasteCertified, _CONTRACTOR, waste.judge_waste_certified, item=waste.item_certified, case=waste.waste_certified),
    Kind("item.re-exported/1", exits.ItemReExported, _HANDS, exits.judge_item_re_exported, item=exits.item_re_exported, site=stock.site_left),
    Kind("activity.ended/1", exits.ActivityEnded, _LABORATORIES, exits.judge_activity_ended),
    Kind("statement.voided/1", corrections.StatementVoided, _ANYONE, corrections.judge_statement_voided),
)  # fmt: skip

KINDS: Mapping[str, Kind[Any]] = {kind.name: kind for kind in (*_REGISTRY, *_BORDER, *_CUSTODY, *_USE)}
