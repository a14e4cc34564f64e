"""What a new machine of a model needs: the model's parts list, and the kits of its plans."""

from collections import Counter, defaultdict
from datetime import date
from itertools import takewhile

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from stockscan.domain.figures import divide
from stockscan.domain.maintenance import Basis
from stockscan.domain.maintenance.due import Facts, Last, Rule, dues
from stockscan.domain.maintenance.expected import expected_milli
from stockscan.domain.reports.equipping import Line
from stockscan.store.assets import ModelPart
from stockscan.store.maintenance.rows import MaintenancePlan, PlanPart
from stockscan.store.maintenance.states import Outlook, rules, states


def lines_of(connection: Connection | Session, model_id: int) -> dict[int, list[Line]]:
    """The parts of a model's list, each with its lines."""
    rows = connection.execute(
        select(
            ModelPart.part_id, ModelPart.quantity_milli, ModelPart.life_months, ModelPart.critical
        )
        .where(ModelPart.model_id == model_id)
        .order_by(ModelPart.part_id, func.lower(ModelPart.place))
    )
    found: dict[int, list[Line]] = {}
    for part_id, quantity_milli, life_months, critical in rows:
        found.setdefault(part_id, []).append(Line(quantity_milli, life_months, critical))
    return found


def planned_of(
    connection: Connection | Session, model_id: int, today: date, until: date
) -> dict[int, int]:
    """What the model's plans in use take of each part on one machine that comes today, in all.

    By calendar and age as if done on the day it comes; by a meter as often as on the machines of
    the model that there are, on average.
    """
    known = rules(connection)
    kits = connection.execute(
        select(PlanPart.plan_id, PlanPart.part_id, PlanPart.quantity_milli, PlanPart.probability_bp)
        .join(MaintenancePlan, MaintenancePlan.id == PlanPart.plan_id)
        .where(MaintenancePlan.model_id == model_id, MaintenancePlan.active.is_(True))
    ).all()
    plans = {kit.plan_id for kit in kits}
    by_meter = {plan_id for plan_id in plans if known[plan_id].basis is Basis.METER}
    times_milli = _on_others(connection, known, by_meter, today, until)
    for plan_id in plans - by_meter:
        coming = dues(known[plan_id], Last(done_on=today), Facts(bought_on=today), today)
        times_milli[plan_id] = 1000 * sum(
            1 for _ in takewhile(lambda due: due.day <= until, coming)
        )
    found: Counter[int] = Counter()
    for plan_id, part_id, quantity_milli, probability_bp in kits:
        once = expected_milli(quantity_milli, probability_bp)
        found[part_id] += divide(once * times_milli[plan_id], 1000)
    return dict(found)


def _on_others(
    connection: Connection | Session,
    known: dict[int, Rule],
    plan_ids: set[int],
    today: date,
    until: date,
) -> Counter[int]:
    """How often each of some plans comes round on a machine until a day, in thousandths."""
    often: defaultdict[int, list[int]] = defaultdict(list)
    outlook = Outlook(known, today, until)
    for state in states(connection, today, plan_ids=plan_ids) if plan_ids else ():
        often[state.plan_id].append(sum(1 for _ in outlook.dues(state)))
    return Counter({plan: divide(1000 * sum(each), len(each)) for plan, each in often.items()})
