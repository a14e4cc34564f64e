"""Reading the code in a photo that a phone could not read itself."""

from stockscan.domain.access import Permission, require
from stockscan.domain.codes import LONGEST_SCAN
from stockscan.domain.codes import read as read_code
from stockscan.domain.errors import Invalid
from stockscan.labelling.photos import PhotoTooLarge, PhotoUnreadable, Seen, read_photo
from stockscan.services.work import Context


def read(ctx: Context, data: bytes) -> str:
    """The text of the one code that a photo shows; of several, a label of ours before others.

    A GS1 code's text starts with its AIM identifier (]C1, ]d2, ]Q3). Raises `Invalid` with
    the code photo_too_large, photo_unreadable or photo_no_code.
    """
    require(ctx.actor, Permission.SCAN)
    try:
        seen = read_photo(data)
    except PhotoTooLarge as error:
        raise Invalid(str(error), code="photo_too_large", field="photo") from error
    except PhotoUnreadable as error:
        raise Invalid(str(error), code="photo_unreadable", field="photo") from error
    if not seen:
        raise Invalid(
            "No code found in this photo. Go closer and hold still.",
            code="photo_no_code",
            field="photo",
        )
    return min(seen, key=_is_foreign).text


def _is_foreign(seen: Seen) -> bool:
    return len(seen.text) > LONGEST_SCAN or read_code(seen.text).code is None
