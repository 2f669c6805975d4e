"""Each kind of the platform model, made from a raw object."""

from __future__ import annotations

import re
from typing import Protocol, TypedDict

import yaml

from kalypso import model
from kalypso.errors import Collector, LoadError, Position, Problem, Problems
from kalypso.git import check_repository, is_commit
from kalypso.loading import specs
from kalypso.loading.raw import QUOTE, RawObject
from kalypso.loading.spec_problems import check_spec, place
from kalypso.model import (
    AZURE_CONFIG_PREFIX,
    CONFIG_LABEL,
    ModelObject,
    Origin,
    Pointer,
    Selector,
    SelectorError,
    fault,
    parse_selector,
    shown,
    unportable,
)

_PART_OF_COMMIT = re.compile(r"[0-9a-f]{4,39}")
_DATA_KEY = re.compile(r"[-._a-zA-Z0-9]+")


class _Identity(TypedDict):
    name: str
    labels: model.Labels
    origin: Origin


def make(raw: RawObject, problems: Collector, *, strict: bool) -> ModelObject:
    """Make the object of its kind.

    Raises:
        KalypsoError: The object is wrong.
        KeyError: The kind is none of :data:`KINDS`.
    """
    return KINDS[raw.kind](raw, problems, strict=strict)


def is_platform_config(raw: RawObject) -> bool:
    """Return whether a ConfigMap holds platform configuration."""
    return raw.labels.get(CONFIG_LABEL) == "true" or raw.name.startswith(AZURE_CONFIG_PREFIX)


def config_map(raw: RawObject) -> model.ConfigMap:
    """Make a ConfigMap of platform configuration.

    Raises:
        LoadError: The object's data is not a mapping.
        Problems: Every value that is not text, and every key that the API server refuses.
    """
    data = raw.body.get("data")
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise LoadError("data is not a mapping", place(raw, "data"), code="wrong-type")
    found = Collector()
    for key, value in data.items():
        with found.catching():
            _check_data(raw, key, value)
    found.raise_errors()
    return model.ConfigMap(**_identity(raw), data=data)


def _check_data(raw: RawObject, key: str, value: object) -> None:
    at = place(raw, "data", key)
    if not _DATA_KEY.fullmatch(key):
        raise LoadError(
            f"the key {shown(key)} may hold only letters, digits, '-', '_' and '.'",
            at,
            code="bad-key",
        )
    if not isinstance(value, str):
        raise LoadError(
            f"the value of {shown(key)} is not text but {shown(value)}",
            at,
            "begin it with | to make it text" if isinstance(value, dict | list) else QUOTE,
            code="not-text",
        )


def _identity(raw: RawObject) -> _Identity:
    return {"name": raw.name, "labels": raw.labels, "origin": raw.origin}


def _environment(raw: RawObject, problems: Collector, *, strict: bool) -> ModelObject:
    spec = check_spec(specs.EnvironmentSpec, raw, problems, strict=strict)
    where = spec.control_plane
    return model.Environment(
        **_identity(raw), control_plane=_pointer(where, raw, "spec", "controlPlane")
    )


def _template(raw: RawObject, problems: Collector, *, strict: bool) -> ModelObject:
    spec = check_spec(specs.TemplateSpec, raw, problems, strict=strict)
    return model.Template(
        **_identity(raw),
        type=spec.type,
        content_type=spec.content_type,
        manifests=tuple(spec.manifests),
    )


def _registration(raw: RawObject, problems: Collector, *, strict: bool) -> ModelObject:
    spec = check_spec(specs.WorkloadRegistrationSpec, raw, problems, strict=strict)
    return model.WorkloadRegistration(
        **_identity(raw),
        workload=_pointer(spec.workload, raw, "spec", "workload"),
        workspace=spec.workspace,
    )


def _cluster_type(raw: RawObject, problems: Collector, *, strict: bool) -> ModelObject:
    spec = check_spec(specs.ClusterTypeSpec, raw, problems, strict=strict)
    wrong = "" if fault("dns1123subdomain", raw.name) else unportable(raw.name)
    if wrong:
        raise LoadError(
            f"the name {shown(raw.name)} {wrong}",
            raw.origin.at("metadata", "name"),
            "the cluster type's folder in the GitOps repository has this name",
            code="bad-name",
        )
    return model.ClusterType(
        **_identity(raw),
        reconciler=spec.reconciler,
        namespace_service=spec.namespace_service,
        config_type=spec.config_type,
    )


def _policy(raw: RawObject, problems: Collector, *, strict: bool) -> ModelObject:
    try:
        spec = check_spec(specs.SchedulingPolicySpec, raw, problems, strict=strict)
    except Problems as error:
        raise Problems([*error.problems, *_wrong_selectors(raw)]) from None
    found = Collector()
    targets = clusters = Selector()
    with found.catching():
        targets = _selector(raw, "deploymentTargetSelector", spec.target_selector.label_selector)
    with found.catching():
        clusters = _selector(raw, "clusterTypeSelector", spec.cluster_type_selector.label_selector)
    found.raise_errors()
    return model.SchedulingPolicy(
        **_identity(raw),
        workspace=spec.target_selector.workspace or None,
        target_selector=targets,
        cluster_type_selector=clusters,
    )


