"""What an answer may tell: not what the books say of goods that its reader still counts blind.

An answer is kept whole; it is shortened on its way out, also when it is told again later.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, Final

from stockscan.domain.counts import LineState
from stockscan.services.operations.outcome import Outcome
from stockscan.services.work import Context, reading
from stockscan.store.counts.blindness import blindness, hidden_codes
from stockscan.store.operations import Recorded

# What the books said of the goods that an answer is about, and who else counted them.
_FIGURES: Final = ("before", "after", "on_hand", "book", "variance", "zeroed")
# Whether a count came near what the books say.
_COMPARED: Final = (LineState.POSTED, LineState.MATCHED, LineState.NEEDS_REVIEW)
# Warnings and refusals whose very words tell it.
_TELLING: Final = frozenset({"negative_stock", "serial_moved"})
# Warnings that may follow from any bin of a part.
_OF_ALL_BINS: Final = frozenset({"reserved", "negative_stock"})
_REFUSALS: Final = {
    "no_stock": "The books hold less than that. Count the bin, then take it.",
    "lot_missing": "Which lot? Give the lot on it: what lies there is hidden while you count it.",
    "serial_missing": "Which one? Give its serial: what lies there is hidden while you count it.",
    "serial_elsewhere": "The books have it in another place. Ask a supervisor.",
    "serial_exists": "The books have it in another place. Ask a supervisor.",
    "not_installed": "The books have less on the machine. Record the install, or take this back.",
}
_PLACES: Final = ("on_hand", "choices", "where")


def for_reader(ctx: Context, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes as the person who acts may read them."""
    if ctx.actor is None:
        return list(outcomes)
    with reading() as connection:
        blind = blindness(connection, ctx.actor)
        told = [said or {} for each in outcomes for said in (each.result, each.error)]
        parts = _parts(told) if blind else ()
        hidden = hidden_codes(connection, blind, parts)
    return [
        replace(
            outcome,
            result=outcome.result and shortened(outcome.result, hidden),
            error=_refusal(outcome.error, hidden) if blind and outcome.error else outcome.error,
        )
        for outcome in outcomes
    ]


def records_for_reader(ctx: Context, rows: Sequence[Recorded]) -> list[Recorded]:
    """Recorded operations with their answers as the person who acts may read them."""
    answers = [Outcome(row.id, row.status, **_parts_of(row)) for row in rows]
    told = for_reader(ctx, answers)
    return [
        replace(row, answer={**row.answer, **_json(outcome)})
        for row, outcome in zip(rows, told, strict=True)
    ]


def shortened(result: dict[str, Any], hidden: AbstractSet[tuple[str, str]]) -> dict[str, Any]:
    """A result without what is hidden: the code of a part and of a bin each.

    Hidden figures are null, and `hidden` is true.
    """
    part, here = str(result.get("part", "")), str(result.get("location", ""))
    there = str(result.get("to_location", ""))
    answer = dict(result)
    if (part, here) in hidden:
        answer.update(_without_figures(result), hidden=True)
    if answer.get("warnings") and any(each == part for each, _ in hidden):
        answer["warnings"] = [one for one in answer["warnings"] if one["code"] not in _OF_ALL_BINS]
    if "there" in result and (part, there) in hidden:
        answer["there"] = dict.fromkeys(result["there"])
    return answer


def _without_figures(result: dict[str, Any]) -> dict[str, Any]:
    """The figures of a write at a hidden key; the lines of a count keep what was counted."""
    names = [*_FIGURES, *(["value"] if "variance" in result else [])]
    bare: dict[str, Any] = {name: None for name in names if name in result}
    if result.get("state") in _COMPARED:
        bare["state"] = LineState.COUNTED
    if "lines" in result:
        bare["lines"] = [{**line, **_without_figures(line)} for line in result["lines"]]
    if "warnings" in result:
        told = result["warnings"]
        bare["warnings"] = [one for one in told if one["code"] not in _TELLING]
    if "questions" in result:
        unsaid = {"counted": None, "preselected": None}
        bare["questions"] = [{**one, **unsaid} for one in result["questions"]]
        bare["question"] = bare["questions"][0]
    return bare


def _refusal(error: dict[str, Any], hidden: AbstractSet[tuple[str, str]]) -> dict[str, Any]:
    """A refusal in words that tell nothing of the books.

    One that names a part and a bin which are not hidden stays as it is.
    """
    message = _REFUSALS.get(str(error.get("code")))
    key = (str(error.get("part", "")), str(error.get("location", "")))
    if message is None or (all(key) and key not in hidden):
        return error
    kept = {name: value for name, value in error.items() if name not in _PLACES}
    return {**kept, "message": message}


def _parts(told: Iterable[dict[str, Any]]) -> set[str]:
    return {str(one["part"]) for one in told if one.get("part")}


def _parts_of(row: Recorded) -> dict[str, Any]:
    return {name: row.answer[name] for name in ("result", "error") if name in row.answer}


def _json(outcome: Outcome) -> dict[str, Any]:
    told = {"result": outcome.result, "error": outcome.error}
    return {name: value for name, value in told.items() if value is not None}
