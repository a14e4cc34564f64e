"""The story of a counted line: its attempts, what moved around them, and what may explain it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sqlalchemy import Connection

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.counts import LineState
from stockscan.domain.counts.causes import (
    Cause,
    Clue,
    Facts,
    Hint,
    Record,
    likely_causes,
    usual_cause,
)
from stockscan.domain.counts.causes import Moved as Booked
from stockscan.domain.counts.causes import Other as OtherRecord
from stockscan.domain.errors import NotFound
from stockscan.domain.figures import times
from stockscan.services.work import Context, reading
from stockscan.store.catalogue.history import Moved
from stockscan.store.counts import around
from stockscan.store.counts import lines as counting
from stockscan.store.counts import stories as store
from stockscan.store.counts.around import Earlier, Near, Waiting
from stockscan.store.counts.blindness import Blindness, blindness, is_hidden
from stockscan.store.counts.lines import QuestionRow
from stockscan.store.counts.stories import Attempt, Told
from stockscan.store.stock import GOODS_KINDS

# Differences that moving the goods in the books settles, and those that counting again does.
MOVES: Final = frozenset({Hint.NEXT_DOOR, Hint.OTHER_BIN, Hint.SERIAL_ELSEWHERE})
SLIPS: Final = frozenset({Hint.PACKS, Hint.TYPING})


@dataclass(frozen=True, slots=True)
class Story:
    """One record as it was counted: its attempts in physical order, and all that may explain it.

    `moves` are the movements around, `book_before_milli` what the books held before the first of
    them. `recounting` are those who are to count it again. `own` tells that who looks counted it
    and somebody else must decide.
    """

    line: Told
    attempts: list[Attempt]
    moves: list[Moved]
    book_before_milli: int
    earlier: list[Earlier]
    near: dict[int, Near]
    waiting: dict[str, Waiting]
    questions: list[QuestionRow]
    recounting: list[str]
    elsewhere: list[str]
    clues: tuple[Clue, ...]
    cause: Cause
    own: bool
    may_decide: bool

    @property
    def chosen(self) -> Attempt | None:
        """The attempt that the story is about; None where nobody counted the line yet."""
        return next((one for one in self.attempts if one.line_id == self.line.id), None)

    @property
    def value_e4(self) -> int:
        """What the difference is worth."""
        return times(self.chosen.variance_milli if self.chosen else 0, self.line.cost_e4)

    @property
    def agreed(self) -> bool:
        """Whether two people found the same difference on their own."""
        return _agreed(self.attempts)

    @property
    def can_decide(self) -> bool:
        """Whether who looks may book or reject the line now."""
        waits = self.line.state == LineState.NEEDS_REVIEW and self.chosen is not None
        return waits and self.may_decide and not self.own

    @property
    def can_recount(self) -> bool:
        """Whether who looks may have the record counted again."""
        undecided = self.line.state in {LineState.NEEDS_REVIEW, LineState.MOVED_DURING_COUNT}
        return undecided and self.may_decide and self.chosen is not None

    @property
    def move_to(self) -> Near | None:
        """The line that a move of the goods would settle together with this one."""
        best = self.clues[0] if self.clues else None
        return self.near.get(best.line_id or 0) if best and best.hint in MOVES else None

    @property
    def doubtful(self) -> bool:
        """Whether the count itself is what looks wrong."""
        return bool(self.clues) and self.clues[0].hint in SLIPS

    @property
    def allowed_for(self) -> list[Moved]:
        """Goods that moved after the first count: the difference does not contain them."""
        first_us = self.attempts[0].counted_us if self.attempts else 0
        return [
            move
            for move in self.moves
            if move.kind in GOODS_KINDS and not move.undone and move.effective_us > first_us
        ]


def story(ctx: Context, line_id: int) -> Story:
    """All that is known about a line. Raises `NotFound`, also for what is hidden from who asks."""
    actor = require(ctx.actor, Permission.READ)
    with reading() as connection:
        line = store.told(connection, line_id)
        blind = blindness(connection, actor)
        if line is None or _is_hidden(connection, actor, line, blind):
            raise NotFound("There is no such line to look at.")
        return _story(connection, actor, line, blind)


def counter_id(ctx: Context, code: str | None) -> int | None:
    """The number of who is to count, by code; None where nobody is said. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    if not code:
        return None
    with reading() as connection:
        return store.counter_of(connection, code)


