"""Which objects of the model made an assignment come, go or change.

Two evaluations are compared object by object. What many assignments share (a cluster type, a
deployment target, a configuration) is compared once.

Source: docs/explanation/model.md, "From model to assignments", "Values" and "Templates".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from kalypso.errors import NOWHERE
from kalypso.explanation.object_changes import MappingChange, ObjectChanges, mapping_changes
from kalypso.golang.reflect import deep_equal
from kalypso.model import (
    Assignment,
    Cause,
    CauseKind,
    ClusterType,
    ConfigMap,
    DeploymentTarget,
    Detail,
    Platform,
)
from kalypso.scheduling import Configuration, Layer, selects

_TEMPLATE_OF = {
    "reconciler": "reconciler",
    "namespace": "namespace_service",
    "config": "config_type",
    "platform-config": "config_type",
}
"""Field of a cluster type that names the template, by the stem of the file that it makes."""


class State(msgspec.Struct, frozen=True, eq=False):
    """One of the two evaluations."""

    platform: Platform
    assignments: Mapping[str, Assignment]
    """By folder."""
    configurations: Mapping[str, Configuration]
    """By folder."""


def state(
    platform: Platform,
    assignments: Sequence[Assignment],
    configurations: Sequence[Configuration],
) -> State:
    """Make a state of what an evaluation found; configurations in the order of assignments."""
    folders = [assignment.folder for assignment in assignments]
    return State(
        platform,
        dict(zip(folders, assignments, strict=True)),
        dict(zip(folders, configurations, strict=True)),
    )


class _Side(msgspec.Struct, frozen=True):
    """Cluster types and deployment targets of a state, by name."""

    clusters: Mapping[str, ClusterType]
    targets: Mapping[str, DeploymentTarget]

    def has_cluster_for(self, present: Assignment) -> bool:
        """Return whether all policies of an assignment select its cluster type here too."""
        cluster = self.clusters.get(present.cluster_type.name)
        return cluster is not None and all(
            selects(policy.cluster_type_selector, cluster.labels) for policy in present.policies
        )

    def has_target_for(self, present: Assignment) -> bool:
        """Return whether all policies of an assignment select its deployment target here too."""
        target = self.targets.get(present.target.name)
        return target is not None and all(
            selects(policy.target_selector, target.labels)
            and policy.workspace in (None, target.workspace)
            for policy in present.policies
        )


def _side(platform: Platform) -> _Side:
    return _Side(
        {cluster.name: cluster for cluster in platform.cluster_types},
        {target.name: target for target in platform.targets},
    )


class Causes:
    """Answers, for each assignment that differs, which objects caused it."""

    def __init__(self, before: State, after: State) -> None:
        self._before, self._after = before, after
        self._objects = ObjectChanges(before.platform, after.platform)
        self._sides = tuple(_side(each.platform) for each in (before, after))
        self._maps = tuple(
            {each.name: each for each in side.platform.config_maps} for side in (before, after)
        )
        self._known: dict[tuple[int, int], tuple[tuple[Cause, ...], bool]] = {}

    def of(self, folder: str, stems: Collection[str] = ()) -> tuple[Cause, ...]:
        """List the causes of an assignment's difference.

        Args:
            folder: Of the assignment, which is in at least one of the two states.
            stems: Names of its files that differ, without their endings.
        """
        old, new = self._before.assignments.get(folder), self._after.assignments.get(folder)
        if old is not None and new is not None:
            return tuple(self._of_change(folder, old, new, stems))
        if new is not None:
            return tuple(self._of_coming_or_going(new, self._sides[0]))
        return () if old is None else tuple(self._of_coming_or_going(old, self._sides[1]))

    def _of_coming_or_going(self, present: Assignment, other: _Side) -> Iterator[Cause]:
        """Find what keeps a pair from being assigned in the other state.

        A policy that selects the pair here would do so there, but for what this yields.
        """
        cluster, target = present.cluster_type.name, present.target.name
        if not other.has_cluster_for(present):
            yield from self._objects.cluster_type(cluster, labels=True)
        if not other.has_target_for(present):
            yield from self._objects.target(target)
        for policy in present.policies:
            yield from self._objects.policy(policy.name)

    def _of_change(
        self, folder: str, old: Assignment, new: Assignment, stems: Collection[str]
    ) -> Iterator[Cause]:
        causes, moved = self._of_values(folder)
        yield from causes
        # Labels of a cluster type reach its files only by choosing config maps.
        yield from self._objects.cluster_type(new.cluster_type.name, labels=moved)
        yield from self._of_templates(old.cluster_type, new.cluster_type, stems)
        yield from self._objects.target(new.target.name)

    def _of_templates(
        self, old: ClusterType, new: ClusterType, stems: Collection[str]
    ) -> Iterator[Cause]:
        """Find the templates behind files that differ, each with the files that it writes."""
        written: dict[str, list[str]] = {}
        for stem in sorted(stems, key=lambda stem: (_TEMPLATE_OF.get(stem, ""), stem)):
            field = _TEMPLATE_OF.get(stem)
            name = getattr(new, field) if field else ""
            if name and name == getattr(old, field or ""):
                written.setdefault(name, []).append(stem)
        for name, files in written.items():
            for cause in self._objects.template(name):
                yield replace(cause, stems=tuple(files))

    def _of_values(self, folder: str) -> tuple[tuple[Cause, ...], bool]:
        """Return the config maps behind values that differ, and if other ones apply now."""
        before, after = self._before.configurations[folder], self._after.configurations[folder]
        known = self._known.get((id(before), id(after)))
        if known is None:
            found = tuple(self._compare_values(before, after))
            known = tuple(cause for cause, _ in found), any(moved for _, moved in found)
            self._known[id(before), id(after)] = known
        return known

    def _compare_values(
        self, before: Configuration, after: Configuration
    ) -> Iterator[tuple[Cause, bool]]:
        keys = {
            key
            for key in before.values.keys() | after.values.keys()
            if key not in before.values
            or key not in after.values
            or not deep_equal(before.values[key], after.values[key])
        }
        old, new = _texts(before.layers, keys), _texts(after.layers, keys)
        for name in sorted(old.keys() | new.keys()):
            changes = list(mapping_changes(old.get(name, {}), new.get(name, {})))
            if changes:
                sides = self._maps[0].get(name), self._maps[1].get(name)
                yield _value_cause(name, sides, changes)


def _texts(layers: Sequence[Layer], keys: Collection[str]) -> dict[str, dict[str, str]]:
    """Return what each ConfigMap says of some keys: texts by the key as written, by its name."""
    found: dict[str, dict[str, str]] = {}
    for layer in layers:
        for key, text in layer.texts.items():
            if key in keys:
                found.setdefault(layer.config_map.name, {})[layer.written_key(key)] = text
    return found


def _value_cause(
    name: str, sides: tuple[ConfigMap | None, ConfigMap | None], changes: Sequence[MappingChange]
) -> tuple[Cause, bool]:
    """Return the ConfigMap as a cause, and whether it is the same and applies elsewhere now."""
    old, new = sides
    details = tuple(Detail(*change) for change in changes)
    if old is None or new is None:
        change: CauseKind = "added" if old is None else "removed"
        at = NOWHERE if (present := new or old) is None else present.at
        return Cause(kind="ConfigMap", name=name, change=change, at=at, details=details), False
    labels = tuple(
        Detail(f"label {key}", *texts) for key, *texts in mapping_changes(old.labels, new.labels)
    )
    moved = not labels and all(old.data.get(key) == new.data.get(key) for key, _, _ in changes)
    cause = Cause(
        kind="ConfigMap",
        name=name,
        change=_how_it_moved(changes) if moved else "changed",
        at=new.origin.at("data", changes[0][0]) if not labels else new.at,
        details=(*labels, *details),
    )
    return cause, moved


def _how_it_moved(changes: Sequence[MappingChange]) -> CauseKind:
    if all(old is None for _, old, _ in changes):
        return "applies now"
    if all(new is None for _, _, new in changes):
        return "applies no more"
    return "changed"
