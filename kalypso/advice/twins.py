"""Objects that several assignments write for one cluster type: clusters refuse all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kalypso.errors import Collector
from kalypso.model import Assignment, Evaluation
from kalypso.rendering import found_objects, glance

_Key = tuple[str, str, str, str]
"""Cluster type, and what is seen of an object at a glance: kind, namespace and name."""
_Identity = tuple[str, str, str, str]


def advise_on_twins(evaluation: Evaluation, problems: Collector) -> None:
    """Warn about an object that stands in the manifests of two assignments of a cluster type."""
    assignments = {each.folder: each for each in evaluation.assignments}
    candidates: dict[_Key, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path, text in evaluation.files.items():
        assignment = assignments.get(path.rpartition("/")[0])
        if assignment is not None and path.endswith(".yaml"):
            for key in _glanced(assignment, text):
                candidates[key][assignment.folder].append(text)
    for key in sorted(key for key, folders in candidates.items() if len(folders) > 1):
        folders = candidates[key]
        writers = [(assignments[folder], texts) for folder, texts in folders.items()]
        _warn(key, writers, problems)


def _glanced(assignment: Assignment, text: str) -> Iterator[_Key]:
    found = glance(text)
    if found is None:
        found = [each.glance for each in found_objects(text)]
    for kind, namespace, name in dict.fromkeys(found):
        yield assignment.cluster_type.name, kind, namespace, name


def _warn(key: _Key, writers: list[tuple[Assignment, list[str]]], problems: Collector) -> None:
    cluster, kind, _, name = key
    written: dict[_Identity, list[Assignment]] = defaultdict(list)
    for assignment, texts in writers:
        objects = (each for text in texts for each in found_objects(text))
        same = (each.identity for each in objects if each.glance == key[1:])
        for identity in dict.fromkeys(same):
            written[identity].append(assignment)
    for several in written.values():
        if len(several) < 2:  # noqa: PLR2004 - one is as it should be
            continue
        first, second, *others = several
        more = f" and {len(others):,} more" if others else ""
        problems.warn(
            "object-of-several",
            f"the {kind} {name!r} is written for {first.target.name} and {second.target.name}{more}"
            f" on {cluster}: clusters refuse a folder with an object twice in it",
            second.target.at,
            f"the other target is in {first.target.at}; let the template put"
            " {{ .DeploymentTargetName }} into the name",
        )
