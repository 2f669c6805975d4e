"""The data that templates get for one assignment.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from kalypso.golang.values import Missing, StringMap, Struct
from kalypso.model import OWNER_LABELS, Assignment, DeploymentTarget, fault
from kalypso.rendering.wellformed import Own, is_harmless
from kalypso.template import Twin, inert

TYPE_NAME = "scheduler.dataType"

Marks = dict[str, bool]
"""Texts by which an assignment differs from others and that are harmless in YAML wherever they
stand; true for its names."""


_PLAIN = re.compile(r"[a-z][-a-z0-9]{4,61}[a-z0-9]")
"""Most names, which are harmless: they are longer than the words that YAML reads as values."""


@lru_cache(maxsize=1 << 12)
def _known_mark(name: str) -> bool | None:
    return _mark(name)


def _mark(name: str) -> bool | None:
    """Return whether a name is harmless; None if it is not as good as any other for an object."""
    if _PLAIN.fullmatch(name):
        return True
    return None if fault("dns1123label", name) else is_harmless(name)


def _mark_name(marks: Marks, name: str, *, harmless: bool | None) -> None:
    if harmless:
        marks[name] = True
    elif harmless is None:
        marks.pop(name, None)


class TargetData:
    """What the assignments of a deployment target have in common."""

    __slots__ = ("braces", "labels", "manifests", "marks", "target")

    def __init__(self, target: DeploymentTarget) -> None:
        self.target = target
        self.braces = any("{" in text for text in target.manifests.values())
        """Whether a text could begin or end an action of a template."""
        self.labels = StringMap(target.labels)
        self.manifests = StringMap(target.manifests)
        self.marks: Marks = dict.fromkeys(filter(is_harmless, target.manifests.values()), False)
        for name in (target.name, target.workload, target.workspace):
            _mark_name(self.marks, name, harmless=_mark(name))

    def text(self, names: tuple[str, ...]) -> str:
        """Return the text of a field, by its path.

        Raises:
            KeyError: There is no such field.
        """
        target = self.target
        match names:
            case ("DeploymentTargetName",):
                return target.name
            case ("Workspace",):
                return target.workspace
            case ("Workload",):
                return target.workload
            case ("Labels", key):
                return target.labels[key]
            case ("Manifests", key):
                return target.manifests[key]
            case (("Repo" | "Branch" | "Path") as name,):
                return target.manifests[name.lower()]
            case _:
                raise KeyError(names)


class Context:
    """What is rendered for one assignment."""

    __slots__ = (
        "_data", "_marks", "assignment", "cluster", "disputed", "environment", "namespace",
        "plain", "target", "values",
    )  # fmt: skip

    def __init__(
        self,
        assignment: Assignment,
        environment: str,
        namespace: str,
        values: dict[str, Any],
        target: TargetData | None = None,
    ) -> None:
        """Put together what a rendering needs.

        Args:
            assignment: The assignment.
            environment: Its environment.
            namespace: Its namespace.
            values: The composed configuration; shared between assignments.
            target: What is known of its target, if it is.
        """
        self.assignment = assignment
        self.cluster: str = assignment.cluster_type.name
        self.environment = environment
        self.namespace = namespace
        self.values = values
        self.target = target = target or TargetData(assignment.target)
        self.plain = bool(_mark(namespace))
        """Whether the namespace is harmless, and as good as any other for an object."""
        self.disputed = (
            target.marks.get(namespace) is False or target.marks.get(self.cluster) is False
        )
        """Whether a text of the target is the name of something else, and marked as such here."""
        self._data: Struct | None = None
        self._marks: Marks | None = None

    @property
    def marks(self) -> Marks:
        """All texts of the assignment that are harmless."""
        if self._marks is None:
            self._marks = dict(self.target.marks)
            _mark_name(self._marks, self.namespace, harmless=_mark(self.namespace))
            _mark_name(self._marks, self.cluster, harmless=_known_mark(self.cluster))
        return self._marks

    @property
    def cluster_marks(self) -> Marks:
        """Those that all assignments on the cluster type have."""
        return {self.cluster: True} if _known_mark(self.cluster) else {}

    @property
    def own(self) -> tuple[Own, ...]:
        """What is marked, and whether it is a name; longest first."""
        return tuple(sorted(self.marks.items(), key=lambda own: -len(own[0])))

    @property
    def shared_data(self) -> Struct:
        """The data, for templates that do not change it."""
        if self._data is None:
            self._data = self._struct(self.values, self.target.labels, self.target.manifests)
        return self._data

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
                "ClusterType": self.cluster,
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
