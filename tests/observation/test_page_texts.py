"""A page that says the same as one before is not parsed, and never says what is not in it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from kalypso.observation import Clocks, ClusterReader, Reply, Way, page_texts
from kalypso.promotion import Evidence
from kalypso.promotion.readers import kubernetes
from kalypso.promotion.readers.twins import Twins
from tests.promotion.fleet import expected_of, fleet, seconds
from tests.support.kube_server import RESOURCES, VERSIONS

Objects = list[dict[str, Any]]
RECORDED = fleet("flux")
_ALL = expected_of(RECORDED["expected"])
EXPECTED = replace(_ALL, clusters=tuple(each for each in _ALL.clusters if each.name == "drone"))
NOW = seconds("2026-11-28T10:05:00Z")
LEFT_OUT = {
    "creationTimestamp",
    "firstReconciled",
    "lastReconciled",
    "lastReconciledDuration",
    "lastTransitionTime",
    "lastUpdateTime",
    "resourceVersion",
    "time",
    "totalReconciliations",
    "uid",
}
OTHERS: tuple[object, ...] = (
    "2026-11-28T09:00:00Z",
    "2026-11-28T11:00:00Z",
    "2026-11-28 10:00:00",
    "5s",
    "",
    7,
    None,
    [],
)
STAMP = "2026-11-28T10:00:00Z"


@dataclass(frozen=True)
class Server:
    """A server of an API that answers from memory."""

    objects: Objects
    edit: Callable[[str], str] = str
    """Changes the text of each list."""

    def get(self, path: str, query: Mapping[str, str], seconds: float) -> Reply:  # noqa: ARG002 - an answer is here at once
        """Answer a request."""
        return Reply(200, {}, self._text(path).encode())

    def _text(self, path: str) -> str:
        if path == "/apis":
            groups = [
                {"name": group, "versions": [{"version": versions[0]}]}
                for group, versions in VERSIONS.items()
            ]
            return json.dumps({"kind": "APIGroupList", "groups": groups})
        for group, kinds in RESOURCES.items():
            version = VERSIONS.get(group, ["v1"])[0]
            root = f"/apis/{group}/{version}" if group else f"/api/{version}"
            resources = [{"name": plural, "kind": kind} for kind, plural in kinds.items()]
            if path == root:
                return json.dumps({"kind": "APIResourceList", "resources": resources})
            for kind, plural in kinds.items():
                if path == f"{root}/{plural}":
                    return self.edit(self._list(kind))
        raise AssertionError(path)

    def _list(self, kind: str) -> str:
        items = [each for each in self.objects if each["kind"] == kind]
        metadata = {"resourceVersion": "1207"}
        return json.dumps({"kind": f"{kind}List", "metadata": metadata, "items": items})


def drone() -> Objects:
    """Return the objects of a cluster as an API has them, with what it adds by itself."""
    found: Objects = copy.deepcopy(RECORDED["answers"]["drone"])
    for number, each in enumerate(found):
        each["metadata"] |= {
            "creationTimestamp": STAMP,
            "managedFields": [{"manager": "kubectl", "time": STAMP}],
            "resourceVersion": str(number),
            "uid": f"uid-{number}",
        }
    return found


def elsewhere(objects: Objects) -> Objects:
    """Return the same objects on another cluster."""
    text = json.dumps(objects).replace("uid-", "other-").replace(STAMP, "2026-11-28T09:00:00Z")
    found: Objects = json.loads(text.replace("T10:04:", "T10:03:"))
    return found


def read(*servers: Server) -> tuple[Evidence, ...]:
    """Return evidence of one cluster from several servers, read one after another."""
    waiting = list(servers)
    reader = ClusterReader(
        {"drone": (Way("drone"),)},
        lambda _: waiting.pop(0),
        clocks=Clocks(wall=lambda: NOW),
    )
    return tuple(evidence for _ in servers for evidence in reader.read(EXPECTED))


def alone(server: Server, monkeypatch: pytest.MonkeyPatch) -> Evidence:
    """Return evidence as it is where nothing is known of other clusters."""
    with monkeypatch.context() as patch:
        patch.setattr(page_texts.PageTexts, "read", lambda *_: None)
        patch.setattr(kubernetes, "evidence_of_twins", Twins().evidence)
        (found,) = read(server)
    return found


@pytest.fixture(autouse=True)
def _nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kubernetes, "evidence_of_twins", Twins().evidence)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the pages of lists that are parsed, as they are."""
    found: list[str] = []

    def loads(text: str) -> Any:
        found.append(text)
        return json.loads(text)

    monkeypatch.setattr(page_texts, "json", SimpleNamespace(loads=loads))
    return found


