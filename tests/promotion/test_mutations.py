"""No single piece of evidence can be taken away or altered without closing the gate.

From a fleet that passes, every field of every object is taken away and altered in every way that
`mutations` knows. The exceptions are few, and stated in `irrelevant.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, NamedTuple

import pytest

from kalypso.promotion import Outcome
from tests.promotion.fleet import HERE, World, change, fleet, load, look
from tests.promotion.mutations import Mutation, mutations, name_of


class Part(NamedTuple):
    """The objects of one cluster in a world, and where they are."""

    fleets: tuple[str, ...]
    place: tuple[str, ...]
    only: str = ""
    """The cluster that is left, where a fleet has more of the same kind."""


PARTS = [
    Part(("flux", "helm"), ("answers", "drone"), "drone"),
    Part(("argocd",), ("answers", "large")),
    Part(("azure",), ("rows",), "drone-1"),
    Part(("statuses",), ("statuses",)),
]
IRRELEVANT: list[dict[str, Any]] = load(HERE / "irrelevant.yaml")  # type: ignore[assignment] # the file is ours


def world_of(part: Part) -> World:
    world = fleet(*part.fleets)
    if "helm" in part.fleets:
        entries = "answers.*[Kustomization dev-drone].status.inventory.entries[+]"
        name = "flux-system_prometheus_helm.toolkit.fluxcd.io_HelmRelease"
        change(world, {entries: {"id": name, "v": "v2"}})
    if part.only:
        clusters = world["expected"]["clusters"]
        world["expected"]["clusters"] = [each for each in clusters if each["name"] == part.only]
    if "rows" in world:
        world["rows"] = world["rows"][:1]
    return world


def given(world: World, part: Part) -> Any:
    for step in part.place:
        world = world[step]
    return world


def with_part(world: World, part: Part, value: Any) -> World:
    first, *rest = part.place
    inner = {**world[first], rest[0]: value} if rest else value
    return {**world, first: inner}


def every(part: Part) -> Iterator[tuple[str, Mutation, World]]:
    world = world_of(part)
    value = given(world, part)
    for mutation in mutations(value):
        if part.place == ("statuses",) and len(mutation.path) == 1:
            continue  # our own shape: which commit was asked about
        yield name_of(mutation.path, value), mutation, with_part(world, part, mutation.of(value))


@cache
def tried(part: Part) -> tuple[tuple[str, str, bool], ...]:
    """Return what was changed and how, and whether the gate still passed."""
    return tuple(
        (name, mutation.how, look(world).outcome is Outcome.PASS)
        for name, mutation, world in every(part)
    )


def excused(name: str, how: str) -> set[tuple[int, str]]:
    """Return the exceptions that a change falls under."""
    return {
        (place, field)
        for place, each in enumerate(IRRELEVANT)
        for field in each["fields"]
        if how in each["how"] and fnmatchcase(name, field)
    }


@pytest.mark.parametrize("part", PARTS, ids=lambda part: "+".join(part.fleets))
def test_a_gate_closes_whatever_is_taken_away_or_altered(part: Part) -> None:
    assert look(world_of(part)).outcome is Outcome.PASS
    passed = sorted({(name, how) for name, how, ok in tried(part) if ok and not excused(name, how)})
    assert passed == []


def test_every_exception_is_needed() -> None:
    """A line that no change needs would hide one that does not close."""
    needed = {
        each for part in PARTS for name, how, ok in tried(part) if ok for each in excused(name, how)
    }
    listed = {(place, field) for place, each in enumerate(IRRELEVANT) for field in each["fields"]}
    assert listed - needed == set()


def test_there_are_enough_changes_to_mean_something() -> None:
    counts = {"+".join(part.fleets): len(tried(part)) for part in PARTS}
    assert min(counts.values()) > 200, counts
    assert sum(counts.values()) > 5_000, counts
