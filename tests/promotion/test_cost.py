"""What reading a fleet costs, in calls of functions: they are the same on every machine.

`status` of 1,000 clusters with 100 assignments each is a hundred thousand times what one costs.
"""

from __future__ import annotations

import copy
import cProfile
import json
from collections.abc import Mapping
from typing import Any

from kalypso.promotion import Answer, cluster_evidence
from tests.promotion.fleet import World, expected_of, fleet, seconds

MOST_CALLS = 800
"""For one assignment of Flux: two reconcilers, and four objects that they have applied."""
OWN = {"dev", "dev-drone"}


def many(world: World, number: int) -> list[dict[str, Any]]:
    """Return the objects of a cluster with a number of assignments that are like the recorded."""
    recorded = world["answers"]["drone"]
    objects = [copy.deepcopy(each) for each in recorded if each["metadata"]["name"] in OWN]
    (own,) = (each for each in objects if each["kind"] == "Kustomization")
    entries = own["status"]["inventory"]["entries"]
    own["status"]["inventory"]["entries"] = []
    for place in range(number):
        own["status"]["inventory"]["entries"] += renamed(entries, place)
        objects += renamed([e for e in recorded if e["metadata"]["name"] not in OWN], place)
    return objects


def renamed(value: list[Mapping[str, Any]], place: int) -> list[dict[str, Any]]:
    text = json.dumps(value).replace("functional-test", f"target-{place:03}")
    found: list[dict[str, Any]] = json.loads(text)
    return found


def calls(number: int) -> int:
    """Return how many calls the evidence of one cluster takes."""
    world = fleet("flux")
    expected = expected_of(world["expected"])
    (cluster,) = (each for each in expected.clusters if each.name == "drone")
    answer = Answer(place="drone", asked=seconds(world["now"]), objects=many(world, number))
    profile = cProfile.Profile()
    profile.enable()
    (evidence,) = cluster_evidence((answer,), expected, cluster)
    profile.disable()
    assert evidence.findings == ()
    assert len(evidence.objects or ()) == 4 * number
    total = sum(entry.callcount for entry in profile.getstats())
    return int(total)


def test_an_assignment_costs_a_bounded_number_of_calls_however_many_there_are() -> None:
    few, more = calls(20), calls(120)
    assert (more - few) / 100 < MOST_CALLS
