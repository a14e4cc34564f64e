"""The custody of assets: append-only events, and the holder and place that follow from them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, case, insert, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor
from stockscan.domain.codes import Kind
from stockscan.domain.errors import RuleBroken
from stockscan.domain.operations import Op
from stockscan.store import limits, standing
from stockscan.store.assets import Asset, AssetEvent
from stockscan.store.goods import find
from stockscan.store.locations import Location
from stockscan.store.people import Person

# What a person may take back: each is one event of one asset.
_OWN = ("check_out", "check_in", "move", "condition", "status", "note", "meter")


@dataclass(frozen=True, slots=True)
class Event:
    """A custody event as the rules need it."""

    seq: int
    kind: str
    asset_id: int
    effective_us: int
    due_on: date | None
    to_person_id: int | None
    to_location_id: int | None
    to_asset_id: int | None
    meter_id: int | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who or what has an asset."""

    kind: Kind
    code: str
    name: str

    def json(self) -> dict[str, str]:
        """The holder as the API shows it."""
        return {"kind": self.kind.value, "code": self.code, "name": self.name}


@dataclass(frozen=True, slots=True)
class Around:
    """The handovers right before and right after an instant."""

    before: Event | None
    after: Event | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an asset is now, who has it, and its status."""

    holder: Holder | None
    location_code: str | None
    location_name: str | None
    status: str


def lock(session: Session, asset_id: int) -> str:
    """Serialise with everyone who changes this asset's standing; its status as it is now."""
    held = select(Asset.status).where(Asset.id == asset_id).with_for_update()
    return session.scalars(held).one()


def around(session: Session, asset_id: int, effective_us: int) -> Around:
    """The handovers that stand right before and right after `effective_us`."""
    handovers = _live().where(
        AssetEvent.asset_id == asset_id, AssetEvent.kind.in_(standing.HANDOVERS)
    )
    before = session.execute(
        handovers.where(AssetEvent.effective_us <= effective_us)
        .order_by(AssetEvent.effective_us.desc(), AssetEvent.seq.desc())
        .limit(1)
    ).first()
    after = session.execute(
        handovers.where(AssetEvent.effective_us > effective_us)
        .order_by(AssetEvent.effective_us, AssetEvent.seq)
        .limit(1)
    ).first()
    return Around(Event(*before) if before else None, Event(*after) if after else None)


def last(session: Session, asset_id: int) -> Event | None:
    """The asset's last handover, which says who has it now."""
    return around(session, asset_id, 2**62).before


def append(
    session: Session,
    op: Op,
    kind: str,
    asset_id: int,
    actor: Actor,
    now_us: int,
    **values: Any,
) -> Event:
    """Record an event at the operation's time and bring holder and place up to date.

    Raises `NotAllowed` where the asset stands, or goes, outside the actor's places.
    """
    _refuse_outside(session, actor, asset_id, values.get("to_location_id"))
    row = {
        "kind": kind,
        "asset_id": asset_id,
        "effective_us": op.timing.effective_us,
        "recorded_us": now_us,
        "person_id": actor.person_id,
        "operation_id": op.id,
        **values,
    }
    if values.get("condition"):
        _keep_first_grade(session, row)
    seq = session.scalars(insert(AssetEvent).values(**row).returning(AssetEvent.seq)).one()
    standing.refresh(session, asset_id)
    return Event(
        seq,
        kind,
        asset_id,
        op.timing.effective_us,
        values.get("due_on"),
        values.get("to_person_id"),
        values.get("to_location_id"),
        values.get("to_asset_id"),
        values.get("meter_id"),
    )


def _keep_first_grade(session: Session, row: dict[str, Any]) -> None:
    """Give the condition that came with the asset an event, so that taking back leads to it."""
    asset = session.execute(
        select(Asset.condition, Asset.created_us).where(Asset.id == row["asset_id"])
    ).one()
    if asset.condition is None or standing.grades(session, row["asset_id"]).first() is not None:
        return
    first = {"kind": "condition", "condition": asset.condition, "leg": 1}
    session.execute(
        insert(AssetEvent).values(**{**_plain(row), **first, "effective_us": asset.created_us})
    )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    kept = ("asset_id", "recorded_us", "person_id", "operation_id")
    return {name: row[name] for name in kept}


def take_back(session: Session, op: Op, target_id: str, actor: Actor, now_us: int) -> Event | None:
    """Take the event that an operation recorded out of the order; None where it recorded none.

    The asset stays locked. Raises `RuleBroken` (`already_reversed`) the second time.
    """
    event = event_of(session, target_id)
    if event is None:
        return None
    lock(session, event.asset_id)
    if is_reversed(session, event.seq):
        raise RuleBroken("This was taken back already.", code="already_reversed")
    reverse(session, op, event, actor, now_us)
    return event


