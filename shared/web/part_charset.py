"""Lets no part of a form choose how it is decoded."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final

from multipart import MultipartError, MultipartSegment, PushMultipartParser

_TAKEN: Final = frozenset({None, "utf-8", "utf8", "us-ascii"})


async def in_utf8(chunks: AsyncIterator[bytes], boundary: str) -> AsyncGenerator[bytes, None]:
    """Pass a multipart body on, looking at each part's header before the framework does.

    Litestar decodes a part by any codec of Python's that its header names: an unknown one would be
    a fault of ours, and `punycode` takes the square of the part's length.

    Args:
        chunks: the body, with an empty last chunk.
        boundary: as the request's header names it.

    Raises:
        UnicodeError: a part names an encoding other than UTF-8; answered with 400.
    """
    parser: PushMultipartParser | None = _parser(boundary)
    async for chunk in chunks:
        if parser is not None and chunk and not _holds(parser, chunk):
            parser = None
        yield chunk


def _parser(boundary: str) -> PushMultipartParser | None:
    try:
        return PushMultipartParser(boundary.encode())
    except MultipartError:
        return None  # the framework refuses it in its own words


def _holds(parser: PushMultipartParser, chunk: bytes) -> bool:
    """Tell whether this is multipart up to here; what is not is refused by the framework."""
    try:
        for part in parser.parse(chunk):
            if isinstance(part, MultipartSegment) and _charset(part) not in _TAKEN:
                raise UnicodeError("a part of the form is not in UTF-8")
    except MultipartError:
        return False
    return not parser.closed


def _charset(part: MultipartSegment) -> str | None:
    return part.charset.lower() if part.charset else None
