"""Photos and documents of assets, models, parts, locations and jobs: adding, reading, removing."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, String, cast, func, select
from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import Kind, read
from stockscan.domain.documents import Document, recognised
from stockscan.domain.errors import Invalid, NotFound, RuleBroken
from stockscan.domain.figures import iso
from stockscan.labelling.pictures import PictureError, copies
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import files as store
from stockscan.store.assets import Asset, AssetModel
from stockscan.store.catalogue.assets import find_model
from stockscan.store.edits import Edit
from stockscan.store.files import Attached, Attachment, Stored
from stockscan.store.limits import refuse_outside
from stockscan.store.locations import Location
from stockscan.store.maintenance import Job
from stockscan.store.maintenance.job import job_id_of
from stockscan.store.once import Once, first_time
from stockscan.store.scanning import TABLES, resolve

MOST_FILES = 50
_GONE = "This file is not here any more."
_KINDS = {"asset": Kind.ASSET, "part": Kind.PART, "location": Kind.LOCATION}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as someone sent it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """The thing that files are added to: its kind ("model" and "job" too) and a reference to it."""

    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class FilePage:
    """A photo or document, and the thing that it is of by what it is referred to and its name."""

    file: Attached
    code: str
    title: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class _Ready:
    """A file that may be kept, with the small copies if it is a photo."""

    document: Document
    content: bytes
    thumbnail: bytes | None


def add(ctx: Context, operation_id: str, target: Target, sent: Sequence[Sent]) -> int:
    """Keep photos and documents with a thing, all or none; how many were added.

    The same again under the same id adds nothing. Raises `NotFound` for an unknown thing,
    `Invalid` (field "file") and `TooLarge` for what is not kept, `RuleBroken` above 50 files of a
    thing, `Conflict` when the id was used for something else.
    """
    # Who reports a fault may show it.
    of_job = target.kind == "job"
    actor = require(ctx.actor, Permission.FAULT_REPORT if of_job else Permission.PHOTO_ADD)
    if not sent:
        raise Invalid("Choose a photo or a document first.", field="file")
    ready = [_ready(file) for file in sent]
    if any(file.thumbnail is None for file in ready):
        require(actor, Permission.CATALOGUE_EDIT)
    hashes = [hashlib.sha256(file.data).hexdigest() for file in sent]
    body = {"thing": [target.kind, target.reference], "files": hashes}
    once = Once(operation_id, body)

    def write() -> int:
        with unit_of_work() as session:
            if not first_time(session, once, "add_files", actor.person_id, ctx.now_us):
                return 0
            thing_id = _thing(session, target)
            _refuse_outside(ctx, session, target.kind, thing_id)
            _refuse_many(session, target.kind, thing_id, len(ready))
            for file in ready:
                _attach(ctx, session, target.kind, thing_id, file)
            return len(ready)

    return retrying(write)


def files_of(ctx: Context, target: Target) -> list[Attached]:
    """The photos and documents of a thing, the photo that stands for it first.

    Raises `NotFound`.
    """
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return store.attachments_of(connection, target.kind, _thing(connection, target))


def photo_of_part(ctx: Context, code: str) -> int | None:
    """The id of the photo that stands for a part, by its label code; None if it has none."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return store.photo_of_part(connection, code)


def file_json(file: Attached) -> dict[str, Any]:
    """A photo or document as the API shows it; its bytes are another answer."""
    return {
        "file": file.id,
        "name": file.name,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "photo": file.is_photo,
        "added": iso(file.created_us),
        "person": file.person,
    }


def page_of(ctx: Context, attachment_id: int) -> FilePage:
    """One photo or document and the thing that it is of. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        return _page(connection, attachment_id)


def content_of(ctx: Context, attachment_id: int, *, thumbnail: bool = False) -> Stored:
    """The bytes of a file, or of a photo's thumbnail. Raises `NotFound`."""
    require(ctx.actor, Permission.READ)
    with reading() as connection:
        content = store.content_of(connection, attachment_id, thumbnail=thumbnail)
    if content is None:
        raise NotFound(_GONE)
    return content


def make_main(ctx: Context, attachment_id: int) -> FilePage:
    """Let a photo stand for its thing; the file as it was. Raises `NotFound`."""
    require(ctx.actor, Permission.CATALOGUE_EDIT)
    with unit_of_work() as session:
        page = _page(session, attachment_id)
        file = page.file
        if not file.is_photo:
            raise Invalid("Only a photo can stand for a thing.", field="file")
        _refuse_outside(ctx, session, file.kind, file.thing_id)
        store.make_main(session, file)
    return page


