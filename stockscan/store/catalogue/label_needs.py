"""Which things need a label: never printed, printed with an old address, found unreadable."""

from typing import Any, Final

from sqlalchemy import Connection, Row, case, exists, func, select
from sqlalchemy.orm import aliased

from stockscan.domain.codes import Kind
from stockscan.store.catalogue.label_addresses import (
    normal,
    printed_address,
    things_in_use,
)
from stockscan.store.catalogue.paging import Query
from stockscan.store.codes import Alias, Code
from stockscan.store.labels import LabelCheck, LabelPrint, LabelPrinted

WHY: Final = ("never", "old", "unreadable")
KINDS: Final = (Kind.ASSET, Kind.PART, Kind.LOCATION, Kind.PERSON)


def counts_of_needs(connection: Connection, public_url: str) -> list[Row[Any]]:
    """How many things of each `kind` need a label for each reason, `why`; as `many`."""
    needs = _needs(public_url).subquery()
    many = func.count().label("many")
    query = select(needs.c.kind, needs.c.why, many).group_by(needs.c.kind, needs.c.why)
    return list(connection.execute(query.where(needs.c.why != "")))


def codes_in_need(
    connection: Connection, public_url: str, kind: str, why: str, limit: int
) -> list[str]:
    """The first things of this kind and for this reason, "" for any; oldest first."""
    needs = _needs(public_url).subquery()
    query = select(needs.c.code).where(needs.c.why == why if why else needs.c.why != "")
    if kind:
        query = query.where(needs.c.kind == kind)
    query = query.join(Code, Code.code == needs.c.code)
    query = query.order_by(needs.c.kind, Code.created_us, Code.code).limit(limit)
    return list(connection.execute(query).scalars())


def _needs(public_url: str) -> Query:
    """Everything in use with its kind and why it needs a label, "" where it has a good one."""
    last = _last_prints().subquery()
    newest = case((last.c.own > last.c.claimed, last.c.own), else_=last.c.claimed)
    check, later = aliased(LabelCheck), aliased(LabelCheck)
    since = exists().where(
        later.print_id == check.print_id, later.code == check.code, later.id > check.id
    )
    unreadable = exists().where(
        check.print_id == newest,
        check.code == last.c.code,
        check.verdict == "unreadable",
        ~since,
    )
    why = case(
        (newest == 0, "never"),
        (printed_address() != normal(public_url), "old"),
        (unreadable, "unreadable"),
        else_="",
    )
    labelled = select(last.c.code, last.c.kind, why.label("why"))
    return labelled.outerjoin(LabelPrint, LabelPrint.id == newest)


def _last_prints() -> Query:
    """Everything in use with its newest print, under its own code and as a claimed blank label.

    Looked up thing by thing, PostgreSQL takes a hundred times as long as for all of them at once.
    """
    things = things_in_use().subquery()
    own = _newest(LabelPrinted.code).subquery()
    claimed = _newest(Alias.code).join(Alias, Alias.text == LabelPrinted.code).subquery()
    return (
        select(
            things.c.code,
            things.c.kind,
            func.coalesce(own.c.print_id, 0).label("own"),
            func.coalesce(claimed.c.print_id, 0).label("claimed"),
        )
        .outerjoin(own, own.c.code == things.c.code)
        .outerjoin(claimed, claimed.c.code == things.c.code)
    )


def _newest(code: Any) -> Query:
    """The newest print of each code that is finished."""
    unfinished = select(LabelPrint.id).where(LabelPrint.state != "done")
    return (
        select(code, func.max(LabelPrinted.print_id).label("print_id"))
        .select_from(LabelPrinted)
        .where(LabelPrinted.print_id.not_in(unfinished))
        .group_by(code)
    )
