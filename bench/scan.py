"""`make bench-scan`: how many codes the decoder reads, how fast, and how others do on the same.

Public black-box images (`--images`, the sets of the zxing-cpp project or a part of them) and frames
of a camera that are drawn here. Nothing here passes or fails; the bars stand beside the figures.
Times are those of a decoder's worker: drawing the picture, the work on its pixels and decoding.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from bench.gallery import HERE, Gallery, Picture, drawn_frames, public_images, served
from tools.obtain_browser import find_browser

FULL_SETS = {
    "QR": "bar 125/137, best of all others together 129",
    "Code 128": "bar 22/22",
    "Data Matrix": "bar 91/92",
    "false positives": "bar 0/46",
}
OTHERS = {"zbar-wasm 0.11.0": "zbar", "jsQR 1.4.0": "jsqr", "zxing-js 0.21.3": "zxing_js"}
READERS = {"ours, one look": "inverted", "ours, all looks": "photo", **OTHERS}
LIVE_READERS = {
    "ours, one look": "plain",
    "ours, quick looks": "quick",
    "ours, all looks": "patient",
    **OTHERS,
}
GS1 = re.compile(r"^\](C1|d2|Q3|e0)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a picture: its texts, the look that found them, each look's time."""

    picture: Picture
    texts: Sequence[str]
    look: int
    looks_ms: Sequence[float]

    @property
    def is_right(self) -> bool:
        """Whether the text is exactly what the picture says."""
        return any(GS1.sub("", text) in self.picture.texts for text in self.texts)

    @property
    def is_false(self) -> bool:
        """Whether something else was read, or something where nothing is."""
        return bool(self.texts) and not self.is_right


def main() -> None:
    """Print the tables: `python -m bench.scan [--images FOLDER]`."""
    asked = argparse.ArgumentParser(prog="bench.scan", description=__doc__)
    asked.add_argument("--images", type=Path, default=HERE.parents[1] / "shared/data/barcodes")
    folder = asked.parse_args().images
    if not (HERE / "node_modules").exists():
        subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=HERE, check=True)
    public, live = public_images(folder), drawn_frames(seed=1)
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    with served(folder, live.drawn) as url, bench_page(url) as page:
        if public.pictures:
            print_public(page, public)
        else:
            print(f"No public images in {folder}: only frames drawn here.")
        print_live(page, live)


@contextmanager
def bench_page(url: str) -> Iterator[Page]:
    """A page that can measure."""
    browser = find_browser() or sys.exit("No browser to measure with: run `make test` once.")
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        try:
            page = chrome.new_page()
            page.goto(f"{url}/bench/scan.html")
            page.wait_for_function("() => window.measureAll")
            yield page
        finally:
            chrome.close()


def read(page: Page, reader: str, pictures: Sequence[Picture]) -> list[Reading]:
    """Each picture by one reader."""
    addresses = [picture.address for picture in pictures]
    found = page.evaluate("([reader, all]) => measureAll(reader, all)", [reader, addresses])
    return [Reading(picture, **one) for picture, one in zip(pictures, found, strict=True)]


def print_public(page: Page, gallery: Gallery) -> None:
    """Public images: exact reads and false ones of each reader, then what each look adds."""
    sizes = Counter(picture.group for picture in gallery.pictures)
    print("\nPUBLIC IMAGES, exact text (+ false reads)", *sizes, sep=" | ")
    for name, reader in READERS.items():
        readings = read(page, reader, gallery.pictures)
        cells = [_score([r for r in readings if r.picture.group == group]) for group in sizes]
        print(name, *cells, _times(readings), sep=" | ", flush=True)
        if reader == "photo":
            ours = readings
    print("the survey, full sets", *(FULL_SETS[group] for group in sizes), sep=" | ")
    print("read by the look, ours:", _gains(ours))


def print_live(page: Page, gallery: Gallery) -> None:
    """Drawn frames: reads by kind as QR/Code 128/Data Matrix, and times, an empty frame's too."""
    kinds = list(dict.fromkeys(picture.group.partition("/")[0] for picture in gallery.pictures))
    print("\nFRAMES 1280x720", *kinds, "false", sep=" | ")
    for name, reader in LIVE_READERS.items():
        readings = read(page, reader, gallery.pictures)
        cells = [_by_symbology(readings, kind) for kind in kinds if kind != "empty"]
        print(name, *cells, sum(r.is_false for r in readings), sep=" | ")
        print(f"    with a code: {_times([r for r in readings if r.picture.texts])};"
              f" empty: {_times([r for r in readings if not r.picture.texts])}",
              flush=True)  # fmt: skip


def _score(readings: Sequence[Reading]) -> str:
    false = sum(reading.is_false for reading in readings)
    right = sum(reading.is_right for reading in readings)
    return f"{right}/{len(readings)}" + f" +{false}" * bool(false)


def _by_symbology(readings: Sequence[Reading], kind: str) -> str:
    groups: dict[str, list[Reading]] = {}
    for reading in readings:
        if reading.picture.group.startswith(f"{kind}/"):
            groups.setdefault(reading.picture.group, []).append(reading)
    return " ".join(f"{sum(r.is_right for r in group)}/{len(group)}" for group in groups.values())


def _times(readings: Sequence[Reading]) -> str:
    each = sorted(ms for reading in readings for ms in reading.looks_ms)
    whole = median(sum(reading.looks_ms) for reading in readings)
    return (
        f"a look {median(each):.1f} ms, p95 {each[int(0.95 * len(each))]:.1f};"
        f" all looks at a picture {whole:.0f} ms"
    )


def _gains(readings: Sequence[Reading]) -> str:
    looks = Counter((r.look, r.picture.group) for r in readings if r.is_right)
    return ", ".join(f"{look}: {n} {group}" for (look, group), n in sorted(looks.items()))


if __name__ == "__main__":
    main()
