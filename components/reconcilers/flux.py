"""Flux on a cluster: it applies the cluster type's folder of each environment's branch.

Owns the installation if it makes one, and in `flux-system` one GitRepository and one Kustomization
for each environment, the secret `repo-secret` and, for a key or a GitHub App,
`platform-repository`. Leaves alone
what the folders bring. Kept workloads need Flux and its kinds: where they are kept, destroying
leaves the installation too.
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from kalypso.stack import FLUX_KEY, FLUX_SECRET, environment_object
from kalypso.stack import FLUX_NAMESPACE as NAMESPACE

from .credentials import AppArgs, KeyArgs, ReaderArgs, basic_auth, flux_key, github_app
from .lockdown import PLATFORM_ACCOUNT, locked_down
from .manifests import declare_manifests
from .ownership import owned
from .secret_type import secret_type

SOURCE_API = "source.toolkit.fluxcd.io/v1"
KUSTOMIZE_API = "kustomize.toolkit.fluxcd.io/v1"
_INTERVAL = "10s"
_TIMEOUT = "3m"
"""How long an unhealthy workload may hold up the next commit; the default is the interval."""


class FluxBootstrapArgs(TypedDict):
    """What `FluxBootstrap` needs."""

    url: pulumi.Input[str]
    """Address of the GitOps repository."""

    path: pulumi.Input[str]
    """Folder that the cluster applies: its cluster type."""

    branches: Mapping[str, pulumi.Input[str]]
    """Branch of each environment that the cluster runs, by the environment's name."""

    install: NotRequired[str]
    """Address or file of the manifests that install Flux; absent if it is there."""

    reader: NotRequired[ReaderArgs]
    """Who reads the repository; absent if everybody may."""

    key: NotRequired[KeyArgs]
    """What reads the GitOps repository in the reader's place."""

    app: NotRequired[AppArgs]
    """A GitHub App that reads the GitOps repository in the reader's place; excludes a key."""

    prune: NotRequired[bool]
    """Whether the workloads go when this does; they stay by default."""

    lockdown: NotRequired[bool]
    """Whether Flux is installed with its options for several tenants: an object refers to no other
    namespace, and is applied without rights unless it names a service account."""


class FluxBootstrap(pulumi.ComponentResource):
    """Flux, and what it applies: a GitRepository and a Kustomization for each environment."""

    def __init__(
        self, name: str, args: FluxBootstrapArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:FluxBootstrap", name, {}, opts)
        self._name, self._args = name, args
        inside = pulumi.ResourceOptions(parent=self, depends_on=self._install())
        secrets = declare_flux_secrets(name, args, inside)
        for environment, branch in args["branches"].items():
            self._environment(environment, branch, secrets)
        self.register_outputs({})

    def _install(self) -> list[pulumi.Resource]:
        if "install" not in self._args:
            return []
        retained = not self._args.get("prune", False)
        opts = pulumi.ResourceOptions(parent=self, retain_on_delete=retained)
        change = locked_down if self._args.get("lockdown") else None
        return declare_manifests(f"{self._name}-flux", self._args["install"], opts, change)

    def _environment(
        self, environment: str, branch: pulumi.Input[str], after: list[pulumi.Resource]
    ) -> None:
        from pulumi_kubernetes.apiextensions import CustomResource

        resource = f"{self._name}-{environment}"
        metadata = owned(environment_object(environment), NAMESPACE)
        source = CustomResource(
            f"{resource}-source",
            api_version=SOURCE_API,
            kind="GitRepository",
            metadata=metadata,
            spec={
                **source_spec(self._args["url"], self._args),
                "ref": {"branch": branch},
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        CustomResource(
            resource,
            api_version=KUSTOMIZE_API,
            kind="Kustomization",
            metadata=metadata,
            spec={
                **kustomization_spec(
                    metadata["name"], self._args["path"], prune=self._args.get("prune", False)
                ),
                **self._rights(),
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=[source]),
        )

    def _rights(self) -> dict[str, str]:
        """Return as whom the platform's folder is applied: as Flux itself, which may be said."""
        return {"serviceAccountName": PLATFORM_ACCOUNT} if self._args.get("lockdown") else {}


class FluxReadingArgs(TypedDict):
    """By what Flux reads repositories."""

    reader: NotRequired[ReaderArgs]
    """Who reads the repository; absent if everybody may."""

    key: NotRequired[KeyArgs]
    """What reads the GitOps repository in the reader's place."""

    app: NotRequired[AppArgs]
    """A GitHub App that reads the GitOps repository in the reader's place; excludes a key."""


def declare_flux_secrets(
    name: str, args: FluxReadingArgs, opts: pulumi.ResourceOptions, namespace: str = NAMESPACE
) -> list[pulumi.Resource]:
    """Declare the secrets with which Flux reads.

    Templates name the first one, which is there also without a reader: without it Flux reads
    nothing. An empty one says nothing of its data, which the server would drop: it would be
    replaced for ever.

    Args:
        name: First part of the resources' names.
        args: By what Flux reads.
        opts: Their options.
        namespace: Where Flux looks for them.
    """
    data = {FLUX_SECRET: basic_auth(args.get("reader"))}
    if "key" in args:
        data[FLUX_KEY] = flux_key(args["key"])
    elif "app" in args:
        data[FLUX_KEY] = github_app(args["app"], "githubAppBaseURL")
    return [
        secret_type()(
            f"{name}-{secret}",
            metadata=owned(secret, namespace),
            type="Opaque",
            string_data=given or None,
            opts=opts,
        )
        for secret, given in data.items()
    ]


def source_spec(url: pulumi.Input[str], args: FluxReadingArgs) -> dict[str, Any]:
    """Return what a GitRepository is asked to do, but for the branch.

    Args:
        url: Address of the repository over HTTPS.
        args: By what Flux reads it.
    """
    given: dict[str, Any]
    if "key" in args:
        given = {"url": args["key"]["address"], "secretRef": {"name": FLUX_KEY}}
    elif "app" in args:
        given = {"url": url, "provider": "github", "secretRef": {"name": FLUX_KEY}}
    else:
        given = {"url": url, "secretRef": {"name": FLUX_SECRET}}
    return {**given, "interval": _INTERVAL}


def kustomization_spec(source: str, path: pulumi.Input[str], *, prune: bool) -> dict[str, Any]:
    """Return what a Kustomization is asked to do.

    Args:
        source: Name of its GitRepository.
        path: Folder that it applies.
        prune: Whether what it applied goes when it does.
    """
    return {
        "sourceRef": {"kind": "GitRepository", "name": source},
        "path": pulumi.Output.concat("./", path),
        "interval": _INTERVAL,
        "retryInterval": _INTERVAL,
        "timeout": _TIMEOUT,
        "prune": True,
        "wait": True,
        "deletionPolicy": "WaitForTermination" if prune else "Orphan",
    }
