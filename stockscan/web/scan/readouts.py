"""What the card of each kind of operation reads out: figures before and after, facts, a price."""

from typing import Any, Final


def readout(kind: str, result: dict[str, Any]) -> dict[str, Any]:
    """The fields of a card that the answer to an operation of this kind fills.

    Of goods that the reader counts blind only what was done, not the figures.
    """
    reads = _change if result.get("hidden") else _READOUTS.get(kind, _stock)
    return {**_names(result), **reads(result)}


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


def _received(result: dict[str, Any]) -> dict[str, Any]:
    """A receipt, for which order it was, and whether it cost what was expected."""
    shown = _stock(result)
    facts = list(shown.get("facts", ()))
    if "requisition" in result:
        rest = result["still_to_come"]
        left = "all here" if rest == "0" else f"{rest} to come"
        facts.append(("For", f"{result['requisition']}, {left}"))
    if "price_difference" in result:
        change = result["price_difference"]
        word = "less" if change.startswith("-") else "more"
        facts.append(("Price", f"{change.removeprefix('-')} {word} than expected"))
    return {**shown, "facts": tuple(facts)}


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
    shown = _stock(result)
    return {**shown, "facts": (("To", result.get("to_location_name", "")), *shown.get("facts", ()))}


def _moved_over(result: dict[str, Any]) -> dict[str, Any]:
    """A part from one machine to another; what it cost goes along."""
    places = (("From", "from_asset"), ("To", "asset"))
    facts = ((word, f"{result[f'{at}_name']} {result[f'{at}_tag']}") for word, at in places)
    return {"facts": tuple(facts), "right_label": "Goes along", "right": result["cost"]}


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


_READOUTS: Final = {
    "audit": _audit,
    "install": _install,
    "receive": _received,
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
    "pick": _transfer,
    "put_back": _transfer,
    "move_part": _moved_over,
    "read_meter": _reading,
}
