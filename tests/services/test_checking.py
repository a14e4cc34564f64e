"""`stockscan check` finds what was changed behind the application's back."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import pytest
from flask import Flask
from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Table,
    create_engine,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from stockscan.services import checking
from stockscan.store.assets import AssetEvent
from stockscan.store.db import Base, db
from tests.cast import hire
from tests.shop import Shop

EDITS = 60
SECOND = 1_000_000


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    """A workshop with some history of every kind."""
    with app.app_context():
        shop = Shop(hire(app))
        live(shop)
        assert checking.check(shop.context()) == []
        yield shop


@pytest.fixture
def stranger(app: Flask) -> Engine:
    """The database as somebody reaches it without the application."""
    with app.app_context():
        return create_engine(db.engine.url, poolclass=NullPool)


def live(shop: Shop) -> None:
    """Receive, fit, move, count, run below zero, record late, take back; hand things around."""
    bins = [shop.bin(), shop.bin()]
    machines = [shop.asset(location=bins[0]), shop.asset(), shop.asset()]
    technician, keeper = shop.cast.technician.code, shop.cast.storekeeper.code
    for part in (shop.part(cost="2.50"), shop.part(cost="7")):
        shop.ok("receive", part=part, location=bins[0], quantity=20, unit_cost="3.10")
        install = shop.ok("install", part=part, asset=machines[0], location=bins[0], quantity=3)
        shop.ok("return_part", part=part, asset=machines[0], location=bins[1], quantity=1)
        shop.ok("transfer", part=part, from_location=bins[0], to_location=bins[1], quantity=4)
        shop.wait(200)
        shop.counted(part=part, location=bins[0], quantity=11)
        shop.ok(
            "install", part=part, asset=machines[1], location=bins[0], quantity=2, age_ms=100_000
        )
        voided = shop.counted(part=part, location=bins[1], quantity=4)
        shop.ok("reverse", operation=voided["operation"])
        shop.ok("issue", part=part, location=bins[1], quantity=9, reason="used")
        shop.ok("receive", part=part, location=bins[1], quantity=30, unit_cost="4.20")
        wrong = shop.ok("issue", part=part, location=bins[1], quantity=6, reason="slip")
        shop.ok("reverse", operation=wrong["operation"])
        assert install["before"] == "20"
    for machine in machines[:2]:
        shop.ok("check_out", asset=machine, to_person=technician, due_on="2026-12-24")
        shop.ok("check_in", asset=machine, location=bins[1])
        shop.ok("check_out", asset=machine, to_location=bins[0])
        shop.ok("check_in", asset=machine)
        again = shop.ok("check_out", asset=machine, to_person=keeper)
        shop.ok("reverse", operation=again["operation"])
    shop.ok("check_out", asset=machines[2], to_asset=machines[0])
    shop.ok("move_asset", asset=machines[1], location=bins[0])
    shop.ok("check_out", asset=machines[0], to_person=keeper)


@dataclass(frozen=True)
class Edit:
    """One change of one row of a table; `becomes` gives the new value of a column."""

    table: str
    column: str = ""
    becomes: Callable[[Any], Any] = lambda value: value
    where: Callable[[Row[Any]], bool] = lambda _row: True


def more(value: int | None) -> int:
    return (value or 0) + 1000


def less(value: int | None) -> int:
    return (value or 0) - 1000


def later(value: int | None) -> int:
    return (value or 0) + 60 * SECOND


def another(value: int | None) -> int:
    """The number of another row: one to three exist of everything."""
    return 1 if value != 1 else 2


def nothing(value: Any) -> None:
    return None


def is_(column: str, *values: Any) -> Callable[[Row[Any]], bool]:
    return lambda row: getattr(row, column) in values


def has(column: str) -> Callable[[Row[Any]], bool]:
    return lambda row: getattr(row, column) is not None


def _to(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


KINDS_OF_EDIT = (
    *(Edit("movement", column, change)
      for column in ("quantity_milli", "value_e4", "unit_cost_e4") for change in (more, less)),
    *(Edit("movement", column, another) for column in ("part_id", "location_id", "person_id")),
    Edit("movement", "lot", _to("L1")),
    Edit("movement", "serial", _to("S1")),
    Edit("movement", "rank", lambda rank: 1 - rank),
    Edit("movement", "asset_id", another, has("asset_id")),
    Edit("movement", "kind", _to("issue"), is_("kind", "install", "transfer_out")),
    Edit("movement", "kind", _to("receive"), is_("kind", "transfer_in", "return_from_asset")),
    Edit("movement", "effective_us", later),
    Edit("movement", "reverses_seq", another, has("reverses_seq")),
    Edit("movement", "late_seq", another, has("late_seq")),
    Edit("movement", "count_line_id", another, has("count_line_id")),
    Edit("movement", "", where=lambda row: row.kind != "revaluation" or row.value_e4),
    *(Edit("balance", "quantity_milli", change) for change in (more, less)),
    *(Edit("balance", column, _to("X1")) for column in ("lot", "serial")),
    Edit("balance"),
    *(Edit("part_worth", column, change) for column in ("quantity_milli", "value_e4", "average_e4")
      for change in (more, less)),
    *(Edit("count_line", column, change, has("posted_us"))
      for column in ("counted_milli", "book_milli", "variance_milli", "cost_e4")
      for change in (more, less)),
    Edit("count_line", "counted_us", later, is_("state", "POSTED", "VOIDED")),
    Edit("count_line", "state", _to("VOIDED"), is_("state", "POSTED")),
    Edit("count_line", "state", _to("NEEDS_REVIEW"), is_("state", "POSTED", "VOIDED")),
    Edit("count_line", "state", _to("POSTED"), is_("state", "VOIDED")),
    *(Edit("count_line", column, another) for column in ("part_id", "location_id")),
    Edit("count_line", "lot", _to("L1")),
    Edit("count_line"),
    *(Edit("asset", column, another) for column in ("custodian_person_id", "location_id")),
    Edit("asset", "custodian_person_id", nothing, has("custodian_person_id")),
    Edit("asset", "custodian_location_id", another, is_("custodian_person_id", None)),
    Edit("asset", "out_since_us", later),
    *(Edit("asset_event", column, another, has(column))
      for column in ("asset_id", "person_id", "to_person_id", "to_location_id", "to_asset_id")),
    Edit("asset_event", "effective_us", later),
    Edit("asset_event", "due_on", nothing, has("due_on")),
    Edit("asset_event", "kind", _to("note")),
    Edit("asset_event", "reverses_seq", another, has("reverses_seq")),
    Edit("asset_event"),
    Edit("operation", "status", _to("attention"), is_("kind", "install", "receive", "check_out")),
    Edit("operation", "actor_id", another, is_("kind", "install", "receive", "check_out")),
    Edit("operation", "", where=is_("kind", "install", "receive", "check_out")),
)  # fmt: skip


def test_finds_each_of_many_random_edits(shop: Shop, stranger: Engine) -> None:
    chance = random.Random(20261122)
    missed = []
    tried = 0
    while tried < EDITS:
        edit = chance.choice(KINDS_OF_EDIT)
        with Tamper(stranger) as tamper:
            changed = tamper.apply(edit, chance)
            tried += changed is not None
            if changed is not None and not checking.check(shop.context()):
                missed.append((edit.table, edit.column, changed))
            tamper.undo()
    assert missed == []
    assert checking.check(shop.context()) == []


def test_finds_every_kind_of_edit(shop: Shop, stranger: Engine) -> None:
    chance = random.Random(7)
    missed = []
    for edit in KINDS_OF_EDIT:
        with Tamper(stranger) as tamper:
            changed = tamper.apply(edit, chance)
            assert changed is not None, edit
            if not checking.check(shop.context()):
                missed.append((edit.table, edit.column, changed))
            tamper.undo()
    assert missed == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_finds_any_event_that_was_put_to_another_asset(shop: Shop, stranger: Engine) -> None:
    with stranger.connect() as connection:
        seqs = connection.scalars(select(AssetEvent.seq)).all()
    missed = []
    for seq in seqs:
        edit = Edit("asset_event", "asset_id", another, is_("seq", seq))
        with Tamper(stranger) as tamper:
            changed = tamper.apply(edit, random.Random(0))
            if changed is not None and not checking.check(shop.context()):
                missed.append(seq)
            tamper.undo()
    assert missed == []


def test_the_triggers_refuse_what_tampering_needs(shop: Shop) -> None:
    for table in ("movement", "asset_event"):
        for change in ("UPDATE {} SET kind = kind", "DELETE FROM {}"):
            with db.engine.connect() as connection, pytest.raises(DBAPIError):
                connection.execute(text(change.format(table)))


class Tamper:
    """Somebody with the database's own password: no triggers, no foreign keys, no application."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._before: tuple[Table, dict[str, Any]] | None = None
        self._after: dict[str, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._before is None, "undo it first"

    def apply(self, edit: Edit, chance: random.Random) -> str | None:
        """Change (or, without a column, delete) a random row; None where the schema refuses it."""
        table = Base.metadata.tables[edit.table]
        with self._engine.connect() as connection:
            rows = [row for row in connection.execute(select(table)) if edit.where(row)]
        for row in chance.sample(rows, len(rows)):
            old = row._asdict()
            new = {**old, edit.column: edit.becomes(old[edit.column])} if edit.column else None
            if old != new and self._write(table, old, new):
                self._before, self._after = (table, old), new
                return str(
                    {
                        name: (value, (new or {}).get(name))
                        for name, value in old.items()
                        if new is None or new[name] != value
                    }
                )
        return None

    def undo(self) -> None:
        """Put the row back as it was."""
        if self._before is not None:
            table, old = self._before
            assert self._write(table, self._after, old)
            self._before = None

    def _write(self, table: Table, old: dict[str, Any] | None, new: dict[str, Any] | None) -> bool:
        try:
            with self._engine.begin() as connection, _unguarded(connection, table.name):
                if old is None:
                    connection.execute(insert(table).values(**(new or {})))
                    return True
                this = [column == old[column.name] for column in table.primary_key]
                change = update(table).values(**new) if new else delete(table)
                connection.execute(change.where(*this))
        except DBAPIError:
            return False
        return True


@contextmanager
def _unguarded(connection: Connection, table: str) -> Iterator[None]:
    """Nothing watches this table inside: no triggers, and foreign keys are not looked at."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        return
    connection.execute(text("PRAGMA synchronous = OFF"))
    triggers = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
        {"table": table},
    ).all()
    for name, _ in triggers:
        connection.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, statement in triggers:
        connection.execute(text(statement))
