"""Fleets and scenarios: what clusters, git and people say, in files, and what a gate is asked.

A fleet is a whole world in which a commit passes. A scenario names one and what is different.

    answers.drone[Kustomization dev-drone].status.lastAppliedRevision: dev@sha1:$O

The path goes through mappings by key and through lists by `Kind name`, by name, by the type of a
condition or by place; `*` stands for everything there. `<absent>` removes.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping, MutableMapping, MutableSequence, Sequence
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace

from kalypso.promotion import (
    Ancestry,
    Answer,
    Approval,
    CheckResult,
    Clock,
    Conditions,
    Decision,
    Evidence,
    Expected,
    ExpectedCluster,
    Finding,
    Freeze,
    Gate,
    Hold,
    Known,
    Outcome,
    Record,
    Report,
    Span,
    Verdict,
    Wanted,
    Window,
    azure_evidence,
    cluster_evidence,
    complete_rows,
    identity_of,
    judge,
    read_share,
    report_evidence,
    status_evidence,
)
from kalypso.promotion.times import read_time

HERE = Path(__file__).parent
FLEETS = HERE / "fleets"
ABSENT = "<absent>"
COMMITS = {
    "M": "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
    "X": "5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80",
    "O": "0ba6f0d30760d567de0bac86c8c4eec13ce1a590",
    "Y": "9c8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e2d1c0b",
    "Z": "7777f8091a2b3c4d5e6f708192a3b4c5d6e77777",
    "N": "2f2f3c4d5e6f708192a3b4c5d6e7f8091a2b2f2f",
    "APP": "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334",
}
"""M and N: of main. X is awaited; O is older, Y newer, Z elsewhere."""
World = MutableMapping[str, Any]
_STEP = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")


class _Plain(yaml.CSafeLoader):
    """YAML in which a time stays the text that a server would have sent."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def load(path: Path) -> World:
    """Read a file, with commits in place of their letters; an alias in it is a copy."""
    loaded: World = json.loads(_read(path))
    return loaded


@cache
def _read(path: Path) -> str:
    text = path.read_text()
    for name in sorted(COMMITS, key=len, reverse=True):
        text = re.sub(rf"\${name}\b", COMMITS[name], text)
    return json.dumps(yaml.load(text, Loader=_Plain))  # noqa: S506 - a safe loader with fewer rules


def fleet(*names: str) -> World:
    """Return the world of one fleet, or of several together."""
    world: World = {}
    for name in names:
        one = load(FLEETS / f"{name}.yaml")
        for place, objects in one.get("answers", {}).items():
            if isinstance(objects, dict):
                one["answers"][place] = copy.deepcopy(one["answers"][objects["like"]])
        _merge(world, one)
    return world


def _merge(world: World, other: Mapping[str, Any]) -> None:
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(world.get(key), dict):
            _merge(world[key], value)
        elif isinstance(value, list) and isinstance(world.get(key), list) and key != "chain":
            world[key] = [*world[key], *value]
        else:
            world[key] = copy.deepcopy(value)


def change(world: World, changes: Mapping[str, Any]) -> None:
    """Apply what is different."""
    for path, value in changes.items():
        steps = [bracket or plain for bracket, plain in _STEP.findall(path)]
        targets = list(_reach(world, steps[:-1]))
        assert targets, path
        for target in targets:
            _put(target, steps[-1], copy.deepcopy(value), path)


def _reach(value: Any, steps: Sequence[str]) -> Iterator[Any]:
    if not steps:
        yield value
        return
    for key in _keys(value, steps[0]):
        yield from _reach(value[key], steps[1:])
    if isinstance(value, dict) and steps[0] not in value and steps[0] != "*":
        value[steps[0]] = {}
        yield from _reach(value[steps[0]], steps[1:])


