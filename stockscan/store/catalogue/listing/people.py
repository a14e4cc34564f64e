"""People as lists ask for them: by role, active or not, by words."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Select, func, select

from stockscan.domain.access import Role
from stockscan.domain.codes import Kind
from stockscan.domain.errors import Invalid
from stockscan.store.catalogue.listing.keyset import (
    Order,
    has_text,
    order_of,
    page_of_ids,
    rows_of,
)
from stockscan.store.people import Person, PersonRow, person_rows

_SORTS: Final = {"name": func.lower(Person.name)}


@dataclass(frozen=True, slots=True)
class PeopleFilters:
    """Which people a list shows; "" is no filter. `show` is all, active or inactive."""

    show: str = "all"
    role: str = ""
    text: str = ""


def people_ids(connection: Connection, asked: PeopleFilters) -> Select[int]:
    """The ids of all people that the filters let through, in no order. Raises `Invalid`."""
    if asked.show not in ("all", "active", "inactive"):
        raise Invalid("show must be all, active or inactive.", field="show")
    if asked.role and asked.role not in list(Role):
        raise Invalid(f"role must be one of {', '.join(Role)}.", field="role")
    query = select(Person.id)
    if asked.show != "all":
        query = query.where(Person.active if asked.show == "active" else ~Person.active)
    if asked.role:
        query = query.where(Person.role == asked.role)
    return query.where(*has_text(connection, Kind.PERSON, asked.text, Person))


def people_page(
    connection: Connection, query: Select[int], order: Order, after: str, limit: int
) -> list[PersonRow]:
    """One page of these people and one more; `after` is the code of the last one shown."""
    ids = page_of_ids(connection, query, order, after, limit)
    return rows_of(connection, PersonRow, person_rows(), Person, ids)


def people_order(sort: str) -> Order:
    """The order of a list of people. Raises `Invalid` for a sort that there is not."""
    return order_of(Person, _SORTS, sort)
