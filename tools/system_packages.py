"""Installs packages of a Debian or Ubuntu system, where we may, without ever asking a question."""

from __future__ import annotations  # make_venv refuses an old Python kindly, so that must load this

import os
import shutil
import subprocess
import sys


def apt_install(*packages: str) -> bool:
    """Install `packages`; False without apt-get, without the right to, or without such packages."""
    apt_get = shutil.which("apt-get")
    if apt_get is None or (as_root := root_prefix()) is None:
        return False
    apt_get_quietly = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", apt_get, "-q", "-y"]
    install = [*apt_get_quietly, "install", "--no-install-recommends", *packages]
    return _succeeds(install) or (_succeeds([*apt_get_quietly, "update"]) and _succeeds(install))


def root_prefix() -> list[str] | None:
    """What goes before a command that needs root: nothing or `sudo -n`; None where we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def _succeeds(command: list[str]) -> bool:
    # Standard output belongs to the caller's answer, so what the command says goes to stderr.
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    return done.returncode == 0
