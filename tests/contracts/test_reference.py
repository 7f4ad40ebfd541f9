"""The generated pages say what the code says, and the documents are what they claim to be."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft7Validator

from deploy.reference import facts, openapi, partner_api
from deploy.reference.write import DOCS, PAGES
from tests.conftest import ROOT

ASYNCAPI = ROOT / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0.json"


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    """Run `make reference` if this fails."""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name]()


@pytest.mark.parametrize("document", [facts.asyncapi(), partner_api.asyncapi()])
def test_the_documents_of_the_bus_are_asyncapi_3(document: dict[str, Any]) -> None:
    schema = json.loads(ASYNCAPI.read_text(encoding="utf-8"))

    problems = [error.message for error in Draft7Validator(schema).iter_errors(document)]

    assert problems == []


def test_the_guides_plain_event_is_what_the_document_of_partners_describes() -> None:
    guide = (ROOT / "docs/partner.md").read_text(encoding="utf-8")
    [event] = re.findall(r"```json\n(\{\n  \"id\".*?)```", guide, re.DOTALL)
    validator = Draft7Validator(partner_api.PLAIN)

    assert list(validator.iter_errors(json.loads(event))) == []
    assert list(validator.iter_errors({"id": "1", "status": "deleted"})) == []
    assert list(validator.iter_errors({"id": "1", "title": "Chor"})) != []


@pytest.mark.parametrize("service", ["registry", "recognition"])
def test_the_document_of_a_service_is_openapi_3_1(service: str) -> None:
    document = openapi.document(service)

    assert document["openapi"].startswith("3.1")
    assert [path for path in document["paths"] if not path.startswith(f"/api/{service}/v1/")] == []
