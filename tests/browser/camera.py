"""Films a QR code, for a browser whose camera is a file."""

from pathlib import Path
from typing import Final

import segno

WIDTH: Final = 640
HEIGHT: Final = 480
WHITE, BLACK, GREY = b"\xeb", b"\x10", b"\x80"


def film_of(text: str, file: Path) -> Path:
    """Write a film of one frame with the text as a QR code in the middle, and return its file.

    Source: YUV4MPEG2, 4:2:0 with the grey value of each pixel first.
    """
    modules = [list(row) for row in segno.make_qr(text, error="m").matrix_iter(border=4)]
    scale = HEIGHT // len(modules)
    lines = [b"".join((BLACK if dark else WHITE) * scale for dark in row) for row in modules]
    picture = b"".join(line.center(WIDTH, WHITE) * scale for line in lines)
    picture = picture.ljust(WIDTH * HEIGHT, WHITE)
    colours = GREY * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    file.write_bytes(head + b"FRAME\n" + picture + colours)
    return file
