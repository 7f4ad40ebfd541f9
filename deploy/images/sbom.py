"""python -m deploy.images.sbom FOLDER: writes for each image which packages it holds (CycloneDX).

Versions and hashes are those of requirements.lock, so the list can be made before the image.
"""

import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from deploy.images.packages import ROOT, locked, resolved, wishes
from deploy.postgres.roles import SERVICES

PARTS: Final[Mapping[str, Sequence[str]]] = {
    **{service: [service] for service in SERVICES},
    "operator": ["operator", *SERVICES],
    "demo": ["demo"],
}
"""Which extras each image is built with; deploy/compose.yaml says the same."""
SPECIFICATION: Final = "1.6"


def write(folder: Path) -> list[Path]:
    """Write one file for each image and return them.

    Source: BSI TR-03183-2, CycloneDX 1.6 or later.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = locked((ROOT / "requirements.lock").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [
        _write_one(folder / f"{image}.cdx.json", resolved(wishes(project, parts, lock), lock), lock)
        for image, parts in PARTS.items()
    ]


def _write_one(file: Path, names: Sequence[str], lock: Mapping[str, str]) -> Path:
    subprocess.run(
        [
            *(sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", "-"),
            *("--pyproject", str(ROOT / "pyproject.toml"), "--spec-version", SPECIFICATION),
            *("--output-reproducible", "--output-file", str(file)),
        ],
        input="".join(lock[name] for name in names).encode(),
        check=True,
    )
    return file


if __name__ == "__main__":
    for written in write(Path(sys.argv[1])):
        sys.stdout.write(f"{written}\n")
