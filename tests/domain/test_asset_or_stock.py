"""The company's rule for what is an asset."""

import pytest

from stockscan.domain.asset_or_stock import Answer, Threshold, advise

RULE = Threshold(50_000, "EUR")


@pytest.mark.parametrize(
    ("used_up", "lasts", "cost_minor", "answer"),
    [
        (True, True, 900_000, Answer.INVENTORY),
        (False, False, 900_000, Answer.INVENTORY),
        (False, True, 50_001, Answer.ASSET),
        (False, True, 50_000, Answer.YOURS),
        (False, True, None, Answer.YOURS),
        (None, None, 900_000, Answer.ASSET),
        (None, None, 100, Answer.YOURS),
        (None, None, None, Answer.YOURS),
    ],
)
def test_the_rule(
    used_up: bool | None, lasts: bool | None, cost_minor: int | None, answer: Answer
) -> None:
    advice = advise(used_up=used_up, lasts=lasts, cost_minor=cost_minor, threshold=RULE)
    assert advice.answer is answer
    assert advice.reason.endswith(".")


def test_the_reason_names_the_company_s_amount() -> None:
    advice = advise(used_up=False, lasts=True, cost_minor=60_000, threshold=RULE)
    assert advice.reason == "It lasts more than a year and costs more than EUR 500.00."
