"""What a scan means while a count goes on: its sheet, the next bin, one more of a part."""

from dataclasses import replace

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.counts import entries
from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.operations import seen_token
from stockscan.domain.scanning import Mode, Step
from stockscan.services.scanning.looking import Resolved
from stockscan.services.scanning.plans import Plan, Situation
from stockscan.services.work import Context, reading
from stockscan.store.counts import sheets


def open_sheet(ctx: Context, scanned: Resolved, now: Situation) -> Plan:
    """A count's sheet was scanned: from now on its bins are counted. Raises `NotFound`."""
    require(ctx.actor, Permission.COUNT_RECORD)
    with reading() as connection:
        row = sheets.count_of_code(connection, scanned.code or "")
    if row is None:
        raise NotFound("There is no such count. Ask for a fresh sheet.")
    return Plan(Step.COMMAND, scanned, Situation(Mode.COUNT, many=now.many, count=row.id))


def plan(ctx: Context, scanned: Resolved, now: Situation) -> Plan | None:
    """What a scan means in a count of parts; None where it means the same as in any bin.

    Raises `Invalid` for what is not counted here.
    """
    here = scanned.thing
    if here is None:
        return None
    if here.kind is Kind.LOCATION:
        after = Situation(
            Mode.COUNT, on=here.code, many=now.many, count=now.count, since=seen_token(ctx.now_us)
        )
        return Plan(Step.VISIT, scanned, after, on=here)
    if here.kind is not Kind.PART:
        raise Invalid(
            f"{here.title} is not counted here. Scan a part, or the next bin.", code="not_counted"
        )
    if not now.on:
        raise Invalid(f"Scan the bin first, then {here.title}.", code="need_bin")
    return None


def refuse_unsent(scanned: Resolved, now: Situation) -> None:
    """A number that is not recorded yet is not thrown away by the scan of something else.

    Raises `Invalid`. One more of the same part goes onto the number.
    """
    if not now.entries or scanned.card is not None:
        return
    lot = scanned.data.lot if scanned.data else ""
    if scanned.code == now.part and lot in {"", now.at_lot}:
        return
    raise Invalid(
        f"{entries.in_figures(now.entries)} is not recorded yet. Tap Next, or erase it; then scan.",
        code="unsent",
    )


def one_more(plan: Plan, after: Situation, now: Situation) -> Situation:
    """The situation `after` a part was scanned in `now`: as many more of it as its label says."""
    lot = plan.scanned.data.lot if plan.scanned.data else ""
    lot = lot or (now.at_lot if plan.scanned.code == now.part else "")
    same = (plan.scanned.code, lot) == (now.part, now.at_lot)
    before = now.entries if same else ()
    return replace(after, at_lot=lot, entries=entries.scanned(before, plan.quantity or "1"))
