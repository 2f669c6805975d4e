"""What was rendered and will be trouble: data of a ConfigMap that is no text, long names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kalypso.errors import Collector, KalypsoError
from kalypso.loading import read_documents
from kalypso.model import MAX_LABEL, Assignment, Evaluation
from kalypso.rendering import namespace_of
from kalypso.scheduling import Configuration

_NEAR = 5
"""Characters below the limit at which a name is worth a warning."""


def advise_on_delivered(
    evaluation: Evaluation, configurations: Sequence[Configuration], problems: Collector
) -> None:
    """Warn about what the manifests hold."""
    _advise_on_names(evaluation, problems)
    seen: set[tuple[str, int]] = set()
    told: set[tuple[str, str]] = set()
    for assignment, configuration in zip(evaluation.assignments, configurations, strict=True):
        template = assignment.cluster_type.config_type
        if (template, id(configuration)) in seen:
            continue
        seen.add((template, id(configuration)))
        for key in _not_text(evaluation, assignment):
            if (template, key) in told:
                continue
            told.add((template, key))
            layer = configuration.source_of(key)
            at = assignment.cluster_type.origin.at("spec", "configType")
            if layer is not None:
                at = layer.config_map.origin.at("data", layer.written_key(key))
            problems.warn(
                "config-not-text",
                f"{key!r} reaches the data of a ConfigMap as a mapping, a list or a number"
                f" (assignment {assignment.folder}): Kubernetes refuses it",
                at,
                "write it as text in the template, for example with toYaml and quote",
            )


def _not_text(evaluation: Evaluation, assignment: Assignment) -> Iterator[str]:
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
                    yield from (key for key, value in data.items() if not isinstance(value, str))


def _advise_on_names(evaluation: Evaluation, problems: Collector) -> None:
    told: set[str] = set()
    for assignment in evaluation.assignments:
        name = namespace_of(assignment, evaluation.environment, evaluation.convention)
        if MAX_LABEL - _NEAR <= len(name) <= MAX_LABEL and name not in told:
            told.add(name)
            problems.warn(
                "name-near-limit",
                f"the namespace {name!r} has {len(name)} of {MAX_LABEL} characters",
                assignment.target.at,
                "in an environment with a longer name the workload could not be scheduled",
            )
