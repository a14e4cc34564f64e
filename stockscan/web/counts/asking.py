"""What the address of a count's review says: which lines to list, which page, which one to tell."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import request

from stockscan.domain.errors import Invalid
from stockscan.domain.figures import E4, MINOR, parse_money
from stockscan.services.counts import Filters, Show

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One review as its address asks for it; the texts are as they were typed, "" for none."""

    count_id: str
    show: str
    place: str
    person: str
    most: str
    after: str

    @property
    def filters(self) -> Filters:
        """What the services list by. Raises `Invalid` for an amount that is none."""
        most_e4 = parse_money(self.most, field="most") * (E4 // MINOR) if self.most else None
        show = Show(self.show) if self.show else None
        return Filters(show, self.place, self.person, most_e4)

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter beside the kind of lines leaves something out."""
        return bool(self.place or self.person or self.most)

    def link(self, deed: str = "", **changes: str) -> str:
        """The address of the review, of one of its lines, or of a deed done from here.

        The list stays on its page unless what it lists changes.
        """
        said = {name: getattr(self, name) for name in ("show", "place", "person", "most")}
        kept = {**said, "after": "" if changes else self.after, **changes}
        query = urlencode({name: value for name, value in kept.items() if value})
        path = f"/counts/{quote(self.count_id, safe='')}{deed}"
        return f"{path}?{query}" if query else path

    def line(self, line_id: int) -> str:
        """The address of one line's story beside this list."""
        return self.link(f"/lines/{line_id}")


def asked(count_id: str) -> Asked:
    """What the current address asks for; a kind of lines that there is not is none."""
    args = request.args
    said = {
        name: args.get(name, "").strip()[:_LONGEST]
        for name in ("show", "place", "person", "most", "after")
    }
    if said["show"] not in {show.value for show in Show}:
        said["show"] = ""
    return Asked(count_id, **said)


def usual(question: Asked) -> tuple[Filters, str]:
    """The filters, and what is wrong with them; then the amount is left out."""
    try:
        return question.filters, ""
    except Invalid:
        kept = Asked(question.count_id, question.show, question.place, question.person, "", "")
        return kept.filters, "Write the amount as a number, like 10 or 2.50."
