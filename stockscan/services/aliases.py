"""Linking: a foreign barcode or a blank label comes to stand for a thing, and can be taken back."""

from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.operations import Op
from stockscan.services.work import Context
from stockscan.store import linking
from stockscan.store.scanning import Found


def link(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Let a scanned text that stands for nothing stand for a thing.

    Of a barcode with data a part keeps the number that all its boxes share, so the next lot is
    known too. Raises `Conflict` when the text stands for something already.
    """
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    scanned = linking.free(session, op["text"])
    thing = linking.target(session, op["thing"])
    spelled = linking.add(session, op, op["text"], thing, ctx.now_us, field="text")
    return {"text": scanned.text, "spelled": spelled, **_thing_json(thing)}


def claim(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Let a blank label of ours stand for a thing. Raises `Conflict` when it is in use."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    code = linking.blank(session, op["label"])
    thing = linking.target(session, op["thing"])
    linking.claim(session, op, code, thing, ctx.now_us)
    return {"label": code, **_thing_json(thing)}


def unlink(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Let a linked text stand for nothing again. Raises `NotFound` for one that nobody linked."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    spelled, thing = linking.drop(session, op["text"])
    return {"text": op["text"], "spelled": spelled, **_thing_json(thing)}


def reverse_link(
    ctx: Context, session: Session, _op: Op, operation_id: str
) -> dict[str, Any] | None:
    """Take back what a link or a claim made; None when nothing of it is left."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    texts = linking.remove(session, operation_id)
    return {"reversed": operation_id, "texts": texts} if texts else None


def _thing_json(thing: Found) -> dict[str, Any]:
    return {"thing": thing.code, "thing_kind": thing.kind.value, "name": thing.name}
