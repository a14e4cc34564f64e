"""Reports over 5,000,000 movements of five years: with the sums kept each night and without.

Twenty thousand parts and ten thousand machines at full size, a tenth of each at a tenth. The
ledger is filled by SQL; the reports are read by the verbs that the pages call.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select, text

from bench.filling import SINCE, YEARS, fill, move
from bench.importing import peak
from stockscan.services import reports
from stockscan.services.reports.abc import curve
from stockscan.services.reports.carrying import carrying
from stockscan.services.reports.consumption import Asked, consumption
from stockscan.services.reports.costs import Asked as Costs
from stockscan.services.reports.costs import asset_costs, cost_page
from stockscan.services.reports.ledger import Asked as Rows
from stockscan.services.reports.ledger import audit, behind
from stockscan.services.reports.peers import peers
from stockscan.services.reports.quarter import review
from stockscan.services.reports.slow import slow_movers
from stockscan.services.reports.stockouts import stockouts
from stockscan.services.reports.turnover import Asked as Pace
from stockscan.services.reports.turnover import turnovers
from stockscan.services.reports.work import downtime, technicians
from stockscan.services.work import Context, reading
from stockscan.store.db import dispose, migrate
from stockscan.store.reports import AssetMonth, PartMonth
from stockscan.web import create_app
from tests.cast import context, hire
from tests.postgres import running_server

MOVEMENTS: Final = 5_000_000
_SUM: Final = "SELECT part_id, SUM(quantity_milli), SUM(value_e4) FROM movement GROUP BY part_id"


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of one step, and the megabytes that this process grew by."""

    name: str
    seconds: float
    mb: float


def measure(url: str, folder: Path, movements: int) -> list[Took]:
    """Fill an empty database at `url`, then read each report without and with kept sums."""
    migrate(url)
    app = create_app({"DATABASE_URL": url, "DATA_DIR": str(folder)})
    try:
        with app.app_context():
            cast = hire(app)
            begun = time.perf_counter()
            fill(movements, cast.admin.id)
            found = [Took("(filling)", time.perf_counter() - begun, 0)]
            ctx = context(cast.admin)
            found.append(_took("plain sum by part, raw SQL", _plain, ctx))
            found += [_took(f"{name}, nothing kept", read, ctx) for name, read in _SOME.items()]
            found.append(_took("keep the sums", reports.roll_up, ctx))
            found.append(Took(f"(rows kept: {_kept():,})", 0, 0))
            move(movements, movements + SINCE, movements, cast.admin.id)
            found += [_took(name, read, ctx) for name, read in _REPORTS.items()]
            found.append(_took(f"keep {SINCE:,} more", reports.roll_up, ctx))
            return found
    finally:
        dispose(app)


def _reports() -> dict[str, Callable[[Context], Any]]:
    last = f"{datetime.now(UTC):%Y-%m}"
    first = f"{datetime.now(UTC).year - YEARS + 1}-01"
    return {
        "consumption by part, 12 months": lambda ctx: consumption(ctx, Asked()),
        "consumption by model, 12 months": lambda ctx: consumption(ctx, Asked("model")),
        "consumption by month, 5 years": lambda ctx: consumption(ctx, Asked("month", first, last)),
        "consumption of one part": lambda ctx: consumption(ctx, Asked("month", part="N-7")),
        "turnover, 12 months": turnovers,
        "carrying cost, 12 months": carrying,
        "ABC, 12 months": curve,
        "slow movers": slow_movers,
        "stock-outs, 12 months": stockouts,
        "costs by asset, 12 months": lambda ctx: cost_page(ctx, Costs("asset")),
        "costs by model, 12 months": lambda ctx: cost_page(ctx, Costs("model")),
        "costs of one asset": lambda ctx: asset_costs(ctx, "T-7"),
        "peers, 12 months": peers,
        "standing still, 12 months": downtime,
        "work by technician, 12 months": technicians,
        "quarterly review": review,
        "consumption of a hall, 12 months": lambda ctx: consumption(ctx, Asked(place="Hall 7")),
        "turnover of a hall, 12 months": lambda ctx: turnovers(ctx, Pace(place="Hall 7")),
        "slow movers in a hall": lambda ctx: slow_movers(ctx, place="Hall 7"),
        "stock-outs in a hall, 12 months": lambda ctx: stockouts(ctx, place="Hall 7"),
        "audit of a hall, 12 months": lambda ctx: audit(ctx, Rows(place="Hall 7")),
        "audit, 12 months": lambda ctx: audit(ctx, Rows()),
        "rows behind one part": lambda ctx: behind(ctx, Rows(part="N-7")),
        "rows of one month": lambda ctx: behind(ctx, Rows(first, first, "use")),
    }


_REPORTS: Final = _reports()
_SOME: Final = dict(list(_REPORTS.items())[:3])


def _took(name: str, read: Callable[[Context], Any], ctx: Context) -> Took:
    with peak() as rise:
        begun = time.perf_counter()
        read(ctx)
        seconds = time.perf_counter() - begun
    return Took(name, seconds, rise["mb"])


def _plain(_ctx: Context) -> None:
    """The yardstick: one pass over the ledger in the database's own words."""
    with reading() as connection:
        connection.execute(text(_SUM)).all()


def _kept() -> int:
    counts = (select(func.count()).select_from(kept) for kept in (PartMonth, AssetMonth))
    with reading() as connection:
        return sum(connection.scalar(each) or 0 for each in counts)


def main() -> None:
    """Measure on both databases, at a tenth and in full, and print the figures side by side."""
    movements = int(sys.argv[1]) if len(sys.argv) > 1 else MOVEMENTS
    with tempfile.TemporaryDirectory() as place, running_server() as server:
        for kind in sys.argv[2:] or ("sqlite", "postgresql"):
            sizes = []
            for size in (movements // 10, movements):
                server.create(f"reporting_{kind}_{size}")
                urls = {"sqlite": f"sqlite:///{place}/{size}.db",
                        "postgresql": server.url(f"reporting_{kind}_{size}")}  # fmt: skip
                sizes.append(measure(urls[kind], Path(place), size))
            for small, large in zip(*sizes, strict=True):
                print(_line(kind, small, large), flush=True)


def _line(kind: str, small: Took, large: Took) -> str:
    """Seconds and memory at a tenth and in full, and by how many times it grew."""
    growth = f"x {large.seconds / small.seconds:5.1f}" if small.seconds else ""
    return (
        f"{kind:<11} {large.name:<46} {small.seconds:7.2f} s -> {large.seconds:7.2f} s  {growth:<8}"
        f" memory +{small.mb:.0f} -> +{large.mb:.0f} MB"
    )


if __name__ == "__main__":
    main()
