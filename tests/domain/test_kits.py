"""Which job is served first: against a model that hands out one piece after the other."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.maintenance import Readiness
from stockscan.domain.maintenance.kits import (
    Amounts,
    Arrival,
    Batch,
    Want,
    judge,
    promise,
    serve,
    unmet,
    within_reach,
)

TODAY = date(2026, 11, 23)
PIECE = 1000

_few = st.integers(0, 5).map(lambda pieces: pieces * PIECE)
_days = st.one_of(st.none(), st.integers(0, 3).map(lambda days: TODAY + timedelta(days=days)))
_amounts = st.builds(Amounts, _few, _few, _few, _few)


def _wants(draw_of: st.DrawFn) -> list[Want]:
    keys = draw_of(st.sets(st.tuples(st.integers(1, 4), st.integers(1, 2)), max_size=7))
    days = {job_id: draw_of(_days) for job_id, _ in sorted(keys)}
    return [
        Want(job_id, part_id, days[job_id], draw_of(_amounts), certain=draw_of(st.booleans()))
        for job_id, part_id in sorted(keys)
    ]


_queues = st.composite(_wants)()
_batches = st.builds(Batch, _days, st.integers(-2, 6).map(lambda pieces: pieces * PIECE))
_stocks = st.dictionaries(st.integers(1, 2), st.lists(_batches, max_size=3))
_orders = st.lists(st.builds(Arrival, st.integers(1, 2), _few, _days), max_size=4)


@given(_queues, _stocks, _orders)
def test_it_agrees_with_handing_out_piece_by_piece(
    wants: list[Want], stock: dict[int, list[Batch]], orders: list[Arrival]
) -> None:
    got, missing, spare = _by_hand(wants, stock, orders)
    assert serve(wants, stock) == got
    for job_id, ready in judge(wants, stock, orders).items():
        told = {one.part_id: (one.short_milli, one.expected_on) for one in ready.missing}
        assert told == {part: said[:2] for (job, part), said in missing.items() if job == job_id}
        all_come = [said[2] for (job, _), said in missing.items() if job == job_id]
        state = Readiness.WAITING if all(all_come) else Readiness.SHORT
        assert ready.state == (state if all_come else Readiness.READY)
    for want in wants:
        reach = got[want.job_id, want.part_id]
        if not want.certain:
            reach += PIECE * sum(_is_good(day, want) for day in spare[want.part_id])
        most = min(want.amounts.to_pick_milli, max(0, reach - want.amounts.lying_milli))
        assert within_reach(wants, stock, want.job_id)[want.part_id] == most


def test_what_lies_in_a_kit_is_no_other_job_s() -> None:
    """All four were picked for the later job; the earlier one has one reserved, and gets none."""
    reserved = Want(1, 7, TODAY, Amounts(PIECE, PIECE))
    picked = Want(2, 7, None, Amounts(4 * PIECE, lying_milli=4 * PIECE))
    got = serve([reserved, picked], {7: [Batch(None, 4 * PIECE)]})
    assert got == {(1, 7): 0, (2, 7): 4 * PIECE}


@given(_queues, _stocks)
def test_nobody_gets_what_is_not_there_or_another_holds(
    wants: list[Want], stock: dict[int, list[Batch]]
) -> None:
    got = serve(wants, stock)
    for want in wants:
        amounts = want.amounts
        assert 0 <= amounts.reserved_milli <= amounts.left_milli
        assert 0 <= got[want.job_id, want.part_id] <= amounts.left_milli
    for part_id in {want.part_id for want in wants}:
        of_part = [each for (_, part), each in got.items() if part == part_id]
        assert sum(of_part) <= _there(stock, part_id)


@given(_queues, _stocks, st.integers(1, 4))
def test_what_may_be_reserved_leaves_everyone_what_they_hold(
    wants: list[Want], stock: dict[int, list[Batch]], job_id: int
) -> None:
    """What nobody else holds is there, and reserving it takes from nobody."""
    due_on = next((want.due_on for want in wants if want.job_id == job_id), None)
    others = [want for want in wants if want.job_id != job_id]
    for part_id, milli in promise(wants, stock, job_id, due_on).items():
        assert 0 <= milli <= _there(stock, part_id)
        keeps = Want(job_id, part_id, due_on, Amounts(milli, milli))
        before, after = unmet(others, stock), unmet([*others, keeps], stock)
        assert sum(after.values()) == sum(before.values())


def _there(stock: dict[int, list[Batch]], part_id: int) -> int:
    return max(0, sum(batch.quantity_milli for batch in stock.get(part_id, ())))


def _is_good(last_on: date, want: Want) -> bool:
    return want.due_on is None or last_on >= want.due_on


def _shelf(batches: list[Batch]) -> list[date]:
    """The last day of each piece, the first to expire first; what is missing keeps longest."""
    pieces, missing = [], 0
    for day in {batch.last_on or date.max for batch in batches}:
        here = [batch for batch in batches if (batch.last_on or date.max) == day]
        number = sum(batch.quantity_milli for batch in here) // PIECE
        pieces += [day] * number
        missing -= min(0, number)
    return sorted(pieces)[: max(0, len(pieces) - missing)]


def _taken(shelf: list[date], want: Want) -> bool:
    """Whether a piece that is still good when the job is due could be taken."""
    good = next((day for day in shelf if _is_good(day, want)), None)
    if good is not None:
        shelf.remove(good)
    return good is not None


def _take(shelf: list[date], want: Want, most_milli: int) -> int:
    """How much of it could be taken, a piece at a time."""
    return PIECE * sum(_taken(shelf, want) for _ in range(most_milli // PIECE))


def _by_hand(
    wants: list[Want], stock: dict[int, list[Batch]], orders: list[Arrival]
) -> tuple[
    dict[tuple[int, int], int],
    dict[tuple[int, int], tuple[int, date | None, bool]],
    dict[int, list[date]],
]:
    """What each gets, what each lacks and what is left, a piece at a time."""
    got = {(want.job_id, want.part_id): 0 for want in wants}
    missing, spare = {}, {}
    queue = sorted(wants, key=lambda want: (want.due_on is None, want.due_on, want.job_id))
    for part_id in {want.part_id for want in wants}:
        shelf = spare[part_id] = _shelf(stock.get(part_id, []))
        lorry = [
            order.expected_on or date.max
            for order in orders
            if order.part_id == part_id
            for _ in range(order.quantity_milli // PIECE)
        ]
        lorry.sort()
        mine = [want for want in queue if want.part_id == part_id]
        for want in mine:
            got[want.job_id, part_id] = _take(shelf, want, want.amounts.lying_milli)
        for want in mine:
            key, held = (want.job_id, part_id), want.amounts.held_milli
            got[key] += _take(shelf, want, held - want.amounts.lying_milli)
            got[key] = min(got[key], want.amounts.left_milli)
        for want in mine:
            key = (want.job_id, part_id)
            while want.certain and got[key] < want.amounts.left_milli and _taken(shelf, want):
                got[key] += PIECE
            lacks = (want.amounts.left_milli - got[key]) // PIECE if want.certain else 0
            if lacks:
                days = [lorry.pop(0) for _ in range(lacks) if lorry]
                comes = len(days) == lacks
                day = days[-1] if comes and days[-1] != date.max else None
                missing[key] = (lacks * PIECE, day, comes)
    return got, missing, spare
