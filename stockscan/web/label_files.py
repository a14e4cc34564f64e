"""Label files as answers: which format, which address, what to know before printing."""

from typing import Any, get_args

from flask import Response, current_app, make_response

from stockscan.domain.errors import Invalid
from stockscan.labelling.printing import Format, Printed
from stockscan.services.labels import LabelSetup, Ordered, running
from stockscan.services.labels.prints import File
from stockscan.web import background, htmx
from stockscan.web.config import Config
from stockscan.web.security import current_context


def label_setup() -> LabelSetup:
    """What this server says of labels, by its settings."""
    return setup_of(current_app.config["STOCKSCAN"])


def setup_of(config: Config) -> LabelSetup:
    """What a server with these settings says of labels."""
    return LabelSetup(config.public_url, config.data_dir / "labels")


def answer(ordered: Ordered) -> Response:
    """The file of a print, or the way to its page while a thread of this worker is at it."""
    ctx, setup, number = current_context(), label_setup(), ordered.print.number
    if ordered.is_waiting:
        background.begin(lambda: running.work(ctx, setup, number, background.now_us))
    if ordered.file is not None:
        return file_response(ordered.file)
    return htmx.see_other(f"/labels/prints/{number}")


def file_response(printed: Printed | File, name: str = "labels") -> Response:
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
