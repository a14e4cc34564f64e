"""The sample warehouse: a believable company with a year of history, made through the one door."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import current_app

from stockscan.domain.access import Actor, Permission, Role, require
from stockscan.domain.errors import NotFound, RuleBroken
from stockscan.services import assets, counts, locations, operations, parts, people
from stockscan.services.demo import sign_in
from stockscan.services.demo.catalogue import bins, table
from stockscan.services.demo.sign_in import SignIn
from stockscan.services.demo.warehouse import FIRST, Warehouse, id_of
from stockscan.services.demo.year import DAY_US, HOUR_US, LAST, history
from stockscan.services.work import Context

__all__ = ["LABELS", "Demo", "fill", "load_examples"]

# One sheet of labels to try it with: machines and tools, parts, bins, people.
LABELS: Final = (
    "FL-07", "FL-03", "RT-02", "PT-11", "CNC-01", "CP-01", "LT-03", "TW-01", "TW-03",
    "HF6553", "EF3314", "AF2507", "BP-216", "CF-KS25", "BAT-48V",
    "B-12-1", "B-12-2", "B-12-3", "dana", "marco", "ines",
)  # fmt: skip

DAYS: Final = 365
# What the ids of the examples begin with; the sample company has other ones.
EXAMPLES: Final = "examples/"
# The company is set up in the hour before its history begins.
SETUP_US: Final = HOUR_US


@dataclass(frozen=True, slots=True)
class Demo:
    """What the sample warehouse has, and what this call did for it.

    `made` counts the operations that this call applied: 0 when it was all there. `refused` counts
    those that no longer fit, because people worked in a half-filled warehouse meanwhile.
    `left_out` tells that the database holds a company of its own and nothing was added.
    `sign_ins` are the names that sign in with the password in `password_file`.
    """

    places: int = 0
    people: int = 0
    parts: int = 0
    models: int = 0
    assets: int = 0
    made: int = 0
    refused: int = 0
    left_out: bool = False
    sign_ins: tuple[str, ...] = ()
    password_file: Path | None = None

    @staticmethod
    def titled(username: str) -> str:
        """A sign-in name with its role: "dana (technician)"."""
        roles = {row["username"]: row["role"] for row in table("people")}
        return username if username == roles[username] else f"{username} ({roles[username]})"


def fill(ctx: Context, *, days: int = DAYS) -> Demo:
    """Fill the database with the sample warehouse and `days` of history up to now.

    Again is harmless: a complete one is left as it is, an interrupted one is completed. A database
    with things of its own is left alone.
    """
    require(ctx.actor, Permission.PEOPLE_EDIT)
    folder: Path = current_app.config["STOCKSCAN"].data_dir
    if _begun_us(ctx, LAST) is not None:
        return _demo(sign_in.known(folder))
    if _begun_us(ctx, FIRST) is None and _has_own_things(ctx):
        return Demo(left_out=True)
    begun_us = _begun_us(ctx, FIRST) or ctx.now_us - days * DAY_US - SETUP_US
    opens_us = begun_us + SETUP_US
    closes_us = opens_us + days * DAY_US
    names = [row["username"] for row in table("people") if row["username"]]
    has_admin = people.console_actor().person_id != 0
    agreed = sign_in.agree(folder, names[1:] if has_admin else names)
    warehouse = Warehouse(_admin(ctx, agreed, begun_us), begun_us)
    warehouse.set_up(agreed.password, closes_us)
    warehouse.play(history(opens_us, closes_us))
    counts.classify(ctx)
    return _demo(agreed, made=warehouse.made, refused=warehouse.refused)


def load_examples(ctx: Context) -> int:
    """Put the sample's places, parts, models and machines into a database without any.

    Returns how many things and receipts were made; a second time completes what was interrupted.
    Raises `RuleBroken` where the company has things of its own.
    """
    actor = require(ctx.actor, Permission.SETTINGS_EDIT)
    begun = _begun_us(ctx, f"{EXAMPLES}{FIRST}")
    if begun is None and (_begun_us(ctx, FIRST) or _has_own_things(ctx)):
        raise RuleBroken("You have things of your own already. The examples were left out.")
    warehouse = Warehouse(actor, ctx.now_us, EXAMPLES)
    warehouse.show(begun or ctx.now_us)
    return warehouse.made


def _begun_us(ctx: Context, name: str) -> int | None:
    """When an operation of the sample was recorded, None if it is not."""
    try:
        return operations.get(ctx, id_of(name)).received_us
    except NotFound:
        return None


def _has_own_things(ctx: Context) -> bool:
    return bool(
        locations.location_list(ctx, limit=1).rows
        or parts.part_list(ctx, limit=1).rows
        or assets.asset_list(ctx, limit=1).rows
    )


def _admin(ctx: Context, agreed: SignIn, now_us: int) -> Actor:
    """The first admin of this installation, who is made if nobody is there."""
    if people.console_actor().person_id == 0:
        first = table("people")[0]
        then = Context(ctx.actor, now_us, ctx.new_id)
        people.add_user(then, username=first["username"], name=first["name"], role=Role.ADMIN,
                        password=agreed.password)  # fmt: skip
    return people.console_actor()


def _demo(agreed: SignIn | None, *, made: int = 0, refused: int = 0) -> Demo:
    return Demo(
        places=len(table("places")) + len(bins()),
        people=len(table("people")),
        parts=len(table("parts")),
        models=len(table("models")),
        assets=len(table("assets")),
        made=made,
        refused=refused,
        sign_ins=agreed.names if agreed else (),
        password_file=agreed.path if agreed else None,
    )
