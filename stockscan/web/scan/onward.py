"""What the screen asks for next while a count goes on: the next part of the bin, then a bin."""

from dataclasses import replace

from stockscan.domain.counts import LineState
from stockscan.services.counts import sheets
from stockscan.services.counts.sheets import BinVisit, Standing
from stockscan.services.scanning import Situation
from stockscan.store.counts.sheets import LineRow
from stockscan.store.operations import Recorded
from stockscan.web.scan.stage import Stage, stage_of
from stockscan.web.security import current_context


def onward(now: Situation, recorded: Recorded) -> Stage:
    """The stage after something was recorded in a count: the next part of the bin by itself.

    What was taken back is asked for again. The answer stays where goods moved meanwhile, for
    somebody has to say what was first, and in an audit, where something was seen.
    """
    said = recorded.result
    seen = "asset" in said and "part" not in said
    if not now.on or not said or seen or said.get("state") == LineState.MOVED_DURING_COUNT:
        return stage_of(now)
    visit = sheets.bin_visit(current_context(), now.count, now.on)
    part, lot = str(said.get("part", "")), str(said.get("lot", ""))
    undone = visit.line(part, lot) if recorded.kind == "reverse" else None
    if undone is not None and undone.is_open:
        return _entry(now, visit, undone)
    return asking(now, visit, part, lot)


def asking(now: Situation, visit: BinVisit, part: str = "", lot: str = "") -> Stage:
    """The entry of what comes behind a part in the bin; the whole bin where nothing is left."""
    line = visit.after(part, lot)
    if line is None or visit.standing is not Standing.MINE:
        return stage_of(now, visit)
    return _entry(now, visit, line)


def _entry(now: Situation, visit: BinVisit, line: LineRow) -> Stage:
    return stage_of(replace(now, part=line.part, act="count", at_lot=line.lot), visit)
