"""What is declared on clusters: every property that matters, through the SDK's mocks."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime.mocks import MockMonitor

from components.clusters.existing import ExistingCluster
from components.fleet import Fleet, FleetArgs, FleetClusterArgs
from components.reconcilers.argocd import ArgoCdBootstrap, ArgoCdBootstrapArgs
from components.reconcilers.flux import FluxBootstrap, FluxBootstrapArgs
from tests.components.kubernetes_types import is_secret, plain, unknown_inputs

URL = "https://git.example.com/acme/kalypso-gitops"
APP = "https://git.example.com/acme/app-gitops"
FAR = "https://elsewhere.example.org/team/app-gitops"
READER = {"username": "reader", "token": "t0ken"}


class Declared(pulumi.runtime.Mocks):
    """Remembers every resource with its inputs and the names of what it depends on."""

    def __init__(self) -> None:
        self.inputs: dict[str, dict[str, Any]] = {}
        self.kinds: dict[str, str] = {}
        self.requests: dict[str, Any] = {}
        self.registered: dict[tuple[str, str], Any] = {}
        """Requests by type and name: several are on their way at once."""

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, object]]:
        kind = args.typ.rpartition(":")[2]
        name = f"{args.inputs.get('kind') if kind in _CUSTOM else kind} {args.name}"
        self.inputs[name], self.kinds[name] = dict(args.inputs), args.typ
        self.requests[name] = self.registered.get((args.typ, args.name))
        return args.name, dict(args.inputs)

    def call(
        self, args: pulumi.runtime.MockCallArgs
    ) -> tuple[dict[str, object], list[tuple[str, str]] | None]:
        del args
        return {}, None

    def depends(self, name: str) -> set[str]:
        """Return what a resource waits for, as `Kind name`."""
        urns = list(self.requests[name].dependencies)
        return {urn.rpartition("::")[2] for urn in urns}


class Monitor(MockMonitor):
    """Lets the mocks see the whole request: dependencies, provider, what stays in the end."""

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - as the SDK has it
        assert isinstance(self.mocks, Declared)
        self.mocks.registered[request.type, request.name] = request
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's


OURS = {"app.kubernetes.io/managed-by": "kalypso"}
FLUX_ROLE = "ClusterRole edge-flux-clusterrole-reads"
ARGO_ROLE = "ClusterRole edge-argocd-clusterrole-reads"
INSTALL = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reads}
rules: []
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Namespace, metadata: {name: flux-system, labels: {app: flux}}}
  - apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: sources, annotations: {note: kept}}
---
"""
_CUSTOM = {"GitRepository", "Kustomization", "AppProject", "Application"}


@pytest.fixture
def declared() -> Iterator[Declared]:
    mocks = Declared()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev", monitor=Monitor(mocks))
    yield mocks
    pulumi.runtime.settings.reset_options()


def run(declare: Callable[[], pulumi.ComponentResource]) -> None:
    """Declare something and wait until every resource is registered."""

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        return declare().urn

    program()


def ours(name: str, namespace: str) -> dict[str, object]:
    """Return the metadata of an object that is marked as Kalypso's and repaired by force."""
    return {
        "name": name,
        "namespace": namespace,
        "labels": OURS,
        "annotations": {"pulumi.com/patchForce": "true"},
    }


def on_cluster(declare: Callable[[pulumi.ResourceOptions], pulumi.ComponentResource]) -> None:
    """Declare something on an existing cluster."""

    def there() -> pulumi.ComponentResource:
        way = ExistingCluster("edge", {"context": "edge-7"})
        return declare(pulumi.ResourceOptions(parent=way, providers=[way.provider]))

    run(there)


def flux(**given: Any) -> None:
    args: FluxBootstrapArgs = {
        "url": URL,
        "path": "drone",
        "branches": {"dev": "dev", "stage": "release"},
        **given,  # type: ignore[typeddict-item]  # of the same component
    }
    on_cluster(lambda opts: FluxBootstrap("edge", args, opts))


def argocd(**given: Any) -> None:
    args: ArgoCdBootstrapArgs = {
        "url": URL,
        "path": "large",
        "branches": {"dev": "dev", "stage": "release"},
        **given,  # type: ignore[typeddict-item]  # of the same component
    }
    on_cluster(lambda opts: ArgoCdBootstrap("edge", args, opts))


