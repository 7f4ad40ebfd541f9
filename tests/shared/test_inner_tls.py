"""Whoever vouches for the servers is named once, and every connection is held to it."""

from pathlib import Path

import pytest

from shared import inner_tls
from shared.inner_tls import AuthorityUnusable
from shared.settings import ServiceSettings, SettingsMissing, from_environment
from tests.shared.test_settings import COMPLETE


def test_a_url_demands_the_authority_whatever_it_said_before() -> None:
    before = "postgres://a:b@c:5432/d?sslmode=disable&application_name=e&sslrootcert=/elsewhere"

    secured = inner_tls.secured(before, "/run/authority")

    demanded = "sslmode=verify-full&sslrootcert=/run/authority"
    assert secured == f"postgres://a:b@c:5432/d?application_name=e&{demanded}"
    assert inner_tls.demanded(secured) == "/run/authority"


def test_where_nobody_is_named_nothing_changes() -> None:
    assert inner_tls.secured("postgres://a:b@c:5432/d", "") == "postgres://a:b@c:5432/d"
    assert inner_tls.demanded("postgres://a:b@c:5432/d") == ""
    assert inner_tls.context("") is None


@pytest.mark.parametrize("text", [None, "", "kein Zertifikat"])
def test_an_authority_that_is_none_stops_the_start_and_is_named(
    tmp_path: Path, text: str | None
) -> None:
    file = tmp_path / "authority.pem"
    if text is not None:
        file.write_text(text)

    with pytest.raises(SettingsMissing, match="EHRENSACHE_INNER_CA"):
        from_environment(ServiceSettings, COMPLETE | {"EHRENSACHE_INNER_CA": str(file)})
    with pytest.raises(AuthorityUnusable, match=str(file)):
        inner_tls.context(str(file))
