"""A count that does not stand: nothing is asked about it, and its line may be counted again."""

from sqlalchemy.orm import Session

from stockscan.domain.counts import LineState
from stockscan.store import placing
from stockscan.store.counts import CountLine, sessions
from stockscan.store.counts import lines as counting
from stockscan.store.ledger import Posting, key_of


def forget_look(posting: Posting, line: CountLine) -> None:
    """A look at a bin that does not stand: nothing is asked about it any more."""
    for origin_id in counting.drop_questions(posting.session, line):
        placing.put_back(posting, key_of(line), origin_id)


def reopen(session: Session, line: CountLine, person_id: int | None) -> None:
    """Let a line be counted again, by this person; by whoever comes where they have it already."""
    # Asked before the line is open: nobody may have two open lines of one record.
    if person_id is not None and sessions.has_open_elsewhere(session, line, person_id):
        person_id = None
    line.state, line.serial = LineState.PENDING, ""
    line.counted_us = line.window_start_us = line.counted_milli = None
    line.book_milli = line.variance_milli = line.complete_bin_id = line.operation_id = None
    line.measured_us = line.measured_book_milli = line.measured_variance_milli = None
    line.measured_cost_e4 = line.measured_class = None
    line.reason, line.device, line.counter_id = "", "", person_id
    session.flush()
