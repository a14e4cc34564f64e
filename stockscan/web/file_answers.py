"""The bytes of photos and documents as answers: private, inert, asked about before shown again."""

from io import BytesIO
from typing import Final

from flask import Response, request, send_file

from stockscan.store.files import Stored

# What browsers show by themselves; everything else is saved, never opened among our pages.
SHOWN: Final = frozenset({"image/jpeg", "application/pdf"})
_ALONE: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
# Browsers show no PDF in a sandbox; their viewer keeps it from our pages by itself.
_POLICIES: Final = {"application/pdf": "default-src 'none'; frame-ancestors 'none'"}


def answer(stored: Stored) -> Response:
    """A photo or PDF to look at, anything else to save; `?save` saves these too."""
    response = send_file(
        BytesIO(stored.content),
        mimetype=stored.media_type,
        download_name=stored.name,
        as_attachment=stored.media_type not in SHOWN or "save" in request.args,
        etag=stored.sha256,
        conditional=True,
    )
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = _POLICIES.get(stored.media_type, _ALONE)
    return response
