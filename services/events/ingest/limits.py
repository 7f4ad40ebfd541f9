"""How much a partner may send in one go."""

from typing import Final

MESSAGE_BYTES: Final = 64 * 1024
"""The partners' streams take no more either."""
ITEMS: Final = 200
JSON_DEPTH: Final = 20
CALENDAR_DEPTH: Final = 3
LISTED_DATES: Final = 500
KEY_LENGTH: Final = 200
TITLE_LENGTH: Final = 200
LINE_LENGTH: Final = 300
DESCRIPTION_LENGTH: Final = 8_000
LINK_LENGTH: Final = 2_000
LINKS: Final = 5
