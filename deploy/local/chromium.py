"""python -m deploy.local.chromium: sees to it that there is a browser for the browser tests."""

import os
import shutil
import subprocess
import sys

VARIABLE = "EHRENSACHE_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need Chromium, and there is none. Remedy: install it (Debian: "
    f"apt install chromium), or name a Chromium or Chrome in {VARIABLE}."
)


def find() -> str | None:
    """Return the path of an installed Chromium or Chrome; None if there is none."""
    named = os.environ.get(VARIABLE)
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def main() -> None:
    """Install Chromium where root may, and say what to do where it is still missing."""
    if find() is None and os.geteuid() == 0 and (apt := shutil.which("apt-get")):
        sys.stderr.write("Installing Chromium for the browser tests\n")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run([apt, "-qq", *arguments], check=False, env=quiet, stdout=sys.stderr)
    if find() is None:
        sys.exit(MISSING)


if __name__ == "__main__":
    main()
