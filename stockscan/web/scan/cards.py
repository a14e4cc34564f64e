"""How a recorded operation or a refusal reads on the scan screen: a card for each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from stockscan.domain.figures import MICRO
from stockscan.domain.scanning import UNDO_S
from stockscan.services import operations
from stockscan.store.operations import Recorded
from stockscan.web.scan.readouts import readout


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
    values = readout(recorded.kind, result)
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


# Warnings that a person should look up for; the others are for the record.
_DOUBTS: Final = frozenset(
    {
        "negative_stock",
        "lot_expired",
        "reserved",
        "expiry_differs",
        "serial_moved",
        "still_out",
        "is_stopped",
        "over_delivery",
    }
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
    "pick": ("ok", "ok", "Picked"),
    "put_back": ("ok", "ok", "Put back"),
    "move_part": ("ok", "ok", "Moved over"),
    "return_part": ("ok", "ok", "Put back"),
    "count": ("ok", "ok", "Counted"),
    "reverse": ("ok", "undo", "Taken back"),
    "retime": ("ok", "ok", "Noted"),
    "condition": ("ok", "ok", "Condition noted"),
    "scrap": ("ok", "ok", "Scrapped"),
    "link": ("ok", "ok", "Linked"),
    "claim": ("ok", "ok", "Label in use"),
    "read_meter": ("ok", "ok", "Reading noted"),
    "report_fault": ("ok", "flag", "Fault reported"),
    "start_job": ("ok", "clock", "Job started"),
    "pause_job": ("ok", "clock", "Job paused"),
    "tick_job": ("ok", "check", "Ticked off"),
    "log_work": ("ok", "edit", "Work noted"),
    "set_running": ("ok", "ok", "Status noted"),
    "finish_job": ("ok", "ok", "Signed off"),
    "cancel_job": ("ok", "close", "Job cancelled"),
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
