"""Import jobs as rows: kept, found, and moved on by whoever holds them."""

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from stockscan.domain.errors import NotFound
from stockscan.store.files import Blob
from stockscan.store.importing import ImportJob


def job(connection: Session | Connection, job_id: str) -> ImportJob:
    """A job, not bound to the session. Raises `NotFound`."""
    row = connection.execute(select(ImportJob.__table__).where(ImportJob.id == job_id)).first()
    if row is None:
        raise NotFound("There is no such import. Look at the list of imports.")
    return ImportJob(**row._asdict())


def hold(session: Session, job_id: str) -> ImportJob:
    """A job, held until the commit. Raises `NotFound`."""
    found = session.get(ImportJob, job_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("There is no such import. Look at the list of imports.")
    return found


def content(connection: Session | Connection, sha256: str) -> bytes:
    """The file of a job."""
    found = connection.execute(select(Blob.content).where(Blob.sha256 == sha256)).scalar_one()
    return bytes(found)


def recent(connection: Connection, person_id: int, limit: int) -> list[ImportJob]:
    """A person's newest imports first."""
    rows = connection.execute(
        select(ImportJob.__table__)
        .where(ImportJob.person_id == person_id)
        .order_by(ImportJob.created_us.desc())
        .limit(limit)
    )
    return [ImportJob(**row._asdict()) for row in rows]
