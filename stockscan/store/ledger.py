"""The ledger's only writer: rows in, with balances, worth and late corrections kept true."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor
from stockscan.domain.counts import LineState
from stockscan.domain.figures import divide, refuse_absurd, times
from stockscan.domain.ledger import RANK_COUNT, RANK_GOODS, Key, MovementKind
from stockscan.domain.valuation import Worth, settle, value_at_average
from stockscan.store import limits, locks
from stockscan.store.counts import (
    CompleteBin,
    CountLine,
    anchors,
    first_anchor_behind,
    key_bound,
    key_values,
    unlined_complete_bins,
)
from stockscan.store.db import Base, on_postgresql
from stockscan.store.parts import Part, PartWorth
from stockscan.store.stock import (
    GOODS_KINDS,
    Balance,
    Movement,
    Newest,
    balance_of,
    book_at_count,
    newest_of,
    unreversed,
)

# The next number and its fence, drawn as one: see `stock.feed`.
_DRAW = text("SELECT seq, fence FROM stockscan_next_movement()")

# Sent with every movement, so built once.
_APPEND = insert(Base.metadata.tables[Movement.__tablename__])
_ADD = (
    update(Balance)
    .where(*key_bound(Balance))
    .values(quantity_milli=Balance.quantity_milli + bindparam("change"))
    .returning(Balance.quantity_milli)
)
_WORTH = select(PartWorth.quantity_milli, PartWorth.value_e4, PartWorth.average_e4).where(
    PartWorth.part_id == bindparam("of")
)
_SET_WORTH = (
    update(PartWorth)
    .where(PartWorth.part_id == bindparam("of"))
    .values({name: bindparam(name) for name in ("quantity_milli", "value_e4", "average_e4")})
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row to be written. Value and cost are frozen here; `seq` comes from the database."""

    kind: MovementKind
    key: Key
    quantity_milli: int
    unit_cost_e4: int
    value_e4: int
    effective_us: int
    rank: int = RANK_GOODS
    asset_id: int | None = None
    work_id: int | None = None
    requisition_line_id: int | None = None
    count_line_id: int | None = None
    reverses_seq: int | None = None
    corrects_seq: int | None = None
    late_seq: int | None = None
    returns_seq: int | None = None
    reason: str = ""
    note: str = ""
    removed_serial: str = ""
    origin_id: str | None = None


# The columns that a row takes over from its entry.
_AS_THEY_ARE = tuple(
    each.name
    for each in fields(Entry)
    if each.name not in {"kind", "key", "corrects_seq", "origin_id"}
)


