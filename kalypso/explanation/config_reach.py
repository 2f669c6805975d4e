"""How far each platform configuration reaches: the assignments that it applies to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kalypso.errors import Collector
from kalypso.model import Assignment, Platform
from kalypso.scheduling import Matcher, layers_of


def reach(platform: Platform, assignments: Sequence[Assignment]) -> dict[str, int]:
    """Count the assignments that each ConfigMap gives a value to, by its name.

    Raises:
        Problems: A key of an ``azure-app-config`` map is not well formed.
    """
    problems = Collector()
    layers = layers_of(platform.config_maps, problems)
    problems.raise_errors()
    matcher = Matcher([layer.wanted for layer in layers])
    clusters = {each.name: matcher.cluster(each) for each in platform.cluster_types}
    targets = {each.name: matcher.target(each) for each in platform.targets}
    same = Counter(
        clusters[each.cluster_type.name] | targets[each.target.name] for each in assignments
    )
    found = dict.fromkeys((each.name for each in platform.config_maps), 0)
    for answered, number in same.items():
        for name in {layers[n].config_map.name for n in matcher.matching(answered)}:
            found[name] += number
    return found
