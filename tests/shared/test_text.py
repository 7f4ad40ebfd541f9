"""Text is made uniform, and what would deceive or break is refused."""

import pytest

from shared.text import UnreadableText, clean


@pytest.mark.parametrize(
    "text",
    ["a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "a\ud800b", "a\u202eb", "a\u2066b", "\u200fa"],
    ids=["nul", "escape", "delete", "c1", "surrogate", "override", "isolate", "mark"],
)
def test_a_character_that_deceives_or_breaks_is_refused(text: str) -> None:
    with pytest.raises(UnreadableText) as refused:
        clean(text, "name")

    assert refused.value.field == "name"
    assert "U+" in refused.value.sentence


def test_letters_with_marks_have_one_form() -> None:
    assert clean("Mu\u0308ller") == "Müller"


def test_line_ends_become_one_kind() -> None:
    assert clean("eins\r\nzwei\rdrei\n\tvier") == "eins\nzwei\ndrei\n\tvier"


def test_names_of_the_world_stay_as_they_are() -> None:
    names = "Aydın Łukasz Nguyễn Þóra O’Neill 李娜 Straße 👩‍🦽"

    assert clean(names) == names
