"""One printer as its page shows it: how it is now, what it printed last, and a label to try it."""

from dataclasses import dataclass
from typing import Final, Literal

from stockscan import paths
from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Conflict, Invalid
from stockscan.domain.operations import parse_id
from stockscan.labelling.calibration_page import calibration_drawing
from stockscan.labelling.errors import LabellingError
from stockscan.labelling.fonts import load_fonts
from stockscan.labelling.printing import render
from stockscan.labelling.spec import Label, Layout, Line, Stock
from stockscan.labelling.zpl import label_zpl
from stockscan.services.labels.papers import USUAL_STOCK, LabelSetup, stock_of, stocks
from stockscan.services.labels.printers import as_spec, printer_of
from stockscan.services.labels.prints import SENT, Print, as_print
from stockscan.services.labels.sending import Sent, address_of, send
from stockscan.services.labels.zebra import USUAL, Patience, PrinterTrouble, Wire
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import prints as store
from stockscan.store.once import Once, first_time
from stockscan.store.printers import PrinterRow

RECENT: Final = 5
USUAL_ROLL: Final = "zebra-2x1"

TEST: Final = Layout(
    slug="test",
    name="Test label",
    about="The printer's name, to see that it prints and where.",
    qr_share=0.4,
    lines=(
        Line("title", "top", 0.2, rows=2, bold=True),
        Line("subtitle", "top", 0.13),
        Line("words", "bottom", 0.12, rows=2, optional=True),
    ),
    typed=False,
)


@dataclass(frozen=True, slots=True)
class PrinterPage:
    """A printer with its last prints, the rolls there are, and what it printed on last."""

    printer: PrinterRow
    prints: list[Print]
    rolls: dict[str, Stock]
    usual_stock: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a printer is, in words: ready ("ok"), not sure ("warn"), or not printing ("stop")."""

    tone: Literal["ok", "warn", "stop"]
    words: str
    more: str = ""


def printer_page(ctx: Context, setup: LabelSetup, number: int) -> PrinterPage:
    """What there is to know of a printer without asking it. Raises `NotFound`."""
    require(ctx.actor, Permission.LABEL_PRINT)
    row = printer_of(number)
    known = stocks(setup)
    rolls = {slug: stock for slug, stock in known.items() if stock.kind == "roll"}
    loads, usual = (rolls, USUAL_ROLL) if row.is_on_network else (known, USUAL_STOCK)
    with reading() as connection:
        rows = store.newest(connection, before=None, limit=RECENT, printer_id=number)
        prints = [as_print(ctx, each) for each in rows]
    used = (one.paper.stock for one in prints if one.paper.stock in loads)
    return PrinterPage(row, prints, rolls, next(used, usual))


def standing(ctx: Context, number: int, patience: Patience = USUAL) -> Standing:
    """Ask a printer how it is; one that is printing for us is left alone.

    Raises `NotFound`, and `RuleBroken` for one that is out of use or not on the network.
    """
    require(ctx.actor, Permission.LABEL_PRINT)
    host, port = address_of(printer_of(number))
    with reading() as connection:
        going = {"printer_id": number, "format": SENT, "state": "running"}
        running = store.newest(connection, before=None, limit=1, **going)
    if running and not (job := as_print(ctx, running[0])).is_still:
        return Standing("ok", "Printing", f"{job.done} of {job.total} labels are handed over.")
    try:
        with Wire(host, port, patience) as wire:
            state = wire.greet()
    except PrinterTrouble as error:
        return Standing("stop", "Not reached", error.message)
    if state is None:
        return Standing("warn", "On", "It does not tell its state. Labels are sent all the same.")
    if state.trouble:
        what, _, then = state.trouble[1].partition(". ")
        return Standing("stop", what, then)
    if state.waiting:
        words = "1 label waits" if state.waiting == 1 else f"{state.waiting} labels wait"
        return Standing("ok", "Printing", f"{words} in it.")
    return Standing("ok", "Ready")


def print_test(ctx: Context, setup: LabelSetup, number: int, roll: str, uid: str) -> Sent:
    """Print one label with the printer's name on this roll; its code leads to the printer's page.

    Raises `Conflict` when it was sent before under this id, and what `send` raises.
    """
    require(ctx.actor, Permission.LABEL_PRINT)
    row, stock = printer_of(number), stock_of(setup, roll)
    zpl = _test_label(row, stock, f"{setup.public_url}/printers/{row.id}")
    return _send_once(ctx, row, zpl, Once(uid, {"printer": number, "stock": roll}))


def print_ruled(ctx: Context, setup: LabelSetup, number: int, roll: str, uid: str) -> Sent:
    """Print the label of this roll that the printer is calibrated with. Raises as `print_test`."""
    require(ctx.actor, Permission.LABEL_PRINT)
    row, stock = printer_of(number), stock_of(setup, roll)
    fonts = load_fonts(paths.LABELS / "fonts")
    zpl = label_zpl(calibration_drawing(stock, row.name, fonts), as_spec(row))
    return _send_once(ctx, row, zpl, Once(uid, {"printer": number, "stock": roll, "ruled": True}))


def _send_once(ctx: Context, row: PrinterRow, zpl: bytes, once: Once) -> Sent:
    """Claim the id before anything is sent: a second tap, or a retry, prints no second label."""
    actor = require(ctx.actor, Permission.LABEL_PRINT)
    address_of(row)
    parse_id(once.id)

    def claim() -> bool:
        with unit_of_work() as session:
            return first_time(session, once, "print_test", actor.person_id, ctx.now_us)

    if not retrying(claim):
        raise Conflict("This label was sent already. Print another one.")
    return send(row, [zpl], lambda _: True)


def _test_label(row: PrinterRow, stock: Stock, address: str) -> bytes:
    label = Label(
        address=address,
        code=f"{row.id:07}",
        title=row.name,
        subtitle=f"Test, {row.dpi} dpi",
        words=stock.name,
    )
    try:
        return render("zpl", stock, TEST, [label], printer=as_spec(row)).data
    except LabellingError as error:
        raise Invalid(f"{error}", code="label_not_printable") from error
