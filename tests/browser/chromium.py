"""Find a Chromium for the browser tests, installing one where there is none; print its path.

Order: ``$CHROMIUM``, a browser on PATH, Debian's package (where this is root with apt), Playwright's own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def found() -> str | None:
    """Return the path of a browser that is there, or None; a wrong ``$CHROMIUM`` ends the run with the reason."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        if path is None:
            sys.exit(f"CHROMIUM={named} is not a program: name a Chromium, or unset it to have one found")
        return path
    return next((path for path in map(shutil.which, NAMES) if path), None)


def install() -> str:
    """Install a Chromium and return its path."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": sys.stderr, "check": True, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-q"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"], **quiet)
        path = found()
        if path:
            return path
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=True)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


if __name__ == "__main__":
    browser = found() or install()
    if not Path(browser).exists():
        sys.exit(f"the Chromium at {browser} is gone: remove .venv/.chromium and run again")
    sys.stdout.write(browser + "\n")
