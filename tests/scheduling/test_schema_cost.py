"""Schemas as people write them are cheap; what could take long is found in the text."""

from __future__ import annotations

from typing import Any

import pytest

from kalypso.scheduling.schema_cost import is_cheap

ORDINARY: list[Any] = [
    True,
    {},
    {"type": "object", "properties": {f"KEY_{n}": {"type": "integer"} for n in range(60)}},
    {"$defs": {"port": {"minimum": 1}}, "properties": {"a": {"$ref": "#/$defs/port"}}},
    {"properties": {"name": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,9}$"}}},
    {"patternProperties": {"^DB_": {"type": "string"}}, "additionalProperties": False},
    {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"not": {"required": ["b"]}}},
    {"properties": {"a~b": {"$ref": "#/definitions/x~1y"}}, "definitions": {"x/y": {"const": 1}}},
    {"properties": {"a": {"pattern": "(?i)^dev"}}},
]


@pytest.mark.parametrize("schema", ORDINARY)
def test_an_ordinary_schema_is_cheap(schema: object) -> None:
    assert is_cheap(schema)


def levels(keyword: str, count: int) -> dict[str, Any]:
    """Definitions that each name the next one twice."""
    defs = {
        f"d{n}": {keyword: [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]}
        for n in range(count)
    }
    return {"$defs": {**defs, f"d{count}": {"type": "object"}}, "$ref": "#/$defs/d0"}


@pytest.mark.parametrize(
    "schema",
    [
        levels("allOf", 40),
        levels("anyOf", 40),
        levels("oneOf", 12),
        {"$ref": "#"},
        {"properties": {"a": {"$ref": "#"}}},
        {"items": {"$dynamicRef": "#x"}},
        {"$defs": {"a": {"$anchor": "x", "allOf": [{"$ref": "#x"}]}}, "$ref": "#x"},
        {"$ref": "https://example.org/schema"},
        {"allOf": [{"pattern": "a"}] * 300},
        {"pattern": "a{1000}"},
        {"pattern": "(a|b)" * 100},
        {"patternProperties": {"(x{99}){99}": {}}},
        {"enum": list(range(1_000))},
        {"properties": {str(n): {} for n in range(1_000)}},
    ],
)
def test_what_could_take_long_is_not_cheap(schema: object) -> None:
    assert not is_cheap(schema)


def test_a_schema_that_is_deeper_than_the_stack_is_not_cheap() -> None:
    schema: dict[str, Any] = {}
    for _ in range(50_000):
        schema = {"not": schema}
    assert not is_cheap(schema)
