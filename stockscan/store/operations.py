"""Every write that was ever accepted, by its client-made id: the memory of idempotency."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Row,
    bindparam,
    exists,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from stockscan.domain.operations import Op
from stockscan.store.db import Base, Big, on_postgresql
from stockscan.store.people import Person

# How many of a person's operations are looked through for the last of some kinds.
LATELY = 50


class Operation(Base):
    """One accepted write: who sent what, when it happened, and the result that was answered.

    Never pruned. `waits_for` names the operation without which this one cannot be applied.
    """

    __tablename__ = "operation"
    __table_args__ = (
        CheckConstraint("status IN ('applied', 'attention', 'dismissed')", name="status"),
        Index("ix_operation_actor_received", "actor_id", "received_us"),
        Index(
            "ix_operation_attention",
            "received_us",
            sqlite_where=text("status = 'attention'"),
            postgresql_where=text("status = 'attention'"),
        ),
        Index("ix_operation_waits_for", "waits_for"),
        Index(
            "ix_operation_device_capture",
            "device",
            "capture",
            sqlite_where=text("device <> '' AND capture > 0"),
            postgresql_where=text("device <> '' AND capture > 0"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    status: Mapped[str]
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device: Mapped[str] = mapped_column(default="")
    digest: Mapped[str]
    content: Mapped[str]
    result: Mapped[str] = mapped_column(default="{}")
    waits_for: Mapped[str | None]
    target_id: Mapped[str | None] = mapped_column(index=True)
    # Several operations that a person meant as one action share one; alone it is the own id.
    action_id: Mapped[str] = mapped_column(index=True)
    received_us: Mapped[int] = mapped_column(Big)
    effective_us: Mapped[int] = mapped_column(Big)
    earliest_us: Mapped[int] = mapped_column(Big)
    seen_us: Mapped[int | None] = mapped_column(Big)
    capture: Mapped[int] = mapped_column(Big, default=0)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An operation as it was recorded; `reversed` tells that it was taken back since.

    `action_id` is what it shares with the others that a person meant as one action.
    """

    id: str
    kind: str
    status: str
    digest: str
    person: str
    person_id: int
    received_us: int
    effective_us: int
    action_id: str
    answer: dict[str, Any]
    reversed: bool

    @property
    def result(self) -> dict[str, Any]:
        """The result that was answered first; empty for one that waits."""
        found: dict[str, Any] = self.answer.get("result", {})
        return found


# Sent with every write, so built once; keyed by whether PostgreSQL is asked.
_CLAIM = {
    on_postgres: dialect.insert(Operation)
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(Operation.id)
    for on_postgres, dialect in ((True, postgresql), (False, sqlite))
}
_FINISH = (
    update(Operation)
    .where(Operation.id == bindparam("of"))
    .values(status=bindparam("status"), result=bindparam("result"), waits_for=None)
)
_WAITING_FOR = (
    select(Operation.id)
    .where(
        Operation.waits_for.in_(bindparam("keys", expanding=True)),
        Operation.status == "attention",
    )
    .order_by(Operation.received_us, Operation.id)
)

_ANSWER = aliased(Operation)
_TAKEN_BACK = exists(
    select(_ANSWER.id).where(
        _ANSWER.target_id == Operation.id,
        _ANSWER.kind == "reverse",
        _ANSWER.status == "applied",
    )
)
_RECORDED: Any = select(
    Operation.id,
    Operation.kind,
    Operation.status,
    Operation.digest,
    Person.name.label("person"),
    Operation.actor_id.label("person_id"),
    Operation.received_us,
    Operation.effective_us,
    Operation.action_id,
    Operation.result.label("answer"),
    _TAKEN_BACK.label("reversed"),
).join(Person, Person.id == Operation.actor_id)


def claim(
    session: Session,
    op: Op,
    actor_id: int,
    content: str,
    *,
    status: str,
    waits_for: str | None = None,
    result: str = "{}",
) -> Recorded | None:
    """Take the operation's id for this transaction; None on success, else what has it already.

    A concurrent twin waits here until the first one has ended.
    """
    connection = session.connection()
    values = {
        "id": op.id,
        "kind": op.kind,
        "status": status,
        "actor_id": actor_id,
        "device": op.device,
        "digest": op.digest,
        "content": content,
        "result": result,
        "waits_for": waits_for,
        "target_id": op["operation"],
        "action_id": op.action_id or op.id,
        "received_us": op.timing.received_us,
        "effective_us": op.timing.effective_us,
        "earliest_us": op.timing.earliest_us,
        "seen_us": op.seen_us,
        "capture": op.capture,
    }
    claimed = connection.execute(_CLAIM[on_postgresql(connection)], values).first()
    return None if claimed is not None else recorded(session, op.id)


