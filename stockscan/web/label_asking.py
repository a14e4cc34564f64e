"""What a form or an address asks to have printed: what gets a label, on which paper, and how.

A source is described ("what needs a label", a list with its filters); only codes that somebody
picked by hand are carried as codes, at most as many as an address takes.
"""

import re
from dataclasses import replace
from typing import Final, get_args
from urllib.parse import parse_qsl
from uuid import UUID, uuid5

from flask import request
from werkzeug.datastructures import MultiDict

from stockscan.domain.errors import Invalid, TooLarge
from stockscan.labelling.spec import LONGEST_MM, Field, Look, Stock
from stockscan.services.labels import LabelSetup, Paper, Wanted
from stockscan.services.labels.choosing import DAYS_WORK, LISTS, Listed, Needed
from stockscan.services.labels.remembering import Stopped
from stockscan.web.urls import row_number

# What stays with a form from step to step besides what can be seen of it.
SOURCES: Final = ("from", "kind", "why", "list", "place", "batch", "cards")
MOST_PICKED: Final = 500
_MOST_COPIES: Final = 1000
_LONGEST_WORDS: Final = 120
_ASIDE: Final = frozenset({"csrf_token", "id", "q"})
Asked = MultiDict[str, str]
FIELDS: Final[tuple[Field, ...]] = get_args(Field)


def asked_wanted(setup: LabelSetup) -> Wanted:
    """What gets a label. Raises `Invalid` for a list that has no labels, and `TooLarge`."""
    asked = request.values
    source = asked.get("from", "")
    kind, why, ticked = asked.get("kind", ""), asked.get("why", ""), asked.getlist("code")
    return Wanted(
        references=_picked(asked),
        place=asked.get("place", "").strip(),
        inside=asked.get("inside", "") or "all",
        listed=_listed(asked.get("list", "")),
        needed=Needed(setup.public_url, kind, why) if source == "needs" else None,
        today=source if source in DAYS_WORK else "",
        batch_us=_batch(asked),
        cards=bool(asked.get("cards")),
        # What somebody ticks to add is not left out any more.
        without=[code for code in _words(asked, "but", "leave") if code not in ticked],
    )


def carried(wanted: Wanted) -> dict[str, str]:
    """The hidden fields by which the next form asks for the same."""
    asked = request.values
    sources = {name: asked[name] for name in SOURCES if asked.get(name)}
    picked = {"codes": " ".join(wanted.references), "but": " ".join(wanted.without)}
    return sources | {name: value for name, value in picked.items() if value}


def asked_paper(before: Paper) -> Paper:
    """The paper and the look that are asked for; what nobody says is as before.

    A number that is none is left as it was, one that is too large is the largest.
    """
    asked = request.values
    layout = asked.get("layout") or before.layout
    return Paper(
        stock=asked.get("stock") or before.stock,
        layout=layout,
        start=_start(asked, before.start),
        copies=_whole(asked, "copies", before.copies, _MOST_COPIES),
        length_mm=_length_mm(asked, before.length_mm),
        look=_look(asked, before.look),
        printer=_printer(asked, before.printer),
    )


def settled(paper: Paper, stock: Stock, stopped: Stopped | None) -> Paper:
    """The paper with what depends on its stock: the first free label, and a length.

    Both are as asked for where they were asked for this stock; else the sheet goes on where it
    stopped, and labels of an endless roll have their usual length.
    """
    asked = request.values
    is_same = asked.get("sheet", stock.slug) == stock.slug
    length_mm = paper.length_mm if stock.endless and is_same else 0.0
    if is_same and ("start" in asked or "first" in asked):
        start = paper.start if paper.start <= stock.slots else 1
    else:
        start = stopped.label + 1 if stopped else 1
    return replace(paper, start=start, length_mm=length_mm)


