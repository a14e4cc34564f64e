"""The audit of movements, and the rows of the ledger that any number of a report is made of."""

from typing import Final
from urllib.parse import urlencode

from stockscan.domain.access import Permission
from stockscan.domain.tables import Holds
from stockscan.services.reports.consumption import NO_MACHINE, NO_MODEL
from stockscan.services.reports.ledger import (
    MOST,
    Asked,
    Audit,
    Behind,
    LedgerRow,
    Writer,
    audit,
    behind,
)
from stockscan.web.charts import Bar, Look, bars
from stockscan.web.filters import MINUS, qty, when
from stockscan.web.listing import Listing
from stockscan.web.reports.door import report
from stockscan.web.reports.months import ASKS, TIME, lengths, usual
from stockscan.web.reports.narrowing import PARTS_THERE, parts_asked
from stockscan.web.reports.shape import (
    Ask,
    Cell,
    Col,
    Report,
    Table,
    Tile,
    Way,
    amount,
    count,
    percent,
)
from stockscan.web.security import current_context, who

WORDS: Final = {
    "opening": "Opening stock", "receive": "Received", "issue": "Issued", "install": "Installed",
    "return_from_asset": "Brought back", "transfer_out": "Moved out", "transfer_in": "Moved in",
    "scrap": "Scrapped", "count_adjust": "Count corrected", "late_correction": "Count settled",
    "reversal": "Undone", "revaluation": "Revalued",
}  # fmt: skip
_SETS: Final = {"use": "Used (less returns)", "shrink": "Scrapped and miscounted", "in": "Came in"}
_ON: Final = {"none": NO_MACHINE, "unknown": NO_MODEL}
_NARROWING: Final = ("kind", "part", "asset", "model", "person", "show", "on", "lot")
_SHOWN: Final = 8
# A line never ends between a sign and its number.
_NO_BREAK: Final = "\u2060"


@report(
    "ledger", "Movements", "Which rows is a number made of?", group="Audit",
    asks=(*TIME, *_NARROWING, *PARTS_THERE), usual=usual,
)  # fmt: skip
def report_of_rows(listing: Listing) -> Report:
    """The rows of the ledger as the filters ask for them."""
    page = behind(current_context(), _asked(listing))
    chosen = listing.asked["kind"]
    said = {"kind": {**_SETS, **WORDS}.get(chosen), "on": _ON.get(listing.asked["on"])}
    narrowed = page.narrowed | {name: text for name, text in said.items() if text}
    return Report(
        finding=_rows_finding(page),
        listing=listing,
        tiles=_rows_tiles(page),
        tables=[_rows_table(page)],
        note="Goods that leave the stock are negative. Times are when the goods moved; a row that"
        " was recorded more than a day later says so. What is undone stays in the books beside"
        " the row that undoes it.",
        asks=(*ASKS, Ask("kind", "Kind", options={"": "All", **_SETS, **WORDS}),
              Ask("part", "Part", "Number or code"), Ask("asset", "Asset", "Tag or code"),
              *_by_person()),
        ways=[[Way("All", {"show": ""}), Way("Late", {"show": "late"}),
               Way("Undone", {"show": "undone"})], lengths(current_context().today)],
        narrowed=narrowed,
        more=[("/export", "Export every movement")] if page.total > MOST else [],
    )  # fmt: skip


@report(
    "audit", "Audit of movements", "Who recorded what, how late, and what was undone?",
    group="Audit", asks=(*TIME, "kind", *PARTS_THERE), usual=usual,
)  # fmt: skip
def report_of_audit(listing: Listing) -> Report:
    """Who wrote what in the ledger."""
    page = audit(current_context(), _asked(listing))
    late_bp, back_bp = (_share(many, page.rows) for many in (page.late, page.reversed))
    tables = [_kinds_table(page, listing)]
    if page.writers is not None:
        tables.insert(0, _people_table(page.writers, listing))
    kinds = [Bar(WORDS[kind], rows, f"{rows:,}") for kind, rows, *_ in page.kinds[:_SHOWN]]
    writers = [Bar(one.name, one.rows, f"{one.rows:,}") for one in (page.writers or [])[:_SHOWN]]
    return Report(
        finding=_audit_finding(page),
        listing=listing,
        tiles=[
            Tile("Movements", f"{page.rows:,}", link=_link(listing)),
            Tile("Late", percent(late_bp), line=f"{page.late:,} more than a day after they moved",
                 link=_link(listing, show="late")),
            Tile("Undone", percent(back_bp), line=count(page.reversed, "row"),
                 link=_link(listing, show="undone")),
        ],
        charts=[bars("By kind", kinds, Look(note="rows")) if kinds else None,
                bars("By person", writers, Look(note="rows")) if writers else None],
        tables=tables,
        note="Late: recorded more than a day after the goods moved, as a phone without a network"
        " or a slip of paper does. Undone: rows that somebody took back or corrected; they count"
        " for who had written them. Both rows stay in the books for ever.",
        asks=(*ASKS, Ask("kind", "Kind", options={"": "All", **_SETS, **WORDS})),
        ways=[lengths(current_context().today)],
    )  # fmt: skip


def _asked(listing: Listing) -> Asked:
    said = listing.asked
    things = {name: said[name] for name in _NARROWING if name in said}
    return Asked(said["from"], said["to"], **things, of=parts_asked(listing), place=said["place"])