def _wrong_selectors(raw: RawObject) -> list[Problem]:
    """Return what is wrong with the selectors of a policy that is wrong in other ways."""
    found, spec = Collector(), raw.body.get("spec")
    for side in ("deploymentTargetSelector", "clusterTypeSelector"):
        body = spec.get(side) if isinstance(spec, dict) else None
        labels = body.get("labelSelector") if isinstance(body, dict) else None
        if isinstance(labels, dict):
            with found.catching():
                _selector(raw, side, labels)
    return found.errors


def _selector(raw: RawObject, side: str, body: object) -> Selector:
    path = ("spec", side, "labelSelector")
    try:
        return parse_selector(body)
    except SelectorError as error:
        raise Problems(
            LoadError(
                f"{side} of the policy {raw.name!r}: {sentence}",
                place(raw, *path, *below),
                code="bad-selector",
            ).problem
            for below, sentence in error.faults
        ) from None


def _schema(raw: RawObject, problems: Collector, *, strict: bool) -> ModelObject:
    spec = check_spec(specs.ConfigSchemaSpec, raw, problems, strict=strict)
    text = spec.schema_text
    if not isinstance(text, str):
        text = yaml.dump(text, Dumper=yaml.CSafeDumper)
    return model.ConfigSchema(**_identity(raw), schema=text)


def _base_repo(raw: RawObject, problems: Collector, *, strict: bool) -> ModelObject:
    spec = check_spec(specs.BaseRepoSpec, raw, problems, strict=strict)
    return model.BaseRepo(**_identity(raw), pointer=_pointer(spec, raw, "spec"))


def _gitops_repo(raw: RawObject, problems: Collector, *, strict: bool) -> ModelObject:
    spec = check_spec(specs.GitOpsRepoSpec, raw, problems, strict=strict)
    if spec.path.strip("./"):
        problems.warn(
            "gitops-path",
            f"the path {spec.path!r} is not used: manifests go to the root of the repository",
            place(raw, "spec", "path"),
        )
    return model.GitOpsRepo(**_identity(raw), pointer=_pointer(spec, raw, "spec"))


def _pointer(spec: specs.PointerSpec, raw: RawObject, *path: str) -> Pointer:
    found, folder, commit = Collector(), ".", ""
    for field in ("repo", "branch"):
        if getattr(spec, field).startswith("-"):
            found.error(
                LoadError(
                    f"{field} begins with '-', which git would take for an option",
                    place(raw, *path, field),
                    code="bad-pointer",
                )
            )
    if spec.repo and not found.errors:
        with found.catching():
            check_repository(spec.repo, place(raw, *path, "repo"))
    with found.catching():
        folder = _folder(spec.path, place(raw, *path, "path"))
    with found.catching():
        commit = _commit(getattr(spec, "commit", ""), place(raw, *path, "commit"))
    found.raise_errors()
    return Pointer(
        repo=spec.repo,
        branch=spec.branch,
        path=folder,
        commit=commit,
        at=place(raw, *path, "repo"),
    )


def _commit(text: str, at: Position) -> str:
    """Return the id of a commit, in the small letters that git writes.

    Raises:
        LoadError: The text is a part of a commit's id, or a name.
    """
    commit = text.lower()
    if not text or is_commit(commit):
        return commit
    if _PART_OF_COMMIT.fullmatch(commit):
        sentence = f"the commit {text!r} is only a part of a commit's id"
        hint = f"write all of it, as `git rev-parse {text}` prints it"
    else:
        sentence = f"the commit {text!r} is not the id of a commit"
        hint = "write all 40 digits, as `git rev-parse` prints them; a branch goes into branch"
    raise LoadError(sentence, at, hint, code="bad-pointer")


def _folder(path: str, at: Position) -> str:
    """Return a path from the root of the repository, as Flux finds it: ``/w`` is ``w``.

    Raises:
        LoadError: The path leads out of the repository.
    """
    found: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part == ".." and (not found or "\\" in path):
            raise LoadError(
                f"the path {path!r} leads out of the repository", at, code="bad-pointer"
            )
        if part == "..":
            found.pop()
        elif part not in {"", "."}:
            found.append(part)
    return "/".join(found) or "."


class _Maker(Protocol):
    """Makes the object of one kind."""

    def __call__(self, raw: RawObject, problems: Collector, *, strict: bool) -> ModelObject: ...


KINDS: dict[str, _Maker] = {
    "Environment": _environment,
    "Template": _template,
    "WorkloadRegistration": _registration,
    "ClusterType": _cluster_type,
    "SchedulingPolicy": _policy,
    "ConfigSchema": _schema,
    "BaseRepo": _base_repo,
    "GitOpsRepo": _gitops_repo,
}
"""The kinds that a control plane holds. A Workload belongs to an application's repository."""

OPERATOR_KINDS = ("Assignment", "AssignmentPackage", "DeploymentTarget")
"""Kinds that the operator writes in its cluster; in a repository they say nothing."""