class Posting:
    """All rows of one operation. Call `lock` first and `settle` last.

    `origin_id` is the operation for which the goods moved; it differs from `operation_id` where a
    later operation answers for them.
    """

    def __init__(
        self, session: Session, *, operation_id: str, origin_id: str, actor: Actor, now_us: int
    ) -> None:
        self.session = session
        self.now_us = now_us
        self.actor = actor
        self.person_id = actor.person_id
        self.operation_id = operation_id
        self.origin_id = origin_id
        self._on_postgresql = on_postgresql(session.connection())
        self._leg = 0
        self._before: dict[int, Worth] = {}
        self._change: dict[int, tuple[int, int]] = {}
        self._receipt_cost: dict[int, int] = {}
        self._last: dict[int, Entry] = {}
        self._balances: dict[Key, int] = {}
        self._newest: dict[Key, Newest] = {}
        # The rows that this operation's goods stand in for, where it corrects another one.
        self.corrects: dict[Key, int] = {}

    def lock(self, *keys: Key, whole_location: bool = False) -> None:
        """Serialise with everyone who writes these parts, or (whole_location) these places.

        Raises `NotAllowed` for a place that is not one of the actor's.
        """
        limits.refuse_outside(self.session, self.actor, {key.location_id for key in keys})
        if self._on_postgresql:
            locks.hold_keys(self.session, keys, whole_location=whole_location)

    def take_legs(self, many: int) -> int:
        """Number `many` rows of this operation that are written elsewhere; returns the first."""
        first = self._leg
        self._leg += many
        return first

    def worth(self, part_id: int) -> Worth:
        """The part's quantity, value and average before this operation.

        A part that never had an average stands at its list cost.
        """
        if part_id not in self._before:
            row = self.session.connection().execute(_WORTH, {"of": part_id}).first()
            if row is None:
                listed = self.session.scalar(select(Part.list_cost_e4).where(Part.id == part_id))
                self.session.execute(insert(PartWorth).values(part_id=part_id))
                self._before[part_id] = Worth(average_e4=listed or 0)
            else:
                self._before[part_id] = Worth(*row)
        return self._before[part_id]

    def balance(self, key: Key) -> int:
        """On hand of a locked key in thousandths, this operation's own rows included."""
        if key not in self._balances:
            self._balances[key] = balance_of(self.session, key)
        return self._balances[key]

    def newest(self, key: Key) -> Newest:
        """When a locked key was moved and counted last, before this operation moves it."""
        if key not in self._newest:
            self._newest[key] = newest_of(self.session, key)
        return self._newest[key]

    def at_average(self, key: Key, quantity_milli: int) -> tuple[int, int]:
        """(unit cost, value) of a signed quantity at the part's average."""
        worth = self.worth(key.part_id)
        return worth.average_e4, value_at_average(worth, quantity_milli)

    def append(self, entry: Entry) -> int:
        """Write a row and, where an anchor stands behind it, the late correction; returns its seq.

        The correction carries the count's frozen cost: the count had found what this row explains.
        """
        if self.newest(entry.key).counted_us < entry.effective_us:
            return self._write(entry)
        self._line_complete_bins(entry.key, entry.effective_us, entry.rank)
        seq = self._write(entry)
        anchor = first_anchor_behind(self.session, entry.key, entry.effective_us, entry.rank)
        if anchor is not None and entry.quantity_milli:
            correction = -entry.quantity_milli
            self._write(
                Entry(
                    MovementKind.LATE_CORRECTION,
                    entry.key,
                    correction,
                    anchor.cost_e4,
                    times(correction, anchor.cost_e4),
                    anchor.counted_us,
                    RANK_COUNT,
                    count_line_id=anchor.line_id,
                    late_seq=seq,
                    origin_id=entry.origin_id,
                )
            )
        return seq

    def receive(self, entry: Entry) -> int:
        """Append a row that brings its own price into the average."""
        self._receipt_cost[entry.key.part_id] = entry.unit_cost_e4
        return self.append(entry)

    def reverse(self, movement: Movement, *, note: str = "") -> int:
        """Take a row out of the books at its own position, with exactly the value that it had."""
        return self.append(
            Entry(
                MovementKind.REVERSAL,
                key_of(movement),
                -movement.quantity_milli,
                movement.unit_cost_e4,
                -movement.value_e4,
                movement.effective_us,
                movement.rank,
                asset_id=movement.asset_id,
                work_id=movement.work_id,
                requisition_line_id=movement.requisition_line_id,
                count_line_id=movement.count_line_id if movement.rank == RANK_COUNT else None,
                reverses_seq=movement.seq,
                note=note,
                origin_id=movement.origin_id,
            )
        )

    def retime(self, movement: Movement, effective_us: int) -> int:
        """Move a goods row to another instant: a reversal and a correction of the same cost."""
        self.reverse(movement)
        return self.append(
            Entry(
                MovementKind(movement.kind),
                key_of(movement),
                movement.quantity_milli,
                movement.unit_cost_e4,
                movement.value_e4,
                effective_us,
                asset_id=movement.asset_id,
                work_id=movement.work_id,
                requisition_line_id=movement.requisition_line_id,
                corrects_seq=movement.seq,
                returns_seq=movement.returns_seq,
                reason=movement.reason,
                note=movement.note,
                removed_serial=movement.removed_serial,
                origin_id=movement.origin_id,
            )
        )

    def post(self, line: CountLine, *, approver_id: int | None = None) -> int:
        """Make a counted line an anchor; returns the adjustment in thousandths.

        The variance is computed here, as of the count's position, whatever was shown before. The
        line is no anchor yet while its own adjustment is written.
        """
        key = key_of(line)
        assert line.counted_us is not None
        assert line.counted_milli is not None
        self._line_complete_bins(key, line.counted_us, RANK_COUNT)
        book = book_at_count(self.session, key, line.counted_us)
        variance = line.counted_milli - book
        cost, value = self.at_average(key, variance)
        self.append(
            Entry(
                MovementKind.COUNT_ADJUST,
                key,
                variance,
                cost,
                value,
                line.counted_us,
                RANK_COUNT,
                count_line_id=line.id,
            )
        )
        line.book_milli, line.variance_milli, line.cost_e4 = book, variance, cost
        line.state, line.posted_us = LineState.POSTED, self.now_us
        line.approver_id = approver_id
        self.session.flush()
        self._newest.clear()
        return variance

    def void(self, line: CountLine) -> None:
        """Undo a posted count: reverse every row on its anchor, each at the anchor's position."""
        line.state, line.voided_us = LineState.VOIDED, self.now_us
        self.session.flush()
        on_anchor = unreversed(
            Movement.count_line_id == line.id, Movement.kind != MovementKind.REVERSAL
        )
        for movement in self.session.scalars(on_anchor).all():
            self.reverse(movement)

    def settle(self) -> None:
        """Bring the worth of every part touched up to date; post what rounding or need demands."""
        for part_id, (quantity, value) in self._change.items():
            settled = settle(
                self._before[part_id],
                quantity_milli=quantity,
                value_e4=value,
                receipt_cost_e4=self._receipt_cost.get(part_id),
            )
            if settled.revaluation_e4:
                last = self._last[part_id]
                self._insert(
                    Entry(
                        MovementKind.REVALUATION,
                        last.key,
                        0,
                        0,
                        settled.revaluation_e4,
                        last.effective_us,
                        reason=last.reason,
                        note=last.note,
                        origin_id=last.origin_id,
                    )
                )
            worth = settled.worth
            self.session.connection().execute(_SET_WORTH, {"of": part_id, **asdict(worth)})
        self._change.clear()
        self._before.clear()

    def _line_complete_bins(self, key: Key, effective_us: int, rank: int) -> None:
        """Count a key that nobody had heard of as 0 wherever "these are all" was said later.

        The last one first: posting a line looks for those behind it.
        """
        for complete in reversed(unlined_complete_bins(self.session, key, effective_us, rank)):
            self._line_of_complete_bin(complete, key)

    def _line_of_complete_bin(self, complete: CompleteBin, key: Key) -> None:
        """ "These are all" said it: a key that nobody had heard of was counted as 0."""
        waits_as = anchors.waits_as(self.session, complete)
        book_milli = 0 if waits_as is LineState.NEEDS_REVIEW else None
        line = CountLine(
            session_id=complete.session_id,
            part_id=key.part_id,
            location_id=key.location_id,
            lot=key.lot,
            serial=key.serial,
            state=waits_as or LineState.COUNTED,
            attempt=1,
            counter_id=complete.person_id,
            counted_us=complete.effective_us,
            window_start_us=complete.window_start_us,
            counted_milli=0,
            book_milli=book_milli,
            variance_milli=book_milli,
            reason=anchors.LATE if waits_as is LineState.NEEDS_REVIEW else "",
            complete_bin_id=complete.id,
            operation_id=complete.operation_id,
        )
        self.session.add(line)
        self.session.flush()
        if waits_as is None:
            self.post(line)

    def _write(self, entry: Entry) -> int:
        self.worth(entry.key.part_id)
        if entry.kind is not MovementKind.REVERSAL:
            refuse_absurd(entry.value_e4)
        seq = self._insert(entry)
        quantity, value = self._change.get(entry.key.part_id, (0, 0))
        self._change[entry.key.part_id] = (
            quantity + entry.quantity_milli,
            value + entry.value_e4,
        )
        self._last[entry.key.part_id] = entry
        self._add_to_balance(entry.key, entry.quantity_milli)
        return seq

    def _insert(self, entry: Entry) -> int:
        values: dict[str, Any] = {
            **{name: getattr(entry, name) for name in _AS_THEY_ARE},
            **entry.key._asdict(),
            "kind": entry.kind.value,
            "recorded_us": self.now_us,
            "person_id": self.person_id,
            "corrects_seq": entry.corrects_seq or self._corrected(entry),
            "operation_id": self.operation_id,
            "origin_id": entry.origin_id or self.origin_id,
            "leg": self._leg,
        }
        self._leg += 1
        if self._on_postgresql:
            drawn = self.session.execute(_DRAW).one()
            values["seq"], values["fence"] = drawn
        done: Any = self.session.connection().execute(_APPEND, values)
        return int(done.inserted_primary_key[0])

    def _corrected(self, entry: Entry) -> int | None:
        return self.corrects.get(entry.key) if entry.kind in GOODS_KINDS else None

    def _add_to_balance(self, key: Key, quantity_milli: int) -> None:
        values = {**key_values(key), "change": quantity_milli}
        balance = self.session.connection().execute(_ADD, values).scalar()
        if balance is None:
            balance = quantity_milli
            self.session.execute(insert(Balance).values(**key._asdict(), quantity_milli=balance))
        self._balances[key] = balance


def key_of(row: Movement | CountLine) -> Key:
    """The key of a movement or a count line."""
    return Key(row.part_id, row.location_id, row.lot, row.serial)


def share_of_value(movement: Movement, quantity_milli: int) -> int:
    """The part of a movement's value that belongs to a part of its quantity, without its sign."""
    return abs(divide(movement.value_e4 * quantity_milli, movement.quantity_milli))
