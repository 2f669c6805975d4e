"""Flux on a cluster of Azure, by Azure's extension: what it applies is known to Azure, too.

Owns the extension if it installs it, one Flux configuration for each environment and, where the
cluster's API server can be reached, the secrets with which Flux reads. Azure takes the workloads of
a configuration away with it: where they are kept, destroying leaves configurations and extension.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

import pulumi

from kalypso.stack import FLUX_KEY, FLUX_SECRET, environment_object
from kalypso.stack import FLUX_NAMESPACE as NAMESPACE

from .credentials import KeyArgs, ReaderArgs, encoded, in_base64
from .flux import FluxReadingArgs, declare_flux_secrets

_INTERVAL = 10
_TIMEOUT = 180
"""Seconds that an unhealthy workload may hold up the next commit; the default is 600."""
_KUSTOMIZATION = "manifests"
"""It does not change with the cluster type, which would remove everything and make it again."""
_SLOW = pulumi.CustomTimeouts(create="30m", update="30m", delete="60m")
_WHERE: Mapping[str, tuple[str, str]] = {
    "aks": ("Microsoft.ContainerService", "managedClusters"),
    "arc": ("Microsoft.Kubernetes", "connectedClusters"),
}


class FluxExtensionArgs(TypedDict):
    """What `FluxExtension` needs. Providers: Azure's and, with `secret`, one of Kubernetes."""

    kind: Literal["aks", "arc"]
    """Whether it is a cluster of AKS, or one that Azure Arc connects."""

    resource_group: str
    """Name of the cluster's resource group."""

    cluster_name: str
    """Name of the cluster in Azure."""

    url: str
    """Address of the GitOps repository."""

    path: pulumi.Input[str]
    """Folder that the cluster applies: its cluster type."""

    branches: Mapping[str, pulumi.Input[str]]
    """Branch of each environment that the cluster runs, by the environment's name."""

    installs: NotRequired[bool]
    """Whether the extension is installed; it is there by default."""

    secret: NotRequired[bool]
    """Whether secrets are made on the cluster, which takes a provider of Kubernetes."""

    reader: NotRequired[ReaderArgs]
    """Who reads the repository; absent if everybody may."""

    key: NotRequired[KeyArgs]
    """What reads the GitOps repository in the reader's place."""

    keeps: NotRequired[bool]
    """Whether the workloads stay when this goes; they go by default."""

    after: NotRequired[Sequence[pulumi.Resource]]
    """What must be there before: the cluster, and the repository."""


class FluxExtension(pulumi.ComponentResource):
    """Azure's extension, and a Flux configuration for each environment."""

    def __init__(
        self, name: str, args: FluxExtensionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:FluxExtension", name, {}, opts)
        self._name, self._args = name, args
        provider, resource = _WHERE[args["kind"]]
        self._cluster = {
            "resource_group_name": args["resource_group"],
            "cluster_rp": provider,
            "cluster_resource_name": resource,
            "cluster_name": args["cluster_name"],
        }
        before = list(args.get("after", ()))
        after = [*before, *self._extension(before)]
        after += self._secrets(after)
        for environment, branch in args["branches"].items():
            self._configuration(environment, branch, after)
        self.register_outputs({})

    def _options(self, after: list[pulumi.Resource]) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=after,
            custom_timeouts=_SLOW,
            retain_on_delete=self._args.get("keeps", False),
        )

    def _extension(self, after: list[pulumi.Resource]) -> list[pulumi.Resource]:
        if not self._args.get("installs"):
            return []
        from pulumi_azure_native.kubernetesconfiguration import (
            Extension,
        )

        return [
            Extension(
                f"{self._name}-flux",
                **self._cluster,
                extension_name="flux",
                extension_type="microsoft.flux",
                auto_upgrade_minor_version=True,
                scope={"cluster": {"release_namespace": NAMESPACE}},
                opts=self._options(after),
            )
        ]

    def _secrets(self, after: list[pulumi.Resource]) -> list[pulumi.Resource]:
        """Declare what reads repositories; the extension has made the namespace."""
        if not self._args.get("secret"):
            return []
        opts = pulumi.ResourceOptions(
            parent=self, depends_on=after, retain_on_delete=self._args.get("keeps", False)
        )
        reading: FluxReadingArgs = {}
        if "reader" in self._args:
            reading["reader"] = self._args["reader"]
        if "key" in self._args:
            reading["key"] = self._args["key"]
        return declare_flux_secrets(self._name, reading, opts)

    def _configuration(
        self, environment: str, branch: pulumi.Input[str], after: list[pulumi.Resource]
    ) -> None:
        from pulumi_azure_native.kubernetesconfiguration import (
            FluxConfiguration,
        )

        signed_in, protected = self._credentials()
        key = self._args.get("key")
        FluxConfiguration(
            f"{self._name}-{environment}",
            **self._cluster,
            flux_configuration_name=environment_object(environment),
            namespace=NAMESPACE,
            scope="cluster",
            source_kind="GitRepository",
            suspend=False,
            git_repository={
                "url": key["address"] if key else self._args["url"],
                "repository_ref": {"branch": branch},
                "sync_interval_in_seconds": _INTERVAL,
                "timeout_in_seconds": _TIMEOUT,
                **signed_in,
            },
            configuration_protected_settings=protected,
            kustomizations={
                _KUSTOMIZATION: {
                    "path": pulumi.Output.concat("./", self._args["path"]),
                    "prune": True,
                    "wait": True,
                    "sync_interval_in_seconds": _INTERVAL,
                    "retry_interval_in_seconds": _INTERVAL,
                    "timeout_in_seconds": _TIMEOUT,
                }
            },
            opts=self._options(after),
        )

    def _credentials(self) -> tuple[dict[str, Any], dict[str, pulumi.Output[str]] | None]:
        """Return how the repository is read: by the secret if it is there, else by Azure's own."""
        reader, key = self._args.get("reader"), self._args.get("key")
        if (reader or key) and self._args.get("secret"):
            return {"local_auth_ref": FLUX_KEY if key else FLUX_SECRET}, None
        if key:
            known = {"ssh_known_hosts": encoded(key["host_keys"])}
            return known, {"sshPrivateKey": in_base64(key["private_key"])}
        if reader:
            return {"https_user": reader["username"]}, {"httpsKey": in_base64(reader["token"])}
        return {}, None
