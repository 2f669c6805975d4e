"""JSON Schemas over values that are text by nature, and schemas that are made to do harm."""

from __future__ import annotations

import json
import time

import pytest

from kalypso.errors import ConfigError, Position
from kalypso.scheduling.schemas import compile_schema

AT = Position("schema.yaml", 1, 1)


def told(schema: object, values: dict[str, object]) -> list[str]:
    text = schema if isinstance(schema, str) else json.dumps(schema)
    return [
        f"{'.'.join(map(str, violation.path))}: {violation.sentence}"
        for violation in compile_schema(text, AT).violations(values)
    ]


def of(kind: object) -> dict[str, object]:
    return {"properties": {"k": kind}}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ({"type": "string"}, "8080"),
        ({"type": "integer"}, "8080"),
        ({"type": "integer"}, "-1"),
        ({"type": "integer"}, "+1"),
        ({"type": "integer"}, "8.0"),
        ({"type": "integer"}, "0123"),
        ({"type": "integer", "minimum": 10**40}, "9" * 60),
        ({"type": "number"}, "0.5"),
        ({"type": "number"}, ".5"),
        ({"type": "number"}, "1e3"),
        ({"type": "boolean"}, "true"),
        ({"type": "boolean"}, "false"),
        ({"type": ["integer", "null"]}, "1"),
        ({"anyOf": [{"type": "integer"}, {"type": "boolean"}]}, "true"),
        ({"enum": [1, 2]}, "2"),
        ({"enum": ["1", "2"]}, "2"),
        ({"const": True}, "true"),
        ({"type": "string", "pattern": "^[0-9]+$"}, "8080"),
    ],
)
def test_a_text_passes_as_itself_or_as_what_it_spells(kind: object, text: str) -> None:
    assert told(of(kind), {"k": text}) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ({"type": "integer"}, "8.5"),
        ({"type": "integer"}, "1_000"),
        ({"type": "integer"}, "0x10"),
        ({"type": "integer"}, " 1"),
        ({"type": "integer"}, "1\n"),
        ({"type": "integer"}, "٣"),  # an Arabic digit is the point
        ({"type": "integer"}, ""),
        ({"type": "integer"}, "true"),
        ({"type": "integer"}, "9" * 5_000),
        ({"type": "number"}, "Infinity"),
        ({"type": "number"}, "NaN"),
        ({"type": "number"}, "1e999"),
        ({"type": "number"}, "1,5"),
        ({"type": "boolean"}, "True"),
        ({"type": "boolean"}, "yes"),
        ({"type": "boolean"}, "1"),
        ({"type": "null"}, "null"),
        ({"type": "null"}, ""),
        ({"type": "array"}, "a"),
        ({"type": "string", "maxLength": 2}, "8080"),
    ],
)
def test_nothing_else_is_read_into_a_text(kind: object, text: str) -> None:
    assert len(told(of(kind), {"k": text})) == 1


def test_a_violated_bound_is_told_for_the_number_that_is_spelt() -> None:
    assert told(of({"type": "integer", "minimum": 1}), {"k": "0"}) == [
        "k: 0 is less than the minimum of 1"
    ]


def test_a_violation_elsewhere_does_not_change_how_a_text_counts() -> None:
    schema = {"required": ["other"], "properties": {"k": {"type": "string"}}}
    assert told(schema, {"k": "8080"}) == [': "other" is a required property']


def test_a_condition_on_the_whole_may_need_several_readings() -> None:
    schema = {"anyOf": [{"properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}}}]}
    assert told(schema, {"a": "1", "b": "true"}) == []
    assert len(told(schema, {"a": "x", "b": "true"})) == 1


def test_below_the_top_a_text_is_a_text() -> None:
    schema = of({"properties": {"port": {"type": "integer"}}})
    assert told(schema, {"k": {"port": 8080}}) == []
    assert told(schema, {"k": {"port": "8080"}}) == ['k.port: "8080" is not of type "integer"']


def test_keys_and_numbers_of_yaml_become_those_of_json() -> None:
    schema = of({"required": ["1", "true", "null"], "properties": {"inf": {"type": "string"}}})
    value = {1: "a", "inf": float("inf"), None: 1}
    assert told(schema, {"k": {**value, "true": 1}}) == []


@pytest.mark.parametrize("schema", ["true", "{}", "# empty\n{}\n", "examples: [2024-01-31]"])
def test_the_shortest_schemas_are_schemas(schema: str) -> None:
    assert told(schema, {"k": "x"}) == []


def test_the_schema_false_refuses_everything() -> None:
    assert len(told("false", {})) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "the schema is neither JSON nor YAML"),
        ("text", "the schema is not a mapping"),
        ("[]", "the schema is not a mapping"),
        ("", "the schema is not a mapping"),
        ('{"type": 1}', "this is not a valid JSON Schema: 1 is not valid under any of the schemas"),
        ('{"$ref": "http://127.0.0.1:1/x"}', "the schema refers to another document, http://127"),
        ('{"$ref": "file:///etc/passwd"}', "the schema refers to another document, file:///etc"),
        ('{"$ref": "other.json"}', "the schema refers to another document, "),
        ('{"$schema": 7}', "this is not a valid JSON Schema: $schema is not text"),
        (
            '{"pattern": "(?=a)a"}',
            "this is not a valid JSON Schema: the pattern '(?=a)a' is not valid in Go",
        ),
        (
            '{"pattern": "a(b"}',
            "this is not a valid JSON Schema: the pattern 'a(b' is not valid in Go: error",
        ),
        (
            json.dumps({"pattern": "a" * 4097}),
            "this is not a valid JSON Schema: a pattern has 4,097 characters, more than 4,096",
        ),
    ],
)
def test_what_is_no_schema_of_its_own_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        compile_schema(text, AT)
    assert caught.value.problem.code == "bad-schema"
    assert caught.value.problem.message.startswith(sentence)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$", "^(a*)*b$", r"^(\w+\s?)*$"])
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    started = time.process_time()
    assert len(told(of({"pattern": pattern}), {"k": "a" * 60 + "!"})) == 1
    assert time.process_time() - started < 2


@pytest.mark.parametrize("text", [r'{"enum": ["\ud800"]}', r'{"pattern": "^\udfff$"}'])
def test_half_a_character_in_a_schema_is_what_go_makes_of_it(text: str) -> None:
    schema = compile_schema(text, AT)
    validator = schema.validator
    assert validator.is_valid("\ufffd")
    assert not validator.is_valid("x")


def test_a_schema_that_refers_to_itself_ends() -> None:
    schema = {"$ref": "#"}
    try:
        told(schema, {"k": "x"})
    except ConfigError as error:
        assert error.problem.code == "bad-schema"  # noqa: PT017 - either is an end