def in_order(session: Session, op: Op) -> Op:
    """A replayed operation not before the last one that its phone captured earlier."""
    if not (op.queued and op.device and op.capture):
        return op
    query = (
        select(Operation.effective_us)
        .where(
            Operation.device == op.device,
            Operation.device != "",
            Operation.capture > 0,
            Operation.capture < op.capture,
        )
        .order_by(Operation.capture.desc())
        .limit(1)
    )
    return op.after(session.connection().execute(query).scalar() or 0)


def finish(session: Session, operation_id: str, status: str, result: dict[str, Any]) -> None:
    """Store the answer with the operation; every repetition gets this one."""
    values = {"of": operation_id, "status": status, "result": json.dumps({"result": result})}
    session.connection().execute(_FINISH, values)


def recorded(connection: Connection | Session, operation_id: str) -> Recorded | None:
    """One operation by its id."""
    row = connection.execute(_RECORDED.where(Operation.id == operation_id)).first()
    return _as_recorded(row) if row else None


def was_reversed(session: Session, target_id: str, besides: str) -> bool:
    """Whether an operation was taken back by another one than `besides`."""
    answers = select(Operation.id).where(
        Operation.target_id == target_id,
        Operation.kind == "reverse",
        Operation.status == "applied",
        Operation.id != besides,
    )
    return session.execute(answers.limit(1)).first() is not None


def contents_of(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Operations as they were sent, as JSON, by id."""
    query = select(Operation.id, Operation.content).where(Operation.id.in_(ids))
    return {row.id: row.content for row in connection.execute(query)}


def content_of(connection: Connection, operation_id: str) -> str | None:
    """An operation as it was sent, as JSON."""
    return connection.scalar(select(Operation.content).where(Operation.id == operation_id))


def of_action(connection: Connection | Session, action_id: str, limit: int) -> list[Recorded]:
    """The operations of an action, in the order of recording."""
    rows = connection.execute(
        _RECORDED.where(Operation.action_id == action_id)
        .order_by(Operation.received_us, Operation.id)
        .limit(limit)
    )
    return [_as_recorded(row) for row in rows]


def recent(connection: Connection, person_id: int, limit: int) -> list[Recorded]:
    """A person's newest operations first."""
    rows = connection.execute(
        _RECORDED.where(Operation.actor_id == person_id)
        .order_by(Operation.received_us.desc())
        .limit(limit)
    )
    return [_as_recorded(row) for row in rows]


def last_kind(connection: Connection, person_id: int, kinds: Collection[str]) -> str:
    """Which of these kinds the person recorded last; "" for none lately."""
    lately = (
        select(Operation.kind, Operation.received_us)
        .where(Operation.actor_id == person_id)
        .order_by(Operation.received_us.desc())
        .limit(LATELY)
        .subquery()
    )
    wanted = select(lately.c.kind).where(lately.c.kind.in_(kinds))
    return connection.execute(wanted.order_by(lately.c.received_us.desc()).limit(1)).scalar() or ""


def waiting(
    connection: Connection, person_id: int | None, limit: int
) -> tuple[list[Recorded], int]:
    """Operations that need attention, oldest first, of one person or of everyone (None).

    At most `limit` of them, and how many there are in all.
    """
    whose = [Operation.status == "attention"]
    if person_id is not None:
        whose.append(Operation.actor_id == person_id)
    rows = connection.execute(
        _RECORDED.where(*whose).order_by(Operation.received_us, Operation.id).limit(limit)
    )
    total = connection.scalar(select(func.count()).select_from(Operation).where(*whose))
    return [_as_recorded(row) for row in rows], total or 0


def waiting_for(connection: Connection, keys: Collection[str]) -> Sequence[str]:
    """The ids of the operations that wait for one of `keys` to arrive, oldest first."""
    return connection.execute(_WAITING_FOR, {"keys": list(keys)}).scalars().all()


def _as_recorded(row: Row[Any]) -> Recorded:
    values = row._asdict()
    values["answer"] = json.loads(values["answer"])
    return Recorded(**{**values, "reversed": bool(values["reversed"])})
