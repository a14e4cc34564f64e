"""The rows of counts: sessions, their places and lines, entries, complete bins, open questions."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.domain.counts import AuditState, LineState, SessionState
from stockscan.store.db import Base, Big


class CountSession(Base):
    """Some lines counted together; an ad hoc count is a session of its own, without a number.

    `things` says whether parts or assets are counted, `counters` how many people count each line
    on their own, `posts_itself` whether what is accepted is booked without anybody's tap. `scope`
    and `tolerance` are JSON, kept as they were when the count was opened.
    """

    __tablename__ = "count_session"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(state.value for state in SessionState)}", name="state"),
        Index("uq_count_session_code", "code", unique=True),
        Index("uq_count_session_number", "number", unique=True),
        Index("ix_count_session_state", "state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(ForeignKey("code.code"))
    number: Mapped[int | None]
    name: Mapped[str] = mapped_column(default="", server_default="")
    method: Mapped[str]
    things: Mapped[str] = mapped_column(default="parts", server_default="parts")
    state: Mapped[str]
    blind: Mapped[bool] = mapped_column(default=True)
    counters: Mapped[int] = mapped_column(default=1, server_default="1")
    max_attempts: Mapped[int] = mapped_column(default=2)
    posts_itself: Mapped[bool] = mapped_column(default=False, server_default="false")
    scope: Mapped[str] = mapped_column(default="{}")
    tolerance: Mapped[str] = mapped_column(default="{}")
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    opened_us: Mapped[int] = mapped_column(Big)
    submitted_us: Mapped[int | None] = mapped_column(Big)
    posted_us: Mapped[int | None] = mapped_column(Big)
    ended_us: Mapped[int | None] = mapped_column(Big)


class CountPlace(Base):
    """A place of a count: where it comes on the way, and who counts it (None: whoever comes).

    `done_us` is when somebody said that all assets of a room were looked at, in an audit.
    """

    __tablename__ = "count_place"

    session_id: Mapped[str] = mapped_column(ForeignKey("count_session.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)
    place_order: Mapped[int]
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_us: Mapped[int | None] = mapped_column(Big)


class AuditSighting(Base):
    """Somebody saw an asset in a place, in an audit; a void one was taken back."""

    __tablename__ = "audit_sighting"
    __table_args__ = (
        Index("ix_audit_sighting_asset", "asset_id", "at_us"),
        Index("ix_audit_sighting_room", "session_id", "location_id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("count_session.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    at_us: Mapped[int] = mapped_column(Big)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    operation_id: Mapped[str] = mapped_column(ForeignKey("operation.id"), unique=True)
    voided_us: Mapped[int | None] = mapped_column(Big)


class AuditLine(Base):
    """An asset that an audit expects somewhere, or came upon: the fold of its sightings.

    `expected_id` is where the books had it when it was seen, until then when the audit was opened.
    `operation_id` is the sighting that counts; `settled` is what somebody did about a line that
    does not agree with the books, by `settled_operation_id` where that wrote something.
    """

    __tablename__ = "audit_line"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(state.value for state in AuditState)}", name="state"),
        CheckConstraint("settled IN ('', 'relocated', 'left', 'missing')", name="settled"),
        UniqueConstraint("session_id", "asset_id"),
        Index("ix_audit_line_asset_id", "asset_id"),
        Index("ix_audit_line_room", "session_id", "expected_id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("count_session.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    state: Mapped[str]
    expected_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    found_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    found_us: Mapped[int | None] = mapped_column(Big)
    settled: Mapped[str] = mapped_column(default="")
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_us: Mapped[int | None] = mapped_column(Big)
    settled_operation_id: Mapped[str | None] = mapped_column(ForeignKey("operation.id"))
    operation_id: Mapped[str | None] = mapped_column(ForeignKey("operation.id"))


class CompleteBin(Base):
    """The statement "these are all" about a location at one instant."""

    __tablename__ = "complete_bin"
    __table_args__ = (Index("ix_complete_bin_location", "location_id", "effective_us"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("count_session.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    effective_us: Mapped[int] = mapped_column(Big)
    window_start_us: Mapped[int] = mapped_column(Big)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    operation_id: Mapped[str] = mapped_column(ForeignKey("operation.id"), unique=True)
    voided_us: Mapped[int | None] = mapped_column(Big)


class CountLine(Base):
    """One key counted once: the number, its position, and what became of it.

    While POSTED it is an anchor: the book just behind (counted_us, rank 1) equals counted_milli.
    `cost_e4` is the part's average when it was posted, the cost of its adjustment and of every
    late correction behind it. The live lines of one key in one session are its attempts. A line
    that nobody has counted yet carries in `counter_id` who is to count it (None: whoever comes).
    `measured_*` is how far off the books were when it was judged first, for accuracy; it stays.
    """

    __tablename__ = "count_line"
    __table_args__ = (
        CheckConstraint(f"state IN {tuple(state.value for state in LineState)}", name="state"),
        CheckConstraint("counted_milli IS NULL OR counted_milli >= 0", name="counted"),
        CheckConstraint(
            "state <> 'POSTED' OR (counted_milli IS NOT NULL AND counted_us IS NOT NULL"
            " AND posted_us IS NOT NULL)",
            name="posted",
        ),
        Index("ix_count_line_key", "part_id", "location_id", "lot", "serial", "counted_us"),
        Index("ix_count_line_location", "location_id", "counted_us"),
        Index("ix_count_line_session_state", "session_id", "state", "place_order"),
        Index("ix_count_line_session_counter", "session_id", "counter_id", "state"),
        Index(
            "ix_count_line_open",
            "counter_id",
            sqlite_where=text("state IN ('PENDING', 'COUNTING')"),
            postgresql_where=text("state IN ('PENDING', 'COUNTING')"),
        ),
        Index(
            "ix_count_line_measured",
            "measured_us",
            sqlite_where=text("measured_us IS NOT NULL"),
            postgresql_where=text("measured_us IS NOT NULL"),
        ),
        Index(
            "ix_count_line_posted",
            "part_id",
            "location_id",
            "lot",
            "counted_us",
            sqlite_where=text("state = 'POSTED'"),
            postgresql_where=text("state = 'POSTED'"),
        ),
        Index(
            "uq_count_line_one_open",
            "part_id",
            "location_id",
            "lot",
            "serial",
            "counter_id",
            unique=True,
            sqlite_where=text("state IN ('PENDING', 'COUNTING')"),
            postgresql_where=text("state IN ('PENDING', 'COUNTING')"),
        ),
        UniqueConstraint("complete_bin_id", "part_id", "location_id", "lot", "serial", "attempt"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("count_session.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    lot: Mapped[str] = mapped_column(default="")
    serial: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    place_order: Mapped[int] = mapped_column(default=0, server_default="0")
    attempt: Mapped[int] = mapped_column(default=1)
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    device: Mapped[str] = mapped_column(default="")
    counted_us: Mapped[int | None] = mapped_column(Big)
    window_start_us: Mapped[int | None] = mapped_column(Big)
    counted_milli: Mapped[int | None] = mapped_column(Big)
    book_milli: Mapped[int | None] = mapped_column(Big)
    variance_milli: Mapped[int | None] = mapped_column(Big)
    cost_e4: Mapped[int | None] = mapped_column(Big)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")
    cause: Mapped[str] = mapped_column(default="", server_default="")
    measured_us: Mapped[int | None] = mapped_column(Big)
    measured_book_milli: Mapped[int | None] = mapped_column(Big)
    measured_variance_milli: Mapped[int | None] = mapped_column(Big)
    measured_cost_e4: Mapped[int | None] = mapped_column(Big)
    measured_class: Mapped[str | None]
    posted_us: Mapped[int | None] = mapped_column(Big)
    voided_us: Mapped[int | None] = mapped_column(Big)
    complete_bin_id: Mapped[int | None] = mapped_column(ForeignKey("complete_bin.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("count_line.id"))
    recount_of_id: Mapped[int | None] = mapped_column(ForeignKey("count_line.id"))
    operation_id: Mapped[str | None] = mapped_column(ForeignKey("operation.id"), index=True)


class CountEntry(Base):
    """One number typed or scanned for a line; the line's count is what the entries say."""

    __tablename__ = "count_entry"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("count_line.id"), index=True)
    quantity_milli: Mapped[int] = mapped_column(Big)
    at_us: Mapped[int] = mapped_column(Big)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    operation_id: Mapped[str] = mapped_column(ForeignKey("operation.id"))


class CountQuestion(Base):
    """ "Before or after the count?", asked of a movement whose side is not certain.

    Until `answer` is given the `preselected` side holds in the books.
    """

    __tablename__ = "count_question"
    __table_args__ = (
        CheckConstraint("reason IN ('window', 'uncertain')", name="reason"),
        CheckConstraint("preselected IN ('before', 'after')", name="preselected"),
        CheckConstraint("answer IS NULL OR answer IN ('before', 'after')", name="answer"),
        UniqueConstraint("line_id", "origin_id"),
        Index("ix_count_question_origin", "origin_id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("count_line.id"))
    origin_id: Mapped[str] = mapped_column(ForeignKey("operation.id"))
    reason: Mapped[str]
    preselected: Mapped[str]
    answer: Mapped[str | None]
    asked_us: Mapped[int] = mapped_column(Big)
    answered_us: Mapped[int | None] = mapped_column(Big)
