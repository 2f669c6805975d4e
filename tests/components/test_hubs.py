"""What is declared for a cluster whose reconciler runs on a hub, through the SDK's mocks."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
import pytest

from components.fleet import Fleet, FleetArgs, FleetClusterArgs
from components.reconcilers.target import TargetArgs, argo_cd_cluster, kubeconfig
from tests.components.kubernetes_types import is_secret, plain, unknown_inputs
from tests.components.test_clusters import OURS, Declared, Monitor, run

URL = "https://git.example.com/acme/kalypso-gitops"
APP = "https://git.example.com/acme/app-gitops"
TOKEN = "t0ken-of-the-hub"  # noqa: S105 - of nothing
FORCED = {"pulumi.com/patchForce": "true"}
ELSEWHERE = {"secretRef": {"name": "west-kubeconfig"}}
WEST: FleetClusterArgs = {
    "name": "west",
    "context": "west-context",
    "cluster_type": "drone",
    "reconciler": "flux",
    "branches": {"dev": "release"},
    "hub": {
        "context": "hub",
        "namespace": "edge",
        "server": "https://west.example.com:6443",
        "authority": "Q0E=",
        "server_name": "west.local",
    },
}
EAST: FleetClusterArgs = {**WEST, "name": "east", "cluster_type": "large", "reconciler": "argocd"}


class Answering(Declared):
    """Also makes the tokens of service accounts, as a cluster does."""

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, object]]:
        name, outputs = super().new_resource(args)
        if args.inputs.get("type") == "kubernetes.io/service-account-token":
            outputs["data"] = {"token": base64.b64encode(TOKEN.encode()).decode()}
        return name, outputs


@pytest.fixture
def declared() -> Iterator[Answering]:
    mocks = Answering()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev", monitor=Monitor(mocks))
    yield mocks
    pulumi.runtime.settings.reset_options()


def fleet(*clusters: FleetClusterArgs, **more: Any) -> None:
    args: FleetArgs = {"clusters": clusters, "url": URL, "sources": [APP], **more}  # type: ignore[typeddict-item]  # of the same component
    run(lambda: Fleet("kalypso", args))


def ours(name: str, namespace: str = "edge") -> dict[str, object]:
    metadata: dict[str, object] = {"name": name, "labels": OURS, "annotations": FORCED}
    return {**metadata, "namespace": namespace} if namespace else metadata


def way(declared: Declared, name: str) -> str:
    """Return the provider of a resource."""
    provider: str = declared.requests[name].provider
    return provider.split("::")[-2]


@pytest.mark.parametrize("cluster", [WEST, EAST])
def test_every_input_is_one_that_the_package_knows(
    declared: Answering, cluster: FleetClusterArgs
) -> None:
    fleet({**cluster, "prune": True}, reader={"username": "u", "token": "t"})
    unknown = {
        name: unknown_inputs(kind, declared.inputs[name])
        for name, kind in declared.kinds.items()
        if kind.startswith("kubernetes:") and "rbac" not in kind and "Account" not in kind
    }
    assert len(unknown) >= 6
    assert unknown == {name: [] for name in unknown}


def test_the_account_is_on_the_cluster_and_everything_else_on_the_hub(declared: Answering) -> None:
    fleet(WEST)
    contexts = {
        name: given["context"]
        for name, given in declared.inputs.items()
        if name.startswith("kubernetes ")
    }
    assert contexts == {"kubernetes west": "west-context", "kubernetes west-hub": "hub"}
    objects = [name for name, kind in declared.kinds.items() if kind.startswith("kubernetes:")]
    there = {name for name in objects if way(declared, name) == "west"}
    assert there == {
        "ServiceAccount west-account",
        "Secret west-token",
        "ClusterRole west-role",
        "ClusterRoleBinding west-kalypso-hub",
        "ClusterRoleBinding west-admin",
    }
    assert {way(declared, name) for name in objects if name not in there} == {"west-hub"}


def test_an_account_may_make_namespaces_and_what_an_admin_of_them_may(declared: Answering) -> None:
    fleet(WEST)
    assert declared.inputs["ServiceAccount west-account"]["metadata"] == ours(
        "kalypso-hub", "kube-system"
    )
    (rule,) = plain(declared.inputs["ClusterRole west-role"]["rules"])
    assert rule["resources"] == ["namespaces", "limitranges", "resourcequotas"]
    given = {
        binding["metadata"]["name"]: binding["roleRef"]["name"]
        for name, binding in declared.inputs.items()
        if name.startswith("ClusterRoleBinding")
    }
    assert given == {"kalypso-hub": "kalypso-hub", "kalypso-hub-admin": "admin"}
    subjects = declared.inputs["ClusterRoleBinding west-admin"]["subjects"]
    assert subjects == [
        {"kind": "ServiceAccount", "name": "kalypso-hub", "namespace": "kube-system"}
    ]


def test_argo_cd_reads_what_it_compares_and_changes_no_more(declared: Answering) -> None:
    fleet(EAST)
    _, reads = plain(declared.inputs["ClusterRole east-role"]["rules"])
    assert reads == {"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]}


def test_the_token_is_asked_for_by_a_secret_of_the_account(declared: Answering) -> None:
    fleet(WEST)
    secret = declared.inputs["Secret west-token"]
    assert secret["type"] == "kubernetes.io/service-account-token"
    annotations = secret["metadata"]["annotations"]
    assert annotations == {**FORCED, "kubernetes.io/service-account.name": "kalypso-hub"}


def test_flux_gets_a_kubeconfig_with_the_account_and_nobody_elses(declared: Answering) -> None:
    fleet(WEST)
    secret = declared.inputs["Secret west-kubeconfig"]
    assert secret["metadata"] == ours("west-kubeconfig")
    assert is_secret(secret["stringData"]) or is_secret(secret["stringData"]["value"])
    assert json.loads(plain(secret["stringData"])["value"]) == {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": "west",
                "cluster": {
                    "server": "https://west.example.com:6443",
                    "certificate-authority-data": "Q0E=",
                    "tls-server-name": "west.local",
                },
            }
        ],
        "users": [{"name": "west", "user": {"token": TOKEN}}],
        "contexts": [{"name": "west", "context": {"cluster": "west", "user": "west"}}],
        "current-context": "west",
    }


def test_argo_cd_knows_the_cluster_by_its_name(declared: Answering) -> None:
    fleet(EAST)
    secret = declared.inputs["Secret east-kalypso-cluster-east"]
    labels = secret["metadata"]["labels"]
    assert labels == {**OURS, "argocd.argoproj.io/secret-type": "cluster"}
    data = plain(secret["stringData"])
    assert (data["name"], data["server"]) == ("east", "https://west.example.com:6443")
    assert json.loads(data["config"]) == {
        "bearerToken": TOKEN,
        "tlsClientConfig": {"caData": "Q0E=", "serverName": "west.local"},
    }
    assert is_secret(secret["stringData"]) or is_secret(secret["stringData"]["config"])


@pytest.mark.parametrize("cluster", [WEST, EAST])
def test_no_input_shows_the_token_in_clear(declared: Answering, cluster: FleetClusterArgs) -> None:
    fleet(cluster)
    shown = {name: in_clear(given) for name, given in declared.inputs.items()}
    assert [name for name, text in shown.items() if TOKEN in text] == []


def in_clear(value: object) -> str:
    """Return what everybody may read of inputs."""
    if is_secret(value):
        return ""
    if isinstance(value, dict):
        return " ".join(in_clear(each) for each in value.values())
    return " ".join(map(in_clear, value)) if isinstance(value, list) else str(value)


def test_a_server_that_machines_trust_needs_no_certificate(declared: Answering) -> None:
    del declared
    target: TargetArgs = {"name": "west", "server": "https://api.example.com", "token": "t"}

    def check(texts: list[str]) -> None:
        config: Mapping[str, Any] = json.loads(texts[0])
        assert config["clusters"][0]["cluster"] == {"server": "https://api.example.com"}
        assert json.loads(texts[1])["tlsClientConfig"] == {}

    @pulumi.runtime.test
    def program() -> pulumi.Output[None]:
        given = argo_cd_cluster(target)["config"]
        return pulumi.Output.all(kubeconfig(target), given).apply(check)

    program()


def test_flux_applies_namespaces_and_configuration_to_the_cluster(declared: Answering) -> None:
    fleet(WEST)
    source = declared.inputs["GitRepository west-dev-source"]
    assert source["metadata"] == ours("west-platform-dev")
    assert source["spec"] == {
        "url": URL,
        "interval": "10s",
        "secretRef": {"name": "repo-secret"},
        "ref": {"branch": "release"},
        "ignore": "reconciler.yaml\n",
    }
    applied = declared.inputs["Kustomization west-dev"]
    assert applied["metadata"] == ours("west-platform-dev")
    assert applied["spec"]["kubeConfig"] == ELSEWHERE
    assert applied["spec"]["path"] == "./drone"
    assert "targetNamespace" not in applied["spec"]


def test_flux_objects_of_assignments_stay_and_each_applies_to_the_cluster(
    declared: Answering,
) -> None:
    fleet(WEST)
    source = declared.inputs["GitRepository west-dev-reconcilers-source"]
    assert source["metadata"] == ours("west-reconcilers-dev")
    assert source["spec"]["ignore"] == "*.yaml\n!reconciler.yaml\n"
    spec = declared.inputs["Kustomization west-dev-reconcilers"]["spec"]
    assert "kubeConfig" not in spec
    assert spec["targetNamespace"] == "edge"
    assert spec["serviceAccountName"] == "west-reconcilers"
    assert spec["dependsOn"] == [{"name": "west-platform-dev"}]
    assert spec["sourceRef"] == {"kind": "GitRepository", "name": "west-reconcilers-dev"}
    patches = {
        (each["target"]["group"], each["target"]["kind"]): json.loads(each["patch"])
        for each in spec["patches"]
    }
    add = [{"op": "add", "path": "/spec/kubeConfig", "value": ELSEWHERE}]
    wait = {"op": "add", "path": "/spec/wait", "value": True}
    assert patches == {
        ("kustomize.toolkit.fluxcd.io", "Kustomization"): [*add, wait],
        ("helm.toolkit.fluxcd.io", "HelmRelease"): add,
    }


def test_fluxs_secret_is_made_also_for_a_public_repository(declared: Answering) -> None:
    fleet(WEST)
    secret = declared.inputs["Secret west-repo-secret"]
    assert secret["metadata"] == ours("repo-secret")
    assert "stringData" not in secret


def test_a_folder_may_change_flux_objects_of_its_namespace_only(declared: Answering) -> None:
    fleet(WEST)
    (rule,) = plain(declared.inputs["Role west-role"]["rules"])
    assert all(group.endswith(".toolkit.fluxcd.io") for group in rule["apiGroups"])
    binding = declared.inputs["RoleBinding west-binding"]
    assert binding["metadata"] == ours("west-reconcilers")
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": "west-reconcilers", "namespace": "edge"}
    ]


def test_argo_cd_applies_a_folder_in_two_parts(declared: Answering) -> None:
    fleet(EAST)
    platform = declared.inputs["Application east-dev"]
    assert platform["metadata"] == ours("east-platform-dev")
    assert platform["spec"]["project"] == "kalypso-east"
    assert platform["spec"]["destination"] == {"name": "east", "namespace": "default"}
    files = {"recurse": True, "exclude": "*/reconciler.yaml"}
    assert platform["spec"]["source"] == {
        "repoURL": URL, "targetRevision": "release", "path": "large", "directory": files,
    }  # fmt: skip
    children = declared.inputs["Application east-dev-reconcilers"]
    assert children["metadata"] == ours("east-reconcilers-dev")
    assert children["spec"]["project"] == "kalypso-east-reconcilers"
    here = {"server": "https://kubernetes.default.svc", "namespace": "edge"}
    assert children["spec"]["destination"] == here
    files = {"recurse": True, "include": "*/reconciler.yaml"}
    assert children["spec"]["source"]["directory"] == files


def test_what_goes_to_the_cluster_and_what_stays_are_two_projects(declared: Answering) -> None:
    fleet(EAST)
    there = declared.inputs["AppProject east-project"]
    assert there["metadata"] == ours("kalypso-east")
    assert there["spec"]["destinations"] == [{"name": "east", "namespace": "*"}]
    assert there["spec"]["sourceRepos"] == [URL, APP]
    assert there["spec"]["clusterResourceWhitelist"] == [{"group": "", "kind": "Namespace"}]
    stay = declared.inputs["AppProject east-reconcilers-project"]["spec"]
    assert stay["destinations"] == [
        {"server": "https://kubernetes.default.svc", "namespace": "edge"}
    ]
    assert stay["sourceRepos"] == [URL]
    assert stay["clusterResourceWhitelist"] == []
    assert stay["namespaceResourceWhitelist"] == [
        {"group": "argoproj.io", "kind": "Application"},
        {"group": "argoproj.io", "kind": "AppProject"},
    ]


def test_clusters_on_one_hub_are_told_apart_in_every_name(declared: Answering) -> None:
    north: FleetClusterArgs = {**EAST, "name": "north", "cluster_type": "small"}
    fleet(EAST, north, reader={"username": "u", "token": "t"})
    objects = [
        (declared.kinds[name], given["metadata"]["name"])
        for name, given in declared.inputs.items()
        if given.get("metadata", {}).get("namespace") == "edge"
    ]
    assert len(objects) == len(set(objects)) == 14


@pytest.mark.parametrize("cluster", [WEST, EAST])
def test_what_a_hub_applies_ends_before_its_account(
    declared: Answering, cluster: FleetClusterArgs
) -> None:
    fleet(cluster)
    name = cluster["name"]
    kind = "Kustomization" if cluster["reconciler"] == "flux" else "Application"
    children = declared.depends(f"{kind} {name}-dev-reconcilers")
    first = {f"{name}-dev"} if kind == "Application" else {f"{name}-dev-reconcilers-source"}
    assert children >= first
    secret = "west-kubeconfig" if kind == "Kustomization" else "east-kalypso-cluster-east"
    assert declared.depends(f"Secret {secret}") >= {f"{name}-admin", f"{name}-kalypso-hub"}


@pytest.mark.parametrize(("prune", "policy"), [(True, "WaitForTermination"), (False, "Orphan")])
def test_what_flux_on_a_hub_brought_is_pruned_only_on_request(
    declared: Answering, policy: str, *, prune: bool
) -> None:
    fleet({**WEST, "prune": prune})
    for name in ("west-dev", "west-dev-reconcilers"):
        assert declared.inputs[f"Kustomization {name}"]["spec"]["deletionPolicy"] == policy


def test_what_argo_cd_on_a_hub_brought_is_pruned_only_on_request(declared: Answering) -> None:
    fleet({**EAST, "prune": True}, {**EAST, "name": "north"})
    cascade = ["resources-finalizer.argocd.argoproj.io"]
    for name in ("dev", "dev-reconcilers"):
        pruned = declared.inputs[f"Application east-{name}"]["metadata"]
        assert pruned["finalizers"] == cascade
        assert "finalizers" not in declared.inputs[f"Application north-{name}"]["metadata"]


def test_a_cluster_that_makes_no_token_is_an_error_and_no_empty_credential() -> None:
    mocks = Declared()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev", monitor=Monitor(mocks))
    try:
        with pytest.raises(RuntimeError, match="made no token"):
            fleet(WEST)
    finally:
        pulumi.runtime.settings.reset_options()
