"""Proofs that the books still hold what people were told: each row against its operation.

An operation keeps what was sent and what was answered. A row that says something else was
changed behind the application's back, even where every sum still fits.
"""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from stockscan.domain.codes import as_code
from stockscan.domain.figures import format_cost, format_quantity, iso
from stockscan.domain.standing import fold
from stockscan.store.assets import Asset, AssetEvent
from stockscan.store.locations import Location
from stockscan.store.meters import Meter
from stockscan.store.operations import Operation
from stockscan.store.parts import Part
from stockscan.store.people import Person
from stockscan.store.standing import TAKEN_BACK
from stockscan.store.stock import GOODS_KINDS, Movement

# The goods rows that an operation of each kind may stand behind, and its custody event.
_MOVES: Final = {
    "receive": {"receive"},
    "issue": {"issue"},
    "install": {"install", "receive"},
    "return_part": {"return_from_asset"},
    "scrap": {"scrap"},
    "dispose": {"scrap"},
    "move_part": {"install", "return_from_asset"},
    "pick": {"transfer_out", "transfer_in"},
    "put_back": {"transfer_out", "transfer_in"},
    "transfer": {"transfer_out", "transfer_in"},
}
# What a count may bring with it: a serial that was found in another bin than it was booked in.
_FOUND: Final = {
    "count": {"transfer_out", "transfer_in"},
    "post_count": {"transfer_out", "transfer_in"},
    "import": {"opening"},
}
# A job says of its asset that it stands still or runs again, or leaves a remark.
_OF_JOBS: Final = ("report_fault", "start_job", "set_running", "finish_job", "cancel_job")
# What a chunk of an import tells of assets: many events of one operation, in any order.
# A sighting in an audit may tell how it is, or anything else, besides.
_TOLD: Final = {
    "import": frozenset({"move", "status", "condition"}),
    "audit": frozenset({"condition", "note"}),
    **dict.fromkeys(_OF_JOBS, frozenset({"status", "note"})),
}
_EVENTS: Final = {
    "check_out": "check_out",
    "check_in": "check_in",
    "move_asset": "move",
    "condition": "condition",
    "set_status": "status",
    "set_due": "note",
    "note": "note",
    "read_meter": "meter",
    "create_asset": "move",
    "reverse": "reversal",
}
_ALWAYS: Final = frozenset(
    {"check_out", "check_in", "move_asset", "set_status", "set_due", "note", "read_meter"}
)
# Where an event went, by the field of the operation that said so.
_WENT: Final = {
    "check_out": {"to_person": "to_person_id", "to_location": "to_location_id",
                  "to_asset": "to_asset_id"},
    "check_in": {"location": "to_location_id"},
    "move": {"location": "to_location_id"},
}  # fmt: skip


def movements_as_told(session: Session) -> Iterator[str]:
    """Movements have the kind, place, time and cost that the answer to their operation named."""
    codes = _Codes(session)
    rows = session.execute(
        select(Movement, Operation.kind.label("said"), Operation.status, Operation.actor_id,
               Operation.result)
        .outerjoin(Operation, Operation.id == Movement.operation_id)
    )  # fmt: skip
    legs: Counter[str] = Counter()
    for row, said, status, actor_id, result in rows:
        legs[row.operation_id] += 1
        if said is None:
            yield f"movement {row.seq} has no operation"
            continue
        if status != "applied" and said != "count":
            yield f"movement {row.seq} is of an operation that was not applied"
        if row.person_id != actor_id:
            yield f"movement {row.seq} names another person than its operation"
        if (
            row.kind in GOODS_KINDS
            and row.corrects_seq is None
            and row.kind not in {**_MOVES, **_FOUND}.get(said, ())
        ):
            yield f"movement {row.seq} is no movement of its operation ({said})"
        told = json.loads(result).get("result", {})
        if told.get("movement") == row.seq and not _agrees(told, row, codes):
            yield f"movement {row.seq} is not what its operation answered"
    for identity, said in session.execute(
        select(Operation.id, Operation.kind).where(
            Operation.status == "applied", Operation.kind.in_(_MOVES)
        )
    ):
        if legs[identity] == 0:
            yield f"{said} {identity} has no movement"


def events_as_told(session: Session) -> Iterator[str]:
    """Custody events say what was sent; an asset that is out is not handed out again."""
    codes = _Codes(session)
    rows = session.execute(
        select(AssetEvent, Operation.kind.label("said"), Operation.status, Operation.actor_id,
               Operation.content, Operation.result, Operation.effective_us)
        .outerjoin(Operation, Operation.id == AssetEvent.operation_id)
    )  # fmt: skip
    found = set()
    for event, said, status, actor_id, content, result, at_us in rows:
        found.add(event.operation_id)
        if said is None:
            yield f"event {event.seq} has no operation"
            continue
        # Its second event is the condition that the asset came with, so that it can go back to it.
        kind = "condition" if event.leg else _EVENTS.get(said)
        if event.kind in _TOLD.get(said, ()):
            kind = event.kind
        # One that came too late for its audit was kept all the same.
        kept = status == "applied" or (said == "audit" and status == "attention")
        if not kept or event.person_id != actor_id or event.kind != kind:
            yield f"event {event.seq} is no event of its operation ({said})"
        if event.leg or said == "import":
            continue
        sent = json.loads(content)
        if said in _OF_JOBS:
            sent["status"] = event.to_status
        # The answer of a creation names the asset alone.
        told = {"effective_at": iso(at_us)} if said == "create_asset" else {}
        if not _says(event, sent, {**told, **json.loads(result).get("result", {})}, codes):
            yield f"event {event.seq} is not what its operation said"
    for identity, said, content in session.execute(
        select(Operation.id, Operation.kind, Operation.content).where(
            Operation.status == "applied", Operation.kind.in_((*_ALWAYS, "create_asset"))
        )
    ):
        if identity not in found and (said in _ALWAYS or json.loads(content).get("location")):
            yield f"{said} {identity} has no event"
    yield from _handed_out_twice(session)


