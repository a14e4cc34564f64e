"""The company's settings: a few named values with their defaults."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.store.db import Base


class Setting(Base):
    """One setting as JSON."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


@dataclass(frozen=True, slots=True)
class Settings:
    """How this company works; every field has a default, so an empty table is a valid one.

    `strict_stock` refuses what would take a bin below zero (otherwise it is booked and flagged);
    `carry_min` is how many minutes a part may have been carried before it was scanned;
    `only_https` tells browsers that came by https never to come by http again;
    `asset_threshold_minor` is the price above which what lasts for years is an asset;
    `found_contact` is whom a stranger who found one of our things may call, empty for nobody.

    Counts: a difference is accepted up to `count_tolerance_*_bp` (basis points of the book by
    class) or `count_tolerance_milli`, and at most `count_tolerance_minor` in money (None: any).
    After `count_attempts` somebody decides whose role is `count_approver` or more. A part is due
    for its class after `count_interval_*_days`, early when `count_turnover_minor` (None: never)
    went through its bin or its accuracy there fell below `count_low_bp`; `count_target_bp` is the
    accuracy aimed at. `classes_us` is when the classes were computed last, 0 for never.

    Work and money: an hour of work costs `labour_hour_minor`, an order `order_cost_minor`. What is
    needed is ordered `order_buffer_days` before its lead time says, looked at each
    `order_review_days`, `plan_ahead_days` ahead, so that `service_level_bp` of the demands are met;
    a part whose lead time nobody knows is thought to take `lead_days`.
    Stock costs `capital_bp` of its value a year and `storage_year_minor` + `insurance_year_minor`
    in all. An asset stands out when its cost is `peer_ratio_bp` of the others' median and
    `peer_least_minor` above it, a part's use when it is `anomaly_ratio_bp` of what is usual; a part
    is slow after `slow_days` without use. Picked kits lie in `kit_place` (code of a location, empty
    for none). The nightly work starts at `nightly_at`, the server's time; sums of the ledger up to
    `usage_seq` are kept by month.
    """

    company: str = "StockScan"
    currency: str = "EUR"
    strict_stock: bool = False
    single_user: bool = True
    carry_min: int = 60
    found_contact: str = ""
    only_https: bool = False
    asset_threshold_minor: int = 50_000
    count_blind: bool = True
    count_attempts: int = 2
    count_posts_itself: bool = True
    count_approver: str = "supervisor"
    count_tolerance_a_bp: int = 100
    count_tolerance_b_bp: int = 300
    count_tolerance_c_bp: int = 500
    count_tolerance_milli: int = 0
    count_tolerance_minor: int | None = None
    count_interval_a_days: int = 90
    count_interval_b_days: int = 180
    count_interval_c_days: int = 365
    count_target_bp: int = 9_700
    count_turnover_minor: int | None = None
    count_low_bp: int = 8_000
    classes_us: int = 0
    labour_hour_minor: int = 0
    order_cost_minor: int = 2_500
    order_buffer_days: int = 7
    order_review_days: int = 1
    lead_days: int = 14
    service_level_bp: int = 9_500
    plan_ahead_days: int = 92
    capital_bp: int = 800
    storage_year_minor: int = 0
    insurance_year_minor: int = 0
    peer_ratio_bp: int = 20_000
    peer_least_minor: int = 10_000
    anomaly_ratio_bp: int = 20_000
    slow_days: int = 180
    kit_place: str = ""
    nightly_at: str = "03:00"
    usage_seq: int = 0


def load(connection: Connection | Session) -> Settings:
    """The settings in force."""
    known = {field.name for field in fields(Settings)}
    rows = connection.execute(select(Setting.key, Setting.value)).all()
    return Settings(**{key: json.loads(value) for key, value in rows if key in known})


def save(session: Session, **values: Any) -> Settings:
    """Change some settings; unknown names raise `TypeError`."""
    merged = Settings(**{**asdict(load(session)), **values})
    for key in values:
        encoded = json.dumps(getattr(merged, key))
        done = session.execute(update(Setting).where(Setting.key == key).values(value=encoded))
        if done.rowcount == 0:  # type: ignore[attr-defined]
            session.execute(insert(Setting).values(key=key, value=encoded))
    return merged
