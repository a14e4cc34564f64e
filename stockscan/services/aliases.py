"""Linking: a foreign barcode or a blank label comes to stand for a thing, and can be taken back."""

from typing import Any

from sqlalchemy.orm import Session

from stockscan.domain.access import Actor, Permission, require
from stockscan.domain.barcodes import printed
from stockscan.domain.operations import Op
from stockscan.services.work import Context
from stockscan.store import edits, linking
from stockscan.store.scanning import Found


def link(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Let a scanned text that stands for nothing stand for a thing.

    Of a barcode with data a part keeps the number that all its boxes share, so the next lot is
    known too. Raises `Conflict` when the text stands for something already.
    """
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    scanned = linking.free(session, op["text"])
    thing = linking.target(session, op["thing"])
    spelled = linking.add(session, op, op["text"], thing, ctx.now_us, field="text")
    _remember(session, op, actor, thing, "", printed(spelled))
    return {"text": scanned.text, "spelled": spelled, **_thing_json(thing)}


def claim(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Let a blank label of ours stand for a thing. Raises `Conflict` when it is in use."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    code = linking.blank(session, op["label"])
    thing = linking.target(session, op["thing"])
    linking.claim(session, op, code, thing, ctx.now_us)
    _remember(session, op, actor, thing, "", printed(code))
    return {"label": code, **_thing_json(thing)}


def unlink(ctx: Context, session: Session, op: Op) -> dict[str, Any]:
    """Let a linked text stand for nothing again. Raises `NotFound` for one that nobody linked."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    spelled, thing = linking.drop(session, op["text"])
    _remember(session, op, actor, thing, printed(spelled), "")
    return {"text": op["text"], "spelled": spelled, **_thing_json(thing)}


def reverse_link(
    ctx: Context, session: Session, op: Op, operation_id: str
) -> dict[str, Any] | None:
    """Take back what a link or a claim made; None when nothing of it is left."""
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    gone = linking.remove(session, operation_id)
    for text, thing in gone.items():
        _remember(session, op, actor, thing, printed(text), "")
    return {"reversed": operation_id, "texts": list(gone)} if gone else None


def _remember(
    session: Session, op: Op, actor: Actor, thing: Found | None, before: str, after: str
) -> None:
    """Keep in the history of a thing that a barcode came to stand for it, or no longer does."""
    if thing is not None and thing.id is not None:
        about = edits.Thing(thing.kind.value, thing.id)
        texts = {"barcode": before}, {"barcode": after}
        edits.record(session, op, about, actor.person_id, *texts)


def _thing_json(thing: Found) -> dict[str, Any]:
    return {"thing": thing.code, "thing_kind": thing.kind.value, "name": thing.name}
