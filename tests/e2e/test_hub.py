"""Clusters whose Flux or Argo CD runs on another one: the hub applies to them, and only to them."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.platform_bench import APPLICATIONS, NAMESPACES, Platform, until
from tests.engine.bench import ROOT, up_command
from tests.sample.walkthrough import DEV_POLICIES, REGISTRATION, URL, Edits
from tools.lab.api import Refused, write_kubeconfig
from tools.lab.laboratory import Laboratory
from tools.lab.servers import start_servers

TEMPLATE = ROOT / "examples" / "hub" / "templates" / "argocd.yaml"
FUNCTIONAL = "dev-kaizen-app-team-hello-world-app-functional-test"
PERFORMANCE = "dev-kaizen-app-team-hello-world-app-performance-test"
HUB_NAMESPACE = "edge"
KUSTOMIZATIONS = f"/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/{HUB_NAMESPACE}/kustomizations"
SOURCES = f"/apis/source.toolkit.fluxcd.io/v1/namespaces/{HUB_NAMESPACE}/gitrepositories"
TOKEN = "/api/v1/namespaces/kube-system/secrets/kalypso-hub"  # noqa: S105 - a path
DEPLOYMENT = "/apis/apps/v1/namespaces/{}/deployments/hello-world-deployment"
FAR = {"drone": "far", "large": "west"}
"""Context of each cluster."""
HUBS = {"drone": ("flux-hub", HUB_NAMESPACE), "large": ("argo-hub", "argocd")}
"""Context and namespace of the hub of each cluster; in the laboratory it has the cluster's name."""


class Hubs(Platform):
    """A platform whose two clusters run no reconciler; the laboratory's clusters are their hubs."""

    refusal = ""
    """What was said while a template still wrote for the hub itself."""

    def start(self) -> None:
        """Serve the forge where no other platform's is, and bring the stack of dev up."""
        self.port = self.lab.programs.port("forge of hubs")
        for name, api in start_servers(self.lab.programs, *FAR.values(), nodes=True).items():
            self.lab.apis[name] = api
        config = self.bench.folder / "kubeconfig"
        hubs = [replace(self.api(name), name=context) for name, (context, _) in HUBS.items()]
        write_kubeconfig(config, *hubs, *(self.api(name) for name in FAR.values()))
        self.bench.environment["KUBECONFIG"] = str(config)
        self.serve()
        self.bench.init("dev")
        self.set("forge.url", f"http://127.0.0.1:{self.port}")
        self.set("environments", ["dev"])
        path = f"{NAMESPACES}/{HUB_NAMESPACE}"
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": HUB_NAMESPACE}}
        self.api("drone").apply(path, namespace)

    def serve(self) -> None:
        """Serve the forge to the hubs."""
        self.bench.forge.mkdir(parents=True, exist_ok=True)
        kalypso = Path(self.bench.environment["VIRTUAL_ENV"]) / "bin" / "kalypso"
        self.lab.serve(kalypso, self.bench.forge, self.port, self.bench.environment)

    def end(self) -> None:
        """Take the stack down, whatever has become of it, and leave the laboratory as it was."""
        try:
            self.bench.run("pulumi", "destroy", "-s", "dev", "--yes", "--skip-preview",
                           "--non-interactive")  # fmt: skip
            path = f"{NAMESPACES}/{HUB_NAMESPACE}"
            if self.api("drone").get(path) is not None:
                self.api("drone").ask("DELETE", path)
                self.gone("drone", path)
        finally:
            self.lab.end_forge(self.port)
            for name in FAR.values():
                self.lab.end_cluster(name)

    def list_clusters(self, *names: str) -> None:
        """Say which clusters there are, each with its hub."""
        self.set(
            "clusters",
            [
                {"name": name, "provider": "existing", "context": FAR[name], "onDestroy": "prune",
                 "hub": {"context": HUBS[name][0], "namespace": HUBS[name][1]}}
                for name in names
            ],
        )  # fmt: skip

    def edit(self, edits: Edits) -> str:
        """Push edits of the control plane, with the addresses of this forge."""
        here = f"http://127.0.0.1:{self.port}/kalypso-"
        moved = {
            branch: {path: text.replace(URL, here) for path, text in files.items()}
            for branch, files in edits.items()
        }
        return super().edit(moved)

    def poke(self) -> None:
        """Wait: every object looks again within ten seconds by itself."""


