"""A window finds what no visitor may meet, however often it has seen such a page."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.window import Unfit

PAGE = '<!doctype html><html lang="de"><title>Seite</title><main><h1>Seite</h1>{}</main></html>'


@pytest.mark.parametrize(
    ("part", "finding"),
    [
        ("<button></button>", "button-name"),
        ('<p style="color: #999">kaum zu lesen</p>', "color-contrast"),
        ('<p style="width: 400px">zu breit</p>', "at 360 px: hangs over"),
        ("<script>console.error('kaputt')</script>", "error: kaputt"),
        ("<script>throw new Error('kaputt')</script>", "script: kaputt"),
    ],
)
async def test_what_is_unfit_is_found_again_and_again(
    visit: Visit, part: str, finding: str
) -> None:
    for _ in range(2):
        with pytest.raises(Unfit, match=finding):
            await _look_at(visit, part)


async def test_a_page_that_was_fit_is_looked_at_again_where_something_is_missing(
    visit: Visit,
) -> None:
    await _look_at(visit, "<button>Weiter</button>", "<button>Zurück</button>")
    with pytest.raises(Unfit, match="button-name"):
        await _look_at(visit, "<button>Weiter</button>", "<button></button>")


async def _look_at(visit: Visit, *parts: str) -> None:
    async with visit() as window:
        for part in parts:
            await window.page.set_content(PAGE.format(part))
            await window.look()