def test_a_way_to_a_cluster_keeps_no_credentials_and_replaces_nothing(declared: Declared) -> None:
    run(lambda: ExistingCluster("edge", {"context": "edge-7"}))
    given = plain(declared.inputs["kubernetes edge"])
    assert given == {
        "context": "edge-7",
        "clusterIdentifier": "edge",
        "enableConfigMapMutable": "true",
    }


def test_a_kubeconfig_that_is_given_is_a_secret(declared: Declared) -> None:
    args = {"context": "edge-7", "kubeconfig": "apiVersion: v1", "namespace": "argocd"}
    run(lambda: ExistingCluster("edge", args))  # type: ignore[arg-type]  # has the same keys
    given = declared.inputs["kubernetes edge"]
    assert is_secret(given["kubeconfig"])
    assert given["namespace"] == "argocd"


@pytest.mark.parametrize("declare", [flux, argocd])
def test_every_input_is_one_that_the_package_knows(
    declared: Declared, declare: Callable[..., None], install: str
) -> None:
    declare(install=install, reader=READER, prune=True)
    ours = {
        name: unknown_inputs(kind, declared.inputs[name])
        for name, kind in declared.kinds.items()
        if "kubernetes" in kind
    }
    assert len(ours) >= 7
    assert ours == {name: [] for name in ours}


def test_flux_has_a_source_and_a_kustomization_for_each_environment(declared: Declared) -> None:
    flux()
    source = declared.inputs["GitRepository edge-stage-source"]
    assert source == {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": ours("platform-stage", "flux-system"),
        "spec": {
            "url": URL,
            "ref": {"branch": "release"},
            "interval": "10s",
            "secretRef": {"name": "repo-secret"},
        },
    }
    assert declared.inputs["Kustomization edge-stage"] == {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": ours("platform-stage", "flux-system"),
        "spec": {
            "sourceRef": {"kind": "GitRepository", "name": "platform-stage"},
            "path": "./drone",
            "interval": "10s",
            "retryInterval": "10s",
            "timeout": "3m",
            "prune": True,
            "wait": True,
            "deletionPolicy": "Orphan",
        },
    }
    assert declared.inputs["GitRepository edge-dev-source"]["spec"]["ref"] == {"branch": "dev"}


def test_fluxs_secret_is_made_also_for_a_public_repository(declared: Declared) -> None:
    flux()
    secret = declared.inputs["Secret edge-repo-secret"]
    assert secret["metadata"] == ours("repo-secret", "flux-system")
    assert "stringData" not in secret  # an empty one differs from what the server keeps


def test_fluxs_secret_holds_the_reader_and_nothing_shows_its_token(declared: Declared) -> None:
    flux(reader=READER)
    secret = declared.inputs["Secret edge-repo-secret"]
    assert plain(secret["stringData"]) == {"username": "reader", "password": "t0ken"}
    assert is_secret(secret["stringData"]) or is_secret(secret["stringData"]["password"])
    others = {name: given for name, given in declared.inputs.items() if "Secret" not in name}
    assert "t0ken" not in str(others)


@pytest.fixture
def install(tmp_path: Path) -> str:
    """A file with what installs a reconciler."""
    file = tmp_path / "install.yaml"
    file.write_text(INSTALL)
    return str(file)


def test_every_object_of_an_installation_is_marked_as_ours(
    declared: Declared, install: str
) -> None:
    flux(install=install)
    assert declared.kinds[FLUX_ROLE] == ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole")
    kind = "CustomResourceDefinition edge-flux-customresourcedefinition-sources"
    assert declared.inputs[kind]["metadata"] == {
        "name": "sources",
        "labels": OURS,
        "annotations": {"note": "kept", "pulumi.com/patchForce": "true"},
    }
    namespace = "Namespace edge-flux-namespace-flux-system"
    assert declared.kinds[namespace] == "kubernetes:core/v1:Namespace"
    assert declared.inputs[namespace]["metadata"]["labels"] == {**OURS, "app": "flux"}


def test_kinds_and_namespaces_are_installed_first(declared: Declared, install: str) -> None:
    flux(install=install)
    assert declared.depends(FLUX_ROLE) == {
        "edge-flux-namespace-flux-system",
        "edge-flux-customresourcedefinition-sources",
    }


def test_what_flux_brings_is_pruned_only_on_request(declared: Declared, install: str) -> None:
    flux(install=install, prune=True)
    spec = declared.inputs["Kustomization edge-dev"]["spec"]
    assert spec["deletionPolicy"] == "WaitForTermination"
    assert not declared.requests[FLUX_ROLE].retainOnDelete


