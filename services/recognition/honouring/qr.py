"""Draws a ticket's text as a QR code that a page can show and print."""

import io

import segno

QUIET_ZONE = 4
"""Modules of white around the code. Source: ISO/IEC 18004 9.1."""


def qr_svg(text: str, title: str) -> str:
    """Return the code as an SVG element without styles, sized by the page; `title` is read aloud.

    Error correction M, so that a fold or a scratch does not matter.
    """
    code = segno.make(text, error="m", boost_error=False)
    drawn = io.BytesIO()
    code.save(
        drawn,
        kind="svg",
        xmldecl=False,
        omitsize=True,
        svgclass="qr",
        lineclass=None,
        border=QUIET_ZONE,
        title=title,
        light="#fff",
    )
    return drawn.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)
