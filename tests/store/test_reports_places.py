"""Figures of a place: those of the rows that lie or moved there and inside it, and of no other."""

from random import Random
from typing import Any, Final

from flask import Flask
from sqlalchemy import select, update

from stockscan.domain.reports.months import Months, begins_us, month_of
from stockscan.domain.reports.places import Held
from stockscan.services import reports
from stockscan.services.reports.consumption import Asked as Used
from stockscan.services.reports.consumption import consumption
from stockscan.services.reports.ledger import Asked as Rows
from stockscan.services.reports.ledger import audit, behind
from stockscan.services.reports.slow import slow_movers
from stockscan.services.reports.stockouts import stockouts
from stockscan.services.reports.turnover import Asked, turnovers
from stockscan.services.work import reading, unit_of_work
from stockscan.store.locations import Location
from stockscan.store.reports import places, usage
from stockscan.store.reports.moments import opening
from stockscan.store.reports.narrowing import AtPlace
from stockscan.store.stock import Movement
from tests.cast import hire
from tests.store.test_reports_usage import EVER, fold
from tests.store.test_reports_usage import Months as Workshop

Tree = dict[str, tuple[int, set[int]]]


def test_the_figures_of_a_place_are_those_of_its_rows(app: Flask) -> None:
    with app.app_context():
        world = Workshop(hire(app))
        world.play(Random(0), 50)
        tree = _tree(world)
        first, now = _months(world)
        span = Months(first - 1, max(first, now - 1))
        for place_id, inside in tree.values():
            only = usage.Only(at=AtPlace(place_id))
            rows = _rows(inside)
            with reading() as connection:
                for keys in (("part_id",), ("asset_id",), ("part_id", "asset_id")):
                    found = usage.usage(connection, *EVER, ("month", *keys), only)
                    many = len(keys) + 1
                    assert {tuple(row[:many]): tuple(row[many:]) for row in found} == fold(
                        rows, *keys
                    )
                moved = places.moved_there(connection, span, only)
                assert places.held_by_part(connection, span, only, moved) == _held(rows, span)
                assert opening(connection, span.last, only) == {
                    part_id: ends[-2].here_milli for part_id, ends in _held(rows, span).items()
                }
                assert places.came_first_us(connection, only, [1, 2]) == _came_us(rows)
        _whole_is_the_same(world, next(iter(tree)))


def _tree(world: Workshop) -> Tree:
    """A site with a room with the first bin, and the second bin; ids of each and of bins inside."""
    shop = world.shop
    site = shop.make("location", name="Site", kind_of_place="site")
    room = shop.make("location", name="Room", kind_of_place="area", parent=site)
    with unit_of_work() as session:
        ids = {row.code: row.id for row in session.execute(select(Location.code, Location.id))}
        for bin_, outer in zip(world.bins, (room, site), strict=True):
            moved = update(Location).where(Location.code == bin_)
            session.execute(moved.values(parent_id=ids[outer]))
    one, other = (ids[bin_] for bin_ in world.bins)
    return {site: (ids[site], {one, other}), room: (ids[room], {one}),
            world.bins[1]: (other, {other})}  # fmt: skip


def _months(world: Workshop) -> tuple[int, int]:
    with reading() as connection:
        return usage.first_month(connection) or 0, month_of(world.shop.now_us)


def _rows(inside: set[int]) -> dict[int, Any]:
    with reading() as connection:
        rows = connection.execute(select(Movement.__table__)).all()
    return {row.seq: row for row in rows if row.location_id in inside}


def _held(rows: dict[int, Any], span: Months) -> dict[int, list[Held]]:
    """What lay there at the ends, and of all there was, from every row of the ledger until then."""
    with reading() as connection:
        every = connection.execute(select(Movement.__table__)).all()
    ends = [begins_us(month) for month in range(span.first, span.last + 2)]

    def held(part_id: int, end_us: int) -> Held:
        mine = [row for row in every if row.part_id == part_id and row.effective_us < end_us]
        here = sum(row.quantity_milli for row in mine if row.seq in rows)
        return Held(here, *(sum(getattr(row, name) for row in mine) for name in _SUMS))

    return {part_id: [held(part_id, end_us) for end_us in ends]
            for part_id in {row.part_id for row in rows.values()}}  # fmt: skip


_SUMS: Final = ("quantity_milli", "value_e4")


def _came_us(rows: dict[int, Any]) -> dict[int, int]:
    came: dict[int, int] = {}
    for row in rows.values():
        if row.quantity_milli > 0:
            came[row.part_id] = min(row.effective_us, came.get(row.part_id, row.effective_us))
    return came


def _whole_is_the_same(world: Workshop, site: str) -> None:
    """Of the place with everything in it, reports say what they say of everything."""
    ctx = world.shop.context()
    reports.roll_up(ctx)
    for by in ("part", "model", "month"):
        assert consumption(ctx, Used(by, place=site)) == consumption(ctx, Used(by))
    assert turnovers(ctx, Asked(place=site)) == turnovers(ctx)
    assert slow_movers(ctx, 1, place=site) == slow_movers(ctx, 1)
    assert stockouts(ctx, place=site) == stockouts(ctx)
    assert behind(ctx, Rows(place=site)) == behind(ctx, Rows())
    assert audit(ctx, Rows(place="Site")) == audit(ctx, Rows())