def _is_hidden(connection: Connection, actor: Actor, line: Told, blind: Blindness) -> bool:
    """Whether the books of the line would tell somebody what they still count blind."""
    goods = (line.part_id, line.location_id)
    return line.count_id in blind.counts or bool(is_hidden(connection, actor, [goods]))


def _story(connection: Connection, actor: Actor, line: Told, blind: Blindness) -> Story:
    lines = store.record_lines(connection, line)
    attempts = store.attempts_of(connection, lines)
    moves = _moves(connection, line, attempts)
    near = {one.line_id: one for one in around.others_of(connection, line, blind)}
    waiting = {one.operation_id: one for one in around.waiting_for(connection, line)}
    questions = counting.open_questions(connection, lines)
    elsewhere = around.booked_in(connection, line, blind)
    record = _record(line, attempts)
    facts = Facts(
        others=[_other(line, one) for one in near.values()],
        moved=_booked(moves, questions, waiting),
        packs_milli=around.packs_of(connection, line.part_id),
        booked_elsewhere=bool(elsewhere),
    )
    clues = likely_causes(record, facts)
    return Story(
        line=line,
        attempts=attempts,
        moves=moves,
        book_before_milli=_book_before(connection, line, moves, attempts),
        earlier=around.earlier_counts(connection, line),
        near=near,
        waiting=waiting,
        questions=questions,
        recounting=store.still_to_count(connection, lines),
        elsewhere=elsewhere,
        clues=clues,
        cause=usual_cause(record, clues),
        own=_is_own(connection, actor, line),
        may_decide=actor.may(Permission.COUNT_APPROVE),
    )


def _record(line: Told, attempts: Sequence[Attempt]) -> Record:
    """The numbers of the line as the rules of likely causes take them."""
    for one in attempts:
        if one.line_id == line.id:
            return Record(
                one.counted_milli, one.book_milli, one.counted_us, line.serial, _agreed(attempts)
            )
    return Record(0, 0, 0)


def _agreed(attempts: Sequence[Attempt]) -> bool:
    return any(
        first.variance_milli == second.variance_milli and first.counter_id != second.counter_id
        for first, second in pairwise(attempts)
    )


def _moves(connection: Connection, line: Told, attempts: Sequence[Attempt]) -> list[Moved]:
    """The movements around all counts of the record."""
    if not attempts:
        return []
    low_us, high_us = attempts[0].counted_us, attempts[-1].counted_us
    return store.moves_around(connection, line.key, low_us, high_us)


def _book_before(
    connection: Connection, line: Told, moves: Sequence[Moved], attempts: Sequence[Attempt]
) -> int:
    instants = [one.effective_us for one in moves] + [one.counted_us for one in attempts]
    return store.book_before(connection, line.key, min(instants)) if instants else 0


def _booked(
    moves: Sequence[Moved], questions: Sequence[QuestionRow], waiting: dict[str, Waiting]
) -> list[Booked]:
    """The goods around the counts, those in question and those that wait, for the rules."""
    asked = {row.operation for row in questions}
    booked = [
        Booked(move.operation_id, move.quantity_milli, move.effective_us)
        for move in moves
        if move.kind in GOODS_KINDS and not move.undone and move.operation_id not in asked
    ]
    booked += [Booked(row.operation, 0, row.effective_us, asked=True) for row in questions]
    return booked + [
        Booked(one.operation_id, one.quantity_milli, one.effective_us, waiting=True)
        for one in waiting.values()
    ]


def _other(line: Told, near: Near) -> OtherRecord:
    same_way = near.count_id == line.count_id and line.order and near.order
    apart = abs(near.order - line.order) if same_way else None
    return OtherRecord(
        near.line_id,
        near.variance_milli,
        0 if near.location_id == line.location_id else apart,
        same_parent=near.parent_id is not None and near.parent_id == line.parent_id,
        same_mark=(near.lot, near.serial) == (line.lot, line.serial),
    )


def _is_own(connection: Connection, actor: Actor, line: Told) -> bool:
    """Whether somebody else must decide, because who looks has counted it."""
    mine = actor.person_id in {line.counter_id, line.typist_id}
    waits = line.state == LineState.NEEDS_REVIEW
    return mine and waits and not counting.single_user(connection)
