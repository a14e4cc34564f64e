"""The parts list of one machine: what it needs beside, or unlike, others of its model."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.codes import Kind
from stockscan.domain.errors import NotFound
from stockscan.domain.installs import Line
from stockscan.domain.operations import Op
from stockscan.services.work import Context
from stockscan.store import custody, edits, goods, limits
from stockscan.store.assets import AssetPart
from stockscan.store.installs import lines
from stockscan.store.installs.listed import listed_json, own_lines, parts_list


def set_asset_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Say how much of a part one asset needs at a place, whatever its model says of it there.

    A quantity of 0 says that the part, unlike on its model, is not on this asset.
    """
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    asset, before = _held(session, actor, op)
    part_id, line = goods.find(session, Kind.PART, "part", op["part"]), Line.of(op)
    lines.put(session, AssetPart, {"asset_id": asset.id}, part_id, line)
    return _answer(session, op, actor, asset, before)


def remove_asset_part(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Take back what was said of one asset alone; what its model says of that place holds again.

    Raises `NotFound` for a line that is not there.
    """
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    asset, before = _held(session, actor, op)
    part_id, place = goods.find(session, Kind.PART, "part", op["part"]), op["place"] or ""
    if not lines.take_off(session, AssetPart, {"asset_id": asset.id}, part_id, place):
        raise NotFound("That line is not on its own list any more.", field="part")
    return _answer(session, op, actor, asset, before)


def _held(session: Session, actor: Actor, op: Op) -> tuple[Row[Any], dict[str, str]]:
    """The asset, which nobody else changes meanwhile, and its own lines."""
    asset = goods.asset_row(session, op)
    limits.refuse_outside(session, actor, (asset.location_id,))
    custody.lock(session, asset.id)
    return asset, _texts(session, asset.id)


def _answer(
    session: Session, op: Op, actor: Actor, asset: Row[Any], before: dict[str, str]
) -> dict[str, Any]:
    """Keep who changed the list, and answer with what belongs in the asset now."""
    after = _texts(session, asset.id)
    blank = dict.fromkeys([*before, *after], "")
    thing = edits.Thing("asset", asset.id)
    edits.record(session, op, thing, actor.person_id, {**blank, **before}, {**blank, **after})
    listed = parts_list(session, asset.id)
    return {
        "asset": asset.code,
        "asset_tag": asset.tag,
        "asset_name": asset.name,
        "parts": [{**listed_json(part), "own": part.is_own} for part in listed],
    }


def _texts(session: Session, asset_id: int) -> dict[str, str]:
    """Its own lines as a history tells them, each by its part and place."""
    return {
        f"Parts list: {own.part_number}" + (f", {own.line.place}" if own.line.place else ""): (
            own.line.said(own.unit)
        )
        for own in own_lines(session, asset_id)
    }
