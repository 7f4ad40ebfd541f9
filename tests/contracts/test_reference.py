"""The generated pages say what the code says, and the documents are what they claim to be."""

import json

import pytest
from jsonschema import Draft7Validator

from deploy.reference import facts, openapi
from deploy.reference.write import DOCS, PAGES
from tests.conftest import ROOT

ASYNCAPI = ROOT / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0.json"


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    """Run `make reference` if this fails."""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name]()


def test_the_document_of_all_facts_is_asyncapi_3() -> None:
    schema = json.loads(ASYNCAPI.read_text(encoding="utf-8"))

    problems = [error.message for error in Draft7Validator(schema).iter_errors(facts.asyncapi())]

    assert problems == []


@pytest.mark.parametrize("service", ["registry", "recognition"])
def test_the_document_of_a_service_is_openapi_3_1(service: str) -> None:
    document = openapi.document(service)

    assert document["openapi"].startswith("3.1")
    assert [path for path in document["paths"] if not path.startswith(f"/api/{service}/v1/")] == []