def _by_person() -> list[Ask]:
    """The field for a person, for who may ask by one."""
    me = who()
    may = me is not None and me.actor.may(Permission.COUNT_APPROVE)
    return [Ask("person", "Person", "Name or code")] if may else []


def _link(listing: Listing, **more: str) -> str:
    kept = {name: value for name, value in listing.asked.items() if value}
    return f"/reports/ledger?{urlencode({**kept, **more})}"


def _share(many: int, of_all: int) -> int | None:
    return many * 10_000 // of_all if of_all else None


def _rows_finding(page: Behind) -> str:
    if not page.total:
        return "Nothing moved like this. Choose a longer time, or take a filter off."
    shown = f", the newest {MOST:,} are shown" if page.total > MOST else ""
    value = amount(page.value_e4).replace(MINUS, f"{MINUS}{_NO_BREAK}")
    return f"{count(page.total, 'row')} of the ledger, {value} in all{shown}."


def _rows_tiles(page: Behind) -> list[Tile]:
    tiles = [Tile("Rows", f"{page.total:,}"), Tile("Value", amount(page.value_e4))]
    units = {row.unit for row in page.rows}
    if "part" in page.narrowed and len(units) == 1:
        tiles.insert(1, Tile("Quantity", qty(page.quantity_milli), units.pop()))
    return tiles


def _rows_table(page: Behind) -> Table:
    def row(one: LedgerRow) -> list[object]:
        kind = "warn" if one.is_late else ""
        part = Cell(one.part, f"/parts/{one.part_code}", one.part_number)
        place = Cell(one.location, f"/locations/{one.location_code}")
        asset = Cell(one.asset_tag or "", f"/assets/{one.asset_code}", one.asset or "")
        return [
            Cell(WORDS[one.kind], "", _circumstances(one), kind), one.effective_us,
            one.recorded_us, part, one.part_number, Cell(one.quantity_milli, "", one.unit),
            one.unit, one.value_e4, place, asset, one.person, one.reason, one.note, one.seq,
        ]  # fmt: skip

    return Table("rows", "Rows", _ROWS, page.rows, row, "newest first")


def _circumstances(one: LedgerRow) -> str:
    """When it moved, and why; of what was undone, what that was."""
    undone = f"of {WORDS[one.undoes].lower()}" if one.undoes else ""
    late = f"recorded {when(one.recorded_us)}" if one.is_late else ""
    why = one.reason or one.note
    return ", ".join(each for each in (when(one.effective_us), late, undone, why) if each)


_ROWS: Final = (
    Col("What", name="kind"),
    Col("Moved", Holds.TIME, "moved_utc", "file"),
    Col("Recorded", Holds.TIME, "recorded_utc", "file"),
    Col("Part"),
    Col("Number", where="file"),
    Col("Quantity", Holds.MILLI),
    Col("Unit", where="file"),
    Col("Value", Holds.E4),
    Col("Place", where="desk"),
    Col("Machine", where="desk"),
    Col("Who", name="person", where="desk"),
    Col("Reason", where="file"),
    Col("Note", where="file"),
    Col("Seq", Holds.WHOLE, where="file"),
)


def _audit_finding(page: Audit) -> str:
    if not page.rows:
        return "Nothing moved in this time. Choose a longer one."
    late, back = percent(_share(page.late, page.rows)), percent(_share(page.reversed, page.rows))
    return f"{count(page.rows, 'movement')} were recorded: {late} of them late, {back} were undone."


def _people_table(writers: list[Writer], listing: Listing) -> Table:
    def row(one: Writer) -> list[object]:
        most = max(one.kinds, key=lambda kind: one.kinds[kind])
        return [
            Cell(one.name, f"/people/{one.code}"),
            Cell(one.rows, _link(listing, person=one.code)),
            Cell(one.late, _link(listing, person=one.code, show="late")),
            Cell(_share(one.late, one.rows), _link(listing, person=one.code, show="late")),
            *(Cell(many, _link(listing, person=one.code, show="undone"))
              for many in (one.reversed, _share(one.reversed, one.rows))),
            f"{WORDS[most]}, {one.kinds[most]:,}",
        ]  # fmt: skip

    columns = (
        Col("Person"), Col("Rows", Holds.WHOLE), Col("Late", Holds.WHOLE),
        Col("Late %", Holds.PERCENT, "late_percent", "desk"), Col("Undone", Holds.WHOLE),
        Col("Undone %", Holds.PERCENT, "undone_percent", "desk"), Col("Mostly", where="desk"),
    )  # fmt: skip
    return Table("people", "By person", columns, writers, row)


def _kinds_table(page: Audit, listing: Listing) -> Table:
    def row(one: tuple[str, int, int, int]) -> list[object]:
        kind, rows, late, value_e4 = one
        of_it, late_ones = _link(listing, kind=kind), _link(listing, kind=kind, show="late")
        return [
            WORDS[kind], Cell(rows, of_it), Cell(late, late_ones),
            Cell(_share(late, rows), late_ones), Cell(value_e4, of_it),
        ]  # fmt: skip

    columns = (
        Col("Kind"), Col("Rows", Holds.WHOLE), Col("Late", Holds.WHOLE),
        Col("Late %", Holds.PERCENT, "late_percent", "desk"), Col("Value", Holds.E4),
    )  # fmt: skip
    return Table("kinds", "By kind", columns, page.kinds, row)
