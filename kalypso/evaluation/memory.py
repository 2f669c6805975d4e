"""What earlier evaluations found, so that the next one does only what a change concerns.

For `kalypso watch`: the same results as without it, problem for problem and byte for byte. Files of
workloads are read anew if their repository changed, and an assignment is rendered anew if anything
differs that its manifests can depend on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from kalypso.errors import Collector, SourceError
from kalypso.evaluation.pipeline import (
    Request,
    Run,
    Steps,
    evaluate_into,
)
from kalypso.loading.workloads import read_workloads
from kalypso.model.objects import (
    ClusterType,
    DeploymentTarget,
    Template,
    Workload,
    WorkloadRegistration,
)
from kalypso.model.origin import Origin
from kalypso.model.platform import Assignment, Platform
from kalypso.model.records import Repositories, Source
from kalypso.model.rendered import Manifest, ManifestKind, RenderedAssignment
from kalypso.rendering.namespaces import namespaces, warn_of_namespaces
from kalypso.rendering.render import RenderSettings, render

T = TypeVar("T")
Values = dict[str, Any]

_KINDS: tuple[ManifestKind, ...] = ("reconciler", "namespace", "config")
_SEES_VALUES = re.compile(r"ConfigData|\$(?!\.[A-Za-z])|(?<![\w)\]])\.(?![A-Za-z])")
"""What could reach the configuration: its name, or the whole data as ``.`` or ``$``."""
_BLANK = Template(
    name="\0blank",
    labels={},
    origin=Origin("", "", 0, 1),
    type="",
    content_type="",
    manifests=(),
)
"""A template with a name that no object can have, which writes nothing."""


class Memory:
    """Evaluates again and again, each time on top of what it knows.

    The repositories of a request must give the same :class:`Source` object as long as nothing in a
    tree changed; for another object the tree is read anew.
    """

    def __init__(self) -> None:
        self._workloads: dict[str, _Read] = {}
        self._rendered: dict[str, _Rendered] = {}
        self._surroundings: tuple[str, RenderSettings] | None = None
        self._steps = Steps(read_workloads=self._read, render=self._render)

    def evaluate_into(self, request: Request, problems: Collector) -> Run:
        """Evaluate as :func:`kalypso.evaluation.pipeline.evaluate_into` does."""
        return evaluate_into(request, problems, self._steps)

    def _read(
        self,
        registration: WorkloadRegistration,
        repositories: Repositories,
        problems: Collector,
        *,
        strict: bool,
    ) -> list[Workload]:
        try:
            source = repositories.read(registration.workload)
        except SourceError:
            return read_workloads(registration, repositories, problems, strict=strict)
        known = self._workloads.get(registration.name)
        if known is None or not known.holds(source, registration, strict=strict):
            found = Collector()
            try:
                workloads = read_workloads(registration, repositories, found, strict=strict)
            finally:
                _add(found, problems)
            self._workloads[registration.name] = _Read(
                source, registration, strict, tuple(workloads), found
            )
            return workloads
        _add(known.found, problems)
        return list(known.workloads)

    def _render(
        self,
        platform: Platform,
        assignments: Sequence[Assignment],
        values: Sequence[Values],
        settings: RenderSettings,
        problems: Collector,
    ) -> list[RenderedAssignment]:
        if self._surroundings != (platform.environment, settings):
            self._rendered.clear()
            self._surroundings = (platform.environment, settings)
        # Rendering sees only some of the assignments, so what concerns all of them is checked here.
        namespaces(assignments, platform.environment, settings.convention, problems)
        if settings.convention == "walkthrough":
            warn_of_namespaces(platform, assignments, problems)
        same = _Sameness(platform.templates)
        stale = [
            _Stale(assignment, own, self._kept(same, assignment))
            for assignment, own in zip(assignments, values, strict=True)
            if not same.holds(self._rendered.get(assignment.folder), assignment, own)
        ]
        blanked = _Blanked()
        done = render(
            replace(platform, workloads=(), templates=_WithBlank(platform.templates)),
            [blanked.assignment(each) for each in stale],
            [each.values for each in stale],
            settings,
            problems,
        )
        self._remember(same, stale, {each.assignment.folder: each for each in done})
        return [
            RenderedAssignment(assignment, known.rendered.namespace, known.rendered.manifests)
            for assignment in assignments
            if (known := self._rendered.get(assignment.folder)) is not None
        ]

    def _kept(
        self, same: _Sameness, assignment: Assignment
    ) -> Mapping[ManifestKind, Manifest | None]:
        """Return the manifests that stay as they are although the values changed."""
        known = self._rendered.get(assignment.folder)
        if known is None or not same.holds(known, assignment, known.values):
            return {}
        manifests = {manifest.kind: manifest for manifest in known.rendered.manifests}
        return {kind: manifests.get(kind) for kind in same.free_of_values(known.templates)}

    def _remember(
        self, same: _Sameness, stale: Sequence[_Stale], done: Mapping[str, RenderedAssignment]
    ) -> None:
        for each in stale:
            folder = each.assignment.folder
            self._rendered.pop(folder, None)
            rendered = done.get(folder)
            if rendered is None:
                continue
            own = {manifest.kind: manifest for manifest in rendered.manifests}
            both = (each.kept.get(kind) or own.get(kind) for kind in _KINDS)
            manifests = tuple(manifest for manifest in both if manifest is not None)
            self._rendered[folder] = _Rendered(
                each.assignment,
                each.values,
                same.templates_of(each.assignment.cluster_type),
                RenderedAssignment(each.assignment, rendered.namespace, manifests),
            )


@dataclass(frozen=True, slots=True)
class _Stale:
    """An assignment that is rendered anew, but for what is kept."""

    assignment: Assignment
    values: Values
    kept: Mapping[ManifestKind, Manifest | None]
    """Kinds of manifests that would be as they were; ``None`` for one that was empty."""


class _WithBlank(dict[str, Template]):
    """Templates, and the empty one, which messages do not list."""

    def __contains__(self, name: object) -> bool:
        return name == _BLANK.name or super().__contains__(name)

    def __missing__(self, name: str) -> Template:
        if name != _BLANK.name:
            raise KeyError(name)
        return _BLANK


class _Blanked:
    """Assignments as rendering sees them: what is kept is rendered by a template without text."""

    def __init__(self) -> None:
        self._clusters: dict[tuple[int, tuple[str, ...]], ClusterType] = {}

    def assignment(self, stale: _Stale) -> Assignment:
        """Return the assignment with a cluster type that names the empty template."""
        if not stale.kept:
            return stale.assignment
        cluster = stale.assignment.cluster_type
        key = (id(cluster), tuple(stale.kept))
        if key not in self._clusters:
            names = cluster.reconciler, cluster.namespace_service, cluster.config_type
            reconciler, namespace, config = (
                _BLANK.name if kind in stale.kept else name
                for kind, name in zip(_KINDS, names, strict=True)
            )
            self._clusters[key] = replace(
                cluster, reconciler=reconciler, namespace_service=namespace, config_type=config
            )
        return replace(stale.assignment, cluster_type=self._clusters[key])


@dataclass(frozen=True, slots=True)
class _Read:
    """The workloads of a registration, and what they were read from."""

    source: Source
    registration: WorkloadRegistration
    strict: bool
    workloads: tuple[Workload, ...]
    found: Collector
    """Everything that was wrong with them."""

    def holds(self, source: Source, registration: WorkloadRegistration, *, strict: bool) -> bool:
        return self.source is source and self.strict == strict and self.registration == registration


Templates = tuple[Template | None, ...]


@dataclass(frozen=True, slots=True)
class _Rendered:
    """The manifests of an assignment, and what they were made from."""

    assignment: Assignment
    values: Values
    templates: Templates
    rendered: RenderedAssignment


class _Sameness:
    """Tells whether what manifests are made from is as it was; each pair of objects once."""

    def __init__(self, templates: Mapping[str, Template]) -> None:
        self._templates = templates
        self._known: dict[tuple[int, int], bool] = {}
        self._of_cluster: dict[int, Templates] = {}
        self._free: dict[int, tuple[ManifestKind, ...]] = {}

    def holds(self, known: _Rendered | None, assignment: Assignment, values: Values) -> bool:
        """Tell whether an assignment would be rendered as it was."""
        if known is None:
            return False
        old, new = known.assignment, assignment
        return (
            self._same(known.values, values, repr)
            and self._same(old.cluster_type, new.cluster_type, _of_cluster_type)
            and self._same(old.target, new.target, _of_target)
            and self._same(known.templates, self.templates_of(new.cluster_type), _of_templates)
        )

    def templates_of(self, cluster: ClusterType) -> Templates:
        """Return the templates of a cluster type; one tuple for each, so that it has one id."""
        found = self._of_cluster.get(id(cluster))
        if found is None:
            names = (cluster.reconciler, cluster.namespace_service, cluster.config_type)
            found = tuple(self._templates.get(name) for name in names)
            self._of_cluster[id(cluster)] = found
        return found

    def free_of_values(self, templates: Templates) -> tuple[ManifestKind, ...]:
        """Return the kinds of manifests whose templates cannot see the configuration."""
        found = self._free.get(id(templates))
        if found is None:
            pairs = zip(_KINDS, templates, strict=True)
            found = tuple(kind for kind, each in pairs if each and not _may_see_values(each))
            self._free[id(templates)] = found
        return found

    def _same(self, old: T, new: T, content: Callable[[T], object]) -> bool:
        """Compare by content; objects live as long as this does, so their ids stand for them."""
        if old is new:
            return True
        key = (id(old), id(new))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = content(old) == content(new)
        return known


def _of_cluster_type(cluster: ClusterType) -> object:
    return (cluster.name, cluster.reconciler, cluster.namespace_service, cluster.config_type)


def _of_target(target: DeploymentTarget) -> object:
    return (target.name, target.workload, target.workspace, target.labels, target.manifests)


def _of_templates(templates: Templates) -> object:
    # By repr, since 1, 1.0 and True are equal and yet written in different ways; so are values.
    return [each and (each.name, each.content_type, repr(each.manifests)) for each in templates]


def _may_see_values(template: Template) -> bool:
    return any(_SEES_VALUES.search(text) for text in _texts(template.manifests))


def _texts(value: object) -> Iterator[str]:
    """List the texts in a manifest: itself, or those of a mapping, keys too."""
    match value:
        case str():
            yield value
        case Mapping():
            for key, item in value.items():
                yield from _texts(key)
                yield from _texts(item)
        case list() | tuple():
            for item in value:
                yield from _texts(item)
        case _:
            pass


def _add(found: Collector, problems: Collector) -> None:
    problems.errors += found.errors
    problems.warnings += found.warnings
