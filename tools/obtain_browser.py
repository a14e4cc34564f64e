"""Prints the path of a Chromium that works, installing one only where there is none.

Looked for in this order: STOCKSCAN_CHROMIUM, a Chrome or Chromium of this machine, Playwright's own
from an earlier run, the system's package, and last a download by Playwright.

The headless shell is the same engine without windows, permissions and warnings, for three quarters
of the work. It comes with the system's package where that has one; nothing needs it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.system_packages import apt_install, root_prefix

SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPLICATIONS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
)


def main() -> None:
    """Print the path on standard output, everything else on standard error; exit 1 with none."""
    browser = find_browser() or install_browser()
    if browser is None:
        sys.exit("No browser for the tests: install Chromium, or set STOCKSCAN_CHROMIUM to one.")
    print(browser)


def find_browser() -> str | None:
    """The first browser of this machine that starts. STOCKSCAN_CHROMIUM is taken as it is."""
    chosen = os.environ.get("STOCKSCAN_CHROMIUM")
    return chosen or next(filter(_starts, _candidates()), None)


def find_shell() -> str | None:
    """The headless shell of this machine, unless STOCKSCAN_CHROMIUM says what to use."""
    shell = None if "STOCKSCAN_CHROMIUM" in os.environ else shutil.which(SHELL)
    return shell if shell and _starts(shell) else None


def install_browser() -> str | None:
    """Install a browser, the system's own first since its updates come with the system."""
    # Looked at again, since on some systems that package only points to another shop.
    if apt_install("chromium") and (browser := find_browser()):
        apt_install(SHELL)
        return browser
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    if root_prefix() is not None:
        download.append("--with-deps")
    subprocess.run(download, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    return find_browser()


def _candidates() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    for applications in (Path("/Applications"), Path.home() / "Applications"):
        yield from (str(applications / name) for name in MAC_APPLICATIONS)
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _starts(browser: str) -> bool:
    try:
        done = subprocess.run(
            [browser, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main()
