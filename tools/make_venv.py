"""Makes .venv from nothing but Python: pinned packages checked by hash, then StockScan itself.

Usage: python3 -m tools.make_venv          the application and its tests' needs
       python3 -m tools.make_venv --lint   adds the tools of `make lint` and `make lock`
"""

import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

from tools.system_packages import apt_install

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main() -> None:
    """Bring .venv to what the locks say; safe to repeat."""
    if "--lint" in sys.argv[1:]:
        pip_install("--require-hashes", "-r", "constraints-lint.txt")
        return
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where an older Python is told so
        found = sys.version.split()[0]
        sys.exit(f"StockScan needs Python 3.11 or newer, not {found}: make PYTHON=python3.12 setup")
    if not has_pip():
        create_venv()
    pip_install("--require-hashes", "-r", "constraints.txt")
    pip_install("--no-deps", "--no-build-isolation", "--editable", ".")


def has_pip() -> bool:
    """Whether .venv is whole: its Python may have been uninstalled since it was made."""
    return PYTHON.exists() and run_python("-m", "pip", "--version", quiet=True) == 0


def create_venv() -> None:
    """Create .venv with pip in it; on Debian what brings pip is a package of its own."""
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not apt_install(package):
            sys.exit(f"This Python cannot make a venv yet. Please run: sudo apt install {package}")
    venv.create(VENV, with_pip=True, clear=True, symlinks=True)


def pip_install(*what: str) -> None:
    """Install `what` into .venv, quietly and without a question."""
    options = ["--quiet", "--disable-pip-version-check", "--no-input"]
    failed = run_python("-m", "pip", "install", *options, *what)
    if failed:
        sys.exit(failed)


def run_python(*arguments: str, quiet: bool = False) -> int:
    """Run .venv's Python at the root of the checkout and return its exit code."""
    # Left in place, these would make pip look, or install, outside .venv.
    misleading = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PYTHONHOME", "PYTHONPATH"}
    environment = {name: value for name, value in os.environ.items() if name not in misleading}
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(
        [PYTHON, *arguments], cwd=ROOT, env=environment, stdout=output, stderr=output, check=False
    ).returncode


if __name__ == "__main__":
    main()