@pytest.fixture(scope="module")
def hubs(folder: Path, lab: Laboratory) -> Iterator[Hubs]:
    """The platform with the application in dev, applied by the hubs."""
    made = Hubs(Path(tempfile.mkdtemp(prefix="hubs-", dir=folder)), lab)
    try:
        made.start()
        made.bench.up("dev")
        made.merge("dev")
        made.list_clusters(*FAR)
        made.refusal = made.bench.refused(*up_command("dev"))
        made.edit(REGISTRATION)
        made.promote("dev", made.edit({"main": {"templates/argocd.yaml": TEMPLATE.read_text()}}))
        made.edit(DEV_POLICIES)
        made.deliver("dev")
        yield made
    finally:
        made.end()


def test_an_application_that_would_land_on_the_hub_stops_everything(hubs: Hubs) -> None:
    assert (
        "the Application 'observability-prometheus' of large/observability-prometheus/"
        "reconciler.yaml goes to 'https://kubernetes.default.svc', and not to the cluster 'large'"
    ) in " ".join(hubs.refusal.split())


def test_flux_on_a_hub_applies_an_assignment_to_the_cluster(hubs: Hubs) -> None:
    found = there(hubs, "far", DEPLOYMENT.format(FUNCTIONAL))
    assert found["metadata"]["labels"]["kustomize.toolkit.fluxcd.io/namespace"] == HUB_NAMESPACE
    config = there(hubs, "far", f"{NAMESPACES}/{FUNCTIONAL}/configmaps/platform-config")
    assert config["data"]["CLUSTER_NAME"] == "Drone"
    assert hubs.api("drone").get(f"{NAMESPACES}/{FUNCTIONAL}") is None


def test_argo_cd_on_a_hub_applies_an_assignment_to_the_cluster(hubs: Hubs) -> None:
    there(hubs, "west", DEPLOYMENT.format(PERFORMANCE))
    config = there(hubs, "west", f"{NAMESPACES}/{PERFORMANCE}/configmaps/platform-config")
    assert config["data"]["CLUSTER_NAME"] == "Large"
    assert hubs.api("large").get(f"{NAMESPACES}/{PERFORMANCE}") is None


@pytest.mark.parametrize("cluster", ["far", "west"])
def test_a_cluster_with_a_hub_has_no_kind_of_a_reconciler(hubs: Hubs, cluster: str) -> None:
    kinds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    assert hubs.api(cluster).names(kinds) == set()


def test_the_objects_of_an_assignment_stay_on_the_hub_and_go_to_the_cluster(hubs: Hubs) -> None:
    child = hubs.api("drone").get(f"{KUSTOMIZATIONS}/hello-world-app-functional-test")
    assert child["spec"]["kubeConfig"] == {"secretRef": {"name": "drone-kubeconfig"}}
    application = hubs.api("large").get(f"{APPLICATIONS}/large-hello-world-app-performance-test")
    assert application["spec"]["destination"]["name"] == "large"


@pytest.mark.parametrize(("cluster", "may_read"), [("far", 403), ("west", 200)])
def test_a_hub_may_change_no_rights_of_a_whole_cluster(
    hubs: Hubs, cluster: str, may_read: int
) -> None:
    user = "system:serviceaccount:kube-system:kalypso-hub"
    rights = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
    assert status(hubs, cluster, "POST", rights, user) == 403
    assert status(hubs, cluster, "GET", rights, user) == may_read


def test_a_folder_changes_flux_objects_on_the_hub_and_nothing_else(hubs: Hubs) -> None:
    user = f"system:serviceaccount:{HUB_NAMESPACE}:drone-reconcilers"
    secrets = f"{NAMESPACES}/{HUB_NAMESPACE}/secrets"
    assert status(hubs, "drone", "GET", f"{secrets}/drone-kubeconfig", user) == 403
    assert status(hubs, "drone", "POST", NAMESPACES, user) == 403
    elsewhere = KUSTOMIZATIONS.replace(HUB_NAMESPACE, "flux-system")
    assert status(hubs, "drone", "POST", elsewhere, user) == 403
    assert status(hubs, "drone", "GET", KUSTOMIZATIONS, user) == 200


