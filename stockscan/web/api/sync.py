"""What phones carry to work alone, over JSON: the catalogue, and the sheets to count by."""

import gzip
from typing import Final

from flask import Blueprint, Response, jsonify, request

from stockscan.domain.errors import Invalid
from stockscan.services import counts, sync
from stockscan.web.api.bodies import LARGEST_PAGE, Malformed, whole_number
from stockscan.web.security import current_context

blueprint = Blueprint("sync", __name__)

# Beyond this the size is a tenth for a millisecond of work.
_WORTH_ZIPPING_BYTES: Final = 2_000
_ZIP_LEVEL: Final = 3


@blueprint.get("/catalogue")
def catalogue() -> Response:
    """What changed behind a cursor, and the cursor to go on from."""
    limit = whole_number("limit", LARGEST_PAGE, 1, LARGEST_PAGE)
    asked = {name: request.args.get(name, "") for name in ("since", "last")}
    try:
        return _zipped(jsonify(sync.catalogue(current_context(), limit=limit, **asked)))
    except Invalid as error:
        raise Malformed(error.message, field=error.field) from None


@blueprint.get("/sheets")
def my_sheets() -> Response:
    """The counts in which something is left for me, each with a version of what is left."""
    return jsonify(sheets=counts.my_sheets(current_context()))


@blueprint.get("/sheets/<count_id>")
def my_sheet(count_id: str) -> Response:
    """The bins of a count in which something is left for me; `begin` is where a page begins."""
    begin = whole_number("begin", 0, 0, 2**31 - 1)
    return _zipped(jsonify(counts.my_sheet(current_context(), count_id, begin=begin)))


def _zipped(response: Response) -> Response:
    """The same in fewer bytes, for phones in a bad spot; nothing in it is a secret of the door."""
    body = response.get_data()
    if len(body) >= _WORTH_ZIPPING_BYTES and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, _ZIP_LEVEL, mtime=0))
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return response