def test_flux_stays_where_workloads_stay(declared: Declared, install: str) -> None:
    flux(install=install)
    assert declared.requests[FLUX_ROLE].retainOnDelete
    for name in ("Secret edge-repo-secret", "Kustomization edge-dev"):
        assert not declared.requests[name].retainOnDelete


def test_flux_is_installed_before_anything_that_it_reads(declared: Declared, install: str) -> None:
    flux(install=install)
    assert declared.depends("Secret edge-repo-secret") >= {
        "edge-flux-clusterrole-reads",
        "edge-flux-namespace-flux-system",
    }
    assert declared.depends("GitRepository edge-dev-source") >= {"edge-repo-secret"}
    assert declared.depends("Kustomization edge-dev") >= {"edge-dev-source"}


CONTROLLERS = """\
{apiVersion: v1, kind: ServiceAccount, metadata: {name: kustomize-controller}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: kustomize-controller}
spec:
  template:
    spec:
      containers: [{name: manager, args: [--log-level=info, --default-service-account=other]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: notification-controller}
spec: {template: {spec: {containers: [{name: manager}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: source-controller}
spec: {template: {spec: {containers: [{name: manager, args: [--log-level=info]}]}}}
"""


def options_of(declared: Declared, controller: str) -> list[str]:
    spec = declared.inputs[f"Deployment edge-flux-deployment-{controller}"]["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    return list(container.get("args", ()))


@pytest.mark.parametrize("lockdown", [True, False])
def test_flux_is_locked_down_on_request(
    declared: Declared, tmp_path: Path, *, lockdown: bool
) -> None:
    file = tmp_path / "flux.yaml"
    file.write_text(CONTROLLERS)
    flux(install=str(file), lockdown=lockdown)
    alone, without = "--no-cross-namespace-refs=true", "--default-service-account=default"
    assert options_of(declared, "source-controller") == ["--log-level=info"]
    account = declared.inputs["Kustomization edge-dev"]["spec"].get("serviceAccountName")
    if lockdown:
        assert options_of(declared, "kustomize-controller") == ["--log-level=info", alone, without]
        assert options_of(declared, "notification-controller") == [alone]
        assert account == "kustomize-controller"
    else:
        assert "--default-service-account=other" in options_of(declared, "kustomize-controller")
        assert options_of(declared, "notification-controller") == []
        assert account is None


@pytest.mark.parametrize("declare", [flux, argocd])
def test_a_reconciler_that_is_there_is_not_installed(
    declared: Declared, declare: Callable[..., None]
) -> None:
    declare()
    assert [n for n in declared.inputs if n.startswith(("ClusterRole", "Namespace"))] == []


def test_argo_cd_has_an_application_for_each_environment(declared: Declared) -> None:
    argocd()
    assert declared.inputs["Application edge-stage"] == {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": ours("platform-stage", "argocd"),
        "spec": {
            "project": "kalypso",
            "source": {
                "repoURL": URL,
                "targetRevision": "release",
                "path": "large",
                "directory": {"recurse": True},
            },
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "argocd"},
            "syncPolicy": {
                "automated": {"prune": True, "selfHeal": True},
                "retry": {
                    "limit": 10,
                    "backoff": {"duration": "5s", "factor": 2, "maxDuration": "3m"},
                },
            },
        },
    }
    assert declared.inputs["Application edge-dev"]["spec"]["source"]["targetRevision"] == "dev"


def test_argo_cds_project_allows_exactly_the_repositories_of_platform_and_workloads(
    declared: Declared,
) -> None:
    argocd(sources=[APP, FAR, URL])
    project = declared.inputs["AppProject edge-project"]
    assert project["metadata"] == ours("kalypso", "argocd")
    assert project["spec"] == {
        "description": "The platform's manifests, as Kalypso delivers them",
        "sourceRepos": [URL, APP, FAR],
        "destinations": [{"server": "https://kubernetes.default.svc", "namespace": "*"}],
        "clusterResourceWhitelist": [{"group": "", "kind": "Namespace"}],
    }


def secrets(declared: Declared) -> list[dict[str, Any]]:
    """Return what the secrets of repositories hold, by their addresses."""
    found = [
        plain(given["stringData"])
        for name, given in declared.inputs.items()
        if name.startswith("Secret ")
    ]
    return sorted(found, key=lambda each: str(each["url"]))