def test_the_hub_has_a_token_of_its_own_and_no_output_or_state_shows_it(hubs: Hubs) -> None:
    secret = hubs.api("drone").secret(HUB_NAMESPACE, "drone-kubeconfig")
    assert secret is not None
    config: Any = json.loads(secret["value"])
    token = config["users"][0]["user"]["token"]
    account = hubs.api("far").secret("kube-system", "kalypso-hub")
    assert account is not None
    assert token == account["token"]
    assert hubs.api("far").token not in secret["value"]
    outputs = hubs.bench.good("pulumi", "stack", "output", "-s", "dev", "--json", "--show-secrets")
    assert token not in outputs
    files = [path for path in hubs.bench.state.rglob("*") if path.is_file()]
    assert not [path for path in files if token.encode() in path.read_bytes()]


def test_an_unchanged_platform_changes_nothing_on_hub_or_cluster(hubs: Hubs) -> None:
    text = hubs.bench.good("pulumi", "preview", "-s", "dev", "--non-interactive", "--json",
                           "--suppress-progress")  # fmt: skip
    steps = json.loads(text[text.index("{") :])["steps"]
    changed = [
        f"{step['op']} {step['urn']} {step.get('diffReasons')}"
        for step in steps
        if "kubernetes:" in step["urn"] and step["op"] != "same"
    ]
    assert "\n".join(changed) == ""


def test_a_gate_sees_both_halves_on_the_hub(hubs: Hubs) -> None:
    said = until(
        lambda: hubs.bench.run("kalypso", "status", "-e", "dev").stdout,
        lambda text: "is healthy on 2 of 2 clusters" in text,
        "both clusters healthy",
    )
    assert said.startswith("dev: pass: ")


def test_a_new_token_reaches_the_hub_by_one_update(hubs: Hubs) -> None:
    before = hubs.api("far").secret("kube-system", "kalypso-hub")
    hubs.api("far").ask("DELETE", TOKEN.replace("secrets", "serviceaccounts"))
    hubs.gone("far", TOKEN)
    hubs.bench.good("pulumi", "up", "-s", "dev", "--yes", "--skip-preview", "--refresh",
                    "--non-interactive")  # fmt: skip
    after = hubs.api("far").secret("kube-system", "kalypso-hub")
    secret = hubs.api("drone").secret(HUB_NAMESPACE, "drone-kubeconfig")
    assert before is not None
    assert after is not None
    assert secret is not None
    assert before["token"] != after["token"]
    assert after["token"] in secret["value"]


def test_a_cluster_that_leaves_takes_its_workloads_and_what_the_hub_had_of_it(hubs: Hubs) -> None:
    hubs.list_clusters("large")
    hubs.bench.up("dev")
    hubs.gone("far", f"{NAMESPACES}/{FUNCTIONAL}")
    assert hubs.api("far").get(TOKEN) is None
    assert hubs.api("drone").names(KUSTOMIZATIONS) == set()
    assert hubs.api("drone").names(SOURCES) == set()
    assert hubs.api("drone").names(f"{NAMESPACES}/{HUB_NAMESPACE}/secrets") == set()
    there(hubs, "west", DEPLOYMENT.format(PERFORMANCE))


def test_destroying_leaves_nothing_on_hub_or_cluster(hubs: Hubs) -> None:
    hubs.bench.good("pulumi", "destroy", "-s", "dev", "--yes", "--skip-preview",
                    "--non-interactive")  # fmt: skip
    hubs.gone("west", f"{NAMESPACES}/{PERFORMANCE}")
    assert hubs.api("west").get(TOKEN) is None
    assert hubs.api("large").names(APPLICATIONS) == set()
    projects = APPLICATIONS.replace("applications", "appprojects")
    assert hubs.api("large").names(projects) == {"default"}
    assert hubs.api("large").names(f"{NAMESPACES}/argocd/secrets") == {"argocd-secret"}


def there(hubs: Hubs, cluster: str, path: str) -> Any:
    """Wait until an object exists, and return it."""
    return hubs.until(
        lambda: hubs.api(cluster).get(path),
        lambda found: found is not None,
        f"{path} on {cluster}",
    )


def status(hubs: Hubs, cluster: str, method: str, path: str, user: str) -> int:
    """Return the status with which a server answers a user."""
    body = {"metadata": {"name": "any"}} if method == "POST" else None
    try:
        hubs.api(cluster).ask(method, path, body, as_user=user)
    except Refused as error:
        return error.code
    return 200
