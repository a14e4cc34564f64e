"""Words of foreign files in ours: yes and no, states, kinds of place, tracking, roles, grades."""

from typing import Final

from stockscan.domain.access import Role
from stockscan.domain.errors import Invalid

YES: Final = frozenset(
    {"yes", "y", "true", "t", "1", "x", "on", "active", "ja", "oui", "si", "sí", "tak", "wahr"}
)
NO: Final = frozenset(
    {"no", "n", "false", "f", "0", "-", "off", "inactive", "nein", "non", "nie", "falsch"}
)

_STATUS: Final = {
    "in_service": ("in service", "ready to deploy", "deployed", "deployable", "ready",
                   "operational", "active", "in use", "available", "standby", "commissioned",
                   "modernization", "inspection scheduled", "ok", "running"),
    "down": ("down", "out of service", "broken", "pending", "undeployable", "in repair",
             "out for repair", "out for diagnostics", "emergency shutdown", "maintenance",
             "needs repair", "defective", "damaged"),
    "retired": ("retired", "archived", "decommissioned", "broken - not fixable", "end of life"),
    "disposed": ("disposed", "sold", "scrapped", "lost/stolen", "lost", "stolen", "donated"),
}  # fmt: skip
_PLACE: Final = {
    "site": ("site", "building", "warehouse", "plant", "branch", "office", "campus", "factory"),
    "area": ("area", "room", "zone", "floor", "hall", "aisle", "department", "workshop", "van"),
    "bin": ("bin", "shelf", "rack", "drawer", "box", "slot", "cabinet", "pallet", "position"),
}
_TRACKING: Final = {
    "none": ("none", "no", "no tracking", "consumable", "false", "by quantity"),
    "lot": ("lot", "lots", "batch", "by lots", "by lot"),
    "serial": ("serial", "serials", "serial number", "serialized", "serialised", "true", "yes",
               "by unique serial number"),
}  # fmt: skip
_ROLE: Final = {
    Role.VIEWER.value: ("viewer", "read only", "requester", "user", "view only"),
    Role.TECHNICIAN.value: ("technician", "tech", "limited technician", "mechanic"),
    Role.STOREKEEPER.value: ("storekeeper", "stockkeeper", "warehouse", "stores"),
    Role.SUPERVISOR.value: ("supervisor", "manager", "lead"),
    Role.ADMIN.value: ("admin", "administrator", "superuser", "owner"),
}
_GRADE: Final = {
    "5": ("new", "excellent", "like new"),
    "4": ("good", "very good"),
    "3": ("fair", "average", "used", "ok"),
    "2": ("poor", "worn"),
    "1": ("broken", "bad", "defective", "very poor"),
}


def _by_word(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: ours for ours, words in table.items() for word in (ours, *words)}


# By field of ours: a foreign word to ours.
WORDS: Final[dict[str, dict[str, str]]] = {
    "status": _by_word(_STATUS),
    "kind_of_place": _by_word(_PLACE),
    "tracking": _by_word(_TRACKING),
    "role": _by_word(_ROLE),
    "condition": _by_word(_GRADE),
}


def as_flag_word(text: str) -> bool:
    """Yes or no in some languages. Raises `Invalid` for other words."""
    word = text.strip().lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Invalid(f"{text[:40]!r} is neither yes nor no. Write yes or no.", code="bad_word")


def as_our_word(field: str, text: str) -> str:
    """A foreign word in ours where we know it, else as it is."""
    known = WORDS.get(field)
    return known.get(text.strip().lower(), text) if known else text
