"""Flux on a hub, for one cluster: it applies the cluster type's folder of each branch there.

Owns, in a namespace of the hub that no other cluster uses: the secret `repo-secret` and, for a key
or a GitHub App, `platform-repository`, the kubeconfig of the cluster, an account that may change
Flux's objects only, and for each environment two GitRepositories with a Kustomization each. One
applies namespaces and configuration to the cluster.
The other applies the objects of the assignments to the hub, and makes each of them apply to the
cluster and wait for health, which only Flux sees from there. A template that says nothing of hubs
is right, and no workload ever lands on the hub. Leaves alone Flux itself.
"""

import json
from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from kalypso.stack import (
    kubeconfig_secret,
    platform_object,
    reconcilers_account,
    reconcilers_object,
)

from .credentials import AppArgs, KeyArgs, ReaderArgs
from .flux import (
    KUSTOMIZE_API,
    SOURCE_API,
    declare_flux_secrets,
    kustomization_spec,
    source_spec,
)
from .ownership import owned
from .secret_type import secret_type
from .target import TargetArgs, kubeconfig

_PLATFORM = "reconciler.yaml\n"
"""What is not for the cluster, in the syntax of .gitignore."""
_RECONCILERS = "*.yaml\n!reconciler.yaml\n"
"""What is not for the hub."""
_GROUPS = [f"{part}.toolkit.fluxcd.io" for part in ("source", "kustomize", "helm", "notification")]
_RBAC = "rbac.authorization.k8s.io"


class FluxOnHubArgs(TypedDict):
    """What `FluxOnHub` needs. The provider is that of the hub."""

    namespace: str
    """Namespace of the hub, which exists, and which no other cluster uses."""

    target: TargetArgs
    """The cluster."""

    url: pulumi.Input[str]
    """Address of the GitOps repository."""

    path: pulumi.Input[str]
    """Folder that the cluster gets: its cluster type."""

    branches: Mapping[str, pulumi.Input[str]]
    """Branch of each environment that the cluster runs, by the environment's name."""

    reader: NotRequired[ReaderArgs]
    """Who reads the repository; absent if everybody may."""

    key: NotRequired[KeyArgs]
    """What reads the GitOps repository in the reader's place."""

    app: NotRequired[AppArgs]
    """A GitHub App that reads the GitOps repository in the reader's place; excludes a key."""

    prune: NotRequired[bool]
    """Whether the workloads go when this does; they stay by default."""


class FluxOnHub(pulumi.ComponentResource):
    """What Flux on a hub applies to a cluster: two Kustomizations for each environment."""

    def __init__(
        self, name: str, args: FluxOnHubArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:FluxOnHub", name, {}, opts)
        self._name, self._args, self._cluster = name, args, args["target"]["name"]
        after = [*self._secrets(), *self._account()]
        for environment, branch in args["branches"].items():
            self._environment(environment, branch, after)
        self.register_outputs({})

    def _secrets(self) -> list[pulumi.Resource]:
        target, namespace = self._args["target"], self._args["namespace"]
        opts = pulumi.ResourceOptions(parent=self, depends_on=list(target.get("rights", ())))
        way = secret_type()(
            f"{self._name}-kubeconfig",
            metadata=owned(kubeconfig_secret(self._cluster), namespace),
            type="Opaque",
            string_data={"value": kubeconfig(target)},
            opts=opts,
        )
        return [*declare_flux_secrets(self._name, self._args, opts, namespace), way]

    def _account(self) -> list[pulumi.Resource]:
        """Declare the account under which a folder changes Flux's objects here and nothing else."""
        from pulumi_kubernetes.core.v1 import ServiceAccount
        from pulumi_kubernetes.rbac.v1 import Role, RoleBinding

        name, namespace = reconcilers_account(self._cluster), self._args["namespace"]
        inside = pulumi.ResourceOptions(parent=self)
        account = ServiceAccount(
            f"{self._name}-reconcilers-account", metadata=owned(name, namespace), opts=inside
        )
        verbs = ["get", "list", "watch", "create", "update", "patch", "delete"]
        role = Role(
            f"{self._name}-role",
            metadata=owned(name, namespace),
            rules=[{"api_groups": _GROUPS, "resources": ["*"], "verbs": verbs}],
            opts=inside,
        )
        binding = RoleBinding(
            f"{self._name}-binding",
            metadata=owned(name, namespace),
            role_ref={"api_group": _RBAC, "kind": "Role", "name": name},
            subjects=[{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[account, role]),
        )
        return [binding]

    def _environment(
        self, environment: str, branch: pulumi.Input[str], after: list[pulumi.Resource]
    ) -> None:
        elsewhere = {"secretRef": {"name": kubeconfig_secret(self._cluster)}}
        platform = platform_object(self._cluster, environment)
        applied = self._apply(
            f"{self._name}-{environment}",
            platform,
            {"ref": {"branch": branch}, "ignore": _PLATFORM},
            {"kubeConfig": elsewhere},
            after,
        )
        self._apply(
            f"{self._name}-{environment}-reconcilers",
            reconcilers_object(self._cluster, environment),
            {"ref": {"branch": branch}, "ignore": _RECONCILERS},
            {
                "dependsOn": [{"name": platform}],
                "serviceAccountName": reconcilers_account(self._cluster),
                "targetNamespace": self._args["namespace"],
                "patches": [
                    _patch("kustomize", "Kustomization", {"kubeConfig": elsewhere, "wait": True}),
                    _patch("helm", "HelmRelease", {"kubeConfig": elsewhere}),
                ],
            },
            [*after, applied],
        )

    def _apply(
        self,
        resource: str,
        name: str,
        fetched: Mapping[str, Any],
        applied: Mapping[str, Any],
        after: list[pulumi.Resource],
    ) -> pulumi.Resource:
        """Declare a GitRepository that leaves files out, and the Kustomization that applies it."""
        from pulumi_kubernetes.apiextensions import CustomResource

        metadata = owned(name, self._args["namespace"])
        source = CustomResource(
            f"{resource}-source",
            api_version=SOURCE_API,
            kind="GitRepository",
            metadata=metadata,
            spec={**source_spec(self._args["url"], self._args), **fetched},
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        prune = self._args.get("prune", False)
        made: pulumi.Resource = CustomResource(
            resource,
            api_version=KUSTOMIZE_API,
            kind="Kustomization",
            metadata=metadata,
            spec={**kustomization_spec(name, self._args["path"], prune=prune), **applied},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[source]),
        )
        return made


def _patch(part: str, kind: str, fields: Mapping[str, object]) -> dict[str, object]:
    """Return a patch that sets fields of every object of a kind, whatever the template says."""
    steps = [
        {"op": "add", "path": f"/spec/{name}", "value": value} for name, value in fields.items()
    ]
    target = {"group": f"{part}.toolkit.fluxcd.io", "kind": kind}
    return {"target": target, "patch": json.dumps(steps)}
