"""Rendered manifests that will cause trouble: not objects, not text in a ConfigMap, bad names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kalypso.errors import Collector, KalypsoError, Position
from kalypso.loading import read_documents
from kalypso.model import MANIFEST_KINDS, MAX_LABEL, Assignment, Evaluation, template_name
from kalypso.rendering import namespace_of, shapeless
from kalypso.scheduling import Configuration

_NEAR = 5
"""Characters below the limit at which a name is worth a warning."""


def advise_on_delivered(
    evaluation: Evaluation, configurations: Sequence[Configuration], problems: Collector
) -> None:
    """Warn about what the manifests hold."""
    _advise_on_names(evaluation, problems)
    _advise_on_shapeless(evaluation, problems)
    seen: set[tuple[str, int]] = set()
    reported: set[tuple[str, str]] = set()
    for assignment, configuration in zip(evaluation.assignments, configurations, strict=True):
        template = assignment.cluster_type.config_type
        if (template, id(configuration)) in seen:
            continue
        seen.add((template, id(configuration)))
        for key, value in _not_text(evaluation, assignment):
            if (template, key) in reported:
                continue
            reported.add((template, key))
            layer = configuration.source_of(key)
            if layer is not None:
                at = layer.config_map.origin.at("data", layer.written_key(key))
            else:
                at = _written_at(evaluation, template, key, assignment)
            problems.warn(
                "config-not-text",
                f"{key!r} reaches the data of a ConfigMap as {_kind(value)}"
                f" (assignment {assignment.folder}): Kubernetes refuses it",
                at,
                "write it as text in the template, for example with toYaml and quote",
            )


def _kind(value: object) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case _:
            return "a number"


def _written_at(evaluation: Evaluation, name: str, key: str, assignment: Assignment) -> Position:
    """Return where a template writes a key itself, or the reference to a built-in one."""
    template = evaluation.platform.templates.get(name)
    if template is None:
        return assignment.cluster_type.origin.at("spec", "configType")
    texts = [str(manifest) for manifest in template.manifests]
    number = next((n for n, text in enumerate(texts) if key in text), 0)
    place, block = template.origin.value_at("spec", "manifests", number)
    lines = texts[number].splitlines() if texts else []
    line = next((n for n, text in enumerate(lines) if text.strip().startswith(f"{key}:")), None)
    if block and line is not None:
        return Position(place.file, place.line + 1 + line)
    return template.origin.at("spec", "manifests", number)


def _advise_on_shapeless(evaluation: Evaluation, problems: Collector) -> None:
    reported: set[str] = set()
    for assignment in evaluation.assignments:
        for kind in MANIFEST_KINDS:
            template = evaluation.platform.templates.get(
                template_name(assignment.cluster_type, kind)
            )
            if template is None or template.name in reported:
                continue
            stems = ("config", "platform-config") if kind == "config" else (kind,)
            texts = (evaluation.files.get(f"{assignment.folder}/{s}.yaml", "") for s in stems)
            if any(map(shapeless, texts)):
                reported.add(template.name)
                problems.warn(
                    "not-an-object-delivered",
                    f"the template {template.name!r} writes what is not a Kubernetes object"
                    f" (assignment {assignment.folder}): clusters refuse the folder",
                    template.origin.at("spec", "manifests", 0),
                    "give it apiVersion, kind and metadata.name; or use contentType sh",
                )


def _not_text(evaluation: Evaluation, assignment: Assignment) -> Iterator[tuple[str, object]]:
    for stem in ("config", "platform-config"):
        path = f"{assignment.folder}/{stem}.yaml"
        text = evaluation.files.get(path)
        if text is None:
            continue
        try:
            documents = list(read_documents(path, text.encode()))
        except KalypsoError:
            continue
        for document in documents:
            body = document.value
            if isinstance(body, dict) and body.get("kind") == "ConfigMap":
                data = body.get("data")
                if isinstance(data, dict):
                    yield from (each for each in data.items() if not isinstance(each[1], str))


def _advise_on_names(evaluation: Evaluation, problems: Collector) -> None:
    reported: set[str] = set()
    for assignment in evaluation.assignments:
        name = namespace_of(assignment, evaluation.environment, evaluation.convention)
        if MAX_LABEL - _NEAR <= len(name) <= MAX_LABEL and name not in reported:
            reported.add(name)
            problems.warn(
                "name-near-limit",
                f"the namespace {name!r} has {len(name)} of {MAX_LABEL} characters",
                assignment.target.at,
                "in an environment with a longer name the workload could not be scheduled",
            )
