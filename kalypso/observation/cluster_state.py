"""What is read of one API server: reconcilers first, then what they have applied.

The order matters. What applies is read before what it applied: a workload that is seen healthy was
so after its reconciler said that it had applied the commit, and never before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from kalypso.observation.conversation import Conversation, Refused, Server, Unreachable
from kalypso.observation.discovery import KUSTOMIZE, discover
from kalypso.observation.lists import Kind, read_list
from kalypso.observation.page_texts import Objects, PageTexts, Said
from kalypso.promotion import Answer, outside

SECONDS = 60.0
"""For everything that is asked of one server."""
_OF_FLUX = {"labelSelector": f"{KUSTOMIZE}/name"}
_NAMESPACES = Kind("", "v1", "Namespace", "namespaces")
_CONFIG_MAPS = Kind("", "v1", "ConfigMap", "configmaps")
_WORKLOADS = (
    Kind("apps", "v1", "Deployment", "deployments"),
    Kind("apps", "v1", "StatefulSet", "statefulsets"),
    Kind("apps", "v1", "DaemonSet", "daemonsets"),
    Kind("batch", "v1", "Job", "jobs"),
)
_MOST_NAMES = 20
"""Names of ConfigMaps that are asked for one by one; with more, all of the cluster are read."""


class Clocks(msgspec.Struct, frozen=True):
    """The clocks that reading needs."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


OWN_CLOCKS = Clocks()


def read_cluster(  # noqa: PLR0913 - a server, and how it is read
    server: Server,
    place: str,
    clocks: Clocks,
    *,
    hub: bool = False,
    namespace: str = "",
    texts: PageTexts | None = None,
) -> Answer:
    """Return everything of one API server that evidence is made of, or why there is none.

    Args:
        server: The server.
        place: How answers of it are named: the cluster, or the context of a hub.
        clocks: This process's.
        hub: Whether what its reconcilers apply is elsewhere; then only they are read.
        namespace: Of a hub: where its reconcilers are; everywhere if it is empty.
        texts: The pages of other servers; without them each page is parsed.
    """
    talk = Conversation(server, clocks.steady() + SECONDS, clocks.steady, clocks.sleep, texts)
    try:
        served = discover(talk)
        objects = [
            each for kind in served.kinds for each in read_list(talk, kind, namespace=namespace)
        ]
        if not hub:
            objects += _applied(talk, objects)
    except Unreachable as error:
        problem = outside(f"unreachable: {error}")
        return Answer(place=place, asked=clocks.wall(), problem=problem)
    except Refused as error:
        problem = outside(f"cannot tell: {error}")
        return Answer(place=place, asked=clocks.wall(), problem=problem)
    pages = tuple(page for page in talk.pages if page is not None)
    said = Said(pages, objects) if len(pages) == len(talk.pages) else None
    return Answer(
        place=place,
        asked=clocks.wall(),
        clock=talk.date,
        objects=tuple(objects) if said is None else Objects(objects, said.parsed),
        said=said,
        unserved=served.unserved,
        listed=frozenset() if hub else frozenset({"ConfigMap", "Namespace"}),
    )


def _applied(talk: Conversation, reconcilers: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Return what reconcilers have applied, as far as evidence needs it."""
    yield from read_list(talk, _NAMESPACES)
    yield from _config_maps(talk, _names_of_config_maps(reconcilers))
    for kind in _WORKLOADS:
        yield from read_list(talk, kind, select=_OF_FLUX)


def _config_maps(talk: Conversation, names: set[str]) -> Iterator[dict[str, Any]]:
    """Return the ConfigMaps of Flux, and those of some names: most of a cluster's are others'."""
    if len(names) > _MOST_NAMES:
        yield from read_list(talk, _CONFIG_MAPS)
        return
    seen = set()
    selections: list[Mapping[str, str]] = [
        _OF_FLUX,
        *({"fieldSelector": f"metadata.name={name}"} for name in sorted(names)),
    ]
    for select in selections:
        for each in read_list(talk, _CONFIG_MAPS, select=select):
            metadata = each.get("metadata") or {}
            identity = (metadata.get("namespace"), metadata.get("name"))
            if identity not in seen:
                seen.add(identity)
                yield each


def _names_of_config_maps(reconcilers: list[dict[str, Any]]) -> set[str]:
    """Return the names of the ConfigMaps that Kustomizations and Applications have applied.

    It ends as soon as there are too many.
    """
    found: set[str] = set()
    for each in reconcilers:
        found.update(_names(each.get("status")))
        if len(found) > _MOST_NAMES:
            break
    return found


def _names(status: object) -> Iterator[str]:
    if not isinstance(status, dict):
        return
    inventory = status.get("inventory")
    entries = inventory.get("entries") if isinstance(inventory, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        name = entry.get("id") if type(entry) is dict else None
        if type(name) is str and name.endswith("__ConfigMap"):
            yield name.split("_")[1]
    resources = status.get("resources")
    for each in resources if isinstance(resources, list) else ():
        if isinstance(each, dict) and not each.get("group") and each.get("kind") == "ConfigMap":
            yield str(each.get("name"))
