"""Workload files of the application teams: untrusted input, of which only Workloads count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from kalypso.errors import Collector, LoadError, Problem, Problems, SourceError
from kalypso.loading.budget import MOST_OF_TEAM, Budget
from kalypso.loading.raw import RawObject, read_labels
from kalypso.loading.spec_problems import check_spec, place
from kalypso.loading.specs import DeploymentTargetSpec, WorkloadSpec
from kalypso.loading.tree import read_tree_objects
from kalypso.model import (
    API_GROUP,
    API_VERSION,
    WORKLOAD_LABEL,
    WORKSPACE_LABEL,
    DeploymentTarget,
    Labels,
    Repositories,
    TargetName,
    Workload,
    WorkloadRegistration,
    fault,
    shown,
)

_KEY = re.compile(r"[A-Za-z0-9._-]+")


class WorkloadReader(Protocol):
    """Reads the Workloads that a registration points at, as :func:`read_workloads` does."""

    def __call__(
        self,
        registration: WorkloadRegistration,
        repositories: Repositories,
        problems: Collector,
        *,
        strict: bool,
    ) -> list[Workload]:
        """Return the workloads; see :func:`read_workloads`."""
        ...


def read_workloads(
    registration: WorkloadRegistration,
    repositories: Repositories,
    problems: Collector,
    *,
    strict: bool,
) -> list[Workload]:
    """Read the Workloads that a registration points at.

    Raises:
        SourceError: The repository cannot be read; points at the registration.
    """
    workloads: list[Workload] = []
    for raw in _read(registration, repositories, problems):
        if raw.faulty and raw.kind != "Workload":
            continue
        if raw.api_version.partition("/")[0] != API_GROUP or raw.kind != "Workload":
            problems.warn(
                "not-a-workload",
                f"the {raw.kind} {raw.name!r} is ignored: an application's repository gives"
                " Workloads only",
                raw.origin.start,
            )
            continue
        with problems.catching():
            workload = _workload(raw, registration, problems, strict=strict)
            if not raw.faulty:
                workloads.append(workload)
    return workloads


def _read(
    registration: WorkloadRegistration, repositories: Repositories, problems: Collector
) -> list[RawObject]:
    try:
        source = repositories.read(registration.workload)
        budget = Budget(values=MOST_OF_TEAM)
        return read_tree_objects(source, registration.workload.path, problems, budget)
    except SourceError as error:
        cause = error.problem
        raise SourceError(
            f"the workload of {registration.name!r} cannot be read: {cause.message}",
            registration.workload.at,
            cause.hint or "nothing is delivered until it can: its assignments would be removed",
            code=cause.code,
        ) from None


def _workload(
    raw: RawObject, registration: WorkloadRegistration, problems: Collector, *, strict: bool
) -> Workload:
    if raw.api_version != API_VERSION:
        raise LoadError(
            f"the version {raw.api_version!r} is not known",
            place(raw, "apiVersion"),
            f"use {API_VERSION}",
            code="unknown-version",
        )
    _refuse_templates(raw)
    try:
        spec = check_spec(WorkloadSpec, raw, problems, strict=strict)
    except Problems as error:
        raise Problems([*error.problems, *_wrong_words(raw)]) from None
    found = Collector()
    targets: list[DeploymentTarget] = []
    for index, target in enumerate(spec.deployment_targets):
        with found.catching():
            targets.append(_target(raw, registration, spec, target, index))
    _refuse_twins(targets, found)
    found.raise_errors()
    return Workload(
        name=raw.name,
        labels=raw.labels,
        origin=raw.origin,
        targets=tuple(targets),
        registration=registration,
    )


def _refuse_templates(raw: RawObject) -> None:
    """An application team's text is never run with the platform's data."""
    text = raw.origin.text
    if "{{" not in text and "\\" not in text:
        return  # no braces, and no escapes that could stand for them
    errors = [
        LoadError(
            "a Workload may not hold template text '{{'",
            place(raw, *path),
            code="template-in-workload",
        ).problem
        for path, text in _texts(raw.body, ())
        if "{{" in text and not _in_schema(path)
    ]
    if errors:
        raise Problems(errors)


def _in_schema(path: tuple[str | int, ...]) -> bool:
    """Return whether a text is a schema of the workload or of one of its targets."""
    within = path[3:] if path[1:2] == ("deploymentTargets",) else path[1:]
    return path[:1] == ("spec",) and within[:1] == ("configSchemas",)


def _texts(
    value: object, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    match value:
        case str():
            yield path, value
        case dict():
            for key, item in value.items():
                yield from _texts(key, (*path, key))
                yield from _texts(item, (*path, key))
        case list():
            for index, item in enumerate(value):
                yield from _texts(item, (*path, index))
        case _:
            pass


def _target(
    raw: RawObject,
    registration: WorkloadRegistration,
    workload: WorkloadSpec,
    spec: DeploymentTargetSpec,
    index: int,
) -> DeploymentTarget:
    path: tuple[str | int, ...] = ("spec", "deploymentTargets", index)
    found, own = Collector(), {}
    wrong = fault("dns1123subdomain", spec.name)
    if wrong:
        sentence = f"the deployment target's name {spec.name!r} {wrong}"
        found.error(LoadError(sentence, place(raw, *path, "name"), code="bad-name"))
    with found.catching():
        own = read_labels(spec.labels, raw.origin, (*path, "labels"))
    with found.catching():
        _check_keys(raw, spec.manifests, (*path, "manifests"))
    found.raise_errors()
    return DeploymentTarget(
        name=TargetName(f"{raw.name}-{spec.name}"),
        short_name=spec.name,
        environment=spec.environment,
        workload=raw.name,
        workspace=registration.workspace,
        labels=_labels(own, raw, registration),
        manifests=spec.manifests,
        config_schemas=(*workload.config_schemas, *spec.config_schemas),
        own_schemas=len(spec.config_schemas),
        origin=raw.origin,
        index=index,
    )


def _wrong_words(raw: RawObject) -> list[Problem]:
    """Return what is wrong with labels and keys of targets whose spec is wrong in other ways."""
    found, spec = Collector(), raw.body.get("spec")
    targets = spec.get("deploymentTargets") if isinstance(spec, dict) else None
    for index, target in enumerate(targets if isinstance(targets, list) else ()):
        path = ("spec", "deploymentTargets", index)
        labels, manifests = (
            target.get(key) if isinstance(target, dict) else None for key in ("labels", "manifests")
        )
        if isinstance(labels, dict):
            with found.catching():
                read_labels(labels, raw.origin, (*path, "labels"))
        if isinstance(manifests, dict):
            with found.catching():
                _check_keys(raw, manifests, (*path, "manifests"))
    return found.errors


def _check_keys(
    raw: RawObject, manifests: Mapping[str, object], path: tuple[str | int, ...]
) -> None:
    """Refuse keys that could be anything but a word where a template prints them."""
    errors = [
        LoadError(
            f"the key {shown(key)} may hold only letters, digits, '.', '_' and '-'",
            place(raw, *path, key),
            "rename it; templates print keys as they are",
            code="manifest-key",
        ).problem
        for key in manifests
        if not _KEY.fullmatch(key)
    ]
    if errors:
        raise Problems(errors)


def _labels(own: Mapping[str, str], raw: RawObject, registration: WorkloadRegistration) -> Labels:
    claimed = {WORKLOAD_LABEL: raw.name, WORKSPACE_LABEL: registration.workspace}
    return {**own, **raw.labels, **claimed}


def _refuse_twins(targets: list[DeploymentTarget], found: Collector) -> None:
    seen: dict[tuple[str, str], DeploymentTarget] = {}
    for target in targets:
        first = seen.setdefault((target.name, target.environment), target)
        if first is not target:
            found.error(
                LoadError(
                    f"the deployment target {target.short_name!r} is defined twice, first in line"
                    f" {first.at.line}",
                    target.at,
                    code="duplicate-target",
                )
            )
