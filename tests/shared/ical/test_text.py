"""Text survives the way through a calendar file, whatever stands in it."""

from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Event

from shared.ical.text import clean, escaped, folded, line, parameter, text_line

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


def unfolded(octets: bytes) -> bytes:
    return octets.replace(b"\r\n ", b"").removesuffix(b"\r\n")


@given(ANY_TEXT)
@example("ä" * 200)
@example("\\" * 200)
@example("x" * 66 + "," * 40)
@example("^" * 200)
def test_no_line_is_longer_than_75_octets(text: str) -> None:
    """Source: RFC 5545 3.1."""
    rows = text_line("DESCRIPTION", text).removesuffix(b"\r\n").split(b"\r\n")

    assert max(len(row) for row in rows) <= 75
    assert all(row.startswith(b" ") for row in rows[1:])


@given(ANY_TEXT)
@example("ä" * 200)
def test_no_fold_stands_inside_a_character(text: str) -> None:
    """Source: RFC 5545 3.1; vdirsyncer refuses a feed with such a fold."""
    rows = text_line("SUMMARY", text).split(b"\r\n")

    assert all(row.decode() is not None for row in rows)


@given(ANY_TEXT)
@example("a" * 65 + ",,,,,,,,,,,")
@example("\\" * 150)
def test_no_fold_splits_an_escape_pair(text: str) -> None:
    """Source: collective/icalendar#1501, Google Calendar drops an event with such a fold."""
    rows = text_line("SUMMARY", text).removesuffix(b"\r\n").split(b"\r\n")

    ends = [len(row) - len(row.rstrip(b"\\")) for row in rows[:-1]]
    assert all(end % 2 == 0 for end in ends)


@given(ANY_TEXT)
@example("a" * 60 + '"' * 30)
def test_no_fold_splits_a_caret_pair(text: str) -> None:
    """Source: RFC 6868 3."""
    rows = line(f"X-A;X-TITLE={parameter(text)}", "x").removesuffix(b"\r\n").split(b"\r\n")

    ends = [len(row) - len(row.rstrip(b"^")) for row in rows[:-1]]
    assert all(end % 2 == 0 for end in ends)


@given(ANY_TEXT)
def test_unfolding_gives_back_what_was_folded(text: str) -> None:
    content = "X-A:" + escaped(text)

    assert unfolded(folded(content)) == content.encode()


@given(ANY_TEXT)
def test_an_independent_parser_reads_the_same_text(text: str) -> None:
    document = b"BEGIN:VEVENT\r\n" + text_line("SUMMARY", text) + b"END:VEVENT\r\n"

    # icalendar itself turns a literal backslash before N into a line break when it reads.
    read = str(Event.from_ical(document)["SUMMARY"])
    assert read == clean(text) or "\\N" in text or "\\n" in text


def test_special_characters_are_escaped_with_a_small_n() -> None:
    """Source: RFC 5545 3.3.11; hoodie/icalendar#126 for the small n."""
    assert escaped("a;b,c\\d\ne") == "a\\;b\\,c\\\\d\\ne"


def test_a_literal_backslash_n_stays_one() -> None:
    assert escaped("C:\\New\\neu") == "C:\\\\New\\\\neu"


def test_every_kind_of_line_end_becomes_a_line_feed() -> None:
    """Source: finding 5, khal and vdirsyncer split lines at each of these."""
    ends = ["\r\n", "\r", "\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85"]

    assert [clean(f"a{end}b") for end in [*ends, "\u2028", "\u2029"]] == ["a\nb"] * 12


def test_control_characters_are_left_out() -> None:
    """Source: RFC 5545 3.3.11; one NUL empties the feed in Evolution."""
    assert clean("a\x00b\x07c\x1bd\x7fe\x9ff\tg\ud800h\ufeff") == "abcdef\tgh"


def test_a_parameter_is_quoted_and_carries_quotes_and_breaks() -> None:
    """Source: RFC 6868 3."""
    assert parameter('Haus "A", ^1\n2') == "\"Haus ^'A^', ^^1^n2\""
