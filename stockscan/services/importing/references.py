"""What the rows of a chunk refer to: found, to be made, or the fault of the row."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import select

from stockscan.services.importing.deciding import Decision, Desk, Reference, Wanted
from stockscan.store.importing import lookups
from stockscan.store.importing.lookups import Path, Reading, Several, Tree, fold, split_path
from stockscan.store.locations import Location

LONGEST_NAME: Final = 200
_TITLES: Final = {"model": "model", "supplier": "supplier", "location": "place", "part": "part"}
# What a place on the way is called, by how the path ends in this kind of file.
_ENDS_AS: Final = {"asset": "area", "part": "bin", "stock": "bin", "location": "area"}


class References:
    """Finds what models, suppliers, places and parts the rows name; a few queries for all."""

    def __init__(self, connection: Reading, desk: Desk, decisions: Sequence[Decision]) -> None:
        self._desk = desk
        self._connection = connection
        self._holds: dict[int, str] = {}
        self._models = lookups.models(connection, _said(decisions, "model"))
        self._suppliers = lookups.suppliers(connection, _said(decisions, "supplier"))
        places = _said(decisions, "location") | _said(decisions, "parent")
        self.tree = Tree(connection, places)
        parts = _said(decisions, "part")
        self._parts = lookups.parts(connection, parts) if parts else {}

    def find(self, decision: Decision, name: str) -> Reference | None:
        """What the row names in a field; None where it names nothing, or blames the row."""
        text = decision.record.fields.get(name)
        if not text:
            return None
        look: Callable[[Decision, str], Any] = {
            "model": self._model,
            "supplier": self._supplier,
        }.get(name, self._place)
        found = look(decision, text)
        if isinstance(found, Several):
            self._blame_several(decision, name, text)
            return None
        if isinstance(found, Wanted) and not self._desk.create:
            title = _TITLES.get(name, "place")
            message = f"There is no {title} {text[:60]!r}. Create it, or let the import create it."
            decision.blame(self._desk.header(name), message)
            return None
        return found  # type: ignore[no-any-return]

    def part(self, decision: Decision) -> lookups.Stocked | None:
        """The part that a row is about; blames the row where there is none."""
        text = str(decision.record.fields["part"])
        found = self._parts.get(text.lower())
        if isinstance(found, lookups.Stocked):
            return found
        if found is not None:
            self._blame_several(decision, "part", text)
        else:
            message = f"There is no part {text[:60]!r}. Import the parts first."
            decision.blame(self._desk.header("part"), message)
        return None

    def place_inside(self, text: str) -> Any:
        """The place that a label, a name or a path means, Several, or None."""
        return self.tree.find(text)

    def _blame_several(self, decision: Decision, name: str, text: str) -> None:
        what = {"model": "models", "part": "parts", "supplier": "suppliers"}.get(name, "places")
        how = "its path, like Site/Area/Bin" if what == "places" else "its number"
        message = f"{text[:60]!r} may be several {what}. Write {how}."
        decision.blame(self._desk.header(name), message)

    def _model(self, decision: Decision, text: str) -> Any:
        said = decision.record.fields
        values = {
            "name": text,
            "manufacturer": said.get("model_manufacturer", ""),
            "model_number": said.get("model_number", ""),
            "category": said.get("category", ""),
        }
        return self._models.get(text.lower()) or Wanted("model", (text.lower(),), values)

    def _supplier(self, _: Decision, text: str) -> Any:
        return self._suppliers.get(text.lower()) or Wanted(
            "supplier", (text.lower(),), {"name": text}
        )

    def _place(self, decision: Decision, text: str) -> Any:
        found = self.tree.find(text)
        if found is not None:
            return found
        path = split_path(text)
        if not path or any(len(name) > LONGEST_NAME for name in path):
            decision.blame(self._desk.header("location"), "This is no name of a place. Shorten it.")
            return None
        wanted = self.wanted_place(path)
        why_not = self._why_not_inside(standing_in(wanted))
        if why_not:
            decision.blame(self._desk.header("location"), why_not)
            return None
        return wanted

    def _why_not_inside(self, place_id: int | None) -> str:
        """Why nothing new may stand in a place of ours; "" where it may."""
        if place_id is None:
            return ""
        if place_id not in self._holds:
            query = select(Location.name, Location.kind, Location.active)
            place = self._connection.execute(query.where(Location.id == place_id)).one()
            self._holds[place_id] = unfit_to_hold(place)
        return self._holds[place_id]

    def wanted_place(self, path: Path) -> Wanted:
        """A place that has to be made with all that it is in, as far as that is not there."""
        above: Reference | None = None
        if len(path) > 1:
            found = self.tree.at(path[:-1])
            known = found if isinstance(found, int) else None
            above = known if known is not None else self.wanted_place(path[:-1])
        return Wanted(
            "location",
            fold(path),
            {"name": path[-1], "parent_id": above, "kind": _kind_of(path, self._desk.kind)},
        )


def standing_in(wanted: Reference | None) -> int | None:
    """The place of ours that a new one will stand in, however many new ones are between."""
    above = wanted
    while isinstance(above, Wanted):
        above = above.values.get("parent_id")
    return above if isinstance(above, int) else None


def unfit_to_hold(place: Any) -> str:
    """Why nothing may stand in this place, as the forms say it; "" where it may."""
    if place.kind == "bin":
        return f"{place.name} is a bin, and nothing stands inside a bin."
    return "" if place.active else f"{place.name} is out of use. Use it again first."


def _kind_of(path: Path, kind: str) -> str:
    """Outermost is a site; stock lies in bins."""
    ends_as = _ENDS_AS.get(kind, "bin")
    if len(path) == 1:
        return "bin" if ends_as == "bin" else "site"
    return ends_as


def _said(decisions: Iterable[Decision], name: str) -> set[str]:
    return {text for one in decisions if (text := one.record.fields.get(name))}


def all_wanted(decisions: Iterable[Decision]) -> list[Wanted]:
    """What has to be made before these rows, what things are in before the things; each once."""
    found: dict[Wanted, None] = {}
    for decision in decisions:
        for one in decision.wanted:
            _with_above(one, found)
    return list(found)


def _with_above(one: Wanted, found: dict[Wanted, None]) -> None:
    above = one.values.get("parent_id")
    if isinstance(above, Wanted):
        _with_above(above, found)
    found.setdefault(one)
