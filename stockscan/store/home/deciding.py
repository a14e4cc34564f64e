"""What waits for a person who decides, and how far a new company is."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from stockscan.store.assets import Asset
from stockscan.store.codes import ScanEvent
from stockscan.store.counts import CountLine, CountSession
from stockscan.store.counts.blindness import Blindness
from stockscan.store.counts.board import RUNNING, waits
from stockscan.store.home.stock import low_count
from stockscan.store.labels import LabelPrint
from stockscan.store.locations import Location
from stockscan.store.operations import Operation
from stockscan.store.parts import Part
from stockscan.store.people import Person


class WaitingRow(NamedTuple):
    """How much waits for a person who decides, and how many parts run low."""

    counts: int
    operations: int
    low_parts: int


class StepsRow(NamedTuple):
    """Which of the first steps a company has done, as its data says."""

    places: bool
    things: bool
    labels: bool
    scans: bool
    people: bool

    @property
    def left(self) -> int:
        """How many are still to do."""
        return len(self) - sum(self)


def waiting(connection: Connection, blind: Blindness) -> WaitingRow:
    """What waits, in one query; hidden parts are not among the low ones."""
    counts = (
        select(func.count(CountLine.session_id.distinct()))
        .join(CountSession, CountSession.id == CountLine.session_id)
        .where(CountSession.state.in_(RUNNING), waits())
    )
    operations = select(func.count()).where(Operation.status == "attention")
    query = select(counts.scalar_subquery(), operations.scalar_subquery(), low_count(blind))
    return WaitingRow(*connection.execute(query).one())


def first_steps(connection: Connection) -> StepsRow:
    """What has been done of the first steps, in one query."""
    done = (
        select(Location.id).exists(),
        select(Asset.id).exists() | select(Part.id).exists(),
        select(LabelPrint.id).exists(),
        select(ScanEvent.id).exists(),
        select(Person.id).offset(1).exists(),
    )
    return StepsRow(*(bool(value) for value in connection.execute(select(*done)).one()))


def is_empty(connection: Connection) -> bool:
    """Whether nothing is on the books yet: no asset and no part."""
    query = select(select(Asset.id).exists() | select(Part.id).exists())
    return not connection.scalar(query)