def _keys(value: Any, step: str) -> list[Any]:
    if isinstance(value, MutableMapping):
        return list(value) if step == "*" else [step] if step in value else []
    if not isinstance(value, MutableSequence):
        return []
    if step == "*":
        return list(range(len(value)))
    if step.isdigit():
        return [int(step)] if int(step) < len(value) else []
    return [place for place, item in enumerate(value) if step in _names(item)]


def _names(item: Any) -> set[str]:
    if not isinstance(item, dict):
        return set()
    metadata = item.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else item.get("name")
    found = {name, item.get("type"), f"{item.get('kind')} {name}"}
    found |= {str(item.get("id", "")).split("/")[8:9][0]} if "/" in str(item.get("id")) else set()
    found |= {str(item.get("id"))}
    return {each for each in found if isinstance(each, str)}


def _put(target: Any, step: str, value: Any, path: str) -> None:
    if step == "+":
        target.append(value)
        return
    keys = _keys(target, step)
    if value == ABSENT:
        assert keys, path
        for key in reversed(keys):
            del target[key]
    elif isinstance(target, MutableMapping) and step != "*":
        target[step] = value
    else:
        assert keys, path
        for key in keys:
            target[key] = value


def seconds(text: str) -> float:
    """Return a time of a file in seconds."""
    found = read_time(text)
    assert found is not None, text
    return found


def expected_of(given: Mapping[str, Any]) -> Expected:
    """Return what is expected, from a world's `expected`."""
    sets = ("destinations", "statuses", "authors")
    clusters = tuple(
        ExpectedCluster(
            **{
                **each,
                "evidence": tuple(each["evidence"]),
                **{key: frozenset(each[key]) for key in sets if key in each},
            }
        )
        for each in given["clusters"]
    )
    return Expected(
        **{
            **given,
            "merged": seconds(given["merged"]),
            "clusters": clusters,
            "assignments": {name: tuple(its) for name, its in given["assignments"].items()},
            "chain": tuple(given["chain"]),
        }
    )


def ancestry_of(world: World) -> Ancestry:
    """Return what git knows, from a world's `known`, `tip` and `manifests`."""
    known = {}
    for commit, each in world["known"].items():
        given = dict(each)
        manifests = given.pop("manifests", world["manifests"])
        known[commit] = Known(
            **{"on_branch": True, **given},
            delivers=None if manifests is None else _delivered(manifests),
        )
    return Ancestry(tip=world.get("tip") or "", known=known, problem=world.get("git", ""))


def _delivered(manifests: Mapping[str, Any]) -> dict[str, dict[str, tuple[Wanted, ...]]]:
    return {
        cluster_type: {target: tuple(map(_wanted, objects)) for target, objects in targets.items()}
        for cluster_type, targets in manifests.items()
    }


def _wanted(manifest: Mapping[str, Any]) -> Wanted:
    identity = identity_of(manifest)
    assert identity, manifest
    about = ("apiVersion", "kind", "metadata")
    return Wanted(identity, {key: each for key, each in manifest.items() if key not in about})


def evidence_of(world: World, expected: Expected) -> tuple[Evidence, ...]:
    """Return what all readers make of a world's answers, as they are at its time."""
    asked = seconds(world.get("asked", world["now"]))
    found: list[Evidence] = []
    answers = [_answer(place, objects, asked, world) for place, objects in _answers(world)]
    for cluster in expected.clusters:
        found += cluster_evidence(answers, expected, cluster)
        found += report_evidence(reports_of(world), cluster, asked=asked)
        found += status_evidence(world.get("statuses", {}), cluster, asked=asked)
    if "pages" in world:
        rows = complete_rows(world["pages"], world.get("headers"))
        found += _refused(rows, expected, asked)
    elif "rows" in world:
        rows = tuple(world["rows"])
    else:
        rows = ()
    if not isinstance(rows, Finding):
        found += azure_evidence(rows, expected, asked=asked)
    return tuple(found)


