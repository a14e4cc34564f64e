"""The wheel alone is enough: installed far from the checkout, it finds its pages and starts."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parent.parent
Run = Callable[..., str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs Python where only the wheel and its dependencies can be imported."""
    folder = tmp_path_factory.mktemp("wheel")
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"]))
    installed = folder / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(installed), wheel], check=True)

    # PYTHONPATH comes before the checkout, which the test run's own Python would also find.
    environment = {**os.environ, "PYTHONPATH": str(installed)}

    def run_in_wheel(*arguments: str) -> str:
        command = [sys.executable, "-W", "error", *arguments]
        return subprocess.check_output(command, cwd=folder, env=environment, text=True)

    return run_in_wheel


def test_it_is_the_wheel_that_runs(run: Run) -> None:
    assert "installed" in run("-c", "import stockscan; print(stockscan.__file__)")


def test_command_starts(run: Run) -> None:
    assert "serve" in run("-m", "stockscan.cli", "--help")


@pytest.mark.parametrize("drawer", ["TEMPLATES", "STATIC", "LABELS", "MIGRATIONS"])
def test_drawers_are_complete(run: Run, drawer: str) -> None:
    listing = (
        "from stockscan import paths;"
        f"drawer = paths.{drawer};"
        "print(*sorted(p.relative_to(drawer).as_posix() for p in drawer.rglob('*') if p.is_file()"
        " and '__pycache__' not in p.parts), sep='\\n')"
    )
    shipped = run("-c", listing)
    assert shipped == run("-c", f"import sys; sys.path.insert(0, {str(ROOT)!r});" + listing)
    assert shipped.strip()
