"""The company's logo on labels: one file in its folder, kept as it is printed."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from stockscan.domain.access import Permission, require
from stockscan.domain.errors import Invalid, NotFound
from stockscan.labelling.errors import LabellingError
from stockscan.labelling.logo import logo_matrix, logo_png
from stockscan.labelling.symbols import Matrix
from stockscan.services.labels.own_files import put
from stockscan.services.labels.papers import LabelSetup
from stockscan.services.work import Context

FILE: Final = "logo.png"
_NO_FILE: Final = "Choose a picture first: PNG, JPEG or WebP."


def logo(setup: LabelSetup) -> Matrix | None:
    """The logo, black on white; None where there is none, or none that can be read."""
    path = setup.folder / FILE
    try:
        about = path.stat()
    except OSError:
        return None
    return _read(path, about.st_ino, about.st_mtime_ns, about.st_size)


def logo_picture(setup: LabelSetup) -> bytes:
    """The logo as a PNG file, one pixel for each cell that is printed. Raises `NotFound`."""
    found = logo(setup)
    if found is None:
        raise NotFound("There is no logo yet. Send one on the page “Logo on labels”.")
    return logo_png(found)


def keep_logo(ctx: Context, setup: LabelSetup, data: bytes) -> None:
    """Print this PNG, JPEG or WebP picture on labels from now on, in place of the one before.

    Raises `Invalid` with a sentence for the person who sent it.
    """
    require(ctx.actor, Permission.SETTINGS_EDIT)
    if not data:
        raise Invalid(_NO_FILE, field="file")
    try:
        made = logo_png(logo_matrix(data))
    except LabellingError as error:
        raise Invalid(f"{error}", field="file") from error
    put(setup.folder / FILE, made)


def remove_logo(ctx: Context, setup: LabelSetup) -> None:
    """Print no logo from now on."""
    require(ctx.actor, Permission.SETTINGS_EDIT)
    (setup.folder / FILE).unlink(missing_ok=True)


@lru_cache(maxsize=4)
def _read(path: Path, *_state: int) -> Matrix | None:
    try:
        return logo_matrix(path.read_bytes())
    except (OSError, LabellingError):
        return None
