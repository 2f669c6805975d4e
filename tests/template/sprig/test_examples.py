"""Every documented example of a function gives the documented output, which real Go printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from kalypso.errors import TemplateError
from kalypso.template import extras, render, sprig

DOCUMENTED: list[dict[str, Any]] = yaml.load(
    (Path(__file__).parents[3] / "docs/reference/template-functions.yaml").read_text(),
    yaml.CSafeLoader,  # ten times as fast, and every collection of tests reads it
)


def documented(key: str) -> list[Any]:
    return [
        pytest.param(entry["example"], entry[key], id=entry["name"])
        for entry in DOCUMENTED
        if key in entry
    ]


@pytest.mark.parametrize(("example", "output"), documented("output"))
def test_example_gives_the_documented_output(example: str, output: str) -> None:
    assert render(example, {}) == output


@pytest.mark.parametrize(("example", "error"), documented("error"))
def test_example_gives_the_documented_error(example: str, error: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(error)):
        render(example, {})


@pytest.mark.parametrize(
    ("since", "functions"),
    [
        ("v2", {**sprig.sprig_v2(), **extras.FUNCTIONS}),
        ("v3", sprig.sprig_v3_only()),
    ],
    ids=["v2", "v3"],
)
def test_every_function_is_documented_once(since: str, functions: Mapping[str, Any]) -> None:
    names = [entry["name"] for entry in DOCUMENTED if entry["since"] == since]

    assert sorted(names) == sorted(functions)


@pytest.mark.parametrize("entry", DOCUMENTED, ids=lambda entry: entry["name"])
def test_form_and_example_name_the_function(entry: dict[str, Any]) -> None:
    assert entry["form"].split()[0] == entry["name"]
    assert re.search(rf"\b{entry['name']}\b", entry["example"])
