"""Which kinds of Flux and Argo CD an API server has, and in which version.

Flux moved its kinds through versions at different times, so one version of a group may have some of
its kinds and another one the rest. Each kind is read in the best version that has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from kalypso.observation.conversation import Conversation, NotServed, Refused
from kalypso.observation.lists import Kind

KUSTOMIZE = "kustomize.toolkit.fluxcd.io"
ARGO = "argoproj.io"
_VERSIONS: Mapping[str, tuple[str, ...]] = {
    KUSTOMIZE: ("v1", "v1beta2", "v1beta1"),
    "helm.toolkit.fluxcd.io": ("v2", "v2beta2", "v2beta1"),
    ARGO: ("v1alpha1",),
    "source.toolkit.fluxcd.io": ("v1", "v1beta2", "v1beta1"),
}
"""What readers know, the best version first. Sources come last: what applies is read before what
it applies from, so that what is found of the source is never older."""


class Served(msgspec.Struct, frozen=True):
    """What an API server has of reconcilers."""

    kinds: tuple[Kind, ...]
    unserved: frozenset[str]
    """Groups of which it has nothing."""


def discover(talk: Conversation) -> Served:
    """Ask a server which kinds of reconcilers it has.

    Raises:
        Unreachable: The server did not answer in time.
        Refused: Its answer is not one of a Kubernetes API.
    """
    found = _versions_by_group(talk)
    kinds: list[Kind] = []
    for group, known in _VERSIONS.items():
        served = found.get(group, [])
        # One that nobody here knows is read too: the reader then says that it is unknown.
        versions = [each for each in known if each in served] or served[:1]
        best: dict[str, Kind] = {}
        for version in versions:
            for kind in _kinds(talk, group, version):
                best.setdefault(kind.kind, kind)
        kinds += best.values()
    return Served(tuple(kinds), frozenset(_VERSIONS) - found.keys())


def _versions_by_group(talk: Conversation) -> dict[str, list[str]]:
    answer = talk.ask("/apis")
    if answer.get("kind") != "APIGroupList" or not isinstance(answer.get("groups"), list):
        raise Refused("its answer to /apis is not that of a Kubernetes API")
    found: dict[str, list[str]] = {}
    for group in answer["groups"]:
        name = _text(group, "name")
        versions = group.get("versions")
        if not isinstance(versions, list) or not versions:
            raise Refused(f"its answer to /apis names no version of {name}")
        found[name] = [_text(each, "version") for each in versions]
    return found


def _kinds(talk: Conversation, group: str, version: str) -> Iterator[Kind]:
    path = f"/apis/{group}/{version}"
    try:
        answer = talk.ask(path)
    except NotServed:
        raise Refused(f"it has {path} and does not answer there") from None
    resources = answer.get("resources")
    if answer.get("kind") != "APIResourceList" or not isinstance(resources, list):
        raise Refused(f"its answer to {path} is not a list of resources")
    for each in resources:
        plural, kind = _text(each, "name"), _text(each, "kind")
        wanted = kind == "Application" if group == ARGO else "/" not in plural
        if wanted and "/" not in plural:
            yield Kind(group, version, kind, plural)


def _text(given: Any, key: str) -> str:  # noqa: ANN401 - JSON of a server
    value = given.get(key) if isinstance(given, dict) else None
    if not isinstance(value, str) or not value:
        raise Refused(f"its list of APIs has an entry without {key}")
    return value
