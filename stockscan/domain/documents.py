"""Which files are kept with a thing: told by what is in them, never by their name alone."""

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from stockscan.domain.errors import Invalid, TooLarge

LARGEST_BYTES: Final = 10_000_000
LONGEST_NAME: Final = 120

_SUFFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.oasis.opendocument.spreadsheet": (".ods",),
    "application/vnd.oasis.opendocument.text": (".odt",),
    "text/csv": (".csv",),
    "text/plain": (".txt",),
}
# The part of an Office file that tells what it is.
_OFFICE_PARTS: Final = {
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_MACROS: Final = re.compile(r"vbaproject\.bin|(?:^|/)basic/|(?:^|/)scripts/", re.IGNORECASE)
_PHOTO_STARTS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_NO_TEXT: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_KEPT: Final = "photos (JPEG, PNG, WebP), PDF, text, CSV, XLSX, DOCX, ODS and ODT"


@dataclass(frozen=True, slots=True)
class Document:
    """What a file is: a name that is safe to save it by, and its media type."""

    name: str
    media_type: str
    is_photo: bool = False


def recognised(name: str, data: bytes) -> Document:
    """What kind of file this is, by its content.

    Raises `TooLarge` above 10 MB, and `Invalid` (field "file") for what is not kept, such as an
    HEIC picture, a file with macros, or one whose name says something else than its content.
    """
    name = safe_name(name)
    if len(data) > LARGEST_BYTES:
        raise TooLarge(f"{name} is larger than 10 MB. Send a smaller one.", field="file")
    if not data:
        raise _refused(f"{name} is empty. Choose it again.")
    _refuse_foreign_photo(name, data)
    if is_photo(data):
        return Document(_with_suffix(name, ".jpg"), "image/jpeg", is_photo=True)
    media_type = _media_type(name, data)
    suffix = _suffix(name)
    if media_type is None or (suffix and suffix not in _SUFFIXES[media_type]):
        raise _refused(f"{name} is not what its name says, or nothing that is kept here. "
                       f"Send {_KEPT}.")  # fmt: skip
    return Document(name if suffix else name + _SUFFIXES[media_type][0], media_type)


def is_photo(data: bytes) -> bool:
    """Whether the content starts like one of the pictures that are kept."""
    return data.startswith(_PHOTO_STARTS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def safe_name(name: str) -> str:
    """The last part of a path, without what could mislead or break out: a plain file name."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in last)
    plain = " ".join(re.sub(r'[<>:"|?*]', " ", seen).split()).strip(". ") or "file"
    suffix = _suffix(plain)
    return plain[: len(plain) - len(suffix)][:LONGEST_NAME] + suffix


def _media_type(name: str, data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed_type(name, data)
    if _NO_TEXT.search(data):
        return None
    return "text/csv" if _suffix(name) == ".csv" else "text/plain"


def _packed_type(name: str, data: bytes) -> str | None:
    """The type of an office document, which is a ZIP file; nothing is unpacked but its own name."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            names = packed.namelist()
            own = packed.open("mimetype").read(100).decode("ascii") if "mimetype" in names else ""
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        raise _refused(f"{name} is broken. Open it, save it again and send that.") from None
    if any(_MACROS.search(each) for each in names):
        raise _refused(f"{name} has macros in it. Save it without them and send that.")
    found = next((kind for part, kind in _OFFICE_PARTS.items() if part in names), own)
    return found if found in _SUFFIXES else None


def _refuse_foreign_photo(name: str, data: bytes) -> None:
    brand = data[8:12] if data[4:8] == b"ftyp" else b""
    if brand in {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}:
        raise _refused(
            f"{name} is an HEIC picture, which most browsers can't show. Send it as JPEG; an "
            "iPhone makes JPEG when Settings, Camera, Formats says Most Compatible."
        )
    if data[:6] in {b"GIF87a", b"GIF89a"} or brand in {b"avif", b"avis"}:
        raise _refused(f"{name} is a picture of a kind that is not kept. Send it as JPEG or PNG.")


def _suffix(name: str) -> str:
    found = re.search(r"\.[A-Za-z0-9]{1,5}$", name)
    return found.group().lower() if found and found.start() else ""


def _with_suffix(name: str, suffix: str) -> str:
    return name[: len(name) - len(_suffix(name))] + suffix


def _refused(message: str) -> Invalid:
    return Invalid(message, field="file", code="file_refused")