def test_a_cluster_that_says_the_same_is_not_parsed(
    parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = Server(drone()), Server(elsewhere(drone()))
    expected = alone(again, monkeypatch)
    assert expected.as_of == seconds("2026-11-28T10:03:55Z")
    parsed.clear()
    before, found = read(first, again)
    assert before.as_of == seconds("2026-11-28T10:04:55Z")
    assert found == expected
    number = len(parsed)
    parsed.clear()
    assert read(first, again, again, again)[1:] == (found, found, found)
    assert len(parsed) == number


def test_what_one_reader_knows_is_not_taken_for_what_another_one_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    suspended = drone()
    named(suspended, "Kustomization")["spec"].update(suspend=True)
    assert read(Server(drone()))[0].findings == ()
    (found,) = read(Server(suspended))
    assert found == alone(Server(suspended), monkeypatch)
    assert "suspended" in findings(found)


def paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Return the paths of everything that a page's form leaves out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in LEFT_OUT:
                yield (*path, key)
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from paths(inner, (*path, place))


@pytest.mark.parametrize("path", list(paths(drone())), ids=lambda path: ".".join(map(str, path)))
def test_a_value_of_its_own_counts_as_it_does_for_a_cluster_alone(
    path: tuple[str | int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in OTHERS:
        objects = drone()
        parent: Any = objects
        for step in path[:-1]:
            parent = parent[step]
        parent[path[-1]] = other
        found = read(Server(drone()), Server(objects))[1]
        assert found == alone(Server(objects), monkeypatch), other


def named(objects: Objects, kind: str) -> dict[str, Any]:
    """Return the object of a kind that an assignment has brought."""
    names = {"functional-test", "platform-config"}
    (found,) = (e for e in objects if e["kind"] == kind and e["metadata"]["name"] in names)
    return found


def findings(evidence: Evidence) -> list[str]:
    return [each.text for seen in (evidence.objects or {}).values() for each in seen.findings]


ODD = {
    "type": "Drifted",
    "status": "True",
    "reason": "Odd",
    "observedGeneration": 3,
    "lastTransitionTime": STAMP,
}
Change = Callable[[Objects], object]
OTHER_THINGS: dict[str, tuple[Change, Change]] = {
    "data with a key that is left out elsewhere": (
        lambda all_: named(all_, "ConfigMap")["data"].update(uid="a"),
        lambda all_: named(all_, "ConfigMap")["data"].update(uid="b"),
    ),
    "a spec with such a key": (
        lambda all_: named(all_, "Kustomization")["spec"].update(time="a"),
        lambda all_: named(all_, "Kustomization")["spec"].update(time="b"),
    ),
    "text that looks like such a key": (
        lambda all_: named(all_, "ConfigMap")["data"].update(a='{"uid": "a"}'),
        lambda all_: named(all_, "ConfigMap")["data"].update(a='{"uid": "b"}'),
    ),
    "a key that ends like one": (
        lambda all_: named(all_, "ConfigMap")["data"].update({'x"uid': "a"}),
        lambda all_: named(all_, "ConfigMap")["data"].update({'x"uid': "b"}),
    ),
    "the message of a check that failed": (
        lambda all_: named(all_, "Kustomization")["status"]["conditions"].append(
            ODD | {"message": "Health check passed in 1s"}
        ),
        lambda all_: named(all_, "Kustomization")["status"]["conditions"].append(
            ODD | {"message": "Health check passed in 2s"}
        ),
    ),
    "a spec": (
        lambda _: None,
        lambda all_: named(all_, "Kustomization")["spec"].update(suspend=True),
    ),
    "an object less": (lambda _: None, lambda all_: all_.pop()),
}


@pytest.mark.parametrize("changes", OTHER_THINGS.values(), ids=OTHER_THINGS)
def test_what_is_not_a_time_is_never_taken_from_another_cluster(
    changes: tuple[Change, Change], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = drone(), drone()
    changes[0](one)
    changes[1](other)
    for _ in range(2):
        found = read(Server(one), Server(other), Server(one))
        assert found[1] == alone(Server(other), monkeypatch)
        assert found[0] == found[2] == alone(Server(one), monkeypatch)
        assert found[0] != found[1]


EDITS: dict[str, Callable[[str], str]] = {
    "cut": lambda text: text[:-3],
    "a line break in a value": lambda text: text.replace("uid-1", "uid\n1"),
    "the end of a text in a value": lambda text: text.replace("uid-1", 'uid"1'),
    "the mark": lambda text: text.replace("uid-1", "\ue0001"),
    "the mark, escaped": lambda text: text.replace("uid-1", r"\uE0001"),
    "a number with zeros before it": lambda text: text.replace(
        '"totalReconciliations": ', '"totalReconciliations": 00'
    ),
    "a fraction": lambda text: re.sub(r'("totalReconciliations": \d+)', r"\1.5", text),
    "keys twice": lambda text: text.replace(
        '"lastReconciled": ', '"lastReconciled": "2026-11-28T08:00:00Z", "lastReconciled": '
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_text_that_is_odd_says_what_it_says_alone(
    edit: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = Server(drone(), edit)
    expected = alone(odd, monkeypatch)
    for found in read(Server(drone()), odd, odd)[1:]:
        assert found == expected


def test_what_is_kept_of_pages_has_an_end(
    parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_texts, "_MOST_CHARACTERS", 100)
    first, again = read(Server(drone()), Server(elsewhere(drone())))
    assert (first.findings, again.findings) == ((), ())
    assert len(parsed) > len(RESOURCES)
