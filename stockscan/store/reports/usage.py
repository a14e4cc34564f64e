"""The ledger's sums by month and part, and by month and asset: kept to a mark, added up behind it.

What is read is always exact: kept sums and the rows behind the mark are read in one statement, so
in one moment of the database. The mark only moves over rows before which no row can still appear
(see `store.stock.feed`). A reversal counts as the kind that it takes back, in the month in which
the goods had moved; a late correction as the count whose difference it explains.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    case,
    cast,
    delete,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from stockscan.domain.ledger import MovementKind
from stockscan.domain.reports.months import month_of
from stockscan.store import locks, settings
from stockscan.store.counts.blindness import SEEING, Blindness
from stockscan.store.db import insert_into
from stockscan.store.reports.narrowing import EVERY, EVERYWHERE, AtPlace, OfParts
from stockscan.store.reports.rows import AssetMonth, PartMonth
from stockscan.store.settings import Setting
from stockscan.store.stock import Movement, stable_seq

# Goods that were used up, and their return; neither what was thrown away nor what was miscounted.
USE: Final = (MovementKind.ISSUE, MovementKind.INSTALL, MovementKind.RETURN_FROM_ASSET)
# What a stock loses without anybody using it, and what counts found again.
LOST: Final = (MovementKind.SCRAP, MovementKind.COUNT_ADJUST, MovementKind.LATE_CORRECTION)
# Rows that are added up at once: a writer waits for no more than these.
AT_ONCE: Final = 250_000

_MOST_MONTHS: Final = 120

_SUMS: Final = ("quantity_milli", "value_e4", "used_milli", "used_e4", "issued_e4", "lost_e4")
_KEPT: Final[dict[Any, tuple[str, str]]] = {
    PartMonth: ("month", "part_id"),
    AssetMonth: ("month", "asset_id"),
}


# Things by their numbers, or a select of very many; nothing means all.
Chosen = Collection[int] | Select[Any]


@dataclass(frozen=True, slots=True)
class Only:
    """What of the ledger is wanted; empty collections mean all, what `blind` hides is left out.

    `used` leaves out groups of which nothing was used. What moved `at` a place is added up from the
    ledger's own rows: no sums are kept of places.
    """

    part_ids: Collection[int] = ()
    asset_ids: Chosen = ()
    blind: Blindness = SEEING
    used: bool = False
    of: OfParts = EVERY
    at: AtPlace = EVERYWHERE

    @property
    def of_parts(self) -> bool:
        """Whether parts have to be told apart."""
        return bool(self.part_ids or self.of or self.blind)

    def parts(self, part_id: Any) -> list[Any]:
        """The conditions that the part in this column is wanted."""
        wanted = [part_id.in_(self.part_ids)] if self.part_ids else []
        if self.of:
            wanted.append(self.of.has(part_id))
        return [*wanted, ~self.blind.hides_part(part_id)] if self.blind else wanted

    @property
    def of_assets(self) -> bool:
        """Whether assets have to be told apart."""
        return is_chosen(self.asset_ids)


ALL: Final = Only()
USED: Final = Only(used=True)


def is_chosen(ids: Chosen) -> bool:
    """Whether only some are wanted."""
    return isinstance(ids, Select) or bool(ids)


def usage(
    connection: Connection | Session,
    from_month: int,
    to_month: int,
    group_by: Sequence[str],
    only: Only = ALL,
) -> Sequence[Any]:
    """Sums of the ledger over the months from one to the other, both in it, exact at any time.

    Rows of `group_by` (of month, part_id and asset_id, 0 for none) with
    - `quantity_milli` and `value_e4`: what the stock changed by, goods that leave it negative;
    - `used_milli` and `used_e4`: what was issued or installed, less what came back;
    - `issued_e4`: the issues among them, which no machine was charged with;
    - `lost_e4`: what was scrapped or missed by counts, less what counts found.

    Quantities mean something only where parts are told apart. Sums by part and asset at once are
    added up from the ledger's own rows: ask for those of few parts, or of few assets.
    """
    return connection.execute(sums(from_month, to_month, group_by, only)).all()


def sums(from_month: int, to_month: int, group_by: Sequence[str], only: Only = ALL) -> Select[Any]:
    """The statement of `usage`, for others to join."""
    halves = [
        _grouped(_narrowed(half, from_month, to_month, only).subquery(), group_by)
        for half in _sources(group_by, only)
    ]
    found = _grouped(union_all(*halves).subquery("sums"), group_by)
    if only.used:
        found = found.having(or_(*(found.selected_columns[name] != 0 for name in _USED)))
    return found


def unkept(
    from_month: int, to_month: int, group_by: Sequence[str], only: Only = ALL
) -> Select[Any]:
    """Sums as those of `sums`, of the rows behind the mark alone: what no kept sum holds yet."""
    rows = _narrowed(_behind_the_mark(), from_month, to_month, only)
    return _grouped(rows.subquery(), group_by)


def first_month(connection: Connection | Session) -> int | None:
    """The first month in which anything moved; None for an empty ledger."""
    firsts = [
        connection.execute(half.with_only_columns(func.min(half.selected_columns.month))).scalar()
        for half in (_kept(PartMonth), _behind_the_mark())
    ]
    return min((month for month in firsts if month is not None), default=None)


_USED: Final = ("used_milli", "used_e4")


def _sources(group_by: Sequence[str], only: Only) -> list[Select[Any]]:
    """Which rows are added up: the sums that are kept by what is told apart, and those behind."""
    if only.at:
        return [_rows()]
    by_asset = only.of_assets or "asset_id" in group_by
    if by_asset and (only.of_parts or "part_id" in group_by):
        return [_rows()]
    return [_kept(AssetMonth if by_asset else PartMonth), _behind_the_mark()]


def _narrowed(half: Select[Any], from_month: int, to_month: int, only: Only) -> Select[Any]:
    """The months; of a few parts one by one, so that the key of months and parts is looked up."""
    columns = half.selected_columns
    if only.part_ids and to_month - from_month < _MOST_MONTHS:
        half = half.where(columns.month.in_(range(from_month, to_month + 1)))
    else:
        half = half.where(columns.month.between(from_month, to_month))
    if only.of_assets:
        half = half.where(columns.asset_id.in_(only.asset_ids))
    if only.at:
        half = half.where(only.at.has(columns.location_id))
    return half.where(*only.parts(columns.part_id)) if only.of_parts else half


def roll_up(session: Session, *, at_most: int = AT_ONCE) -> int:
    """Move the mark over at most so many rows of the ledger; how many numbers it moved by.

    Whoever calls it again until it returns 0 has kept everything that can be kept yet. Two at once
    wait for each other.
    """
    locks.hold_usage(session)
    mark = settings.load(session).usage_seq
    until = session.scalar(stable_seq(session.connection())) or mark
    until = min(until, mark + at_most)
    if until <= mark:
        return 0
    for kept, keys in _KEPT.items():
        _add(session, kept.__table__, keys, mark, until)
    settings.save(session, usage_seq=until)
    return until - mark


def forget(session: Session) -> None:
    """Drop every kept sum; what is read stays the same, only slower until the next `roll_up`."""
    locks.hold_usage(session)
    for kept in _KEPT:
        session.execute(delete(kept))
    settings.save(session, usage_seq=0)


def _add(session: Session, table: Any, keys: tuple[str, str], mark: int, until: int) -> None:
    """Add the rows with mark < seq <= until to what is kept of their months."""
    rows = _rows()
    seq = rows.selected_columns.seq
    between = rows.where(seq > mark, seq <= until).subquery()
    found = _grouped(between, keys).order_by(*(between.c[name] for name in keys))
    wanted = insert_into(session.connection(), table).from_select([*keys, *_SUMS], found)
    session.execute(
        wanted.on_conflict_do_update(
            index_elements=list(keys),
            set_={name: table.c[name] + wanted.excluded[name] for name in _SUMS},
        )
    )


def _grouped(rows: Any, group_by: Sequence[str]) -> Select[Any]:
    keys = [rows.c[name] for name in group_by]
    totals = [cast(func.sum(rows.c[name]), BigInteger).label(name) for name in _SUMS]
    return select(*keys, *totals).group_by(*keys)


@cache
def _kept(kept: Any) -> Select[Any]:
    return select(*(getattr(kept, name) for name in (*_KEPT[kept], *_SUMS)))


@cache
def _behind_the_mark() -> Select[Any]:
    mark = select(cast(Setting.value, BigInteger)).where(Setting.key == "usage_seq")
    rows = _rows()
    return rows.where(rows.selected_columns.seq > func.coalesce(mark.scalar_subquery(), 0))


@cache
def _rows() -> Select[Any]:
    """Movements as rows of sums, each with its month."""
    undone = aliased(Movement, name="undone")
    took_back = select(undone.kind).where(undone.seq == Movement.reverses_seq).scalar_subquery()
    read = select(
        Movement.seq,
        month_of(Movement.effective_us).label("month"),
        Movement.part_id,
        Movement.location_id,
        func.coalesce(Movement.asset_id, 0).label("asset_id"),
        # Asked for reversals alone, which are few.
        case((Movement.kind == MovementKind.REVERSAL, took_back), else_=Movement.kind).label("for"),
        Movement.quantity_milli,
        Movement.value_e4,
    ).subquery("read")

    def of(kinds: Sequence[MovementKind], column: Any) -> Any:
        """What left the stock by these kinds."""
        return case((read.c["for"].in_([kind.value for kind in kinds]), -column), else_=0)

    return select(
        read.c.seq,
        read.c.month,
        read.c.part_id,
        read.c.location_id,
        read.c.asset_id,
        read.c.quantity_milli,
        read.c.value_e4,
        of(USE, read.c.quantity_milli).label("used_milli"),
        of(USE, read.c.value_e4).label("used_e4"),
        of([MovementKind.ISSUE], read.c.value_e4).label("issued_e4"),
        of(LOST, read.c.value_e4).label("lost_e4"),
    )
