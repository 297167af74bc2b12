"""The API's description is true: valid, complete, and what it says holds for whatever it allows."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from hub.model import TYPES
from hub.sync.hub import Hub
from hub.web.api import personal
from tests.web.asking import filled, program, served

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, Flask]]:
    hub, app = served(tmp_path_factory.mktemp("hub"))
    filled(hub)
    yield hub, app
    hub.database.close()


@pytest.fixture(scope="module")
def spec(made: tuple[Hub, Flask]) -> dict[str, Any]:
    found: dict[str, Any] = made[1].test_client().get("/api/v1/openapi.json").get_json()
    return found


def test_the_description_is_valid_openapi(spec: dict[str, Any]) -> None:
    assert spec["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(spec).validate()


def test_every_path_is_described_with_its_scope(spec: dict[str, Any], made: tuple[Hub, Flask]) -> None:
    served_paths = {rule.rule.split("<")[0] for rule in made[1].url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert {path.split("{")[0] for path in spec["paths"]} == served_paths
    operations = [held for methods in spec["paths"].values() for name, held in methods.items() if name in ("get", "post")]
    assert len(operations) == len([rule for rule in made[1].url_map.iter_rules() if rule.endpoint.startswith("api.")])
    assert {operation["security"][0]["key"][0] for operation in operations} == {"read", "push", "admin"}
    assert all(operation["summary"] for operation in operations)


def test_what_needs_read_pii_is_marked(spec: dict[str, Any]) -> None:
    for kind in TYPES.values():
        properties = spec["components"]["schemas"][kind.__name__]["properties"]
        marked = {name for name, held in properties.items() if held.get("x-scope") == "read:pii"}
        assert marked == personal.hidden(kind.TYPE)


def test_the_page_for_people_shows_every_path_and_shape_and_needs_no_key(spec: dict[str, Any], made: tuple[Hub, Flask]) -> None:
    answer = made[1].test_client().get("/api/v1/docs")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert [path for path in spec["paths"] if f"<code>{path}</code>" not in text] == []
    assert [name for name in spec["components"]["schemas"] if f"<code>{name}</code>" not in text] == []
    assert "<script>" not in text
    assert "style=" not in text


def test_whatever_the_description_allows_is_answered_as_it_says(made: tuple[Hub, Flask]) -> None:
    asks = program(*made)
    known = {
        "customer_id": asks.get("customers?limit=1").get_json()["items"][0]["id"],
        "record_id": asks.get("contacts?limit=1").get_json()["items"][0]["id"],
        "connection_id": "push-1",
    }
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", made[1])
    tried = 0
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        names = [name for name in known if f"{{{name}}}" in operation.path]
        path = {name: known[name] for name in names} or None
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            tried += _tried(operation, mode, asks.key, path)
    assert tried > 100


def _tried(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, key: str, path: dict[str, str] | None) -> int:
    """How many invented calls of an operation were answered as described."""
    count = 0

    @seed(20250301)
    @settings(max_examples=5, phases=[Phase.generate], deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(mode, path_parameters=path))
    def answered(case: Case[Any]) -> None:
        nonlocal count
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)
        count += 1

    answered()
    return count
