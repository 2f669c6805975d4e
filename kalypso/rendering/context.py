"""The data that templates get for one assignment.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kalypso.golang.values import Missing, StringMap, Struct
from kalypso.model import OWNER_LABELS, Assignment, fault
from kalypso.rendering.wellformed import Own, is_harmless
from kalypso.template import Twin, inert


@lru_cache(maxsize=1 << 16)
def _is_label(name: str) -> bool:
    """Return whether a name is as good as any other for naming any object."""
    return not fault("dns1123label", name)


TYPE_NAME = "scheduler.dataType"


@dataclass(frozen=True, slots=True)
class Context:
    """What is rendered for one assignment."""

    assignment: Assignment
    environment: str
    namespace: str
    values: dict[str, Any]
    """The composed configuration; shared between assignments."""
    own: tuple[Own, ...] = field(init=False)
    """Texts by which this assignment differs from others and that are harmless in YAML wherever
    they stand; longest first."""
    shared_data: Struct = field(init=False)
    """The data, for templates that do not change it."""

    def __post_init__(self) -> None:
        target = self.assignment.target
        names = {self.namespace, target.name, target.workload, target.workspace}
        names.add(self.assignment.cluster_type.name)
        odd = {name for name in names if not _is_label(name)}
        names -= odd
        harmless = filter(is_harmless, {*names, *target.manifests.values()} - odd)
        texts = sorted(harmless, key=len)
        object.__setattr__(self, "own", tuple((text, text in names) for text in reversed(texts)))
        object.__setattr__(self, "shared_data", self.data(self.values))

    def data(self, values: dict[str, Any]) -> Struct:
        """Return the root of the template's data, with the fields of both generations."""
        target = self.assignment.target
        return self._struct(values, StringMap(target.labels), StringMap(target.manifests))

    def traced(self, values: dict[str, Any], only: str = "") -> Struct:
        """Return the same data, in which all that a team wrote is a twin.

        Names and keys are their own doubles: a manifest may be named by them, and they cannot hold
        anything but letters, digits and a few separators.

        Args:
            values: As for :meth:`data`.
            only: The one key of the manifests whose text gets an inert double; all if empty.
        """
        target = self.assignment.target
        data = self._struct(
            values,
            _twins(target.labels, lambda key: not only and key not in OWNER_LABELS),
            _twins(target.manifests, lambda key: only in ("", key)),
        )
        for name in ("DeploymentTargetName", "Namespace", "Workload"):
            data.fields[name] = Twin(data.fields[name], data.fields[name])
        return data

    def _struct(
        self, values: dict[str, Any], labels: StringMap | Twin, manifests: StringMap | Twin
    ) -> Struct:
        target = self.assignment.target
        return Struct(
            {
                "DeploymentTargetName": target.name,
                "Namespace": self.namespace,
                "Environment": self.environment,
                "Workspace": target.workspace,
                "Workload": target.workload,
                "Labels": labels,
                "Manifests": manifests,
                "ClusterType": self.assignment.cluster_type.name,
                "ConfigData": values,
                "Repo": _member(manifests, "repo"),
                "Branch": _member(manifests, "branch"),
                "Path": _member(manifests, "path"),
            },
            TYPE_NAME,
        )


def _twins(texts: Mapping[str, str], has_double: Callable[[str], bool]) -> Twin:
    doubles = {key: inert(text) if has_double(key) else text for key, text in texts.items()}
    return Twin(StringMap(texts), StringMap(doubles))


def _member(manifests: StringMap | Twin, key: str) -> object:
    if isinstance(manifests, Twin):
        real, double = manifests.real, manifests.double
        return Twin(real[key], double[key]) if key in real else Missing(key, real)
    return manifests.get(key, Missing(key, manifests))
