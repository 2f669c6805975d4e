"""The clusters that a platform's stack sets up: settings compared with the model.

Only the stack of the platform sets clusters up. It knows the model of its own environment; for
the others it knows what the settings say, and that a branch has the name of its environment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from kalypso.errors import Position, Problem, Problems
from kalypso.model import ClusterType, Evaluation
from kalypso.spelling import nearest
from kalypso.stack.azure_checks import is_made
from kalypso.stack.clusters import Cluster, Reconciler
from kalypso.stack.federation import Federation, federation_of, refused_federation
from kalypso.stack.fleet_cluster import ControlPlane, FleetCluster, FleetHub
from kalypso.stack.fleet_in_azure import (
    azure_warnings,
    control_planes,
    extension_of,
    in_azure,
    refused_in_azure,
)
from kalypso.stack.hub_checks import hub_problems
from kalypso.stack.operator_checks import operator_problems
from kalypso.stack.reading import (
    DeployKeys,
    ReadingApp,
    deploy_keys,
    reading_app,
    refused_reading,
)
from kalypso.stack.settings import Settings
from kalypso.stack.written_reconciler import template_writes


class Fleet(msgspec.Struct, frozen=True, kw_only=True):
    """Every cluster that is set up, and what they read."""

    clusters: tuple[FleetCluster, ...]
    repository: str
    """Address of the GitOps repository."""
    sources: tuple[str, ...]
    """Addresses of the repositories with the manifests of applications, sorted."""
    warnings: tuple[Problem, ...]
    control_planes: tuple[ControlPlane, ...] = ()
    """Clusters without workloads that are in Azure, or that run the program."""
    keys: DeployKeys | None = None
    """None if clusters read without a deploy key."""
    app: ReadingApp | None = None
    """None if clusters read without a GitHub App."""
    federation: Federation | None = None
    """None if workflows ask Azure with credentials of their own, or not at all."""

    @property
    def contexts(self) -> list[str]:
        """Contexts of a kubeconfig by which clusters and hubs are reached."""
        hubs = [each.hub.context for each in self.clusters if each.hub]
        planes = [each.context for each in self.control_planes if each.context]
        return [*(each.context for each in self.clusters if each.context), *hubs, *planes]

    @property
    def makes_clusters(self) -> bool:
        """Whether a cluster is made in Azure, and not only found there."""
        found = [*(each.azure for each in self.clusters), *(c.azure for c in self.control_planes)]
        return any(each.kind == "aks" and each.id is None for each in found if each)

    @property
    def in_azure(self) -> bool:
        """Whether anything is declared in Azure."""
        planes = any(each.azure for each in self.control_planes)
        return planes or any(each.azure for each in self.clusters)


NO_FLEET = Fleet(clusters=(), repository="", sources=(), warnings=())


class _Model(msgspec.Struct, frozen=True):
    """What clusters are compared with, and where settings stand."""

    settings: Settings
    evaluation: Evaluation
    branch: str
    file: str
    lines: Mapping[str, int]

    def problem(self, key: str, message: str, hint: str, *, code: str = "setting") -> Problem:
        line = self.lines.get(key) or self.lines.get(key.partition(".")[0], 1)
        return Problem(code, message, Position(self.file, line), hint)

    def cluster_type(self, name: str) -> ClusterType | None:
        return next((each for each in self.evaluation.cluster_types if each.name == name), None)

    def follows(self, cluster: Cluster) -> bool:
        """Return whether a cluster gets the manifests of the environment that was evaluated."""
        return cluster.environments is None or self.settings.environment in cluster.environments


def make_fleet(
    settings: Settings,
    evaluation: Evaluation,
    branch: str,
    stack: str,
    lines: Mapping[str, int] | None = None,
) -> Fleet:
    """Return the clusters that a stack sets up: none, unless it is the platform's.

    Args:
        settings: Settings of the stack.
        evaluation: The model of its environment.
        branch: Branch of the GitOps repository for this environment.
        stack: Name of the stack.
        lines: Where keys stand in the stack's file, for messages.

    Raises:
        Problems: Something about clusters contradicts the model, or another stack's file.
    """
    model = _Model(settings, evaluation, branch, f"Pulumi.{stack}.yaml", lines or {})
    misplaced = list(_misplaced(model, stack))
    problems = misplaced or [model.problem(*each) for each in operator_problems(settings)]
    made: list[FleetCluster] = []
    keys: dict[str, str] = {}
    for number, cluster in enumerate(settings.clusters if not misplaced else ()):
        key = f"clusters[{number}]"
        if contradictions := list(_against_model(model, key, cluster)):
            problems += contradictions
        elif cluster.provider != "none" and cluster.role == "workload":
            reconciler = cluster.reconciler or template_writes(evaluation, cluster.cluster_type)
            if reconciler is None:
                problems.append(_unknown_reconciler(model, key, cluster))
            else:
                made.append(_fleet_cluster(model, cluster, reconciler))
                keys[cluster.name] = key
    gitops = evaluation.platform.gitops_repo
    repository = gitops.pointer.repo if gitops else ""
    problems += _missing_manifests(model, made)
    there = bool(control_planes(settings)) or any(each.azure for each in made)
    problems += [
        model.problem(*refusal)
        for refusal in (
            *refused_reading(settings, repository),
            *refused_federation(settings, repository, in_azure=there),
        )
    ]
    problems += [
        model.problem(f"{keys[each.cluster]}.{each.field}", each.message, each.hint)
        for each in refused_in_azure(made, by_app=bool(settings.reader.app.id))
    ]
    if settings.install.flux_lockdown and not any(each.lockdown for each in made):
        message = "no cluster has a Flux that the stack installs, which alone could be locked down"
        hint = "remove install.fluxLockdown, and set the options of your own Flux yourself"
        problems.append(model.problem("install.fluxLockdown", message, hint))
    problems += [
        model.problem(f"{keys[name]}.hub", message, hint, code="hub")
        for name, message, hint in hub_problems(made, evaluation)
    ]
    if problems:
        raise Problems(problems)
    return Fleet(
        clusters=tuple(made),
        repository=repository,
        sources=_sources(evaluation),
        warnings=(*_idle(model), *azure_warnings(made, settings, model.file)),
        control_planes=control_planes(settings),
        keys=deploy_keys(settings, repository),
        app=reading_app(settings, repository),
        federation=federation_of(settings, repository),
    )


def _misplaced(model: _Model, stack: str) -> Iterator[Problem]:
    platform = model.settings.platform_stack
    given = model.settings
    for key, value in (
        ("environments", given.environments),
        ("clusters", given.clusters),
        ("controlPlane", given.operator.cluster),
    ):
        if value and stack != platform:
            message = f"{key!r} is a setting of the platform's stack, {platform!r}"
            yield model.problem(key, message, f"move it to Pulumi.{platform}.yaml")


def _against_model(model: _Model, key: str, cluster: Cluster) -> Iterator[Problem]:
    if cluster.role != "workload" or not model.follows(cluster):
        return
    name = cluster.cluster_type
    if model.cluster_type(name) is None:
        known = sorted(each.name for each in model.evaluation.cluster_types)
        near = nearest(name, known)
        environment = model.settings.environment
        hint = f"did you mean {near}?" if near else f"cluster types: {', '.join(known)}"
        message = (
            f"the cluster {cluster.name!r} has the cluster type {name!r}, which the environment"
            f" {environment!r} does not have"
        )
        hint += "; or set environments to those that have it"
        yield model.problem(f"{key}.clusterType", message, hint, code="no-cluster-type")
    elif cluster.reconciler:
        written = template_writes(model.evaluation, name)
        if written and written != cluster.reconciler:
            message = (
                f"the cluster {cluster.name!r} has the reconciler {cluster.reconciler!r}, and the"
                f" template of its cluster type writes for {written!r}"
            )
            hint = f"remove reconciler, or give {name!r} another template"
            yield model.problem(f"{key}.reconciler", message, hint, code="other-reconciler")


def _unknown_reconciler(model: _Model, key: str, cluster: Cluster) -> Problem:
    message = (
        f"which reconciler the cluster {cluster.name!r} has is not known: the template of"
        f" {cluster.cluster_type!r} in {model.settings.environment!r} does not show it"
    )
    return model.problem(key, message, "set reconciler to flux or argocd", code="other-reconciler")


def _fleet_cluster(model: _Model, cluster: Cluster, reconciler: Reconciler) -> FleetCluster:
    settings = model.settings
    names = settings.environments or cluster.environments or ()
    wanted = cluster.environments or names
    hub = cluster.hub
    install = settings.install.flux if reconciler == "flux" else settings.install.argocd
    extension = extension_of(cluster, reconciler)
    installs = not (cluster.install == "none" or hub or extension)
    return FleetCluster(
        name=cluster.name,
        formerly=tuple(cluster.formerly),
        context="" if is_made(cluster) else cluster.context,
        cluster_type=cluster.cluster_type,
        reconciler=reconciler,
        install=install if installs else "",
        lockdown=settings.install.flux_lockdown and installs and reconciler == "flux",
        branches={
            name: model.branch if name == settings.environment else name
            for name in names
            if name in wanted
        },
        prune=cluster.on_destroy == "prune",
        hub=FleetHub(context=hub.context, namespace=hub.namespace) if hub else None,
        azure=in_azure(cluster),
        extension=extension,
        keyed=settings.reader.deploy_keys or bool(settings.reader.app.id),
    )


def _missing_manifests(model: _Model, made: list[FleetCluster]) -> Iterator[Problem]:
    wanted: set[tuple[str, str]] = {(each.reconciler, each.install) for each in made}
    if model.settings.operator.cluster and model.settings.operator.install == "manifests":
        wanted.add(("operator", model.settings.install.operator))
    for reconciler, given in sorted(wanted):
        if given and "://" not in given and not Path(given).is_file():
            key = f"install.{reconciler}"
            message = f"there is no file {given!r} to install {reconciler!r} from"
            place = "controlPlane" if reconciler == "operator" else "the clusters"
            hint = f"set {key} to an address or a file, or give {place} install: none"
            yield model.problem(key, message, hint)


def _sources(evaluation: Evaluation) -> tuple[str, ...]:
    workloads = evaluation.platform.workloads
    found = {target.manifests.get("repo", "") for each in workloads for target in each.targets}
    return tuple(sorted(found - {""}))


def _idle(model: _Model) -> Iterator[Problem]:
    """Warn of cluster types whose assignments no cluster runs, if clusters are listed at all."""
    if not model.settings.clusters:
        return
    served = {
        each.cluster_type
        for each in model.settings.clusters
        if each.role == "workload" and model.follows(each)
    }
    assigned = {each.cluster_type.name: each.cluster_type for each in model.evaluation.assignments}
    for name, cluster_type in sorted(assigned.items()):
        if name not in served:
            message = (
                f"no cluster of the settings has the cluster type {name!r}, and things run on it"
            )
            hint = "list one under clusters, with provider: none if it is set up by hand"
            yield Problem("no-cluster", message, cluster_type.at, hint, "warning")