def remove(ctx: Context, attachment_id: int) -> FilePage:
    """Remove a photo or document, and say so in the thing's history; the file as it was.

    Raises `NotFound`.
    """
    actor = require(ctx.actor, Permission.CATALOGUE_EDIT)
    with unit_of_work() as session:
        page = _page(session, attachment_id)
        file = page.file
        _refuse_outside(ctx, session, file.kind, file.thing_id)
        if not store.remove(session, file.id):
            raise NotFound(_GONE)
        edit = Edit(
            kind=file.kind,
            thing_id=file.thing_id,
            at_us=ctx.now_us,
            person_id=actor.person_id,
            operation_id=ctx.new_id(),
            changes=json.dumps({"file": [file.name, ""]}, ensure_ascii=False),
        )
        session.add(edit)
    return page


def _ready(sent: Sent) -> _Ready:
    document = recognised(sent.name, sent.data)
    if not document.is_photo:
        return _Ready(document, sent.data, None)
    try:
        made = copies(sent.data)
    except PictureError as error:
        message = f"{document.name}: {error}"
        raise Invalid(message, field="file", code="file_refused") from error
    return _Ready(document, made.photo, made.thumbnail)


def _thing(connection: Connection | Session, target: Target) -> int:
    """The number of the thing. Raises `NotFound`."""
    if target.kind == "model":
        model = find_model(connection, target.reference)
        if model is None:
            raise NotFound(f"There is no model {target.reference[:60]!r}.", field="code")
        return model.id
    if target.kind == "job":
        return job_id_of(connection, target.reference)
    if target.kind not in _KINDS:
        raise NotFound("Photos and documents belong to an asset, a model, a part, a bin or a job.")
    found = resolve(connection, read(target.reference), (_KINDS[target.kind],))
    if found is None or found.id is None:
        raise NotFound(f"There is no {target.kind} {target.reference[:60]!r}.", field="code")
    return found.id


def _refuse_outside(ctx: Context, session: Session, kind: str, thing_id: int) -> None:
    """Where someone's work is limited to some places, their things alone are theirs to show."""
    assert ctx.actor is not None
    places = {
        "asset": select(Asset.location_id).where(Asset.id == thing_id),
        "location": select(Location.id).where(Location.id == thing_id),
        "job": select(Asset.location_id)
        .join(Job, Job.asset_id == Asset.id)
        .where(Job.id == thing_id),
    }
    if kind in places:
        refuse_outside(session, ctx.actor, [session.scalar(places[kind])])


def _refuse_many(session: Session, kind: str, thing_id: int, more: int) -> None:
    there = session.scalar(
        select(func.count())
        .select_from(Attachment)
        .where(Attachment.kind == kind, Attachment.thing_id == thing_id)
    )
    if (there or 0) + more > MOST_FILES:
        raise RuleBroken(f"A thing has at most {MOST_FILES} photos and documents. "
                         "Remove one that nobody needs.", code="too_many_files")  # fmt: skip


def _attach(ctx: Context, session: Session, kind: str, thing_id: int, file: _Ready) -> None:
    assert ctx.actor is not None
    thumbnail = store.keep(session, file.thumbnail) if file.thumbnail else None
    row = Attachment(
        kind=kind,
        thing_id=thing_id,
        name=file.document.name,
        media_type=file.document.media_type,
        size_bytes=len(file.content),
        sha256=store.keep(session, file.content),
        thumbnail_sha256=thumbnail,
        created_us=ctx.now_us,
        person_id=ctx.actor.person_id,
    )
    session.add(row)
    session.flush()


def _title_of(file: Attached) -> Any:
    """What the thing of a file is referred to by, and its name."""
    if file.kind == "model":
        return select(AssetModel.name, AssetModel.name).where(AssetModel.id == file.thing_id)
    if file.kind == "job":
        return select(cast(Job.number, String), Job.title).where(Job.id == file.thing_id)
    table = TABLES[_KINDS[file.kind]]
    return select(table.code, table.name).where(table.id == file.thing_id)


def _page(connection: Connection | Session, attachment_id: int) -> FilePage:
    file = store.attached(connection, attachment_id)
    if file is None:
        raise NotFound(_GONE)
    code, title = connection.execute(_title_of(file)).one()
    first = next(iter(store.attachments_of(connection, file.kind, file.thing_id)), file)
    return FilePage(file, code, title, is_main=file.is_photo and first.id == file.id)
