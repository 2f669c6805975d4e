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

MOST_CALLS = 1_400
"""For one assignment of Flux: two reconcilers, and four objects that they have applied."""
MOST_CALLS_AGAIN = 250
"""On a cluster that says the same as another one: only its times are read again."""
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


def answer_of(objects: str) -> Answer:
    """Return an answer of one cluster, as a server sends it."""
    now = seconds(fleet("flux")["now"])
    return Answer(place="drone", asked=now, objects=json.loads(objects))


def calls(number: int, *, first: bool) -> int:
    """Return how many calls the evidence of one cluster takes."""
    expected = expected_of(fleet("flux")["expected"])
    (cluster,) = (each for each in expected.clusters if each.name == "drone")
    objects = json.dumps(many(fleet("flux"), number))
    if first:
        objects = objects.replace("target-", f"other-{number}-")
    else:  # another cluster that says the same, some minutes before
        before = objects.replace("T10:04:", "T10:01:")
        assert before != objects
        cluster_evidence((answer_of(before),), expected, cluster)
    answer = answer_of(objects)
    profile = cProfile.Profile()
    profile.enable()
    (evidence,) = cluster_evidence((answer,), expected, cluster)
    profile.disable()
    assert evidence.findings == ()
    assert len(evidence.objects or ()) == 4 * number
    total = sum(entry.callcount for entry in profile.getstats())
    return int(total)


def test_an_assignment_costs_a_bounded_number_of_calls_however_many_there_are() -> None:
    few, more = calls(20, first=True), calls(120, first=True)
    assert (more - few) / 100 < MOST_CALLS


def test_an_assignment_costs_less_on_every_further_cluster_that_says_the_same() -> None:
    few, more = calls(20, first=False), calls(120, first=False)
    assert (more - few) / 100 < MOST_CALLS_AGAIN
