"""What somebody chose for a print as one JSON text, and back: the memory of prints."""

import json
from typing import Any, get_args

from stockscan.labelling.spec import Field, Look
from stockscan.services.labels.papers import Paper


def encoded(paper: Paper) -> str:
    """All of the paper as JSON, the same text for the same choices."""
    return json.dumps(as_json(paper), ensure_ascii=False, sort_keys=True)


def as_json(paper: Paper) -> dict[str, Any]:
    """All of the paper as JSON's own types."""
    look = paper.look
    return {
        "stock": paper.stock,
        "layout": paper.layout,
        "start": paper.start,
        "copies": paper.copies,
        "length_mm": paper.length_mm,
        "printer": paper.printer,
        "without": sorted(look.without),
        "code128": look.code128,
        "logo": look.logo,
        "words": look.words,
    }


def decoded(text: str, stock: str, layout: str, start: int = 1) -> Paper:
    """The paper again; prints of before there were choices have the three that are given."""
    said = json.loads(text)
    return Paper(
        stock=said.get("stock", stock),
        layout=said.get("layout", layout),
        start=said.get("start", start),
        copies=said.get("copies", 1),
        length_mm=said.get("length_mm", 0.0),
        printer=said.get("printer"),
        look=Look(
            without=frozenset(name for name in said.get("without", ()) if name in _FIELDS),
            code128=said.get("code128"),
            logo=said.get("logo", True),
            words=said.get("words", ""),
        ),
    )


_FIELDS = frozenset(get_args(Field))
