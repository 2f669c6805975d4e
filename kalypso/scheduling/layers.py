"""Which configuration applies to which assignment: layers of values, and the labels they ask for.

Every label that a layer asks for is one bit. A cluster type and a deployment target each answer
some of the bits, and a layer applies where together they answer all of its own. So a pair costs one
``or``, however many config maps there are.

Source: docs/explanation/model.md, "Values".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from kalypso.errors import Collector, ConfigError
from kalypso.model import (
    AZURE_CONFIG_PREFIX,
    CLUSTER_TYPE_LABEL,
    CONFIG_LABEL,
    NAMING_LABELS,
    TARGET_LABEL,
    WORKLOAD_LABEL,
    ClusterType,
    ConfigMap,
    DeploymentTarget,
)

IGNORED_LABELS = frozenset(
    {
        CONFIG_LABEL,
        "kustomize.toolkit.fluxcd.io/name",
        "kustomize.toolkit.fluxcd.io/namespace",
    }
)
"""The mark of platform configuration, and what Flux adds to every object."""

Wanted = tuple[tuple[str, str], ...]
"""Labels that must match, in order."""


class Layer(msgspec.Struct, frozen=True):
    """Values that apply where all their labels match."""

    config_map: ConfigMap
    wanted: Wanted
    texts: Mapping[str, str]
    """Text of each value by its key."""
    keys: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Key as written in the ConfigMap, where it differs."""

    def written_key(self, key: str) -> str:
        """Return the key under which the ConfigMap holds a value."""
        return self.keys.get(key, key)


def wanted_labels(labels: Mapping[str, str]) -> Wanted:
    """Return the labels of an object that decide where it applies."""
    return tuple(sorted(pair for pair in labels.items() if pair[0] not in IGNORED_LABELS))


def layers_of(config_maps: Iterable[ConfigMap], problems: Collector) -> tuple[Layer, ...]:
    """List the layers in the order in which they are merged.

    First come the ordinary config maps by name, then the keys of all ``azure-app-config`` maps:
    fewest labels first, then the shorter key, then by key, then by the map's name.
    """
    maps = sorted(config_maps, key=lambda config: config.name)
    ordinary = [
        Layer(config, wanted_labels(config.labels), config.data)
        for config in maps
        if config.labels.get(CONFIG_LABEL) == "true"
    ]
    azure: list[tuple[tuple[int, int, str, str], Layer]] = []
    for config in maps:
        if config.name.startswith(AZURE_CONFIG_PREFIX):
            for key, text in config.data.items():
                with problems.catching():
                    azure.append(_azure(config, key, text))
    azure.sort(key=lambda entry: entry[0])
    return (*ordinary, *(layer for _, layer in azure))


def _azure(config: ConfigMap, written: str, text: str) -> tuple[tuple[int, int, str, str], Layer]:
    *parts, key = written.split(".")
    if len(parts) % 2 or not all(parts) or not key:
        raise ConfigError(
            f"the key {written!r} of {config.name!r} names a label without a value",
            config.origin.at("data", written),
            "write it as label1.value1.label2.value2.KEY",
            code="azure-key",
        )
    wanted = tuple(zip(parts[::2], parts[1::2], strict=True))
    layer = Layer(config, wanted, {key: text}, {key: written})
    return (len(wanted), len(written), written, config.name), layer


class Matcher:
    """Finds which of many label lists match an assignment."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        labels = sorted({label for each in wanted for label in each})
        self._bits = {label: 1 << number for number, label in enumerate(labels)}
        self._always = 0
        self._alone: dict[int, int] = defaultdict(int)
        """Lists that ask for one label only, as a mask, by the bit of that label."""
        self._together: list[tuple[int, int]] = []
        """Bits that a list asks for, and the list, for those that ask for several labels."""
        for number, each in enumerate(wanted):
            needed = sum(self._bits[label] for label in set(each))
            if not needed:
                self._always |= 1 << number
            elif needed & (needed - 1):
                self._together.append((needed, 1 << number))
            else:
                self._alone[needed] |= 1 << number
        self._by_answer: dict[int, int] = {}
        self._by_key: dict[str, dict[str, int]] = defaultdict(dict)
        for (key, value), bit in self._bits.items():
            self._by_key[key][value] = bit

    def cluster(self, cluster: ClusterType) -> int:
        """Return the bits that a cluster type answers."""
        return self._answered(cluster.labels) | self._bits.get(
            (CLUSTER_TYPE_LABEL, cluster.name), 0
        )

    def target(self, target: DeploymentTarget) -> int:
        """Return the bits that a deployment target answers."""
        return (
            self._answered(target.labels)
            | self._bits.get((TARGET_LABEL, target.name), 0)
            | self._bits.get((WORKLOAD_LABEL, target.workload), 0)
        )

    def _answered(self, labels: Mapping[str, str]) -> int:
        answered = 0
        for key, value in labels.items():
            values = self._by_key.get(key)
            if values and key not in NAMING_LABELS:
                answered |= values.get(value, 0)
        return answered

    def matching(self, answered: int) -> tuple[int, ...]:
        """Return the positions of the lists all of whose labels are answered, ascending."""
        return positions(self.matching_mask(answered))

    def matching_mask(self, answered: int) -> int:
        """Return the same as a mask: bit ``n`` stands for the list at position ``n``."""
        found = self._by_answer.get(answered)
        if found is None:
            found = self._always
            for needed, mask in self._together:
                if needed & answered == needed:
                    found |= mask
            rest = answered
            while rest:
                bit = rest & -rest
                found |= self._alone.get(bit, 0)
                rest ^= bit
            self._by_answer[answered] = found
        return found


def positions(mask: int) -> tuple[int, ...]:
    """Return the positions of the bits that are set, ascending."""
    found = []
    while mask:
        bit = mask & -mask
        found.append(bit.bit_length() - 1)
        mask ^= bit
    return tuple(found)