def reverse(session: Session, op: Op, event: Event, actor: Actor, now_us: int) -> None:
    """Take an event out of the order; what then stands last holds.

    Raises `RuleBroken` when a later check-out rests on the event, `NotAllowed` where the asset
    stands, or would stand again, outside the actor's places.
    """
    _refuse_outside(session, actor, event.asset_id, None)
    later = around(session, event.asset_id, event.effective_us).after
    if later is not None and event.kind == "check_in" and later.kind == "check_out":
        raise RuleBroken(
            "It was checked out again since. Take that back first.", code="custody_since"
        )
    session.execute(
        insert(AssetEvent).values(
            kind="reversal",
            asset_id=event.asset_id,
            effective_us=event.effective_us,
            recorded_us=now_us,
            person_id=actor.person_id,
            reverses_seq=event.seq,
            operation_id=op.id,
        )
    )
    standing.refresh(session, event.asset_id)
    _refuse_outside(session, actor, event.asset_id, None)


def _refuse_outside(
    session: Session, actor: Actor, asset_id: int, to_location_id: int | None
) -> None:
    if actor.limited:
        stands = session.scalar(select(Asset.location_id).where(Asset.id == asset_id))
        limits.refuse_outside(session, actor, (stands, to_location_id))


def event_of(session: Session, operation_id: str) -> Event | None:
    """The custody event that an operation recorded."""
    row = session.execute(
        select(*_COLUMNS).where(
            AssetEvent.operation_id == operation_id,
            AssetEvent.kind.in_(_OWN),
            AssetEvent.leg == 0,
        )
    ).first()
    return Event(*row) if row else None


def is_reversed(session: Session, seq: int) -> bool:
    """Whether an event was taken back."""
    return session.scalar(select(AssetEvent.seq).where(AssetEvent.reverses_seq == seq)) is not None


def holder_of(session: Session, event: Event) -> Holder | None:
    """To whom or what an event handed the asset."""
    return named(
        session,
        to_person_id=event.to_person_id,
        to_location_id=event.to_location_id,
        to_asset_id=event.to_asset_id,
    )


# There are twelve forklifts: the tag says which.
_TAGGED = case((Asset.name.contains(Asset.tag), Asset.name), else_=Asset.name + " " + Asset.tag)


def named(
    session: Session,
    *,
    to_person_id: int | None = None,
    to_location_id: int | None = None,
    to_asset_id: int | None = None,
) -> Holder | None:
    """The one of the three that is given, None for none."""
    for kind, table, identity in (
        (Kind.PERSON, Person, to_person_id),
        (Kind.LOCATION, Location, to_location_id),
        (Kind.ASSET, Asset, to_asset_id),
    ):
        if identity is not None:
            named = _TAGGED if table is Asset else table.name
            row = session.execute(select(table.code, named).where(table.id == identity)).one()
            return Holder(kind, *row)
    return None


def holder_now(session: Session, code: str) -> Holder | None:
    """Who has the asset with this label code; it is locked until the transaction ends."""
    asset_id = session.scalars(select(Asset.id).where(Asset.code == code).with_for_update()).one()
    return state_of(session, asset_id).holder


def state_of(session: Session, asset_id: int) -> Standing:
    """Holder and place as the asset's row caches them."""
    row = session.execute(
        select(
            Asset.custodian_person_id,
            Asset.custodian_location_id,
            Asset.custodian_asset_id,
            Location.code,
            Location.name,
            Asset.status,
        )
        .outerjoin(Location, Location.id == Asset.location_id)
        .where(Asset.id == asset_id)
    ).one()
    holder = named(session, to_person_id=row[0], to_location_id=row[1], to_asset_id=row[2])
    return Standing(holder, row[3], row[4], row[5])


def asset_of(session: Session, asset_id: int) -> Row[Any]:
    """The asset's names."""
    columns: tuple[Any, ...] = (Asset.id, Asset.code, Asset.tag, Asset.name)
    return session.execute(select(*columns).where(Asset.id == asset_id)).one()


def active_person(session: Session, reference: str) -> int:
    """The id of a person who works here. Raises `RuleBroken` for one who left."""
    person_id = find(session, Kind.PERSON, "to_person", reference)
    person = session.execute(select(Person.name, Person.active).where(Person.id == person_id)).one()
    if not person.active:
        raise RuleBroken(
            f"{person.name} no longer works here. Scan another badge.", code="person_inactive"
        )
    return person_id


def stands_on(session: Session, asset_id: int, other_id: int) -> bool:
    """Whether `asset_id` is, over some steps, checked out to `other_id`."""
    seen: set[int] = set()
    holder: int | None = asset_id
    while holder is not None and holder not in seen:
        seen.add(holder)
        holder = session.scalar(select(Asset.custodian_asset_id).where(Asset.id == holder))
        if holder == other_id:
            return True
    return False


_COLUMNS = (
    AssetEvent.seq,
    AssetEvent.kind,
    AssetEvent.asset_id,
    AssetEvent.effective_us,
    AssetEvent.due_on,
    AssetEvent.to_person_id,
    AssetEvent.to_location_id,
    AssetEvent.to_asset_id,
    AssetEvent.meter_id,
)


def _live() -> Any:
    return select(*_COLUMNS).where(~standing.TAKEN_BACK)
