"""What an answer does that none of ours would: scripts, foreign addresses, torn marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from werkzeug.test import TestResponse

FORBIDDEN = {"base", "embed", "iframe", "marquee", "math", "object", "style"}
ADDRESSED = {"action", "data", "formaction", "href", "poster", "src", "srcdoc", "xlink:href"}
ONCE = {"body", "html", "main"}
# What differs between equal pages, and cannot do harm: ids of operations and requests, form tokens.
UNIQUE = re.compile(r'(="|>)(?:[\w.-]{36,}(?=")|[0-9a-f]{12}(?=<))')


def harm_in(answer: TestResponse, payload: str) -> Iterator[str]:
    """Everything in an answer that should not be."""
    if answer.status_code >= 500:
        yield "fails"
    for name, value in answer.headers:
        if name == "X-Injected" or not value.isprintable() or "evil=1" in value:
            yield f"header {name}"
        if name == "Location" and not is_local(value):
            yield f"leads to {value[:80]}"
    body = answer.get_data(as_text=True)
    if answer.mimetype in {"text/html", "image/svg+xml"}:
        if re.search(r"<[a-zA-Z/!]", payload) and payload in body:
            yield "unescaped"
        yield from harm_in_page(UNIQUE.sub(r"\1", body))
    elif answer.mimetype == "application/json":
        answer.get_json()
    elif answer.mimetype not in {"application/pdf", "image/png", "text/plain"}:
        yield answer.mimetype


@cache
def harm_in_page(body: str) -> tuple[str, ...]:
    """What a page does that it should not; most ways end on a page that was read before."""
    return tuple(Page(body).harm)


@dataclass
class Page(HTMLParser):
    """Reads a page as a browser does, and notes what none of our templates would write."""

    body: str
    harm: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    templates: int = 0  # open ones: what stands in them is a pattern, not a part of the page

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.body)
        self.close()
        self.harm += [f"second <{tag}>" for tag in ONCE if self.seen.count(tag) > 1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.templates += tag == "template"
        if not self.templates or tag not in ONCE:
            self.seen.append(tag)
        given = {name: value or "" for name, value in attrs}
        if tag in FORBIDDEN or "http-equiv" in given or (tag == "script" and "src" not in given):
            self.harm.append(f"<{tag}>")
        self.harm += [name for name in given if name.startswith("on") or name == "style"]
        self.harm += [
            f"{name}={value[:80]}"
            for name, value in given.items()
            if name in ADDRESSED or name in {"hx-get", "hx-post"}
            if not is_local(value)
        ]

    def handle_endtag(self, tag: str) -> None:
        self.templates -= tag == "template"

    def handle_data(self, data: str) -> None:
        if self.seen[-1:] == ["script"] and self.cdata_elem and data.strip():
            self.harm.append("script text")


def is_local(address: str) -> bool:
    """Whether an address in a page stays on this server."""
    path = address.removeprefix("http://localhost")
    return path[:1] in {"#", "?", ""} or (path[0] == "/" and path[1:2] not in {"/", "\\"})
