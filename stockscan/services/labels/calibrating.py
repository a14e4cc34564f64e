"""Calibrating a printer: the page to print and read, and what the readings make of the printer."""

from collections.abc import Mapping
from typing import Final

from stockscan import paths
from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Conflict, Invalid
from stockscan.domain.operations import parse_id
from stockscan.labelling.calibration import Point, calibrated, points
from stockscan.labelling.calibration_page import calibration_pdf
from stockscan.labelling.errors import LabelSpecError
from stockscan.labelling.fonts import load_fonts
from stockscan.labelling.printing import KINDS, Printed
from stockscan.labelling.spec import Printer, Stock
from stockscan.services.labels.papers import LabelSetup, stock_of
from stockscan.services.labels.printers import as_spec, printer_of
from stockscan.services.work import Context, retrying, unit_of_work
from stockscan.store import printers as store
from stockscan.store.locks import hold_row
from stockscan.store.once import Once, first_time
from stockscan.store.printers import LabelPrinter, PrinterRow

_KIND: Final = "calibrate_printer"


def reading_points(ctx: Context, setup: LabelSetup, stock: str) -> tuple[Point, ...]:
    """Where a page of this stock is read. Raises `NotFound`."""
    require(ctx.actor, Permission.LABEL_PRINT)
    return points(stock_of(setup, stock))


def calibration_page(ctx: Context, setup: LabelSetup, stock: str, printer_id: int) -> Printed:
    """The page to print on this printer and to read. Raises `NotFound`."""
    require(ctx.actor, Permission.LABEL_PRINT)
    paper, printer = stock_of(setup, stock), printer_of(printer_id)
    return _page(paper, as_spec(printer), f"Calibration of {printer.name}: {paper.name}")


def test_page(ctx: Context, setup: LabelSetup, stock: str) -> Printed:
    """The outlines of all labels, to hold against a real sheet. Raises `NotFound`."""
    require(ctx.actor, Permission.LABEL_PRINT)
    paper = stock_of(setup, stock)
    return _page(paper, Printer(), f"Test page: {paper.name}")


def calibrate(
    ctx: Context, setup: LabelSetup, printer_id: int, readings_mm: Mapping[str, float], once: Once
) -> PrinterRow:
    """Change the printer by what was read off its page; the printer as it is now.

    `once.body` holds the `stock` and, as `was`, what `adjustment` said of the printer when the page
    was printed; `readings_mm` has one number for each of the `reading_points`, by letter. The same
    again under the same id changes nothing. Raises `NotFound`, `Conflict` where the printer was
    changed since, and `Invalid` that names the letter where a reading is more than a printer errs.
    """
    actor = require(ctx.actor, Permission.LABEL_PRINT)
    stock = stock_of(setup, once.body["stock"])
    name = printer_of(printer_id).name
    said = {letter: f"{reading_mm:g}" for letter, reading_mm in readings_mm.items()}
    named = Once(parse_id(once.id), {**once.body, "printer": printer_id, "readings": said})

    def write() -> None:
        with unit_of_work() as session:
            if not first_time(session, named, _KIND, actor.person_id, ctx.now_us):
                return
            hold_row(session, LabelPrinter, printer_id)
            row = store.find(session, printer_id)
            if row is None or adjustment(row) != once.body["was"]:
                raise Conflict(
                    f"{name} was changed since this page was printed. Print it again, and read"
                    " the new one.",
                    code="printer_changed",
                )
            store.change(session, printer_id, _columns(stock, as_spec(row), readings_mm))

    retrying(write)
    return printer_of(printer_id)


def adjustment(row: PrinterRow) -> str:
    """How the printer prints now, as one text: the same while nobody changes it."""
    return f"{row.offset_x_um} {row.offset_y_um} {row.scale_x_e5} {row.scale_y_e5}"


def _page(stock: Stock, printer: Printer, heading: str) -> Printed:
    data = calibration_pdf(stock, printer, heading, load_fonts(paths.LABELS / "fonts"))
    media_type, extension = KINDS["pdf"]
    return Printed(
        data=data,
        media_type=media_type,
        extension=extension,
        warnings=(),
        smallest_module_mm=0.0,
        symbols=frozenset(),
    )


def _columns(stock: Stock, printer: Printer, readings_mm: Mapping[str, float]) -> dict[str, int]:
    try:
        found = calibrated(stock, printer, readings_mm)
    except LabelSpecError as error:
        raise Invalid(f"{error}", field=error.field, code="not_calibrated") from error
    return {
        "offset_x_um": round(found.offset_x_mm * 1000),
        "offset_y_um": round(found.offset_y_mm * 1000),
        "scale_x_e5": round(found.scale_x * 100_000),
        "scale_y_e5": round(found.scale_y * 100_000),
    }
