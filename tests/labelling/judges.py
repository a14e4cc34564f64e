"""Judges that we did not write, run by Node: ZBar reads codes, a renderer draws ZPL.

They come with `npm ci`. Tests that need them are in files named `test_*_judged.py`, which
are collected only where the judges are.
"""

import base64
import io
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

_PROGRAMS = Path(__file__).parent / "judges"
_PACKAGES = ("@undecaf/zbar-wasm", "zpl-renderer-js")


def are_here() -> bool:
    """Whether Node and the judges' packages are installed."""
    modules = Path(__file__).parents[2] / "node_modules"
    installed = all((modules / name / "package.json").is_file() for name in _PACKAGES)
    return installed and shutil.which("node") is not None


def zbar_read(pictures: Sequence[Image.Image]) -> list[list[str]]:
    """The texts of all codes that ZBar finds in each picture; one process for all of them."""
    grey = [picture.convert("L") for picture in pictures]
    sizes = json.dumps([picture.size for picture in grey]).encode()
    pixels = b"".join(picture.tobytes() for picture in grey)
    read: list[list[str]] = _asked("zbar.mjs", sizes + b"\n" + pixels)
    return read


def render_zpl(
    zpl: str, width_mm: float, height_mm: float, dots_per_mm: float
) -> list[Image.Image]:
    """A picture of each label of a file in ZPL, dot by dot as a printer would burn it."""
    size = {"width_mm": width_mm, "height_mm": height_mm, "dots_per_mm": dots_per_mm}
    wanted = {"zpl": zpl, **size}
    pngs: list[str] = _asked("zpl.mjs", json.dumps(wanted).encode())
    return [Image.open(io.BytesIO(base64.b64decode(png))).convert("L") for png in pngs]


def _asked(program: str, question: bytes) -> Any:
    command = ["node", str(_PROGRAMS / program)]
    return json.loads(
        subprocess.run(command, input=question, stdout=subprocess.PIPE, check=True).stdout
    )
