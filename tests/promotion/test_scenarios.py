"""The scenarios that a gate has to survive, each a file: given, when, says.

Up to 66 they are numbered as in the fact sheet that they come from; the last of these, that no
single piece of evidence can be taken away or altered, is `test_mutations.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.promotion.asked import told
from tests.promotion.fleet import HERE, load

FILES = sorted((HERE / "scenarios").glob("*.yaml"))


def cases(path: Path) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Return each case of a file with its name and its scenario."""
    scenario = load(path)
    texts = iter(scenario.pop("texts", ()))
    for each in scenario.get("cases") or scenario.get("looks") or [scenario]:
        if "outcome" in each.get("says", {}):
            each["says"]["text"] = next(texts).rstrip()
    assert not list(texts), path
    found = scenario.get("cases") or scenario.get("refusals") or [scenario]
    for place, case in enumerate(found):
        yield f"{path.stem}: {case.get('name', place)}", scenario, case


def says(scenario: Mapping[str, Any], case: Mapping[str, Any]) -> list[Any]:
    """Return what a file says that is said."""
    if "looks" in scenario:
        return [look["says"] for look in scenario["looks"]]
    return [case["says"]]


ALL = [each for path in FILES for each in cases(path)]


@pytest.mark.parametrize(("scenario", "case"), [each[1:] for each in ALL], ids=[e[0] for e in ALL])
def test_scenario(scenario: Mapping[str, Any], case: Mapping[str, Any]) -> None:
    assert told(scenario, case) == says(scenario, case)


def test_every_scenario_of_the_fact_sheet_has_a_file() -> None:
    numbers = [int(path.stem.partition("-")[0]) for path in FILES]
    assert numbers == [*range(1, 66), *range(67, 67 + len(numbers) - 65)]
