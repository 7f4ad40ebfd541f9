"""Makes one picture anew, in a process that ends with it and that costs no more than it may."""

import io
import resource
import signal
import sys
import warnings
from typing import Final

import msgspec
from PIL import Image, ImageOps

from services.events.images.picture import MOST_DRAWN_BYTES, Drawn

CPU_SECONDS: Final = 20
MEMORY_BYTES: Final = 1024 * 1024 * 1024
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 1_600
FORMATS: Final = ("JPEG", "PNG", "WEBP")
QUALITIES: Final = (82, 70, 55, 40)
UNREADABLE: Final = 65
"""Exit code, EX_DATAERR."""


def main() -> None:
    """Read a picture from stdin and write it anew to stdout, as a Drawn in msgpack."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Ctrl-C reaches the whole group; the parent decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        drawn = redrawn(sys.stdin.buffer.read())
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError, Warning):
        sys.exit(UNREADABLE)
    sys.stdout.buffer.write(msgspec.msgpack.encode(drawn))


def redrawn(body: bytes) -> Drawn:
    """Return the picture upright, in sRGB as it is, no side longer than 1,600 pixels, as WebP.

    Everything that is no pixel is left behind: place, camera, comments, profiles, animation.

    Raises:
        OSError, ValueError, SyntaxError: it is no picture of a known format.
        Image.DecompressionBombError, Warning: it has too many pixels.
    """
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error")
    with Image.open(io.BytesIO(body), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(opened)
        has_alpha = upright.has_transparency_data
        pixels = upright.convert("RGBA" if has_alpha else "RGB")
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    for quality in QUALITIES:
        written = io.BytesIO()
        clean.save(written, "WEBP", quality=quality, method=4)
        if written.tell() <= MOST_DRAWN_BYTES:
            break
    return Drawn(
        media_type="image/webp", width=clean.width, height=clean.height, body=written.getvalue()
    )


if __name__ == "__main__":
    main()
