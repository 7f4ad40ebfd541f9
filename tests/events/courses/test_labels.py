"""What pages say about a course is said as one would say it."""

import pytest

from services.events.courses.labels import participants


@pytest.mark.parametrize(
    ("minimum", "maximum", "said"), [(5, 15, "5 bis 15"), (3, 3, "3"), (1, 12, "bis zu 12")]
)
def test_the_size_of_a_course_is_said_in_few_words(minimum: int, maximum: int, said: str) -> None:
    assert participants(minimum, maximum) == said
