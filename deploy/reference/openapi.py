"""Generates each service's OpenAPI 3.1 document from its routes."""

from collections.abc import Sequence
from typing import Any

from litestar import Litestar
from litestar.openapi import OpenAPIConfig

from deploy.reference.roles import ROUTES
from shared.web.request import Request


def document(service: str) -> dict[str, Any]:
    """Return the document of the JSON interface below /api/<service>/v1."""
    handlers: Sequence[Any] = ROUTES[service]
    app = Litestar(
        list(handlers),
        request_class=Request,
        include_in_schema=False,
        openapi_config=OpenAPIConfig(title=f"Ehrensache {service}", version="1"),
    )
    schema: dict[str, Any] = app.openapi_schema.to_schema()
    return schema