def _refused(rows: object, expected: Expected, asked: float) -> Iterator[Evidence]:
    """Return what the reader says of every cluster when the answer as a whole cannot be used."""
    if isinstance(rows, Finding):
        for cluster in expected.clusters:
            yield Evidence(cluster=cluster.name, channel="azure", findings=(rows,), asked=asked)


def _answers(world: World) -> Iterator[tuple[str, Any]]:
    yield from world.get("answers", {}).items()


def _answer(place: str, objects: Any, asked: float, world: World) -> Answer:
    problem = world.get("problems", {}).get(place)
    clock = world.get("clocks", {}).get(place)
    return Answer(
        place=place,
        asked=asked,
        clock=seconds(clock) if clock else None,
        objects=() if problem else objects,
        unserved=frozenset(world.get("unserved", {}).get(place, ())),
        listed=frozenset(world.get("listed", {}).get(place, ())),
        problem=finding_of(problem) if problem else None,
    )


def finding_of(given: Mapping[str, Any]) -> Finding:
    """Return a finding, as the network half of a reader would make it."""
    return Finding(Outcome.OUTSIDE, given["text"], lasting=True, final=given.get("final", False))


def reports_of(world: World) -> tuple[Report, ...]:
    """Return the reports of a world."""
    return tuple(Report(**{**each, "at": seconds(each["at"])}) for each in world.get("reports", ()))


def conditions_of(world: World) -> Conditions:
    """Return the conditions of a world."""
    given = dict(world.get("conditions", {}))
    if "share" in given:
        given["share"] = read_share(given["share"])
    for key in ("approvers", "checks"):
        if key in given:
            given[key] = frozenset(given[key])
    given["windows"] = tuple(
        Window(
            frozenset(each["days"]),
            time.fromisoformat(each["start"]),
            time.fromisoformat(each["end"]),
            each.get("zone", "UTC"),
        )
        for each in given.get("windows", ())
    )
    given["freezes"] = tuple(
        Freeze(seconds(each["start"]), seconds(each["end"]), each["why"])
        for each in given.get("freezes", ())
    )
    return Conditions(**given)


def record_of(world: World) -> Record:
    """Return the record of a world."""
    return Record(
        environment=world["expected"]["environment"],
        gates=tuple(_gate(each, world) for each in world.get("gates", ())),
        approvals=tuple(
            Approval(**{**each, "when": seconds(each["when"])})
            for each in world.get("approvals", ())
        ),
        holds=tuple(
            Hold(**{**each, "when": seconds(each["when"])}) for each in world.get("holds", ())
        ),
        reports=reports_of(world),
    )


def _gate(given: Mapping[str, Any], world: World) -> Gate:
    expected = copy.deepcopy(world["expected"])
    change(expected, given.get("expected", {}))
    decision = given.get("decision")
    gate = Gate(
        expected=expected_of(expected),
        started=seconds(given["started"]),
        spans={
            name: Span(seconds(span["since"]), seconds(span["seen"]))
            for name, span in given.get("spans", {}).items()
        },
        worker=given.get("worker", ""),
        alive=seconds(given["alive"]) if "alive" in given else 0.0,
    )
    if decision:
        ended = Decision(Outcome(decision["outcome"]), seconds(decision["when"]), decision["text"])
        gate = replace(gate, decision=ended)
    return gate


def checks_of(world: World) -> tuple[CheckResult, ...]:
    """Return what own checks have answered."""
    return tuple(
        CheckResult(**{**each, "at": seconds(each["at"])}) for each in world.get("checks", ())
    )


def clock_of(world: World) -> Clock:
    """Return the clock of a world."""
    limit = world.get("limit")
    return Clock(seconds(world["now"]), seconds(limit) if limit else None)


def look(world: World, record: Record | None = None) -> Verdict:
    """Ask the gate about a world, with the record that the world has or one that went on."""
    expected = expected_of(world["expected"])
    return judge(
        expected,
        evidence_of(world, expected),
        ancestry_of(world),
        record or record_of(world),
        clock_of(world),
        conditions=conditions_of(world),
        checks=checks_of(world),
    )
