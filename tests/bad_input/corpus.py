"""Collects what people, programs and attackers send that no one should."""

import re
from typing import Final
from urllib.parse import quote_from_bytes

FOREIGN_ID: Final = "0197b000-0000-7000-8000-00000000dead"
LONG: Final = b"A" * 10_000
DEEP: Final = b"[" * 200_000 + b"]" * 200_000
BIG: Final = b"x" * 2 * 1024 * 1024

IN_PATHS: Final = (
    b"unfug",
    b"%00",
    b"a%00b",
    LONG,
    FOREIGN_ID.encode(),
    b"%FF%FE",
    b"%ED%A0%80",
    b"..",
    b"%2e%2e%2f%2e%2e%2fetc",
    b"%E2%80%AE",
    b"99999",
    b"-1",
    b"9999-99",
    b"%zz",
    b"%C3%A4%27%22%3C",
)
"""Percent-encoded, for a place in a path."""

NUMBERS: Final = (
    b"-1",
    b"0",
    b"9" * 40,
    b"0000001" + b"9" * 30,
    b"9" * 5_000,
    b"1." + b"999." * 2_000 + b"999",
    b"1e400",
    b"NaN",
    b"Infinity",
    "\u0660\u0661".encode(),
    "²".encode(),
)
MOMENTS: Final = (
    b"31.02.2027",
    b"2027-02-31",
    b"01.01.99999",
    b"01.01.0001",
    b"31.12.9999",
    b"9999-12-31",
    b"25:61",
)
STRINGS: Final = (
    b"",
    b" ",
    b"unfug",
    b"a\x00b",
    b"\x07\x1b[31m",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "\u202eEvil\u2066".encode(),
    b"'; drop table person; --",
    b"<script>alert(1)</script>",
    b"%_\\",
    b"..%2f..%2fetc",
    b"//evil.example/",
    FOREIGN_ID.encode(),
    LONG,
)
TEXTS: Final = (*NUMBERS, *MOMENTS, *STRINGS)
"""For a field or a query parameter, before percent-encoding."""

JSON: Final = (
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"{}",
    DEEP,
    b'{"a":' * 100_000,
    b'{"token": "\xff\xfe"}',
    b'{"token": "\\u0000", "coming": true}',
    b'{"token": "\\ud800", "coming": true}',
    b'{"coming": NaN}',
    b'{"coming": true, "coming": false, "code": 1}',
    b'{"seats": ' + b"9" * 10_000 + b', "coming": true}',
    b'{"seats": 1e400, "coming": true}',
    b'{"coming": "ja", "seats": [], "token": {}}',
    b"\xef\xbb\xbf{}",
    b'{"token": "' + LONG + b'", "coming": true}',
    b"\x00",
)
"""Documents that no route takes."""

COOKIES: Final = (
    b"",
    b"unfug",
    b"a.b.c",
    b"eyJhbGciOiJub25lIn0.e30.",
    b"a" * 16_000,
    b"\xff\xfe",
    b"\x00",
    b'"\\000"',
    b".".join([b"e30"] * 5_000),
    b"=;=;==",
)
"""Values of cookies of ours."""

HEADERS: Final = (
    (b"traceparent", b"unfug"),
    (b"traceparent", b"00-" + b"z" * 32 + b"-" + b"0" * 16 + b"-01"),
    (b"traceparent", b"\xff" * 60),
    (b"idempotency-key", LONG),
    (b"idempotency-key", b"\xff\xfe"),
    (b"idempotency-key", b""),
    (b"if-none-match", b"unfug"),
    (b"if-none-match", b'W/"\xff", *, "' + LONG),
    (b"if-modified-since", b"Mon, 99 Foo 99999 99:99:99 GMT"),
    (b"accept", b"text/html;q=NaN, \xff/*;;q"),
    (b"accept-encoding", b"\xff, gzip;q=1e400"),
    (b"accept-language", b"\xff" * 200),
    (b"range", b"bytes=9-1,--"),
    (b"user-agent", b"\xff\x00" * 500),
    (b"x-forwarded-for", b"\xff, 1.2.3.4.5, ::::"),
    (b"x-request-id", b"\xff" * 30),
    (b"hx-request", b"true"),
    (b"hx-current-url", b"\xff"),
    (b"content-type", b"text/html; charset=\xff"),
    (b"x-csrf-token", b"\xff\xfe"),
    (b"content-length", b"-1"),
    (b"referer", LONG),
)

_FORM: Final = b"application/x-www-form-urlencoded"
_NAMED: Final = b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xff\r\n--x--\r\n'
_ATTACHED: Final = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff\x00"\r\n'
    b"Content-Type: \xff\r\n\r\n\x00\xff\r\n--x--\r\n"
)
_STRANGE: Final = (
    b'--x\r\nContent-Disposition: form-data; name="name"\r\n'
    b"Content-Type: text/plain; charset=unfug\r\n\r\nx\r\n--x--\r\n"
)
BODIES: Final = (
    (_FORM, b""),
    (_FORM, b"unbekannt=1&=&&==&%"),
    (_FORM, b"%FF=%FF&%00=%00&a=%ED%A0%80"),
    (_FORM, BIG),
    (_FORM, b"&".join(b"a%d=b" % number for number in range(5_000))),
    (_FORM, b"\xff\xfe\x00"),
    (_FORM + b"; charset=utf-16", b"a=b"),
    (_FORM + b"; charset=unfug", b"a=b"),
    (b"multipart/form-data", b"--x\r\n\r\n"),
    (b"multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name="),
    (b"multipart/form-data; boundary=x", b"unfug"),
    (b"multipart/form-data; boundary=x", _NAMED),
    (b"multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: unfug\r\n\r\nx\r\n--x--"),
    (b"multipart/form-data; boundary=x", _ATTACHED),
    (b"multipart/form-data; boundary=x", _STRANGE),
    (b"multipart/form-data; boundary=" + b"y" * 300, b"--y"),
    (b"multipart/form-data; boundary=\xff", b"--\xff\r\n"),
    (b"application/json", b'{"a": 1}'),
    (b"application/json", DEEP),
    (b"text/plain", b"unfug"),
    (b"unfug", b"unfug"),
    (b"", b"unfug"),
)
"""Content types with bodies that no form sends."""


def encoded(raw: bytes) -> bytes:
    """Return text as it stands in a query or a form."""
    return quote_from_bytes(raw, safe="").encode()


def form(fields: dict[str, str], changed: str = "", to: bytes = b"") -> bytes:
    """Return a form, with one field changed."""
    return b"&".join(
        encoded(name.encode()) + b"=" + encoded(to if name == changed else value.encode())
        for name, value in fields.items()
    )


def unlike(right: str, turn: int) -> tuple[bytes, ...]:
    """Return what does not go where this value is right, and in turn some of everything."""
    if re.fullmatch(r"\d\d?[.:]\d\d.*", right):
        return (*MOMENTS, *STRINGS[turn % 5 :: 5])
    if right.isdigit():
        return (*NUMBERS, *STRINGS[turn % 5 :: 5])
    return (*STRINGS[turn % 4 :: 4], *TEXTS[turn % 9 :: 9])
