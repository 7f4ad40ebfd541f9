"""Serves the frame's style sheets, scripts and fonts under addresses that change with them."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery

from shared.errors import NotFound
from shared.web.access import PUBLIC
from shared.web.etag import unchanged
from shared.web.request import Request

FOLDER: Final = Path(__file__).parent / "static"
FOREVER: Final = "public, max-age=31536000, immutable"
BRIEFLY: Final = "public, max-age=300"
_TYPES: Final = {".woff2": "font/woff2", ".js": "text/javascript", ".mjs": "text/javascript"}


class Asset(msgspec.Struct, frozen=True):
    """One file as it is sent."""

    body: bytes
    media_type: str
    version: str
    """The first characters of its content's hash."""


class Assets:
    """All files below the static folder, read once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def find(self, name: str) -> Asset | None:
        """Return a file by its path below the folder."""
        return self._files.get(name)

    def address(self, name: str) -> str:
        """Return the address of a file, which its version is part of.

        Raises:
            FileNotFoundError: a template names a file that is not there.
        """
        if asset := self._files.get(name):
            return f"/static/{name}?v={asset.version}"
        raise FileNotFoundError(f"static/{name}: run `python -m shared.web.assets`")


@cache
def shipped_assets() -> Assets:
    """Return what stands in this package's static folder, as it was when first asked for."""
    return Assets()


@get("/static/{name:path}", opt=PUBLIC, include_in_schema=False)
async def get_static(
    request: Request, name: FromPath[str], v: FromQuery[str | None] = None
) -> Response[bytes]:
    """Return a file; for good if it is asked for by its version.

    Raises:
        NotFound: there is none.
    """
    assets: Assets = request.app.state.assets
    asset = assets.find(str(name).lstrip("/"))
    if asset is None:
        raise NotFound
    headers = {
        "cache-control": FOREVER if v == asset.version else BRIEFLY,
        "etag": f'"{asset.version}"',
        "cross-origin-resource-policy": "same-origin",
    }
    if unchanged(request, headers["etag"]):
        return Response(b"", status_code=304, headers=headers, media_type=asset.media_type)
    return Response(asset.body, headers=headers, media_type=asset.media_type)


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    guessed = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    media_type = guessed or "application/octet-stream"
    return Asset(body, media_type, hashlib.sha256(body).hexdigest()[:12])
