"""Photos and documents of things, kept in the database so that one backup holds everything."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, bindparam, delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from stockscan.store.db import Base, Big, on_postgresql
from stockscan.store.parts import Part
from stockscan.store.people import Person


class Blob(Base):
    """Some bytes by their SHA-256; the same bytes are kept once."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class Attachment(Base):
    """A photo or document of an asset, model, part, location or job; a photo has a thumbnail.

    `main` marks the photo that was chosen to stand for its thing; else the first one does.
    """

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_thing", "kind", "thing_id"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    kind: Mapped[str]
    thing_id: Mapped[int] = mapped_column(Big)
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(Big)
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    thumbnail_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    main: Mapped[bool] = mapped_column(default=False)
    created_us: Mapped[int] = mapped_column(Big)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


@dataclass(frozen=True, slots=True)
class Attached:
    """A photo or document as the page of its thing shows it; its bytes are not read for that."""

    id: int
    kind: str
    thing_id: int
    name: str
    media_type: str
    size_bytes: int
    is_photo: bool
    created_us: int
    person: str


@dataclass(frozen=True, slots=True)
class Added:
    """What one person added to a thing at once, as a history shows it."""

    at_us: int
    person: str
    photos: tuple[Attached, ...]
    documents: tuple[Attached, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """The bytes behind an attachment or its thumbnail, and what they are."""

    sha256: str
    content: bytes
    name: str
    media_type: str


_PAGE_COLUMNS = (
    Attachment.id,
    Attachment.kind,
    Attachment.thing_id,
    Attachment.name,
    Attachment.media_type,
    Attachment.size_bytes,
    Attachment.thumbnail_sha256.is_not(None).label("is_photo"),
    Attachment.created_us,
    Person.name.label("person"),
)
_ATTACHED = select(*_PAGE_COLUMNS).join(Person, Person.id == Attachment.person_id)

_PHOTO_OF_PART = (
    select(Attachment.id)
    .join(Part, Part.id == Attachment.thing_id)
    .where(
        Attachment.kind == "part",
        Attachment.thumbnail_sha256.is_not(None),
        Part.code == bindparam("code"),
    )
    .order_by(Attachment.main.desc(), Attachment.id)
    .limit(1)
)


def attachments_of(connection: Connection | Session, kind: str, thing_id: int) -> list[Attached]:
    """The photos and documents of a thing ("asset", "model", "part", "job"…), oldest first.

    The photo that stands for the thing is the first of the photos.
    """
    rows = connection.execute(
        _ATTACHED.where(Attachment.kind == kind, Attachment.thing_id == thing_id).order_by(
            Attachment.main.desc(), Attachment.id
        )
    )
    return [Attached(*row) for row in rows]


def photo_of_part(connection: Connection, code: str) -> int | None:
    """The id of the photo that stands for the part with this label code; None if it has none."""
    return connection.scalar(_PHOTO_OF_PART, {"code": code})


def files_added(
    connection: Connection | Session, kind: str, thing_id: int, *, limit: int
) -> list[Added]:
    """What was added to a thing and is still there, newest first: one line for each time."""
    rows = connection.execute(
        _ATTACHED.where(Attachment.kind == kind, Attachment.thing_id == thing_id)
        .order_by(Attachment.created_us.desc(), Attachment.id)
        .limit(limit)
    )
    together: dict[tuple[int, str], list[Attached]] = {}
    for row in rows:
        file = Attached(*row)
        together.setdefault((file.created_us, file.person), []).append(file)
    return [
        Added(
            *at,
            photos=tuple(file for file in files if file.is_photo),
            documents=tuple(file for file in files if not file.is_photo),
        )
        for at, files in together.items()
    ]


def attached(connection: Connection | Session, attachment_id: int) -> Attached | None:
    """One photo or document."""
    row = connection.execute(_ATTACHED.where(Attachment.id == attachment_id)).first()
    return Attached(*row) if row else None


def content_of(
    connection: Connection, attachment_id: int, *, thumbnail: bool = False
) -> Stored | None:
    """The bytes of an attachment, or of its thumbnail; None where there is no such thing."""
    column = Attachment.thumbnail_sha256 if thumbnail else Attachment.sha256
    row = connection.execute(
        select(Blob.sha256, Blob.content, Attachment.name, Attachment.media_type)
        .join(Attachment, column == Blob.sha256)
        .where(Attachment.id == attachment_id)
    ).first()
    return Stored(*row) if row else None


def keep(session: Session, content: bytes) -> str:
    """Store bytes, once however often they are given; their SHA-256."""
    sha256 = hashlib.sha256(content).hexdigest()
    dialect: Any = postgresql if on_postgresql(session.connection()) else sqlite
    added = dialect.insert(Blob).values(sha256=sha256, content=content)
    # An update that changes nothing, because it locks the row: nobody forgets it meanwhile.
    again = added.on_conflict_do_update(index_elements=["sha256"], set_={"sha256": sha256})
    session.execute(again)
    return sha256


def make_main(session: Session, file: Attached) -> None:
    """Let this photo stand for its thing."""
    session.execute(
        update(Attachment)
        .where(Attachment.kind == file.kind, Attachment.thing_id == file.thing_id)
        .values(main=Attachment.id == file.id)
        .execution_options(synchronize_session=False)
    )


def remove(session: Session, attachment_id: int) -> bool:
    """Remove an attachment, and its bytes when nothing else has the same; whether it was there."""
    gone = delete(Attachment).where(Attachment.id == attachment_id)
    kept = session.execute(gone.returning(Attachment.sha256, Attachment.thumbnail_sha256)).first()
    if kept is None:
        return False
    forget_unused(session, [sha256 for sha256 in kept if sha256])
    return True


def forget_unused(session: Session, hashes: Iterable[str]) -> None:
    """Delete those of these bytes that nothing refers to any more."""
    session.execute(
        delete(Blob)
        .where(Blob.sha256.in_(list(hashes)))
        .where(*(~exists().where(column == Blob.sha256) for column in _holders()))
        .execution_options(synchronize_session=False)
    )


def _holders() -> list[Any]:
    """Every column that refers to some bytes, of whichever table."""
    return [
        key.parent
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is Blob.__table__
    ]
