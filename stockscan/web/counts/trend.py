"""The picture of accuracy over time: the share of records that were right, against the target."""

from collections.abc import Sequence

from stockscan.services.counts.accuracy import Point
from stockscan.web.charts import Chart, Level, Look, Series, lines


def trend(points: Sequence[Point], target_bp: int) -> Chart | None:
    """The chart of what was measured; None where nothing was. Spans without a count are bridged."""
    look = Look(100, _percent, Level(target_bp, "target"), from_zero=False)
    shares = [point.measured.records_bp for point in points]
    names = [point.span.name for point in points]
    return lines("Records right, in percent", names, [Series("Right", shares)], look)


def _percent(share_bp: int) -> str:
    return f"{share_bp / 100:.1f}"
