"""Label files as answers: which format, which address, what to know before printing."""

from typing import Any, get_args

from flask import Response, current_app, make_response

from stockscan.domain.errors import Invalid
from stockscan.labelling.printing import Format, Printed


def public_url() -> str:
    """The address that labels carry; "" when nobody has said it."""
    return str(current_app.config["STOCKSCAN"].public_url)


def file_response(printed: Printed, name: str = "labels") -> Response:
    """A file to download; what to know before printing stands in the header X-Label-Warnings."""
    headers = {
        "Content-Type": printed.media_type,
        "Content-Disposition": f'attachment; filename="{name}.{printed.extension}"',
    }
    if printed.warnings:
        # A header holds Latin-1 only; names in other scripts come as escapes.
        words = " | ".join(printed.warnings)
        headers["X-Label-Warnings"] = words.encode("ascii", "backslashreplace").decode()[:4000]
    return make_response(printed.data, headers)


def format_of(raw: Any) -> Format:
    """A format that labels can be made in. Raises `Invalid`."""
    if raw not in get_args(Format):
        raise Invalid(f"format must be one of {', '.join(get_args(Format))}.", field="format")
    form: Format = raw
    return form
