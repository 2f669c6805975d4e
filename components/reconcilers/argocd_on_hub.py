"""Argo CD on a hub, for one cluster: it applies the cluster type's folder of each branch there.

Owns, in the namespace of Argo CD: the secret by which Argo CD knows the cluster, the secrets of
repositories, two AppProjects, and two Applications for each environment. One applies namespaces
and configuration to the cluster. The other applies the Applications of the assignments to the hub,
where Argo CD reads them; that they go to the cluster is for their template to say. Leaves alone
Argo CD itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from kalypso.stack import (
    cluster_secret,
    kubernetes_name,
    platform_object,
    platform_project,
    reconcilers_object,
    reconcilers_project,
)

from .argocd import API, CASCADE, HERE, REPOSITORY, application_spec, read_at, repository_secrets
from .credentials import AppArgs, KeyArgs, ReaderArgs
from .ownership import owned
from .secret_type import secret_type
from .target import TargetArgs, argo_cd_cluster

_CLUSTER = {"argocd.argoproj.io/secret-type": "cluster"}
_RECONCILERS = "*/reconciler.yaml"
"""The files of a folder that are for the hub."""


class ArgoCdOnHubArgs(TypedDict):
    """What `ArgoCdOnHub` needs. The provider is that of the hub."""

    namespace: str
    """Namespace of Argo CD on the hub."""

    target: TargetArgs
    """The cluster."""

    url: str
    """Address of the GitOps repository."""

    path: pulumi.Input[str]
    """Folder that the cluster gets: its cluster type."""

    branches: Mapping[str, pulumi.Input[str]]
    """Branch of each environment that the cluster runs, by the environment's name."""

    sources: NotRequired[Sequence[str]]
    """Addresses of the repositories with the manifests of workloads."""

    reader: NotRequired[ReaderArgs]
    """Who reads the repositories of the GitOps repository's host; absent if everybody may."""

    key: NotRequired[KeyArgs]
    """What reads the GitOps repository in the reader's place."""

    app: NotRequired[AppArgs]
    """A GitHub App that reads the GitOps repository in the reader's place; excludes a key."""

    prune: NotRequired[bool]
    """Whether what the folder brings goes when this does; it stays by default."""


class ArgoCdOnHub(pulumi.ComponentResource):
    """What Argo CD on a hub applies to a cluster: two Applications for each environment."""

    def __init__(
        self, name: str, args: ArgoCdOnHubArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:ArgoCdOnHub", name, {}, opts)
        self._name, self._args, self._cluster = name, args, args["target"]["name"]
        self._url = read_at(args["url"], args.get("key"))
        after = [*self._secrets(), *self._projects()]
        for environment, branch in args["branches"].items():
            self._environment(environment, branch, after)
        self.register_outputs({})

    def _secrets(self) -> list[pulumi.Resource]:
        rights = list(self._args["target"].get("rights", ()))
        end = kubernetes_name(self._cluster)  # the hub may read the same repositories for others
        given = [(cluster_secret(self._cluster), _CLUSTER, argo_cd_cluster(self._args["target"]))]
        given += [
            (f"{name}-{end}", REPOSITORY, data)
            for name, data in repository_secrets(
                self._args["url"], self._args.get("sources", ()), self._args
            )
        ]
        return [
            secret_type()(
                f"{self._name}-{name}",
                metadata=owned(name, self._args["namespace"], labels=labels),
                type="Opaque",
                string_data=data,
                opts=pulumi.ResourceOptions(parent=self, depends_on=rights),
            )
            for name, labels, data in given
        ]

    @property
    def _repositories(self) -> list[str]:
        return list(dict.fromkeys([self._url, *self._args.get("sources", ())]))

    def _projects(self) -> list[pulumi.Resource]:
        """Declare what may go to the cluster, and what may be made on the hub."""
        kinds = [{"group": "argoproj.io", "kind": kind} for kind in ("Application", "AppProject")]
        return [
            self._object(
                "project",
                "AppProject",
                owned(platform_project(self._cluster), self._args["namespace"]),
                {
                    "description": f"What Kalypso delivers for the cluster {self._cluster}",
                    "sourceRepos": self._repositories,
                    "destinations": [{"name": self._cluster, "namespace": "*"}],
                    "clusterResourceWhitelist": [{"group": "", "kind": "Namespace"}],
                },
                [],
            ),
            self._object(
                "reconcilers-project",
                "AppProject",
                owned(reconcilers_project(self._cluster), self._args["namespace"]),
                {
                    "description": f"The Applications of the cluster {self._cluster}",
                    "sourceRepos": [self._url],
                    "destinations": [{"server": HERE, "namespace": self._args["namespace"]}],
                    "clusterResourceWhitelist": [],
                    "namespaceResourceWhitelist": kinds,
                },
                [],
            ),
        ]

    def _environment(
        self, environment: str, branch: pulumi.Input[str], after: list[pulumi.Resource]
    ) -> None:
        resource, namespace = environment, self._args["namespace"]
        applied = self._application(
            resource,
            platform_object(self._cluster, environment),
            application_spec(
                platform_project(self._cluster),
                self._source(branch, "exclude"),
                {"name": self._cluster, "namespace": "default"},
            ),
            after,
        )
        self._application(
            f"{resource}-reconcilers",
            reconcilers_object(self._cluster, environment),
            application_spec(
                reconcilers_project(self._cluster),
                self._source(branch, "include"),
                {"server": HERE, "namespace": namespace},
            ),
            [*after, applied],
        )

    def _source(self, branch: pulumi.Input[str], how: str) -> dict[str, Any]:
        return {
            "repoURL": self._url,
            "targetRevision": branch,
            "path": self._args["path"],
            "directory": {"recurse": True, how: _RECONCILERS},
        }

    def _application(
        self, resource: str, name: str, spec: Mapping[str, Any], after: list[pulumi.Resource]
    ) -> pulumi.Resource:
        metadata = owned(name, self._args["namespace"])
        if self._args.get("prune"):
            metadata["finalizers"] = [CASCADE]
        return self._object(resource, "Application", metadata, spec, after)

    def _object(
        self,
        resource: str,
        kind: str,
        metadata: Mapping[str, Any],
        spec: Mapping[str, Any],
        after: list[pulumi.Resource],
    ) -> pulumi.Resource:
        from pulumi_kubernetes.apiextensions import CustomResource

        made: pulumi.Resource = CustomResource(
            f"{self._name}-{resource}",
            api_version=API,
            kind=kind,
            metadata=metadata,
            spec=spec,
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        return made
