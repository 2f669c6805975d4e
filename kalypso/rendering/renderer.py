"""All manifests of all assignments: the templates that each cluster type names, or built-in ones.

Source: docs/explanation/model.md, "Templates" and "Built-in config types".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import msgspec

from kalypso.errors import Collector, KalypsoError, ModelError, Problem
from kalypso.model import (
    MANIFEST_KINDS,
    TEMPLATE_FIELDS,
    ClusterType,
    Manifest,
    ManifestKind,
    Platform,
    RenderedAssignment,
    template_name,
)
from kalypso.rendering.builtin import CONFIG_MAP, CONFIG_MAP_OBJECTS, ENV_FILE, BuiltIn
from kalypso.rendering.context import Context, TargetData
from kalypso.rendering.failing import Failures
from kalypso.rendering.filling import FilledTemplate
from kalypso.rendering.functions import functions, refused
from kalypso.rendering.identity import (
    Found,
    Kinds,
    found_objects,
    glance,
    kinds_may_repeat,
)
from kalypso.rendering.jobs import Job
from kalypso.rendering.kinds import AllowedKinds, KindRule, rule_for
from kalypso.rendering.manifests import CompiledTemplate
from kalypso.rendering.memo import Memo
from kalypso.rendering.rules import Rules
from kalypso.rendering.settings import RenderSettings
from kalypso.rendering.shares import Shares
from kalypso.spelling import nearest

_BUILT_IN = (CONFIG_MAP, ENV_FILE)
_Writer = Callable[[Context], Manifest]
"""Writes one manifest of an assignment; raises KalypsoError."""
_OF_MISSING_VALUES = {"missing-key", "template"}
"""Codes of what a template does about values that are not there."""


def render(
    platform: Platform, jobs: Sequence[Job], settings: RenderSettings, problems: Collector
) -> Iterator[RenderedAssignment]:
    """Render the manifests of assignments, one after the other, as they are asked for.

    Args:
        platform: Its templates are used.
        jobs: The assignments, with their namespaces and values.
        settings: Conventions and rules.
        problems: Receives every failure when the last assignment is rendered; one that many
            assignments share is reported once.

    Yields:
        The rendered assignments, in the same order; those that failed are missing.
    """
    memo = Memo()
    for own in {id(job.values): job.values for job in jobs}.values():
        memo.freeze(own)
    rules = Rules(
        functions=functions(memo),
        memo=memo,
        refused=refused(settings.allowed_functions),
        missing_key=settings.missing_key,
    )
    renderer = _Renderer(platform, rules, problems, settings.allowed_kinds)
    targets: dict[int, TargetData] = {}
    for job in jobs:
        assignment = job.assignment
        target = targets.get(id(assignment.target))
        if target is None:
            target = targets[id(assignment.target)] = TargetData(assignment.target)
        context = Context(assignment, platform.environment, job.namespace, job.values, target)
        done = renderer.in_time(context, job.kinds)
        if done is not None:
            yield done
    problems.errors += renderer.failures.problems()


class _Renderer(msgspec.Struct):
    platform: Platform
    rules: Rules
    problems: Collector
    allowed_kinds: AllowedKinds
    _shares: Shares = msgspec.field(default_factory=Shares)
    _built_in: BuiltIn = msgspec.field(default_factory=BuiltIn)
    _compiled: dict[str, FilledTemplate | None] = msgspec.field(default_factory=dict)
    _writers: dict[tuple[ManifestKind, int], _Writer] = msgspec.field(default_factory=dict)
    """What writes the manifests of cluster types, by their identities."""
    _rules_of_kinds: dict[ManifestKind, KindRule] = msgspec.field(default_factory=dict)
    _repeating: dict[tuple[Kinds | None, ...], bool] = msgspec.field(default_factory=dict)
    """Whether an object may be defined twice, by the kinds of the manifests of an assignment."""
    failures: Failures = msgspec.field(default_factory=Failures)

    def in_time(
        self, context: Context, kinds: tuple[ManifestKind, ...]
    ) -> RenderedAssignment | None:
        """Render an assignment, unless its workspace has used up its time."""
        target = context.assignment.target
        refusal = self._shares.refusal(target)
        if refusal is not None:
            self.failures.add(refusal, context.assignment)
            return None
        begin = self._shares.clock()
        try:
            return self.render(context, kinds)
        finally:
            self._shares.spend(target, begin)

    def render(
        self, context: Context, kinds: tuple[ManifestKind, ...]
    ) -> RenderedAssignment | None:
        found = [self._try_manifest(kind, context) for kind in kinds]
        if None in found:
            return None
        manifests = tuple([each for each in found if each is not None and each.text])
        objects = tuple([each.objects for each in manifests])
        if self._may_repeat(objects) and self._repeats(manifests, context):
            return None
        return RenderedAssignment(context.assignment, context.namespace, manifests)

    def _may_repeat(self, kinds: tuple[Kinds | None, ...]) -> bool:
        known = self._repeating.get(kinds)
        if known is None:
            known = self._repeating[kinds] = kinds_may_repeat(kinds)
        return known

    def _repeats(self, manifests: Sequence[Manifest], context: Context) -> bool:
        """Remember that an object is defined twice in an assignment, if one does."""
        texts = [each.text for each in manifests if each.content_type == "yaml"]
        known = [glance(text) for text in texts]
        plain = [each for found in known for each in found or ()]
        if None not in known and len(set(plain)) == len(plain):
            return False
        found = [each for text in texts for each in found_objects(text)]
        times = Counter(each.identity for each in found)
        repeated = {each.identity: each for each in found if times[each.identity] > 1}
        for each in repeated.values():
            self.failures.add(self._twice(each, context), context.assignment)
        return bool(repeated)

    def _twice(self, found: Found, context: Context) -> Problem:
        cluster = context.assignment.cluster_type
        names = {template_name(cluster, kind): None for kind in MANIFEST_KINDS}
        used = [self.platform.templates[n].name for n in names if n in self.platform.templates]
        return ModelError(
            f"the {found.kind} {found.name!r} is defined twice in the manifests of one assignment",
            context.assignment.target.at,
            f"the templates are {', '.join(used)}; Flux and Argo CD apply nothing of a folder with"
            " an object twice in it",
            code="object-twice",
        ).problem

    def _try_manifest(self, kind: ManifestKind, context: Context) -> Manifest | None:
        try:
            cluster = context.assignment.cluster_type
            write = self._writers.get((kind, id(cluster))) or self._writer(kind, cluster)
            return None if write is None else write(context)
        except KalypsoError as error:
            for problem in error.problems:
                if not self.platform.config_complete and problem.code in _OF_MISSING_VALUES:
                    continue  # what could not be read may be what is missing
                self.failures.add(problem, context.assignment)
            return None

    def _writer(self, kind: ManifestKind, cluster: ClusterType) -> _Writer | None:
        """Return what writes manifests of a kind for a cluster type; None if nothing can."""
        name = template_name(cluster, kind)
        write: _Writer
        if kind == "config" and name not in self.platform.templates and name in ("", *_BUILT_IN):
            write = self._env_file if name == ENV_FILE else self._config_map
        else:
            template = self._template(kind, name, cluster)
            if template is None:
                return None
            write = partial(template.write, rule=self._rule(kind))
        self._writers[kind, id(cluster)] = write
        return write

    def _config_map(self, context: Context) -> Manifest:
        text = self._built_in.config_map(context.namespace, context.values, harmless=context.plain)
        return Manifest("config", "yaml", text, CONFIG_MAP_OBJECTS)

    def _env_file(self, context: Context) -> Manifest:
        return Manifest("config", "sh", self._built_in.env_file(context.values), ())

    def _rule(self, kind: ManifestKind) -> KindRule:
        rule = self._rules_of_kinds.get(kind)
        if rule is None:
            names = {template_name(each, kind) for each in self.platform.cluster_types}
            known = self.platform.templates
            in_use = [known[name] for name in names if name in known]
            rule = self._rules_of_kinds[kind] = rule_for(kind, self.allowed_kinds, in_use)
        return rule

    def _template(
        self, kind: ManifestKind, name: str, cluster: ClusterType
    ) -> FilledTemplate | None:
        if name not in self.platform.templates:
            if not self.platform.templates_complete:  # it may stand where nothing could be read
                return None
            raise ModelError(
                f"the cluster type {cluster.name!r} names the template {name!r}, which does"
                " not exist",
                cluster.origin.at("spec", TEMPLATE_FIELDS[kind]),
                _other_templates(name, self.platform, _BUILT_IN if kind == "config" else ()),
                code="missing-template",
            )
        if name not in self._compiled:
            self._compiled[name] = None
            with self.problems.catching():
                template = self.platform.templates[name]
                self._compiled[name] = FilledTemplate(CompiledTemplate(template, self.rules))
        return self._compiled[name]


def _other_templates(name: str, platform: Platform, built_in: tuple[str, ...]) -> str:
    known = sorted({*platform.templates, *built_in})
    if near := nearest(name, known):
        return f"did you mean {near!r}?"
    return f"templates are {', '.join(known)}" if known else "the base holds no template"
