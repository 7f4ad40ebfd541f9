"""Makes a base image of Debian with Python, for a machine that can pull none."""

import hashlib
import os
import shutil
from pathlib import Path

from deploy.local.layout import default_layout
from deploy.offline.engine import QUIET, EngineMissing, answers, mirror, run

SUITE = "trixie"
"""The Debian that python:3.13-slim stands on, too; its Python is 3.13."""
INCLUDED = ("busybox", "ca-certificates", "libcap2-bin", "passwd", "python3", "python3-venv")
RECIPE = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
"""Another one, another image: what an older checkout has made is not taken for ours."""
BASE = f"ehrensache/stand-in-base:{RECIPE}"
STAND_IN = "de.ehrensache.stand-in"
"""The label of every image that we have built in place of another one."""
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
TRUST = ("PIP_CERT", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
"""Variables by which pip, Python and npm find the certificates that this machine trusts."""


def base() -> str:
    """Return the name of an image with Debian and Python; its tarball is kept for the next time.

    Raises:
        EngineMissing: it cannot be made; the message says why.
    """
    if answers("docker", "image", "inspect", BASE):
        return BASE
    tarball = default_layout().root / "images" / f"{SUITE}-{RECIPE}.tar"
    if not tarball.exists():
        _make(tarball)
    trusts = [f"ENV {name}={CERTIFICATES}" for name in TRUST]
    path = "ENV PATH=/opt/python/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    changes = (*trusts, path, f"LABEL {STAND_IN}=true", 'CMD ["python3"]')
    options = [part for change in changes for part in ("--change", change)]
    run("docker", "import", *options, tarball, BASE)
    return BASE


def _make(tarball: Path) -> None:
    if os.geteuid() != 0:
        raise EngineMissing("A base image is made by debootstrap, which needs root")
    if shutil.which("debootstrap") is None:
        run("apt-get", "update", "-qq", environment=QUIET)
        packages = ("--no-install-recommends", "debootstrap")
        run("apt-get", "install", "-qq", "-y", *packages, environment=QUIET)
    tree = tarball.with_suffix(".tree")
    shutil.rmtree(tree, ignore_errors=True)
    tree.parent.mkdir(parents=True, exist_ok=True)
    run(
        *("debootstrap", "--variant=minbase", f"--include={','.join(INCLUDED)}"),
        *(SUITE, tree, mirror()),
    )
    run("chroot", tree, "python3", "-m", "venv", "/opt/python")
    if CERTIFICATES.exists():
        shutil.copyfile(CERTIFICATES, tree / CERTIFICATES.relative_to("/"))
    for rubbish in ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale"):
        shutil.rmtree(tree / rubbish, ignore_errors=True)
    unfinished = tarball.with_suffix(".unfinished")
    run("tar", "-C", tree, "-cf", unfinished, ".")
    shutil.rmtree(tree)
    unfinished.rename(tarball)
