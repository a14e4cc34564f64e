"""Photos and documents of things, kept in the database so that one backup holds everything."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from stockscan.store.db import Base, Big


class Blob(Base):
    """Some bytes by their SHA-256; the same bytes are kept once."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class Attachment(Base):
    """A photo or document of an asset, model, part or location; a photo has a thumbnail."""

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
    created_us: Mapped[int] = mapped_column(Big)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