def assets_as_they_stand(session: Session) -> Iterator[str]:
    """Each asset's row says what its events say; all of them are read once, in order."""
    events = session.execute(
        select(AssetEvent.__table__, TAKEN_BACK.label("taken_back")).order_by(
            AssetEvent.asset_id, AssetEvent.effective_us, AssetEvent.seq
        )
    )
    folded = {
        asset_id: fold(theirs) for asset_id, theirs in groupby(events, lambda row: row.asset_id)
    }
    untouched = fold(())
    for asset in session.execute(select(Asset.__table__)):
        for column, value in folded.get(asset.id, untouched).items():
            if getattr(asset, column) != value:
                yield f"asset {asset.tag}: {column} is not what its events say"


def meters_as_read(session: Session) -> Iterator[str]:
    """Each meter says what its last reading that holds says."""
    readings = session.execute(
        select(AssetEvent.meter_id, AssetEvent.value_milli, AssetEvent.effective_us)
        .where(AssetEvent.kind == "meter", ~TAKEN_BACK)
        .order_by(AssetEvent.effective_us, AssetEvent.seq)
    )
    last = {row.meter_id: (row.value_milli, row.effective_us) for row in readings}
    for meter in session.execute(select(Meter.__table__)):
        read = last.get(meter.id, (None, None))
        for column, value in zip(("value_milli", "read_us"), read, strict=True):
            if getattr(meter, column) != value:
                yield f"meter {meter.name} of asset {meter.asset_id}: {column} is not what was read"


def _handed_out_twice(session: Session) -> Iterator[str]:
    taken_back = set(
        session.scalars(select(AssetEvent.reverses_seq).where(AssetEvent.reverses_seq.is_not(None)))
    )
    out: dict[int, bool] = {}
    for seq, asset_id, kind in session.execute(
        select(AssetEvent.seq, AssetEvent.asset_id, AssetEvent.kind)
        .where(AssetEvent.kind.in_(("check_out", "check_in")))
        .order_by(AssetEvent.asset_id, AssetEvent.effective_us, AssetEvent.seq)
    ):
        if seq in taken_back:
            continue
        if kind == "check_out" and out.get(asset_id):
            yield f"event {seq} hands an asset out that is out"
        out[asset_id] = kind == "check_out"


def _agrees(told: dict[str, Any], row: Movement, codes: "_Codes") -> bool:
    kept = {
        "part": codes.of("part", row.part_id),
        "location": codes.of("location", row.location_id),
        "asset": codes.of("asset", row.asset_id),
        "lot": row.lot,
        "serial": row.serial,
        "unit_cost": format_cost(row.unit_cost_e4),
        "effective_at": iso(row.effective_us),
    }
    return all(told.get(name, value) == value for name, value in kept.items())


def _says(event: AssetEvent, sent: dict[str, Any], told: dict[str, Any], codes: "_Codes") -> bool:
    for field, column in _WENT.get(event.kind, {}).items():
        kind, said = field.removeprefix("to_"), str(sent.get(field) or "")
        named, kept = as_code(said), codes.of(kind, getattr(event, column))
        if (kept is not None and not said) or (codes.has(kind, named) and kept != named):
            return False
    at, asset = iso(event.effective_us), codes.of("asset", event.asset_id)
    due_on = event.due_on.isoformat() if event.due_on else None
    return (
        told.get("effective_at", at) == at
        and told.get("asset", told.get("code", asset)) == asset
        and (event.kind not in {"check_out", "note"} or due_on == (sent.get("due_on") or None))
        and event.to_status == (sent.get("status") or None)
        and (event.kind != "meter" or told["value"] == format_quantity(event.value_milli or 0))
    )


class _Codes:
    """The label codes of all things, which never change."""

    def __init__(self, session: Session) -> None:
        self._of: dict[str, dict[int, str]] = {}
        self._all: dict[str, set[str]] = {}
        tables: dict[str, Any] = {
            "part": Part,
            "location": Location,
            "asset": Asset,
            "person": Person,
        }
        for kind, table in tables.items():
            rows = session.execute(select(table.id, table.code)).all()
            self._of[kind] = {row.id: row.code for row in rows}
            self._all[kind] = set(self._of[kind].values())

    def of(self, kind: str, identity: int | None) -> str | None:
        """The code of a thing, None where there is no such thing."""
        return self._of[kind].get(identity or 0)

    def has(self, kind: str, code: str | None) -> bool:
        """Whether a thing of this kind has the code."""
        return code in self._all[kind]
