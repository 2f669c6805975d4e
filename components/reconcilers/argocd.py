"""Argo CD on a cluster: it applies the cluster type's folder of each environment's branch.

Owns the installation if it makes one, and in `argocd` one AppProject, the secrets of repositories,
and one Application for each environment. Leaves alone what the folders bring, such as the
Applications of workloads. Kept workloads need Argo CD: where they are kept, destroying leaves the
installation too.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NotRequired, TypedDict
from urllib.parse import urlsplit

import pulumi

from kalypso.stack import ARGO_CD_NAMESPACE as NAMESPACE
from kalypso.stack import ARGO_CD_PROJECT as PROJECT
from kalypso.stack import environment_object

from .credentials import AppArgs, KeyArgs, ReaderArgs, argo_cd_key, basic_auth, github_app
from .manifests import declare_manifests
from .ownership import owned
from .secret_type import secret_type

API = "argoproj.io/v1alpha1"
HERE = "https://kubernetes.default.svc"
REPOSITORY = {"argocd.argoproj.io/secret-type": "repository"}
CASCADE = "resources-finalizer.argocd.argoproj.io"


class ArgoCdBootstrapArgs(TypedDict):
    """What `ArgoCdBootstrap` needs.

    Argo CD's manifests name no namespace: the default namespace of the provider is `argocd`.
    """

    url: str
    """Address of the GitOps repository."""

    path: pulumi.Input[str]
    """Folder that the cluster applies: its cluster type."""

    branches: Mapping[str, pulumi.Input[str]]
    """Branch of each environment that the cluster runs, by the environment's name."""

    sources: NotRequired[Sequence[str]]
    """Addresses of the repositories with the manifests of workloads."""

    install: NotRequired[str]
    """Address or file of the manifests that install Argo CD; absent if it is there."""

    reader: NotRequired[ReaderArgs]
    """Who reads the repositories of the GitOps repository's host; absent if everybody may."""

    key: NotRequired[KeyArgs]
    """What reads the GitOps repository in the reader's place."""

    app: NotRequired[AppArgs]
    """A GitHub App that reads the GitOps repository in the reader's place; excludes a key."""

    prune: NotRequired[bool]
    """Whether what the folder brings goes when this does; it stays by default."""


class ArgoCdBootstrap(pulumi.ComponentResource):
    """Argo CD, and what it applies: an Application for each environment, in its own project."""

    def __init__(
        self, name: str, args: ArgoCdBootstrapArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:ArgoCdBootstrap", name, {}, opts)
        self._name, self._args = name, args
        self._url = read_at(args["url"], args.get("key"))
        self._repositories = list(dict.fromkeys([self._url, *args.get("sources", ())]))
        installed = self._install()
        after = [*self._secrets(installed), self._project(installed)]
        for environment, branch in args["branches"].items():
            self._application(environment, branch, after)
        self.register_outputs({})

    def _install(self) -> list[pulumi.Resource]:
        if "install" not in self._args:
            return []
        from pulumi_kubernetes.core.v1 import Namespace

        retained = not self._args.get("prune", False)
        opts = pulumi.ResourceOptions(parent=self, retain_on_delete=retained)
        namespace = Namespace(f"{self._name}-argocd", metadata=owned(NAMESPACE), opts=opts)
        after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[namespace]))
        return declare_manifests(f"{self._name}-argocd", self._args["install"], after)

    def _secrets(self, after: list[pulumi.Resource]) -> list[pulumi.Resource]:
        return [
            secret_type()(
                f"{self._name}-{name}",
                metadata=owned(name, NAMESPACE, labels=REPOSITORY),
                type="Opaque",
                string_data=given,
                opts=pulumi.ResourceOptions(parent=self, depends_on=after),
            )
            for name, given in repository_secrets(
                self._args["url"], self._args.get("sources", ()), self._args
            )
        ]

    def _project(self, after: list[pulumi.Resource]) -> pulumi.Resource:
        from pulumi_kubernetes.apiextensions import CustomResource

        project: pulumi.Resource = CustomResource(
            f"{self._name}-project",
            api_version=API,
            kind="AppProject",
            metadata=owned(PROJECT, NAMESPACE),
            spec={
                "description": "The platform's manifests, as Kalypso delivers them",
                "sourceRepos": self._repositories,
                "destinations": [{"server": HERE, "namespace": "*"}],
                "clusterResourceWhitelist": [{"group": "", "kind": "Namespace"}],
            },
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        return project

    def _application(
        self, environment: str, branch: pulumi.Input[str], after: list[pulumi.Resource]
    ) -> None:
        from pulumi_kubernetes.apiextensions import CustomResource

        metadata = owned(environment_object(environment), NAMESPACE)
        if self._args.get("prune"):
            metadata["finalizers"] = [CASCADE]
        CustomResource(
            f"{self._name}-{environment}",
            api_version=API,
            kind="Application",
            metadata=metadata,
            spec=application_spec(
                PROJECT,
                {
                    "repoURL": self._url,
                    "targetRevision": branch,
                    "path": self._args["path"],
                    "directory": {"recurse": True},
                },
                {"server": HERE, "namespace": NAMESPACE},
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )


def read_at(url: str, key: KeyArgs | None) -> str:
    """Return the address by which the GitOps repository is read."""
    return key["address"] if key else url


class ArgoCdReadingArgs(TypedDict):
    """By what Argo CD reads repositories."""

    reader: NotRequired[ReaderArgs]
    """Who reads the repositories of the GitOps repository's host; absent if everybody may."""

    key: NotRequired[KeyArgs]
    """What reads the GitOps repository in the reader's place."""

    app: NotRequired[AppArgs]
    """A GitHub App that reads the GitOps repository in the reader's place; excludes a key."""


def repository_secrets(
    platform: str, sources: Sequence[str], args: ArgoCdReadingArgs
) -> Iterator[tuple[str, dict[str, pulumi.Input[str]]]]:
    """Return the secret of each repository on the platform's host, and of no other, by its name.

    A token that another host sees is lost, so no host but the GitOps repository's gets it. An App
    is installed for an owner, so without a reader it reads what that one has.

    Args:
        platform: Address of the GitOps repository.
        sources: Addresses of the other repositories.
        args: By what they are read.
    """
    reader, key, app = args.get("reader"), args.get("key"), args.get("app")
    at = read_at(platform, key)
    given = basic_auth(reader)
    if key:
        given = argo_cd_key(key)
    elif app:
        given = github_app(app, "githubAppEnterpriseBaseUrl")
    yield _secret_of(at), {"type": "git", "url": at, **given}
    for url in dict.fromkeys(sources):
        if url == platform or urlsplit(url)[:2] != urlsplit(platform)[:2]:
            continue
        if reader:
            yield _secret_of(url), {"type": "git", "url": url, **basic_auth(reader)}
        elif app and _owner(url) == _owner(platform):
            yield _secret_of(url), {"type": "git", "url": url, **given}


def _owner(url: str) -> str:
    return urlsplit(url).path.strip("/").partition("/")[0].lower()


def _secret_of(url: str) -> str:
    return f"kalypso-{hashlib.sha256(url.encode()).hexdigest()[:10]}"


def application_spec(
    project: str, source: Mapping[str, Any], destination: Mapping[str, str]
) -> dict[str, Any]:
    """Return what an Application is asked to do: prune, repair, and try again."""
    return {
        "project": project,
        "source": source,
        "destination": destination,
        "syncPolicy": {
            "automated": {"prune": True, "selfHeal": True},
            "retry": {
                "limit": 10,
                "backoff": {"duration": "5s", "factor": 2, "maxDuration": "3m"},
            },
        },
    }
