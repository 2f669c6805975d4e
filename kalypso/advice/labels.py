"""Labels that look like a slip of another one, and config map labels with an empty value."""

from __future__ import annotations

from collections import defaultdict

from kalypso.errors import Collector, Position
from kalypso.model import Platform, SchedulingPolicy
from kalypso.scheduling import wanted_labels
from kalypso.spelling import look_alikes

_MANY = 200
"""Keys with more values than this name things; comparing those pair by pair says nothing."""
_NAMES = frozenset({"cluster-type", "deployment-target", "workload", "workspace"})

_Uses = dict[str, dict[str, list[Position]]]
"""Places by value by key."""


def advise_on_labels(platform: Platform, problems: Collector) -> None:
    """Warn about labels that are probably meant to be the same."""
    uses = _uses(platform)
    for one, other in look_alikes(uses):
        first, second = _rarer(_places(uses[one]), one, _places(uses[other]), other)
        problems.warn(
            "label-look-alike",
            f"the label key {first[1]!r} looks like {second[1]!r}",
            first[0],
            f"{second[1]!r} is used in {second[0]}; write one of them everywhere",
        )
    for key, values in uses.items():
        if key in _NAMES or len(values) > _MANY:
            continue
        for one, other in look_alikes(values):
            first, second = _rarer(values[one], one, values[other], other)
            problems.warn(
                "label-look-alike",
                f"the value {first[1]!r} of the label {key!r} looks like {second[1]!r}",
                first[0],
                f"{second[1]!r} is used in {second[0]}; write one of them everywhere",
            )
    _advise_on_empty(platform, problems)


def _uses(platform: Platform) -> _Uses:
    uses: _Uses = defaultdict(lambda: defaultdict(list))
    labelled = [
        *((target.labels.items(), target.origin.start) for target in platform.targets),
        *((cluster.labels.items(), cluster.at) for cluster in platform.cluster_types),
        *((wanted_labels(config.labels), config.at) for config in platform.config_maps),
        *((_asked(policy), policy.at) for policy in platform.policies),
    ]
    for labels, at in labelled:
        for key, value in labels:
            uses[key][value].append(at)
    return uses


def _asked(policy: SchedulingPolicy) -> list[tuple[str, str]]:
    return [
        (requirement.key, value)
        for selector in (policy.target_selector, policy.cluster_type_selector)
        for requirement in selector.requirements
        for value in requirement.values
    ]


def _places(values: dict[str, list[Position]]) -> list[Position]:
    return [place for places in values.values() for place in places]


def _rarer(
    places: list[Position], word: str, others: list[Position], other: str
) -> tuple[tuple[Position, str], tuple[Position, str]]:
    """Put the word that is used less first: that one is probably the slip."""
    one, two = (min(places), word), (min(others), other)
    return (two, one) if len(others) < len(places) else (one, two)


def _advise_on_empty(platform: Platform, problems: Collector) -> None:
    for config in platform.config_maps:
        for key, value in wanted_labels(config.labels):
            if not value:
                problems.warn(
                    "empty-label",
                    f"the label {key!r} of the config map {config.name!r} is empty: it matches"
                    " only objects that have the label with an empty value",
                    config.origin.at("metadata", "labels", key),
                    "leave the label out to match everything",
                )
