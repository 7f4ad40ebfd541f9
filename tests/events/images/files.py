"""Makes picture files as people upload them, and as nobody should."""

import io
from typing import Any

from PIL import Image

GPS = 0x8825
ORIENTATION = 0x0112
DESCRIPTION = 0x010E


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **options: Any) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    mode = options.pop("mode", "RGB")
    drawn = Image.new(mode, size, "red")
    drawn.paste("blue", (size[0] // 2, 0, *size))
    written = io.BytesIO()
    drawn.save(written, kind, **options)
    return written.getvalue()


def photograph() -> bytes:
    """Return a JPEG that lies on its side and says where and with what it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[DESCRIPTION] = "geheim"
    exif.get_ifd(GPS)[2] = (51.0, 3.0, 0.0)
    return picture(exif=exif, comment=b"geheim", dpi=(72, 72))


def bomb() -> bytes:
    """Return a small file that would be 400 million pixels."""
    written = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG")
    return written.getvalue()


def opened(body: bytes) -> Image.Image:
    """Return a picture to look at."""
    return Image.open(io.BytesIO(body))
