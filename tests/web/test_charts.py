"""Charts: round marks, words that stay inside, numbers said to who can't see them."""

from datetime import date

import pytest

from stockscan.web.charts import (
    Bar,
    Chart,
    Cut,
    Level,
    Look,
    Series,
    bars,
    columns,
    curve,
    dots,
    lines,
)
from stockscan.web.charts.scale import compact, round_marks
from stockscan.web.charts.shapes import SIGN, Drawing, Words

MONTHS = [f"{date(2026, month, 1):%b %y}" for month in range(1, 13)]
LONG = "Hydraulikzylinderdichtungssatz für Reachstacker, doppeltwirkend"


def drawn() -> dict[str, Chart]:
    """One chart of each kind, with names and numbers that hardly have room."""
    values = [1_234_567 * at % 9_999_999 for at in range(12)]
    level = Level(5_000_000, "target")
    compared = [Bar(LONG, 900, "€900"), Bar("Oil", 30, "€30", "warn"), Bar("None", 0, "€0")]
    line = lines("Worth", MONTHS, [Series("Worth", values), Series("Others", values[::-1])])
    assert line is not None
    return {
        "bars": bars("Most", compared, Look(level=Level(400, "median €400"))),
        "columns": columns("By month", MONTHS, [Series("one", values), Series("two", values)],
                           Look(level=level, wide=True)),
        "curve": curve("Usage", [(1_000, 8_000), (10_000, 10_000)], [Cut(1_000, "A")],
                       label="Usage.", across="parts, %"),
        "dots": dots("Each", compared),
        "lines": line,
    }  # fmt: skip


@pytest.mark.parametrize("kind", sorted(drawn()))
def test_nothing_leaves_the_picture(kind: str) -> None:
    for _, size in drawn()[kind].sizes:
        for box in size.boxes:
            assert box.x >= 0
            assert box.x + box.width <= size.width + 0.1
            assert 0 <= box.y <= box.y + box.height <= size.height
        for dot in size.dots:
            assert 0 <= dot.x <= size.width
        for words in size.words:
            left, right = _ends(words)
            assert left >= -1, words
            assert right <= size.width + 1, words
            assert 0 < words.y <= size.height


def _ends(words: Words) -> tuple[float, float]:
    width = SIGN * len(words.text) * 0.95  # the widest words are a little narrower than reckoned
    shift = {"start": 0.0, "middle": width / 2, "end": width}[words.anchor]
    return words.x - shift, words.x - shift + width


def test_the_label_says_the_numbers() -> None:
    chart = columns("Used", ["Oct 26", "Nov 26"], [Series("Used", [12_000, 7_000])], Look(1_000))
    assert chart.label == "Used: Oct 26 12, Nov 26 7."
    compared = bars(
        "Costs", [Bar("A", 8, "€8"), Bar("B", 2, "€2")], Look(level=Level(2, "median €2"))
    )
    assert compared.label == "Costs: A €8, B €2; median €2."
    stacked = columns("Used", ["Nov 26"], [Series("on machines", [3]), Series("otherwise", [4])])
    assert stacked.label == "Used: Nov 26 7; on machines 3; otherwise 4."


def test_columns_stand_on_each_other_and_below_zero() -> None:
    def tops(drawing: Drawing) -> list[tuple[float, float]]:
        return [(box.y, box.y + box.height) for box in drawing.boxes]

    two = columns("Used", ["Nov"], [Series("one", [3]), Series("two", [4])]).sizes[0][1]
    lower, upper = tops(two)[:2]
    assert upper[1] == pytest.approx(lower[0])
    signed = columns("Change", ["Oct", "Nov"], [Series("one", [3, -3])]).sizes[0][1]
    above, under = tops(signed)
    assert above[1] == pytest.approx(under[0])


def test_lines_bridge_what_nobody_knows() -> None:
    chart = lines("Right", ["W1", "W2", "W3"], [Series("Right", [80, None, 90])])
    assert chart is not None
    assert "W1 80, W3 90" in chart.label
    assert lines("Right", ["W1"], [Series("Right", [None])]) is None
    stepped = lines("Stock", ["1", "2"], [Series("Stock", [5, 3])], Look(stepped=True))
    assert stepped is not None
    assert "V" in next(path.d for path in stepped.sizes[0][1].paths if path.kind == "line")


@pytest.mark.parametrize(
    ("low", "high", "unit", "marks"),
    [
        (0, 8, 1, [0, 2, 4, 6, 8]),
        (0, 3_000, 1_000, [0, 1_000, 2_000, 3_000]),
        (0, 95, 1, [0, 25, 50, 75, 100]),
        (-4, 6, 1, [-5, 0, 5, 10]),
        (9_400, 9_800, 100, [9_400, 9_500, 9_600, 9_700, 9_800]),
    ],
)
def test_marks_are_round_and_enclose(low: int, high: int, unit: int, marks: list[int]) -> None:
    assert round_marks(low, high, unit=unit) == marks


def test_numbers_beside_a_chart_are_short() -> None:
    assert [compact(value, 1) for value in (0, 950, 1_500, 2_000_000, -3_200)] == [
        "0", "950", "1.5k", "2M", "−3.2k",
    ]  # fmt: skip
    assert compact(1_500, 1_000) == "1.5"
