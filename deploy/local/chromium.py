"""python -m deploy.local.chromium: sees to it that there is a browser for the browser tests."""

import os
import shutil
import subprocess
import sys

VARIABLE = "EHRENSACHE_CHROMIUM"
SHELL = "chromium-headless-shell"
"""Chromium without the windows around its pages: the browser tests take half as long with it."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need Chromium, and there is none. Remedy: install it (Debian: "
    f"apt install {SHELL}), or name a Chromium or Chrome in {VARIABLE}."
)


def find() -> str | None:
    """Return the path of an installed Chromium or Chrome, the quickest one; None without any."""
    named = os.environ.get(VARIABLE)
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def main() -> None:
    """Install Chromium where root may, and say what to do where it is still missing."""
    if not _is_settled() and os.geteuid() == 0 and (apt := shutil.which("apt-get")):
        sys.stderr.write("Installing Chromium for the browser tests\n")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", SHELL]):
            subprocess.run([apt, "-qq", *arguments], check=False, env=quiet, stdout=sys.stderr)
    if find() is None:
        sys.exit(MISSING)


def _is_settled() -> bool:
    return VARIABLE in os.environ or shutil.which(SHELL) is not None


if __name__ == "__main__":
    main()
