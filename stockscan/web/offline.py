"""What a phone must know to decide by itself what a scan means, while no server answers."""

import json
from functools import cache
from typing import Any

from stockscan.domain.cards import CARDS
from stockscan.domain.codes import Kind
from stockscan.domain.scanning import TABLE, UNDO_S, Mode, Rule, keeps
from stockscan.services.scanning import DAMAGED, NEEDED
from stockscan.services.settings import settings_in_force


def rules_json() -> str:
    """The rules of the scan screen as JSON: the same table by which the server decides."""
    return f'{_decided()[:-1]},"carry_min":{settings_in_force().carry_min}}}'


@cache
def _decided() -> str:
    """What the code decides, as a JSON object; the company's settings are not in it."""
    rules = {
        "table": [_row(rule) for rule in TABLE],
        "keeps": {mode: [kind for kind in Kind if keeps(mode, kind)] for mode in Mode},
        "needed": NEEDED,
        "cards": {
            card.code: {
                "command": card.command,
                "title": card.title,
                "mode": card.mode,
                "times": card.times,
            }
            for card in CARDS.values()
        },
        "damaged": DAMAGED,
        "undo_s": UNDO_S,
    }
    return json.dumps(rules, separators=(",", ":"))


def _row(rule: Rule) -> dict[str, Any]:
    """A row of the table; null stands for anything."""
    everything = len(rule.on) == len(Kind) + 1
    return {
        "on": None if everything else sorted(filter(None, rule.on)),
        "scanned": rule.scanned,
        "step": rule.step,
        "modes": None if len(rule.modes) == len(Mode) else sorted(rule.modes),
        "out": rule.out,
    }
