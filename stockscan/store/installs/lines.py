"""Writing parts lists: a line on the list of a model or of one machine, or off it."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from stockscan.domain.installs import Line
from stockscan.store.assets import AssetPart, ModelPart

# Whose list it is: a model's or one machine's.
Owner = dict[str, int]


def put(
    session: Session, table: type[ModelPart] | type[AssetPart], owner: Owner, part: int, line: Line
) -> None:
    """Put a part on the owner's list; what is there at that place already gets these values."""
    key: dict[str, Any] = {**owner, "part_id": part, "place": line.place}
    row = session.scalars(select(table).filter_by(**key)).first() or table(**key)
    for name in ("quantity_milli", "life_months", "life_milli", "meter", "critical"):
        setattr(row, name, getattr(line, name))
    session.add(row)
    session.flush()


def take_off(
    session: Session, table: type[ModelPart] | type[AssetPart], owner: Owner, part: int, place: str
) -> bool:
    """Take a part at one place off the owner's list; whether it was on it."""
    key: dict[str, Any] = {**owner, "part_id": part, "place": place}
    gone = delete(table).filter_by(**key).returning(table.id)
    return session.execute(gone).first() is not None
