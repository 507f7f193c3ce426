"""The OpenAPI document is true: whatever a client sends by it, or against it, is answered by it."""

import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

KNOWN = {"zone": "Europe/Paris", "team": [], "project": [], "person": [], "page": ""}
"""What no document can list: made up values are refused before anything is read."""


@pytest.fixture(scope="module")
def cases(app):
    """Requests that the document allows, and requests that it doesn't, for any endpoint."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    return st.one_of(
        [one.as_strategy(generation_mode=mode) for one in operations for mode in modes]
    )


@pytest.mark.examples(40, 2_000)
def test_no_request_is_answered_otherwise_than_the_document_says(fuzz, examples, cases, key_of):
    key = {"authorization": f"Bearer {key_of('admin')}"}

    def check(case, known):
        if known and isinstance(case.query, dict):
            case.query |= {name: KNOWN[name] for name in KNOWN.keys() & case.query.keys()}
        answered = case.call(headers=key)
        case.validate_response(answered, checks=CHECKS, headers=key)

    fuzz(check, examples, case=cases, known=st.booleans())
