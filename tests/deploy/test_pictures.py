"""The documentation's pictures exist, are small, have words for them, and can be taken again."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.png"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MARKDOWN = re.compile(r"!\[([^]]*)\]\(([^)]+\.png)\)")
HTML = re.compile(r'<img src="([^"]+\.png)"[^>]*?alt="([^"]*)"')
SHORTEST_WORDS = 20
MOST_BYTES = 100_000


def shown() -> list[tuple[Path, str]]:
    """Return the file and the alternative text of every picture in the documentation."""
    found: list[tuple[Path, str]] = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        pairs = [(file, words) for words, file in MARKDOWN.findall(text)] + HTML.findall(text)
        found += [((page.parent / file).resolve(), words) for file, words in pairs]
    return found


def test_every_shown_picture_exists_and_has_words() -> None:
    assert shown()
    for file, words in shown():
        assert file in PICTURES, file
        assert len(words) >= SHORTEST_WORDS, file


@pytest.mark.parametrize("file", PICTURES, ids=lambda file: file.stem)
def test_a_picture_is_shown_small_and_taken_by_the_script(file: Path) -> None:
    script = "".join(one.read_text() for one in (ROOT / "deploy" / "pictures").glob("*.py"))

    assert any(f"pictures/{file.name}" in page.read_text(encoding="utf-8") for page in PAGES)
    assert file.stat().st_size < MOST_BYTES
    assert f'"{file.stem}"' in script
