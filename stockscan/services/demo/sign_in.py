"""How the people of the sample sign in: one random password, kept in a file of the data folder."""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE: Final = "demo-sign-in.txt"
HEADING: Final = "Password of the sample sign-ins: "


@dataclass(frozen=True, slots=True)
class SignIn:
    """The password that these people share, and the file that says so."""

    password: str
    names: tuple[str, ...]
    path: Path


def agree(folder: Path, names: Iterable[str]) -> SignIn:
    """The password that is kept in `folder`; the first time it is drawn and written for `names`.

    Only the owner of the process can read the file (mode 0600).
    """
    path = folder / FILE
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as file:
        if not file.read().startswith(HEADING):
            file.seek(0)
            lines = [HEADING + secrets.token_urlsafe(12), *names]
            file.write("\n".join(lines) + "\n")
    return _read(path)


def known(folder: Path) -> SignIn | None:
    """What was agreed, None where the file was taken away."""
    path = folder / FILE
    return _read(path) if path.exists() else None


def _read(path: Path) -> SignIn:
    heading, *names = path.read_text(encoding="ascii").splitlines()
    return SignIn(heading.removeprefix(HEADING), tuple(names), path)