def said(paper: Paper) -> dict[str, str]:
    """The paper and the look as an address says them; `asked_paper` reads them again."""
    look = paper.look
    left_out = [*sorted(look.without), *([] if look.logo else ["logo"])]
    return {
        "stock": paper.stock,
        "layout": paper.layout,
        "start": str(paper.start),
        "copies": str(paper.copies),
        "length": f"{paper.length_mm:g}",
        "printer": "" if paper.printer is None else str(paper.printer),
        "offered": " ".join([*left_out, "bars"]),
        "field": "bars" if look.code128 else "",
        "words": look.words,
    }


def asked_id() -> str:
    """The id of this very print: of the form's own id and of all that the form says.

    A request that is sent again has the same one; after any change it is another print. Raises
    `Invalid` for a form without an id.
    """
    form = request.form
    try:
        drawn = UUID(form.get("id", ""))
    except ValueError:
        raise Invalid("The form lost its id. Open it again.", field="id") from None
    said = sorted((name, text) for name, text in form.items(multi=True) if name not in _ASIDE)
    return str(uuid5(drawn, repr(said)))


def _picked(asked: Asked) -> list[str]:
    codes = _words(asked, "codes", "code")
    if len(codes) > MOST_PICKED:
        raise TooLarge(
            f"At most {MOST_PICKED} labels can be picked one by one. Open the list, narrow it, and"
            " take the labels of all that it shows."
        )
    return codes


def _words(asked: Asked, *names: str) -> list[str]:
    """What the fields of these names hold, apart at blanks and commas, each once."""
    texts = [text for name in names for text in asked.getlist(name)]
    return list(dict.fromkeys(word for text in texts for word in re.split(r"[\s,]+", text) if word))


def _listed(address: str) -> Listed | None:
    """The list that an address of ours shows, with its filters and its order."""
    if not address:
        return None
    path, _, query = address.partition("?")
    of, said = path.strip("/"), dict(parse_qsl(query)[:20])
    if of not in LISTS or any("\0" in text for text in said.values()):
        raise Invalid("Only our own lists have labels. Open one and start there.", field="list")
    named = {"text" if name == "q" else name: text for name, text in said.items()}
    filters = {name: text for name, text in named.items() if name in _FILTERS[of]}
    return Listed(of, filters, said.get("sort", ""))


def _batch(asked: Asked) -> int | None:
    """The moment at which the blank labels were made that are asked for."""
    return asked.get("batch", type=row_number) or None


def _start(asked: Asked, before: int) -> int:
    """The first free label: as typed where that was changed, else as tapped on the sheet."""
    typed, shown = asked.get("first", type=int), asked.get("shown", type=int)
    if typed is not None and typed != shown:
        return max(typed, 1)
    return max(asked.get("start", before, type=int), 1)


def _whole(asked: Asked, name: str, before: int, most: int) -> int:
    return min(max(asked.get(name, before, type=int), 1), most)


def _length_mm(asked: Asked, before: float) -> float:
    raw = asked.get("length")
    if raw is None:
        return before
    try:
        length_mm = float(raw.strip().replace(",", ".") or 0)
    except ValueError:
        return before
    return length_mm if 0 <= length_mm <= LONGEST_MM else before


def _look(asked: Asked, before: Look) -> Look:
    """The fields whose boxes were on the form and are not ticked are left out."""
    if "offered" not in asked:
        return before
    offered, ticked = set(_words(asked, "offered")), set(_words(asked, "field"))
    kept = {name for name in before.without if name not in offered}
    hidden = set(_words(asked, "without")) - offered
    left_out = (offered - ticked) | kept | hidden
    return Look(
        without=frozenset(name for name in FIELDS if name in left_out),
        code128=True if "bars" in ticked else None,
        logo="logo" not in left_out,
        words=asked.get("words", "").strip()[:_LONGEST_WORDS],
    )


def _printer(asked: Asked, before: int | None) -> int | None:
    raw = asked.get("printer")
    if raw is None:
        return before
    return asked.get("printer", type=row_number)


_FILTERS: Final = {
    "assets": ("show", "text", "model", "category", "place", "person", "condition"),
    "parts": ("show", "text", "category", "supplier", "tracking"),
    "locations": ("show", "text", "kind", "inside"),
    "people": ("show", "text", "role"),
}
