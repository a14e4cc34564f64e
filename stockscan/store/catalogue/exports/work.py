"""Work and orders as exports list them: plans with their kits, jobs, what was asked for."""

from sqlalchemy import Connection, func
from sqlalchemy.orm import aliased

from stockscan.domain.purchasing.steps import name_of
from stockscan.domain.tables import Holds
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.exports.tables import (
    Asked,
    Table,
    field,
    of_job,
    only,
    picked,
    table,
)
from stockscan.store.maintenance.rows import Job, MaintenancePlan, PlanPart
from stockscan.store.parts import Part, Supplier
from stockscan.store.people import Person
from stockscan.store.purchasing.rows import Requisition, RequisitionLine


def plans(connection: Connection, asked: Asked) -> Table:
    """Which work comes again, on what, and how often."""
    fields = [
        field("plan", MaintenancePlan.name),
        field("model", AssetModel.name),
        field("asset", Asset.tag),
        field("due_by", MaintenancePlan.basis),
        field("every", MaintenancePlan.every, Holds.WHOLE),
        field("unit", MaintenancePlan.unit),
        field("first_on", MaintenancePlan.starts_on, Holds.DAY),
        field("meter", MaintenancePlan.meter),
        field("every_on_meter", MaintenancePlan.every_milli, Holds.MILLI),
        field("first_at", MaintenancePlan.starts_milli, Holds.MILLI),
        field("ages_with_part", Part.part_number),
        field("counts_from", MaintenancePlan.counts_from),
        field("made_days_ahead", MaintenancePlan.horizon_days, Holds.WHOLE),
        field("minutes", MaintenancePlan.minutes, Holds.WHOLE),
        field("stands_still", MaintenancePlan.stops_asset, Holds.FLAG),
        field("instructions", MaintenancePlan.instructions),
        field("active", MaintenancePlan.active, Holds.FLAG),
        field("id", MaintenancePlan.uid),
    ]
    query = (
        picked(fields)
        .select_from(MaintenancePlan)
        .outerjoin(AssetModel, AssetModel.id == MaintenancePlan.model_id)
        .outerjoin(Asset, Asset.id == MaintenancePlan.asset_id)
        .outerjoin(Part, Part.id == MaintenancePlan.part_id)
        .order_by(MaintenancePlan.id)
    )
    return table(connection, fields, only(query, Asset.code, asked))


def plan_parts(connection: Connection, asked: Asked) -> Table:
    """The kits of plans: how many of a part, and in which share of the jobs."""
    fields = [
        field("plan", MaintenancePlan.name),
        field("plan_id", MaintenancePlan.uid),
        field("part_number", Part.part_number),
        field("part_name", Part.name),
        field("quantity", PlanPart.quantity_milli, Holds.MILLI),
        field("unit", Part.unit),
        field("needed_in", PlanPart.probability_bp, Holds.PERCENT),
    ]
    query = (
        picked(fields)
        .select_from(PlanPart)
        .join(MaintenancePlan, MaintenancePlan.id == PlanPart.plan_id)
        .join(Part, Part.id == PlanPart.part_id)
        .order_by(PlanPart.plan_id, PlanPart.part_id)
    )
    return table(connection, fields, only(query, Part.code, asked))


def jobs(connection: Connection, asked: Asked) -> Table:
    """Every job: what it was, who did it, how long it and the standstill took, what they cost."""
    assigned, reporter, doer = aliased(Person), aliased(Person), aliased(Person)
    fields = [
        of_job(),
        field("title", Job.title),
        field("kind", Job.kind),
        field("state", Job.state),
        field("asset", Asset.tag),
        field("asset_name", Asset.name),
        field("plan", MaintenancePlan.name),
        field("due_on", Job.due_on, Holds.DAY),
        field("due_at_meter", Job.due_milli, Holds.MILLI),
        field("urgent", Job.urgent, Holds.FLAG),
        field("assigned_to", assigned.name),
        field("reported_by", reporter.name),
        field("cause", Job.cause),
        field("notes", Job.notes),
        field("minutes", Job.minutes, Holds.WHOLE),
        field("labour", Job.labour_minor, Holds.MINOR),
        field("still_from_utc", Job.down_from_us, Holds.TIME),
        field("still_until_utc", Job.down_until_us, Holds.TIME),
        field("standstill", Job.down_minor, Holds.MINOR),
        field("meter", Job.meter_milli, Holds.MILLI),
        field("done_at_utc", Job.done_us, Holds.TIME),
        field("done_by", doer.name),
        field("made_at_utc", Job.created_us, Holds.TIME),
    ]
    query = (
        picked(fields)
        .select_from(Job)
        .join(Asset, Asset.id == Job.asset_id)
        .outerjoin(MaintenancePlan, MaintenancePlan.id == Job.plan_id)
        .outerjoin(assigned, assigned.id == Job.assigned_id)
        .outerjoin(reporter, reporter.id == Job.reported_by)
        .outerjoin(doer, doer.id == Job.done_by)
        .order_by(Job.id)
    )
    return table(connection, fields, only(query, Asset.code, asked))


def requisitions(connection: Connection, asked: Asked) -> Table:
    """What was asked for, approved and ordered, a line each; what came of it is in the ledger."""
    asker, approver, orderer = aliased(Person), aliased(Person), aliased(Person)
    fields = [
        field("requisition", Requisition.number, shown=name_of),
        field("state", Requisition.state),
        field("source", Requisition.source),
        field("supplier", Supplier.name),
        field("part_number", Part.part_number),
        field("part_name", Part.name),
        field("quantity", RequisitionLine.quantity_milli, Holds.MILLI),
        field("unit", Part.unit),
        field("price", RequisitionLine.price_e4, Holds.E4),
        field("need_by", RequisitionLine.need_by, Holds.DAY),
        field("order_by", RequisitionLine.order_by, Holds.DAY),
        field("expected_on", func.coalesce(RequisitionLine.expected_on, Requisition.expected_on),
              Holds.DAY),
        of_job(),
        field("asked_by", asker.name),
        field("asked_at_utc", Requisition.created_us, Holds.TIME),
        field("approved_by", approver.name),
        field("approved_at_utc", Requisition.approved_us, Holds.TIME),
        field("ordered_by", orderer.name),
        field("ordered_at_utc", Requisition.ordered_us, Holds.TIME),
        field("reference", Requisition.reference),
        field("note", Requisition.note),
        field("ended_at_utc", Requisition.ended_us, Holds.TIME),
        field("line_closed_at_utc", RequisitionLine.closed_us, Holds.TIME),
    ]  # fmt: skip
    query = (
        picked(fields)
        .select_from(RequisitionLine)
        .join(Requisition, Requisition.id == RequisitionLine.requisition_id)
        .join(Part, Part.id == RequisitionLine.part_id)
        .outerjoin(Supplier, Supplier.id == Requisition.supplier_id)
        .outerjoin(Job, Job.id == RequisitionLine.job_id)
        .outerjoin(asker, asker.id == Requisition.created_by)
        .outerjoin(approver, approver.id == Requisition.approved_by)
        .outerjoin(orderer, orderer.id == Requisition.ordered_by)
        .where(~asked.blind.hides_part(RequisitionLine.part_id))
        .order_by(RequisitionLine.id)
    )
    return table(connection, fields, only(query, Part.code, asked))
