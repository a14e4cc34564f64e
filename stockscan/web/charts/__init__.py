"""Charts drawn by the server: numbers in, shapes out; templates/_chart.html writes them as SVG."""

from stockscan.web.charts.columns import Series, columns
from stockscan.web.charts.curves import Cut, curve
from stockscan.web.charts.lines import lines
from stockscan.web.charts.rows import Bar, bars, dots
from stockscan.web.charts.scale import Level, Look
from stockscan.web.charts.shapes import Chart

__all__ = [
    "Bar",
    "Chart",
    "Cut",
    "Level",
    "Look",
    "Series",
    "bars",
    "columns",
    "curve",
    "dots",
    "lines",
]
