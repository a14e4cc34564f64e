"""Points out, in a file of assets, what the company's rule calls inventory; nothing is moved."""

from collections.abc import Sequence
from typing import Final

from stockscan.domain.asset_or_stock import Threshold, advise
from stockscan.services.importing.deciding import Decision, Desk, What
from stockscan.services.importing.tally import Tally
from stockscan.store import settings
from stockscan.store.importing.lookups import Reading

HINTS: Final = 20


def add_hints(connection: Reading, desk: Desk, decisions: Sequence[Decision], tally: Tally) -> None:
    """Count the new assets that the rule would not call assets by their price; name the first."""
    if desk.kind != "asset":
        return
    rule = settings.load(connection)
    threshold = Threshold(rule.asset_threshold_minor, rule.currency)
    for one in decisions:
        cost_minor = one.record.fields.get("purchase_cost")
        if one.what is not What.NEW or cost_minor is None or cost_minor > threshold.amount_minor:
            continue
        tally.hinted += 1
        if len(tally.hints) < HINTS:
            advice = advise(used_up=None, lasts=None, cost_minor=cost_minor, threshold=threshold)
            name = one.record.fields["name"]
            tally.hints.append({"line": one.record.line, "name": name, "reason": advice.reason})
