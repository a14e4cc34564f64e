"""`make bench-scan`: how many codes the decoder reads, how fast, and how others do on the same.

Public black-box images (`--images`, the sets of the zxing-cpp project or a part of them) and frames
of a camera that are drawn here. Nothing here passes or fails; the bars stand beside the figures.
Times are those of the decoder's worker: the picture's pixels, the work on them and the decoding.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, batched
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from bench.frames import KINDS, SYMBOLOGIES
from bench.gallery import HERE, Gallery, Picture, drawn_frames, public_images, served
from tools.obtain_browser import find_browser

FULL = {"QR": (137, 125, 129), "Code 128": (22, 22, 22), "Data Matrix": (92, 91, 91)}
OURS = {"StockScan, one look": "inverted", "StockScan, all looks": "photo"}
OURS_LIVE = {
    "StockScan, one look": "plain",
    "StockScan, quick looks": "quick",
    "StockScan, all looks": "patient",
}
OTHERS = {"zbar-wasm 0.11.0": "zbar", "jsQR 1.4.0": "jsqr", "zxing-js 0.21.3": "zxing_js"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a picture: right, wrong or nothing; by which look, in what times."""

    picture: Picture
    texts: Sequence[str]
    look: int
    looks_ms: Sequence[float]

    @property
    def right(self) -> bool:
        return any(_plain(text) in self.picture.texts for text in self.texts)

    @property
    def wrong(self) -> bool:
        return bool(self.texts) and not self.right


def main() -> None:
    """Print the tables: `python -m bench.scan [--images FOLDER]`."""
    asked = argparse.ArgumentParser(prog="bench.scan", description=__doc__)
    asked.add_argument("--images", type=Path, default=HERE.parents[1] / "shared/data/barcodes")
    folder = asked.parse_args().images
    _install_others()
    public, drawn = public_images(folder), drawn_frames(seed=1)
    with served(folder, drawn.drawn) as url, _page(url) as page:
        if public.pictures:
            _print_public(page, public)
        else:
            print(f"No public images in {folder}: only our own frames.")
        _print_frames(page, drawn)


def _install_others() -> None:
    if not (HERE / "node_modules").exists():
        subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=HERE, check=True)


class _page:  # noqa: N801 - used like a function
    """A page of Chromium that can measure."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> Page:
        browser = find_browser() or sys.exit("No browser to measure with: run `make test` once.")
        self._playwright = sync_playwright().start()
        self._chrome = self._playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox"]
        )
        page = self._chrome.new_page()
        page.set_default_timeout(600_000)
        page.goto(f"{self._url}/bench/scan.html")
        return page

    def __exit__(self, *_: object) -> None:
        self._chrome.close()
        self._playwright.stop()