def test_argo_cd_reads_every_repository_of_the_platforms_host(declared: Declared) -> None:
    argocd(sources=[APP], reader=READER)
    user = {"username": "reader", "password": "t0ken"}
    assert secrets(declared) == [
        {"type": "git", "url": APP, **user},
        {"type": "git", "url": URL, **user},
    ]
    one = next(given for name, given in declared.inputs.items() if name.startswith("Secret "))
    assert one["metadata"]["labels"] == {
        "app.kubernetes.io/managed-by": "kalypso",
        "argocd.argoproj.io/secret-type": "repository",
    }
    assert one["metadata"]["namespace"] == "argocd"
    assert is_secret(one["stringData"]) or is_secret(one["stringData"]["password"])


@pytest.mark.parametrize(
    "far",
    [
        FAR,
        "https://git.example.com.evil.org/x",
        "https://git.example.com:8443/x",
        "http://git.example.com/acme/app",
    ],
)
def test_no_other_host_gets_the_readers_token(declared: Declared, far: str) -> None:
    argocd(sources=[far], reader=READER)
    assert [each["url"] for each in secrets(declared)] == [URL]


def test_public_repositories_need_one_secret_without_a_user(declared: Declared) -> None:
    argocd(sources=[APP])
    assert secrets(declared) == [{"type": "git", "url": URL}]


def test_what_argo_cd_brings_is_pruned_only_on_request(declared: Declared, install: str) -> None:
    argocd(prune=True, install=install)
    metadata = declared.inputs["Application edge-dev"]["metadata"]
    assert metadata["finalizers"] == ["resources-finalizer.argocd.argoproj.io"]
    assert not declared.requests[ARGO_ROLE].retainOnDelete
    assert not declared.requests["Namespace edge-argocd"].retainOnDelete


def test_argo_cd_is_installed_into_its_namespace_before_anything_that_it_reads(
    declared: Declared, install: str
) -> None:
    argocd(install=install, sources=[APP])
    namespace = declared.inputs["Namespace edge-argocd"]["metadata"]
    assert (namespace["name"], namespace["labels"]) == ("argocd", OURS)
    assert declared.depends(ARGO_ROLE) >= {"edge-argocd"}
    assert declared.depends("AppProject edge-project") >= {"edge-argocd-clusterrole-reads"}
    assert declared.depends("Application edge-dev") >= {"edge-project"}
    assert declared.requests[ARGO_ROLE].retainOnDelete
    assert declared.requests["Namespace edge-argocd"].retainOnDelete


DRONE: FleetClusterArgs = {
    "name": "drone",
    "context": "drone-context",
    "cluster_type": "drone",
    "reconciler": "flux",
    "branches": {"dev": "dev"},
}
LARGE: FleetClusterArgs = {
    "name": "large",
    "context": "large-context",
    "cluster_type": "large",
    "reconciler": "argocd",
    "branches": {"dev": "dev", "stage": "stage"},
    "prune": True,
}


def test_a_fleet_sets_each_cluster_up_by_its_own_way(declared: Declared, install: str) -> None:
    drone: FleetClusterArgs = {**DRONE, "install": install}
    args: FleetArgs = {"clusters": [drone, LARGE], "url": URL, "sources": [APP]}
    run(lambda: Fleet("kalypso", args))
    providers = {name: given for name, given in declared.inputs.items() if "kubernetes " in name}
    assert providers["kubernetes drone"]["context"] == "drone-context"
    assert "namespace" not in providers["kubernetes drone"]
    assert providers["kubernetes large"]["namespace"] == "argocd"
    used = {
        name: request.provider.split("::")[-2]
        for name, request in declared.requests.items()
        if declared.kinds[name].startswith("kubernetes:") and request.custom
    }
    assert set(used.values()) == {"drone", "large"}
    assert used["Kustomization drone-dev"] == "drone"
    assert used["ClusterRole drone-flux-clusterrole-reads"] == "drone"
    assert {used[f"Application large-{name}"] for name in ("dev", "stage")} == {"large"}


def test_clusters_of_a_fleet_read_what_is_there(declared: Declared) -> None:
    def there() -> pulumi.ComponentResource:
        made = pulumi.ComponentResource("kalypso:index:Repositories", "made")
        args: FleetArgs = {"clusters": [DRONE], "url": URL, "sources": [], "after": [made]}
        return Fleet("kalypso", {**args, "reader": {"username": "u", "token": "t"}})

    run(there)
    assert "FluxBootstrap drone" in declared.inputs
    assert plain(declared.inputs["Secret drone-repo-secret"]["stringData"]) == {
        "username": "u",
        "password": "t",
    }
