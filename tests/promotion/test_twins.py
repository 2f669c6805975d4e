"""Of clusters that say the same one is looked at, and every other is judged by its own times."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from kalypso.promotion import Answer, Evidence, Expected
from kalypso.promotion.readers.kubernetes import _walk as walk
from kalypso.promotion.readers.look import Look
from kalypso.promotion.readers.twins import Twins
from tests.promotion.fleet import expected_of, fleet, seconds

RECORDED = fleet("flux")
EXPECTED = expected_of(RECORDED["expected"])
NOW = seconds("2026-11-28T10:05:00Z")
Objects = list[dict[str, Any]]
TIMES = {
    "firstReconciled",
    "lastReconciled",
    "lastReconciledDuration",
    "lastTransitionTime",
    "lastUpdateTime",
    "totalReconciliations",
}
"""What a controller writes each time it looks."""
OTHERS: tuple[object, ...] = (
    None,
    "2026-11-28T09:00:00Z",
    "2026-11-28T10:04:59Z",
    "2026-11-28T11:00:00Z",
    "2026-11-28 10:00:00",
    "5s",
    "",
    0,
    7,
    True,
    [],
)
"""None takes it away."""


class Watched:
    """A walk that counts."""

    def __init__(self) -> None:
        self.walks = 0

    def __call__(self, look: Look, expected: Expected) -> tuple[Evidence, ...]:
        self.walks += 1
        return walk(look, expected)


def drone() -> Objects:
    return copy.deepcopy(RECORDED["answers"]["drone"])


def seen(
    twins: Twins,
    objects: Objects,
    name: str = "drone",
    **other: Any,
) -> tuple[Evidence, int]:
    """Return evidence of a cluster, and how often its objects had to be walked through."""
    (like,) = (each for each in EXPECTED.clusters if each.name == "drone")
    answer = replace(Answer(place=name, asked=NOW, objects=objects), **other)
    watched = Watched()
    (evidence,) = twins.evidence(
        answer, EXPECTED, msgspec.structs.replace(like, name=name), watched
    )
    return evidence, watched.walks


def known() -> Twins:
    """Return twins of which one has been seen."""
    twins = Twins()
    evidence, walks = seen(twins, drone())
    assert (evidence.findings, walks) == ((), 1)
    return twins


def the(objects: Objects, kind: str, name: str) -> dict[str, Any]:
    (found,) = (e for e in objects if (e["kind"], e["metadata"]["name"]) == (kind, name))
    return found


def test_a_cluster_that_says_the_same_is_not_walked_through_and_has_its_own_times() -> None:
    objects = drone()
    own = the(objects, "Kustomization", "dev-drone")["status"]["history"][0]
    own.update(lastReconciled="2026-11-28T10:04:50Z", lastReconciledDuration="3s")
    evidence, walks = seen(known(), objects, "other", clock=NOW + 2)
    assert walks == 0
    assert (evidence.cluster, evidence.asked, evidence.clock) == ("other", NOW, NOW + 2)
    assert evidence.as_of == seconds("2026-11-28T10:04:50Z")
    assert evidence.findings == ()
    assert len(evidence.objects or ()) == 4


def mutations(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Return the paths of all times."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in TIMES:
                yield (*path, key)
            yield from mutations(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from mutations(inner, (*path, place))


PATHS = list(mutations(drone()))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_whatever_its_times_say_it_is_judged_as_if_it_had_no_twin(
    path: tuple[str | int, ...],
) -> None:
    for other in OTHERS:
        objects = drone()
        parent: Any = objects
        for step in path[:-1]:
            parent = parent[step]
        parent[path[-1]] = other
        if other is None:
            del parent[path[-1]]
        assert seen(known(), objects)[0] == seen(Twins(), objects)[0], other


OTHER_THINGS: dict[str, Callable[[Objects], Any]] = {
    "a label": lambda all_: all_[0]["metadata"].update(labels={}),
    "1 in place of true": lambda all_: the(all_, "Kustomization", "dev-drone")["spec"].update(
        prune=1
    ),
    "an object less": lambda all_: all_.pop(),
    "an object twice": lambda all_: all_.append(all_[0]),
    "being deleted": lambda all_: all_[0]["metadata"].update(deletionTimestamp="x"),
    "something that is not JSON": lambda all_: all_[0].update(extra=Twins()),
}


@pytest.mark.parametrize("change", OTHER_THINGS.values(), ids=OTHER_THINGS)
def test_a_cluster_that_says_anything_else_is_walked_through(
    change: Callable[[Objects], Any],
) -> None:
    objects = drone()
    change(objects)
    evidence, walks = seen(known(), objects)
    assert walks == 1
    assert evidence == seen(Twins(), objects)[0]


def test_times_that_say_too_much_are_not_taken_for_what_others_say() -> None:
    objects, twins = drone(), Twins()
    late = the(objects, "Kustomization", "functional-test")["status"]["history"][0]
    late.update(firstReconciled="2026-11-28T08:00:00Z", lastReconciled="2026-11-28T08:00:00Z")
    for _ in range(2):
        evidence, walks = seen(twins, objects)
        assert walks == 1
        texts = [f.text for each in (evidence.objects or {}).values() for f in each.findings]
        assert texts == ["stale: nothing looked at it for 2 h"]
    evidence, walks = seen(twins, drone())
    assert (walks, [e for e in (evidence.objects or {}).values() if e.findings]) == (1, [])


def test_a_finding_that_names_the_cluster_is_only_of_that_cluster() -> None:
    objects, twins = drone(), Twins()
    spec = the(objects, "Kustomization", "functional-test")["spec"]
    spec["kubeConfig"] = {"secretRef": {"name": "elsewhere"}}
    for name in ("drone", "other"):
        evidence, walks = seen(twins, objects, name)
        texts = [f.text for each in (evidence.objects or {}).values() for f in each.findings]
        assert f"it applies to elsewhere, not to {name}" in texts
        assert walks == 1


def test_what_was_asked_differently_is_walked_through() -> None:
    _, walks = seen(known(), drone(), listed=frozenset({"ConfigMap"}))
    assert walks == 1
