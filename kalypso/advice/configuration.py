"""Config maps that reach no assignment, and keys that are overridden wherever they apply."""

from __future__ import annotations

from collections.abc import Sequence

from kalypso.errors import Collector
from kalypso.model import CLUSTER_TYPE_LABEL, TARGET_LABEL, WORKLOAD_LABEL, Assignment, Platform
from kalypso.scheduling import Configuration, Layer, layers_of
from kalypso.spelling import nearest

_Use = tuple[str, str]
"""Name of a config map, and a key as it is written there."""


def advise_on_configuration(
    platform: Platform,
    assignments: Sequence[Assignment],
    configurations: Sequence[Configuration],
    problems: Collector,
) -> None:
    """Warn about configuration without effect; where nothing is assigned yet, all of it is."""
    if not assignments:
        return
    distinct = {id(each): each for each in configurations}.values()
    applying = {_identity(layer) for each in distinct for layer in each.layers}
    effective: set[_Use] = set()
    for each in distinct:
        effective |= _effective(each)
    for layer in layers_of(platform.config_maps, Collector()):
        if _identity(layer) not in applying:
            _warn_unreached(layer, platform, assignments, problems)
            continue
        for key in layer.texts:
            written = layer.written_key(key)
            if (layer.config_map.name, written) not in effective:
                problems.warn(
                    "config-key-overridden",
                    f"the value of {written!r} in the config map {layer.config_map.name!r} is"
                    " overridden wherever it applies",
                    layer.config_map.origin.at("data", written),
                )


def _identity(layer: Layer) -> tuple[str, tuple[str, ...]]:
    return layer.config_map.name, tuple(layer.written_key(key) for key in layer.texts)


def _effective(configuration: Configuration) -> set[_Use]:
    """Return what has a say in a configuration: the last layer of a key, all of a merged one."""
    last: dict[str, Layer] = {}
    uses: set[_Use] = set()
    for layer in configuration.layers:
        for key in layer.texts:
            last[key] = layer
            if isinstance(configuration.values[key], dict | list):
                uses.add((layer.config_map.name, layer.written_key(key)))
    uses.update((layer.config_map.name, layer.written_key(key)) for key, layer in last.items())
    return uses


def _warn_unreached(
    layer: Layer, platform: Platform, assignments: Sequence[Assignment], problems: Collector
) -> None:
    config = layer.config_map
    key, value, near = _unanswered(layer, assignments)
    if _exists(key, value, platform):
        near = ""  # it is not a slip: nothing runs there yet
    path = ("data", next(iter(layer.keys.values()))) if layer.keys else ("metadata", "labels", key)
    what = f"the key {path[1]!r} of the config map" if layer.keys else "the config map"
    problems.warn(
        "config-reaches-nothing",
        f"{what} {config.name!r} reaches no assignment: none has {key}={value}"
        if key
        else f"{what} {config.name!r} reaches no assignment",
        config.origin.at(*path) if key or layer.keys else config.at,
        f"did you mean {near!r}?" if near else "",
    )


def _unanswered(layer: Layer, assignments: Sequence[Assignment]) -> tuple[str, str, str]:
    """Find a wanted label that no assignment answers, and the value that was probably meant."""
    for key, value in layer.wanted:
        values = {found for each in assignments for found in _values_of(each, key)}
        if value not in values:
            return key, value, nearest(value, values)
    return "", "", ""


def _exists(key: str, value: str, platform: Platform) -> bool:
    """Return whether some cluster type or deployment target answers a label, assigned or not."""
    if key == CLUSTER_TYPE_LABEL:
        return any(cluster.name == value for cluster in platform.cluster_types)
    labels = [each.labels for each in platform.cluster_types]
    labels += [each.labels for each in platform.targets]
    return any(own.get(key) == value for own in labels)


def _values_of(assignment: Assignment, key: str) -> tuple[str, ...]:
    cluster, target = assignment.cluster_type, assignment.target
    named = {
        CLUSTER_TYPE_LABEL: cluster.name,
        TARGET_LABEL: target.name,
        WORKLOAD_LABEL: target.workload,
    }
    if key in named:
        return (named[key],)
    return tuple(own[key] for own in (cluster.labels, target.labels) if key in own)
