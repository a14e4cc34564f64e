"""What the pages of a kit show, and what a scan on its pick list means."""

from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import RuleBroken
from stockscan.domain.figures import MILLI, format_quantity, is_whole_unit
from stockscan.services.work import Context, reading
from stockscan.store import settings
from stockscan.store.counts.blindness import blindness
from stockscan.store.installs.listed import ListedPart, parts_list
from stockscan.store.maintenance import pick_list
from stockscan.store.maintenance.job import JobRow, job_called
from stockscan.store.maintenance.kit_bins import Take, names_of
from stockscan.store.maintenance.pick_list import Kit, KitRow


class Asked(NamedTuple):
    """Which bin and part the pick list stands at, and how often that part was scanned there.

    `lot` and `serial` were on the label; `seen` is the operation to be told about; `to` is the
    place that was chosen for the kit, where the company has none.
    """

    bin: str = ""
    part: str = ""
    lot: str = ""
    serial: str = ""
    scanned: int = 0
    seen: str = ""
    to: str = ""


_NOTHING: Final = Asked()


class Chosen(NamedTuple):
    """The part to be picked: how much of it, and from where."""

    row: KitRow
    take: Take
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class KitPage:
    """A job and its kit."""

    job: JobRow
    kit: Kit

    @property
    def name(self) -> str:
        """What people call the job."""
        return self.job.name

    @property
    def is_open(self) -> bool:
        """Whether something may still be picked or changed."""
        return self.job.is_open


@dataclass(frozen=True, slots=True)
class PickPage(KitPage):
    """The pick list of a job; `place` is where its kit goes, `to` its code ("" while nobody said).

    `at` is the bin that was scanned, `chosen` what is to be taken there.
    """

    place: str
    to: str
    asked: Asked
    at: str = ""
    chosen: Chosen | None = None


@dataclass(frozen=True, slots=True)
class KitEditPage(KitPage):
    """A job's kit to be changed; `usual` are the parts of its asset that are not on it."""

    usual: list[ListedPart]


