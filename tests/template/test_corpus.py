"""747 templates with what the reference operator made of them, one test for each group.

``corpus/public.json`` was written by Go 1.26 with text/template, Sprig 2.22 and yaml.v3: a
template, its data, and the text or the essential part of the error. In the data, two markers
stand for what JSON cannot say: ``{"$map": [[key, value]]}`` and ``{"$float": "inf"}``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import pytest

from kalypso.errors import TemplateError
from kalypso.rendering.reference import render

CORPUS: Final = Path(__file__).parent / "corpus" / "public.json"


def cases_by_group() -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for case in json.loads(CORPUS.read_text(encoding="utf-8")):
        groups[case["group"]].append(case)
    return groups


GROUPS: Final = cases_by_group()


def decoded(value: object) -> Any:
    if isinstance(value, list):
        return [decoded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["$map"]:
        return {decoded(key): decoded(item) for key, item in value["$map"]}
    if list(value) == ["$float"]:
        return float(value["$float"])
    return {key: decoded(item) for key, item in value.items()}


def outcome(case: dict[str, Any]) -> str:
    try:
        return render(case["template"], decoded(case["data"]))
    except TemplateError as error:
        return f"error: {error.problem.message}"


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_group_renders_as_in_go(group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    wrong: list[str] = []
    for case in GROUPS[group]:
        got = outcome(case)
        if "expect" in case:
            right = got == case["expect"]
        else:
            right = got.startswith("error: ") and case["error_contains"] in got
        if not right:
            wrong.append(f"{case['id']}: {case['template']!r} gives {got!r}")
    assert wrong == []
