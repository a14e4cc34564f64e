"""Lighthouse on a phone's screen: accessibility and best practices of the pages used most.

`python -m bench.lighthouse [folder]` needs npm, which fetches Lighthouse itself; the reports go
into the folder if one is given. Exits 1 where a page has less than 100.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bench.camera import chromium
from stockscan.store.db import migrate
from tests.browser.site import Site, running_site
from tests.browser.walk import furnish, offer_a_reward
from tests.cast import browser

# The last that runs on Node.js 20.
LIGHTHOUSE: Final = "lighthouse@12.8.2"
CATEGORIES: Final = ("accessibility", "best-practices")


def main() -> None:
    """Print one line for each page."""
    reports = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/lighthouse.db"
        migrate(address)
        with running_site(address, Path(folder, "data")) as site:
            furnish(site)
            offer_a_reward(site)
            scores = {
                name: measured(site, path, Path(folder, "report.json"), reports, signed_in=inside)
                for name, (path, inside) in pages(site).items()
            }
    print(f"{'page':<12}" + "".join(f"{name:>18}" for name in CATEGORIES) + "   what is missing")
    for name, (points, missing) in scores.items():
        print(f"{name:<12}" + "".join(f"{point:>18}" for point in points) + f"   {missing}")
    if any(point < 100 for points, _missing in scores.values() for point in points):
        sys.exit(1)


def pages(site: Site) -> Mapping[str, tuple[str, bool]]:
    """Path of each page, and whether someone is signed in there."""
    things = site.things
    return {
        "scan": ("/scan", True),
        "scan, thing": (f"/scan?on={things.forklift}", True),
        "home": ("/", True),
        "asset": (f"/assets/{things.forklift}", True),
        "part": (f"/parts/{things.filter}", True),
        "bin": (f"/locations/{things.bin}", True),
        "sign-in": ("/sign-in", False),
        "stranger": (f"/S/{things.drill}", False),
    }


def measured(
    site: Site, path: str, report: Path, keep: Path | None, *, signed_in: bool
) -> tuple[list[int], str]:
    """The points of a page, and the audits that took some away."""
    headers = {"Cookie": cookie(site)} if signed_in else {}
    run_lighthouse(site.url + path, headers, report)
    result = json.loads(report.read_text(encoding="utf-8"))
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        name = path.strip("/").replace("/", "-").partition("?")[0] or "home"
        shutil.copy(report, keep / f"{name}.json")
    points = [round(100 * result["categories"][name]["score"]) for name in CATEGORIES]
    return points, ", ".join(missing(result))


def run_lighthouse(address: str, headers: Mapping[str, str], report: Path) -> None:
    """Let Lighthouse open the page as a mid-range phone would, and write its report."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("Lighthouse needs npm.")
    subprocess.run(
        [
            npm, "exec", "--yes", f"--package={LIGHTHOUSE}", "--", "lighthouse", address,
            "--quiet", "--output=json", f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--extra-headers={json.dumps(headers)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ],
        check=True,
        env={**os.environ, "CHROME_PATH": chromium()},
    )  # fmt: skip


def cookie(site: Site) -> str:
    """The session of somebody who may do everything."""
    kept = browser(site.app, site.cast.admin).get_cookie("stockscan")
    return f"stockscan={kept.value}" if kept else ""


def missing(result: Mapping[str, Any]) -> list[str]:
    """The names of the audits of our categories that failed."""
    return [
        audit["id"]
        for name in CATEGORIES
        for audit in result["categories"][name]["auditRefs"]
        if audit["weight"] and result["audits"][audit["id"]]["score"] == 0
    ]


if __name__ == "__main__":
    main()
