"""Schemas mean what they mean to gojsonschema, the library of the scheduler's operator.

Its answers are kept; ``make oracles`` asks it again.
"""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from kalypso.errors import ConfigError, Position
from kalypso.scheduling.validators import Validator, local_validator

KEPT = Path(__file__).parent / "data" / "gojsonschema.jsonl"
LINES = [json.loads(line) for line in KEPT.read_text().splitlines()]
SCHEMAS = [
    (schema, [(each["values"], each["said"]) for each in lines])
    for schema, lines in groupby(LINES, key=lambda line: json.dumps(line["schema"]))
]


def compiled(text: str) -> Validator | None:
    schema = json.loads(text)
    if not isinstance(schema, dict | bool):
        return None
    try:
        return local_validator(schema, Position("schema"))
    except ConfigError:
        return None


def said(validator: Validator | None, values: Any) -> str:
    if validator is None:
        return "refused"
    return "valid" if validator.is_valid(values) else "violated"


@pytest.mark.parametrize("number", range(0, len(SCHEMAS), 100))
def test_a_schema_says_the_same_as_there(number: int) -> None:
    for text, answers in SCHEMAS[number : number + 100]:
        validator = compiled(text)
        assert (text, [(v, said(validator, v)) for v, _ in answers]) == (text, answers)


def test_a_third_of_the_answers_are_refusals_or_violations() -> None:
    found = [line["said"] for line in LINES]
    assert found.count("valid") * 3 <= 2 * len(found)
