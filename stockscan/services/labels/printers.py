"""The printers of labels: the list, adding one, changing one; who prints only names its number."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.orm import Session

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, NotFound
from stockscan.domain.figures import parse_scaled
from stockscan.domain.operations import Parser, Shape, parse_id
from stockscan.domain.operations.values import as_flag, as_name, whole
from stockscan.labelling.spec import Printer
from stockscan.services.labels.hosts import as_host
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import printers as store
from stockscan.store.locks import hold_row
from stockscan.store.once import Once, first_time
from stockscan.store.printers import WHOLE_E5, LabelPrinter, PrinterRow

# What makers call a head is rounded: 203 dpi are 8 dots a mm. One that is finer than it is told
# to be prints a label a little smaller, never over the edge; so 300 and 600 are taken literally.
DOTS_PER_MM: Final = {203: 8.0, 300: 300 / 25.4, 600: 600 / 25.4}
MOST_OFFSET_MM: Final = 20
# A print that is wrong by more than this was not "scaled a bit": the paper is another.
MOST_SCALE_PERCENT: Final = 10


def printers(ctx: Context) -> list[PrinterRow]:
    """All printers by name, those in use first."""
    require(ctx.actor, Permission.LABEL_PRINT)
    with reading() as connection:
        return store.every(connection)


def printer_of(number: int) -> PrinterRow:
    """The printer with this number, in use or not. Raises `NotFound`."""
    with reading() as connection:
        found = store.find(connection, number)
    if found is None:
        raise NotFound(_UNKNOWN, field="printer")
    return found


def as_spec(row: PrinterRow) -> Printer:
    """The printer as labels are drawn for it."""
    return Printer(
        offset_x_mm=row.offset_x_um / 1000,
        offset_y_mm=row.offset_y_um / 1000,
        scale_x=row.scale_x_e5 / WHOLE_E5,
        scale_y=row.scale_y_e5 / WHOLE_E5,
        dots_per_mm=DOTS_PER_MM[row.dpi],
    )


def save_printer(ctx: Context, once: Once, number: int | None = None) -> int:
    """Add the printer that `once.body` describes, or change the one with this number; its number.

    The body has the keys of `PRINTER`, for a change those that change alone. The same again under
    the same id does nothing and answers the same. Raises `Invalid` that names the field,
    `NotFound`, and `Conflict` for the name of another printer or an id that was used for something
    else.
    """
    actor = require(ctx.actor, Permission.SETTINGS_EDIT)
    columns = _columns(once.body, _PARSERS if number is None else once.body)
    kind = "add_printer" if number is None else "change_printer"
    named = Once(parse_id(once.id), {**once.body, "printer": number})

    def write() -> int:
        with unit_of_work() as session:
            is_first = first_time(session, named, kind, actor.person_id, ctx.now_us)
            if number is not None:
                return _change(session, number, columns) if is_first else number
            if is_first:
                made = {"uid": named.id, "created_us": ctx.now_us, **columns}
                return store.add(session, made, _taken(columns["name"]))
            return store.number_of(session, named.id) or 0

    return retrying(write)


def _dpi(name: str, raw: Any) -> int:
    found = next((dpi for dpi in DOTS_PER_MM if str(dpi) == str(raw)), None)
    if found is None:
        raise Invalid(f"{name} must be 203, 300 or 600.", field=name)
    return found


def _offset_um(name: str, raw: Any) -> int:
    offset_um = parse_scaled(raw, scale=1000, field=name)
    if abs(offset_um) > MOST_OFFSET_MM * 1000:
        message = f"{name} must be from -{MOST_OFFSET_MM} to {MOST_OFFSET_MM} mm."
        raise Invalid(message, field=name)
    return offset_um


def _scale_e5(name: str, raw: Any) -> int:
    scale_e5 = parse_scaled(raw, scale=1000, field=name, minimum=Decimal(0))
    if abs(scale_e5 - WHOLE_E5) > MOST_SCALE_PERCENT * 1000:
        least, most = 100 - MOST_SCALE_PERCENT, 100 + MOST_SCALE_PERCENT
        raise Invalid(f"{name} must be from {least} to {most} %.", field=name)
    return scale_e5


# What a form or a program says of a printer: offsets in mm, scales in %.
PRINTER: Final = Shape(
    required={
        "name": as_name,
        "dpi": _dpi,
        "offset_x": _offset_um,
        "offset_y": _offset_um,
        "scale_x": _scale_e5,
        "scale_y": _scale_e5,
        "port": whole(1, 65535),
    },
    optional={"host": as_host, "active": as_flag},
)
_PARSERS: Final[Mapping[str, Parser]] = {**PRINTER.required, **PRINTER.optional}
_COLUMNS: Final = {
    "offset_x": "offset_x_um",
    "offset_y": "offset_y_um",
    "scale_x": "scale_x_e5",
    "scale_y": "scale_y_e5",
}
_UNKNOWN: Final = "There is no such printer. Choose one of the list."


def _columns(body: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """What the body says under these names, by the columns of the table."""
    asked = {name: parse for name, parse in _PARSERS.items() if name in names}
    return {_COLUMNS.get(name, name): parse(name, body[name]) for name, parse in asked.items()}


def _change(session: Session, number: int, columns: Mapping[str, Any]) -> int:
    if store.find(session, number) is None:
        raise NotFound(_UNKNOWN, field="printer")
    hold_row(session, LabelPrinter, number)
    if columns:
        store.change(session, number, columns, _taken(columns.get("name", "")))
    return number


def _taken(name: str) -> str:
    return f"There is a printer {name} already. Change that one, or choose another name."
