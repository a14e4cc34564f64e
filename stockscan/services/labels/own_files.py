"""The company's files of stocks, layouts and logo: written whole or not at all, named by a slug."""

import os
import re
import secrets
import unicodedata
import zlib
from pathlib import Path
from typing import Final

from stockscan.domain.errors import NotFound

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")
# What stands in this place of an address and is no slug.
_TAKEN: Final = frozenset({"new", "preview"})


def slug_of(name: str) -> str:
    """The name of the file for something of this name; the same for the same name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    if words in _TAKEN:
        return f"own-{words}"
    return words or f"own-{zlib.crc32(name.encode()):08x}"


def write(folder: Path, slug: str, text: str) -> None:
    """Put the file of this slug there. Raises `NotFound` for what is no slug."""
    put(path_of(folder, slug), text.encode())


def put(path: Path, data: bytes) -> None:
    """Write a file: readers see the old one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def remove(folder: Path, slug: str) -> None:
    """Take the file of this slug away; one that is gone already stays gone."""
    path_of(folder, slug).unlink(missing_ok=True)


def path_of(folder: Path, slug: str) -> Path:
    """Where the file of this slug is, always inside the folder. Raises `NotFound`."""
    if not _SLUG.fullmatch(slug):
        raise NotFound
    return folder / f"{slug}.toml"


def _sync_folder(folder: Path) -> None:
    """Make the new name of a file survive a power cut; Windows has no such thing."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
