"""What objects say is worked out once, and never for one that says anything else."""

from __future__ import annotations

import copy
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest

from kalypso.promotion.readers.fields import Fields, Unclear
from kalypso.promotion.readers.flux_objects import kustomization_state
from kalypso.promotion.readers.forms import form_of
from kalypso.promotion.readers.once import Once
from tests.promotion.fleet import fleet, seconds


def kustomization() -> dict[str, Any]:
    objects: list[dict[str, Any]] = fleet("flux")["answers"]["drone"]
    (found,) = (each for each in objects if each["metadata"]["name"] == "dev-drone")
    return found


def numbered() -> Callable[[Fields], int]:
    """Return a look that finds how many looks there were."""
    count = iter(range(1, 100))
    return lambda _: next(count)


def later(given: dict[str, Any]) -> dict[str, Any]:
    """Return what it says a few minutes afterwards, when nothing has changed."""
    changed = copy.deepcopy(given)
    for condition in changed["status"]["conditions"]:
        condition["lastTransitionTime"] = "2026-11-28T10:08:00Z"
    changed["status"]["conditions"][1]["message"] = "Health check passed in 4.5s"
    newest = changed["status"]["history"][0]
    newest.update(lastReconciled="2026-11-28T10:08:00Z", lastReconciledDuration="5s")
    newest["totalReconciliations"] += 9
    changed["metadata"]["uid"] = "another"
    return changed


def test_an_object_that_differs_in_times_and_counts_is_not_looked_at_again() -> None:
    once = Once(numbered())
    found = [once(form_of(each)) for each in (kustomization(), later(kustomization()))]
    assert found == [1, 1]


def test_its_times_are_its_own_all_the_same() -> None:
    first, second = (
        kustomization_state(Fields(each)) for each in (kustomization(), later(kustomization()))
    )
    assert first.as_of == seconds("2026-11-28T10:04:55Z")
    assert second.as_of == seconds("2026-11-28T10:08:00Z")
    assert first.applies is second.applies


OTHERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another message": lambda it: it["status"]["conditions"][0].update(message="Applied another"),
    "another status": lambda it: it["status"]["conditions"][1].update(status="False"),
    "another reason": lambda it: it["status"]["history"][0].update(lastReconciledStatus="Failed"),
    "another generation": lambda it: it["metadata"].update(generation=2),
    "another interval": lambda it: it["spec"].update(interval="11s"),
    "1 in place of true": lambda it: it["spec"].update(prune=1),
    "1.0 in place of 1": lambda it: it["metadata"].update(generation=1.0),
    "deleted": lambda it: it["metadata"].update(deletionTimestamp="2026-11-28T10:00:00Z"),
    "one object more": lambda it: it["status"]["inventory"]["entries"].append({"id": "x"}),
    "a message that is not text": lambda it: it["status"]["conditions"][1].update(message=2),
    "a list in place of conditions": lambda it: it["status"].update(conditions=[[]]),
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_an_object_that_differs_in_anything_else_is_looked_at(
    change: Callable[[dict[str, Any]], Any],
) -> None:
    once = Once(numbered())
    other = kustomization()
    change(other)
    assert [once(form_of(each)) for each in (kustomization(), other)] == [1, 2]


def test_a_refusal_is_not_kept() -> None:
    looks: list[Fields] = []

    def refuse(fields: Fields) -> None:
        looks.append(fields)
        raise Unclear("it says nothing")

    once = Once(refuse)
    for _ in range(2):
        with pytest.raises(Unclear):
            once(form_of(kustomization()))
    assert len(looks) == 2


def test_a_time_that_is_missing_is_missed_however_often_the_rest_was_seen() -> None:
    kustomization_state(Fields(kustomization()))
    other = kustomization()
    del other["status"]["history"][0]["lastReconciled"]
    with pytest.raises(Unclear, match=r"status\.history\[0\]\.lastReconciled is missing"):
        kustomization_state(Fields(other))


def test_what_is_not_from_json_is_looked_at_each_time() -> None:
    once = Once(lambda fields: fields.text("spec", "path"))
    for path in ("./drone", "./large"):
        assert once(form_of({"spec": MappingProxyType({"path": path})})) == path