def pick_page(ctx: Context, reference: str, asked: Asked = _NOTHING) -> PickPage:
    """The pick list of a job, standing at what is asked for. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.JOB_WORK)
    with reading() as connection:
        job = job_called(connection, reference)
        kit = pick_list.kit(connection, ctx.today, job.id, blindness(connection, actor))
        to = settings.load(connection).kit_place or asked.to or _where_it_lies(kit)
        names = names_of(connection, (to, asked.bin))
    page = PickPage(job, kit, names.get(to, ""), to, asked, names.get(asked.bin, ""))
    return replace(page, chosen=_chosen(page, asked)) if asked.part and page.place else page


def edit_page(ctx: Context, reference: str) -> KitEditPage:
    """A job's kit, and the parts of its asset's list that are not on it. Raises `NotFound`."""
    actor = require(ctx.actor, Permission.JOB_WORK)
    with reading() as connection:
        job = job_called(connection, reference)
        blind = blindness(connection, actor)
        kit = pick_list.kit(connection, ctx.today, job.id, blind)
        listed = parts_list(connection, job.asset_id, blind)
    known = {row.line.part_id for row in kit.rows if row.line.on_list}
    return KitEditPage(job, kit, [part for part in listed if part.part_id not in known])


def _where_it_lies(kit: Kit) -> str:
    """The place of what was picked already, "" while nothing was."""
    return next((take.location_code for row in kit.left_in_kit for take in row.lies), "")


def brought_to(page: PickPage, asked: Asked, place: str, name: str) -> Asked:
    """What the scan of a place means: the bin to take from, or where the kit goes if none is known.

    Raises `RuleBroken` (`is_on_the_way`) for a kit that would go where its parts come from.
    """
    if page.place:
        return Asked(bin=place, to=asked.to)
    if place in {stop.code for stop in page.kit.way}:
        message = f"Parts come from {name}. Scan first where they go: a cart, a shelf, a van."
        raise RuleBroken(message, code="is_on_the_way")
    return Asked(to=place)


def scanned(
    page: PickPage, asked: Asked, part: str, lot: str = "", serial: str = ""
) -> Asked | dict[str, Any]:
    """What the scan of a part means while `asked` stands: the operation to apply, or what to ask.

    The last piece, and each that has a serial, is picked at once. Of several the first scan asks
    how many, with what is left in the number; scanning on counts them one by one, and picks them
    when they are all. Raises `RuleBroken` (`not_in_kit`) for a part that the job does not need,
    and (`no_kit_place`) while nobody said where the kit goes.
    """
    if not page.place:
        message = "Scan first where the kit goes: a cart, a shelf, a van. Then the bin."
        raise RuleBroken(message, code="no_kit_place")
    again = part == asked.part and (lot or asked.lot) == asked.lot and not serial
    now = asked._replace(part=part, lot=lot or (asked.lot if again else ""), serial=serial, seen="")
    now = now._replace(scanned=asked.scanned + 1 if again else 1)
    row, take, _ = _chosen(page, now)
    at_bin = now._replace(bin=take.location_code)
    is_serial = row.line.tracking == "serial"
    if is_serial and not serial and len(take.serials) != 1:
        return at_bin
    all_of_it = MILLI if is_serial else take.quantity_milli
    meant = asked.bin == take.location_code and is_whole_unit(row.line.unit)
    if meant and now.scanned * MILLI >= all_of_it:
        return operation(page, at_bin, all_of_it)
    return at_bin


def operation(page: PickPage, asked: Asked, quantity_milli: int) -> dict[str, Any]:
    """The operation that picks so much of what is asked for."""
    row, take, _ = _chosen(page, asked)
    only = take.serials[0] if len(take.serials) == 1 else ""
    marks = {"lot": asked.lot or take.lot, "serial": asked.serial or only}
    return {
        "kind": "pick",
        "work": page.name,
        "part": row.line.code,
        "location": asked.bin,
        "to_location": page.to,
        "quantity": format_quantity(quantity_milli),
        **{name: mark for name, mark in marks.items() if mark},
    }


def _chosen(page: PickPage, asked: Asked) -> Chosen:
    """What is left to take of a part at the bin that was scanned, else at the first on the way."""
    row = next((row for row in page.kit.rows if row.line.code == asked.part), None)
    if row is None:
        message = f"{page.name} does not need that part. Add it to its parts first."
        raise RuleBroken(message, code="not_in_kit", field="part")
    takes = [take for take in row.takes if asked.bin in ("", take.location_code)]
    of_lot = [take for take in takes if asked.lot in ("", take.lot)]
    if of_lot:
        take = of_lot[0]
    elif asked.bin:
        take = Take(0, asked.bin, page.at, MILLI, None, asked.lot)
    else:
        raise RuleBroken(f"Scan the bin of {row.line.name} first.", code="need_bin")
    counted = asked.scanned * MILLI if asked.scanned > 1 else take.quantity_milli
    one_each = row.line.tracking == "serial"
    return Chosen(row, take, MILLI if one_each else counted)


def kit_json(kit: Kit) -> list[dict[str, Any]]:
    """The lines of a kit as the API shows them; what is hidden is null."""
    return [_line_json(row) for row in kit.rows]


def _line_json(row: KitRow) -> dict[str, Any]:
    amounts, missing = row.line.amounts, row.missing
    short_milli = missing.short_milli if missing else 0
    return {
        "part": row.line.code,
        "part_name": row.line.name,
        "needed": format_quantity(amounts.needed_milli),
        "used": format_quantity(amounts.used_milli),
        "left": format_quantity(amounts.left_milli),
        "in_kit": format_quantity(amounts.lying_milli),
        "kept": None if row.is_hidden else format_quantity(amounts.reserved_milli),
        "missing": None if row.is_hidden else format_quantity(short_milli),
        "expected_on": str(missing.expected_on) if missing and missing.expected_on else None,
    }
