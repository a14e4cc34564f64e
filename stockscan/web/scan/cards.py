"""How a recorded operation or a refusal reads on the scan screen: a card for each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from stockscan.domain.figures import MICRO
from stockscan.domain.scanning import UNDO_S
from stockscan.services import operations
from stockscan.store.operations import Recorded


@dataclass(frozen=True, slots=True)
class Card:
    """One answer. `tone` is ok, warn, stop or read; `facts` are label and value pairs.

    `before` and `after` are shown as a readout where given; `undo_s` is how long it can be undone
    from the dock; `choices` name the ways on; `names` are tag and name of each thing of an action
    on several; `operations` are those that can be taken back, newest first.
    """

    tone: str
    icon: str
    headline: str
    name: str = ""
    code: str = ""
    label: str = ""
    before: str = ""
    after: str = ""
    unit: str = ""
    right_label: str = ""
    right: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    message: str = ""
    warnings: tuple[dict[str, Any], ...] = ()
    question: dict[str, Any] | None = None
    choices: tuple[str, ...] = ()
    at_us: int = 0
    operation: str = ""
    undo_s: int = 0
    undone: bool = False
    details: dict[str, Any] = field(default_factory=dict)
    names: tuple[tuple[str, str], ...] = ()
    operations: tuple[str, ...] = ()

    @property
    def can_undo(self) -> bool:
        """Whether anything of it can be taken back."""
        return bool(self.operations)


def card_of(recorded: Recorded, now_us: int) -> Card:
    """The card of an operation that holds or waits."""
    result = recorded.result
    if not result:
        return _waiting(recorded, now_us)
    words = _WORDS.get(recorded.kind, ("ok", "ok", "Recorded"))
    left = UNDO_S - (now_us - recorded.received_us) // MICRO
    open_ = operations.is_undoable(recorded)
    readout = _change if result.get("hidden") else _READOUTS.get(recorded.kind, _stock)
    values = {**_names(result), **readout(result)}
    warnings = tuple(result.get("warnings", ()))
    doubtful = any(warning["code"] in _DOUBTS for warning in warnings)
    tone = values.pop("tone", "warn" if doubtful else words[0])
    return Card(
        tone=tone,
        icon="warn" if tone == "warn" else words[1],
        headline=values.pop("headline", words[2]),
        at_us=recorded.received_us,
        operation=recorded.action_id,
        undo_s=max(0, left) if open_ else 0,
        undone=recorded.reversed,
        operations=(recorded.id,) if open_ else (),
        warnings=warnings,
        question=result.get("question"),
        details=result,
        **values,
    )


def _waiting(recorded: Recorded, now_us: int) -> Card:
    """The card of what is stored without an effect: it waits for a person, or was left out."""
    card = problem({**recorded.answer.get("error", {}), "state": recorded.status})
    left = UNDO_S - (now_us - recorded.received_us) // MICRO
    open_ = operations.is_undoable(recorded)
    return replace(
        card,
        at_us=recorded.received_us,
        operation=recorded.action_id,
        undo_s=max(0, left) if open_ else 0,
        operations=(recorded.id,) if open_ else (),
    )


def card_of_all(done: Sequence[Recorded], now_us: int) -> Card:
    """One card for the operations of an action, in order: the last speaks, what was done counts."""
    cards = [card_of(row, now_us) for row in done]
    last = cards[-1]
    kept = [row for row in done if row.kind == done[-1].kind and row.result]
    if len(done) == 1 or not kept:
        return last
    whole = replace(
        last,
        undo_s=max(card.undo_s for card in cards),
        operations=tuple(one for card in reversed(cards) for one in card.operations),
        undone=all(card.undone for card in cards),
    )
    if done[-1].kind in {"install", "return_part"}:
        return _in_all(whole, cards[0], kept)
    names = tuple(dict.fromkeys((card.code, card.name) for card in cards if card.name))
    if len(names) < 2:
        return whole
    facts = last.facts if len({card.facts for card in cards}) == 1 else ()
    noun = "things" if done[-1].kind == "reverse" else "assets"
    subject = f"{len(names)} {noun}"
    return replace(whole, name=subject, code="", names=names, facts=facts)


def _in_all(whole: Card, first: Card, kept: Sequence[Recorded]) -> Card:
    """One part and a quantity card after it: the sum of both."""
    total = sum((Decimal(row.result["quantity"]) for row in kept), Decimal())
    cost = sum((Decimal(row.result["cost"]) for row in kept), Decimal())
    headline = f"{whole.headline}, {total.normalize():f} in all"
    return replace(whole, headline=headline, before=first.before, right=str(cost))


def again(name: str) -> Card:
    """The card of a scan that was ignored because the thing had just been scanned."""
    return Card("again", "check", "Already scanned", name, message="Nothing was done twice.")


def problem(error: dict[str, Any]) -> Card:
    """The card of a refusal: what is so, and what to do next."""
    code = str(error.get("code", ""))
    tone, headline, choices = _PROBLEMS.get(code, ("warn", "Not recorded", ()))
    facts: tuple[tuple[str, str], ...] = ()
    holder = error.get("holder")
    if holder:
        facts = (("With", holder["name"]),)
    return Card(
        tone=tone,
        icon={"stop": "stop", "again": "check"}.get(tone, "warn"),
        headline=_STATES.get(str(error.get("state")), headline),
        name=str(error.get("asset_name", "")),
        code=str(error.get("asset_tag", "")),
        message="" if holder else str(error.get("message", "")),
        facts=facts,
        choices=choices,
        details=error,
    )


def _names(result: dict[str, Any]) -> dict[str, str]:
    if "part_name" in result:
        return {"name": result["part_name"], "code": result.get("part_number", "")}
    return {"name": result.get("asset_name", ""), "code": result.get("asset_tag", "")}


def _stock(result: dict[str, Any]) -> dict[str, Any]:
    if "before" not in result:
        return {}
    place = result.get("location_name", "")
    marks = ((word, str(result.get(word.lower()) or "")) for word in ("Lot", "Serial"))
    return {
        "facts": tuple((word, mark) for word, mark in marks if mark),
        "label": f"In {place}" if place else "In the bin",
        "before": _figure(result["before"]),
        "after": _figure(result["after"]),
        "unit": result.get("unit", ""),
    }


def _change(result: dict[str, Any]) -> dict[str, Any]:
    """What was done at goods that this person counts blind: the change, not the figures."""
    if "counted" in result and "answer" not in result:
        return _count_kept(result)
    if "answer" in result:
        return _retimed(result)
    return {
        "label": f"At {result['location_name']}: hidden while you count it",
        "after": result.get("quantity", ""),
        "unit": result.get("unit", ""),
        **({} if "quantity" in result else {"message": "What is there is hidden while you count."}),
    }


def _count_kept(result: dict[str, Any]) -> dict[str, Any]:
    if "part" not in result:
        return _nothing_else(result)
    readout = {
        "label": f"Counted in {result['location_name']}",
        "after": result["counted"],
        "unit": result["unit"],
    }
    if result["state"] == "MOVED_DURING_COUNT":
        return {**readout, "tone": "warn", "headline": "Moved while you counted"}
    return readout


def _nothing_else(result: dict[str, Any]) -> dict[str, Any]:
    """What was said of a whole bin: it is empty, or what was counted in it is all."""
    zeroed = result.get("zeroed")
    became = f"{zeroed} {'record' if zeroed == 1 else 'records'} counted as 0" if zeroed else ""
    return {"name": result["location_name"], "headline": "Nothing else here", "message": became}


def _audit(result: dict[str, Any]) -> dict[str, Any]:
    """What an audit makes of a sighting: where it belongs, or how far the room is."""
    here = f"{result['seen']} of {result['expected']}" if result.get("expected") else ""
    facts = (("Seen here", here),) if here else ()
    if "again" in result:
        return {"tone": "again", "headline": "Already seen", "facts": facts}
    if result["state"] == "FOUND":
        return {"facts": facts}
    if result["holder"] and result["belongs"] == result["location"]:
        said = f"Out with {result['holder']}"
    else:
        said = f"Belongs in {result['belongs_name'] or 'no place yet'}"
    stray = result["state"] == "UNEXPECTED"
    headline = "Not expected in this audit" if stray else said
    facts = (("Belongs in", result["belongs_name"] or "no place yet"),) if stray else ()
    choices = ("audited",) if not result["settled"] else ()
    return {"tone": "warn", "headline": headline, "facts": facts, "choices": choices}


def _install(result: dict[str, Any]) -> dict[str, Any]:
    return {
        **_stock(result),
        "label": f"Left in {result['location_name']}",
        "right_label": "Charged",
        "right": result["cost"],
    }


def _return(result: dict[str, Any]) -> dict[str, Any]:
    return {**_stock(result), "right_label": "Credited", "right": result["cost"]}


def _count(result: dict[str, Any]) -> dict[str, Any]:
    if "part" not in result:
        return _nothing_else(result)
    if "book" not in result:
        return _count_kept(result)
    readout = {
        "label": f"{result['location_name']}: booked, counted",
        "before": result["book"],
        "after": result["counted"],
        "unit": result["unit"],
        "right_label": "Difference",
        "right": _signed(result["variance"]),
    }
    if result["state"] == "MOVED_DURING_COUNT":
        return {**readout, "tone": "warn", "headline": "Moved while you counted"}
    if result["state"] == "NEEDS_REVIEW":
        return {**readout, "tone": "warn", "headline": "Counted. A supervisor looks at it"}
    return readout


def _check_out(result: dict[str, Any]) -> dict[str, Any]:
    holder = result.get("custodian") or {"name": ""}
    return {"facts": (("To", holder["name"]),)}


def _check_in(result: dict[str, Any]) -> dict[str, Any]:
    facts = [("Place", result["location_name"])] if result.get("location_name") else []
    if result.get("from"):
        facts.insert(0, ("From", result["from"]["name"]))
    return {"facts": tuple(facts)}


def _moved(result: dict[str, Any]) -> dict[str, Any]:
    return {"facts": (("Place", result.get("location_name") or ""),)}


def _taken_back(result: dict[str, Any]) -> dict[str, Any]:
    if "custodian" not in result:
        return _stock(result)
    holder = result["custodian"]
    return {"facts": (("Now with", holder["name"] if holder else "nobody"),)}


def _reading(result: dict[str, Any]) -> dict[str, Any]:
    return {"label": result["meter"], "before": result["before"] or "", "after": result["value"]}


def _transfer(result: dict[str, Any]) -> dict[str, Any]:
    stock = _stock(result)
    return {**stock, "facts": (("To", result.get("to_location_name", "")), *stock.get("facts", ()))}


def _condition(result: dict[str, Any]) -> dict[str, Any]:
    return (
        {"facts": (("Condition", f"{result['condition']} of 5"),)} if "condition" in result else {}
    )


def _linked(result: dict[str, Any]) -> dict[str, Any]:
    name = result.get("title") or result.get("name") or ""
    return {"name": name, "facts": (("Found by", result.get("text") or result.get("label") or ""),)}


def _retimed(result: dict[str, Any]) -> dict[str, Any]:
    side = "before" if result.get("answer") == "before" else "after"
    return {
        "message": f"It happened {side} the count.",
        "label": "On hand",
        "after": result.get("on_hand") or "",
    }


def _signed(figure: str) -> str:
    if figure == "0":
        return "none"
    return _figure(figure) if figure.startswith("-") else f"+{figure}"


def _figure(figure: str) -> str:
    return figure.replace("-", "\N{MINUS SIGN}")


# Warnings that a person should look up for; the others are for the record.
_DOUBTS: Final = frozenset(
    {"negative_stock", "lot_expired", "expiry_differs", "serial_moved", "still_out", "is_stopped"}
)

# What was never applied says what became of it instead of what was wrong.
_STATES: Final = {"attention": "Waits for a person", "dismissed": "Left out"}

_WORDS: Final = {
    "audit": ("ok", "ok", "Found here"),
    "install": ("ok", "ok", "Installed"),
    "check_out": ("ok", "ok", "Checked out"),
    "check_in": ("ok", "ok", "Returned"),
    "move_asset": ("ok", "ok", "Moved"),
    "receive": ("ok", "ok", "Received"),
    "issue": ("ok", "ok", "Taken"),
    "transfer": ("ok", "ok", "Moved"),
    "return_part": ("ok", "ok", "Put back"),
    "count": ("ok", "ok", "Counted"),
    "reverse": ("ok", "undo", "Taken back"),
    "retime": ("ok", "ok", "Noted"),
    "condition": ("ok", "ok", "Condition noted"),
    "scrap": ("ok", "ok", "Scrapped"),
    "link": ("ok", "ok", "Linked"),
    "claim": ("ok", "ok", "Label in use"),
    "read_meter": ("ok", "ok", "Reading noted"),
}

_READOUTS: Final = {
    "audit": _audit,
    "install": _install,
    "return_part": _return,
    "count": _count,
    "check_out": _check_out,
    "check_in": _check_in,
    "move_asset": _moved,
    "retime": _retimed,
    "reverse": _taken_back,
    "condition": _condition,
    "link": _linked,
    "claim": _linked,
    "transfer": _transfer,
    "read_meter": _reading,
}

_PROBLEMS: Final = {
    "already_out": ("warn", "Already out", ("brought_back",)),
    "already_scanned": ("again", "Already scanned", ()),
    "photo_no_code": ("warn", "No code in this photo", ()),
    "photo_too_large": ("warn", "Photo not read", ()),
    "photo_unreadable": ("warn", "Photo not read", ()),
    "not_installed": ("warn", "Not on this machine", ()),
    "list_full": ("warn", "The list is full", ()),
    "nothing_to_undo": ("warn", "Nothing to undo", ()),
    "lot_missing": ("warn", "Not recorded yet", ("pick",)),
    "serial_missing": ("warn", "Not recorded yet", ("pick",)),
    "not_out": ("warn", "Not checked out", ()),
    "asset_retired": ("stop", "Not in service", ()),
    "unknown": ("warn", "Not known here", ("find", "link")),
    "unknown_reference": ("warn", "Not known here", ("find",)),
    "scan_too_long": ("warn", "Not a StockScan code", ()),
    "no_stock": ("warn", "Nothing on the books", ("count_bin",)),
    "no_location": ("warn", "Which bin?", ()),
    "not_allowed": ("stop", "Not allowed", ()),
    "outside_places": ("stop", "Not one of your places", ()),
    "person_inactive": ("stop", "Not active", ()),
    "need_room": ("warn", "Scan the room first", ()),
    "not_counted": ("warn", "Not counted here", ()),
    "need_asset": ("warn", "Scan the machine first", ()),
    "need_bin": ("warn", "Scan the bin first", ()),
    "already_reversed": ("warn", "Already taken back", ()),
    "blank": ("warn", "Blank label", ("link",)),
}
