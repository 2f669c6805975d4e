"""Flux's own build and ours agree on 300 trees: what counts, what is refused, every label.

The answers of Flux are kept; ``make oracles`` asks it again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kalypso.errors import Collector
from kalypso.loading.tree import read_tree_objects
from kalypso.model.repositories import Source

KEPT = Path(__file__).parent / "data" / "flux_trees.jsonl"
TREES = [json.loads(line) for line in KEPT.read_text().splitlines()]

Found = tuple[str, str, str, dict[str, str], Any]


def ours(files: dict[str, str]) -> tuple[list[Found], list[str]]:
    """Return the objects that count, and the messages about what does not."""
    problems = Collector()
    source = Source("", {path: text.encode() for path, text in files.items()})
    found = [
        (raw.api_version, raw.kind, raw.name, dict(raw.labels), raw.body.get("data"))
        for raw in read_tree_objects(source, ".", problems)
    ]
    return sorted(found, key=repr), [str(problem) for problem in problems.errors]


def theirs(kept: dict[str, Any]) -> list[Found]:
    found = [
        (each["apiVersion"], each["kind"], each["name"], each.get("labels", {}), each.get("data"))
        for each in kept["objects"]
    ]
    return sorted(found, key=repr)


@pytest.mark.parametrize("kept", TREES, ids=lambda kept: str(kept["name"]))
def test_flux_and_we_agree(kept: dict[str, Any]) -> None:
    found, errors = ours(kept["files"])
    if "error" in kept:
        assert errors, kept["error"]
    else:
        assert (found, errors) == (theirs(kept), [])


def test_a_third_of_the_trees_are_refused() -> None:
    refused = sum("error" in kept for kept in TREES)
    assert (len(TREES), refused * 3 >= len(TREES)) == (300, True)
