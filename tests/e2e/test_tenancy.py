"""With the templates of examples/tenancy, what a team commits changes its own namespace only."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.e2e.platform_bench import APPLICATIONS, NAMESPACES, Platform
from tests.engine.bench import ROOT
from tests.sample.walkthrough import DEV_POLICIES, REGISTRATION
from tools.lab.api import Refused

TEMPLATES = ROOT / "examples" / "tenancy" / "templates"
FUNCTIONAL = "dev-kaizen-app-team-hello-world-app-functional-test"
PERFORMANCE = "dev-kaizen-app-team-hello-world-app-performance-test"
APPLICATION = f"{APPLICATIONS}/hello-world-app-performance-test"
KUSTOMIZATION = (
    "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations"
    "/hello-world-app-functional-test"
)
BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
TAKE_OVER = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: take-over
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin
subjects:
  - kind: ServiceAccount
    name: default
    namespace: default
"""
ELSEWHERE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: planted
  namespace: kube-public
data:
  planted: "true"
"""


@pytest.fixture(scope="module")
def tenants(platform: Platform) -> Platform:
    """The platform with the application in dev, by the templates of the example."""
    templates = {
        f"templates/{name}": (TEMPLATES / name).read_text()
        for name in ("arc-flux.yaml", "argocd.yaml")
    }
    platform.merge("dev")
    platform.edit(REGISTRATION)
    platform.promote("dev", platform.edit({"main": templates}))
    platform.edit(DEV_POLICIES)
    platform.deliver("dev")
    return platform


def test_an_application_runs_with_the_rights_of_its_namespace(tenants: Platform) -> None:
    found = until_flux(tenants, "True")
    assert found["spec"]["serviceAccountName"] == FUNCTIONAL
    path = f"/apis/apps/v1/namespaces/{FUNCTIONAL}/deployments/hello-world-deployment"
    assert tenants.api("drone").get(path) is not None
    tenants.argo_synced("hello-world-app-performance-test")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", BINDINGS),
        ("POST", "/api/v1/namespaces/kube-public/configmaps"),
        ("GET", "/api/v1/namespaces/flux-system/secrets/repo-secret"),
        ("POST", f"/apis/rbac.authorization.k8s.io/v1/namespaces/{FUNCTIONAL}/rolebindings"),
        ("POST", KUSTOMIZATION.rpartition("/")[0]),
        ("POST", f"/apis/networking.k8s.io/v1/namespaces/{FUNCTIONAL}/networkpolicies"),
        ("POST", f"{NAMESPACES}/{FUNCTIONAL}/resourcequotas"),
        ("DELETE", f"{NAMESPACES}/{FUNCTIONAL}"),
    ],
)
def test_the_server_refuses_what_a_team_may_not_do(
    tenants: Platform, method: str, path: str
) -> None:
    user = f"system:serviceaccount:flux-system:{FUNCTIONAL}"
    body = {"metadata": {"name": "any"}} if method == "POST" else None
    with pytest.raises(Refused) as refused:
        tenants.api("drone").ask(method, path, body, as_user=user)
    assert refused.value.code == 403


def test_flux_applies_no_rights_that_a_team_gives_itself(tenants: Platform) -> None:
    committed(tenants, {"functional-test/rights.yaml": TAKE_OVER})
    found = until_flux(tenants, "False")
    assert "clusterrolebindings.rbac.authorization.k8s.io" in message(found)
    assert "forbidden" in message(found)
    assert tenants.api("drone").get(f"{BINDINGS}/take-over") is None
    tenants.remove("app-gitops", "dev", "functional-test/rights.yaml")
    tenants.poke()
    until_flux(tenants, "True")


def test_flux_puts_nothing_into_the_namespace_of_others(tenants: Platform) -> None:
    commit = committed(tenants, {"functional-test/elsewhere.yaml": ELSEWHERE})
    tenants.until(
        lambda: tenants.api("drone").get(KUSTOMIZATION),
        lambda found: commit in found["status"].get("lastAppliedRevision", ""),
        "the planted config map at its place",
    )
    assert tenants.api("drone").get(f"{NAMESPACES}/{FUNCTIONAL}/configmaps/planted") is not None
    assert tenants.api("drone").get(f"{NAMESPACES}/kube-public/configmaps/planted") is None


def test_argo_cd_refuses_what_is_outside_of_the_project(tenants: Platform) -> None:
    files = {"rights.yaml": TAKE_OVER, "elsewhere.yaml": ELSEWHERE}
    committed(tenants, {f"performance-test/{name}": text for name, text in files.items()})
    found = tenants.until(
        lambda: tenants.api("large").get(APPLICATION),
        lambda found: "kube-public is not permitted" in refusal(found),
        "a refusal of another namespace",
    )
    assert "rbac.authorization.k8s.io:ClusterRoleBinding is not permitted" in refusal(found)
    assert tenants.api("large").get(f"{BINDINGS}/take-over") is None
    assert tenants.api("large").get(f"{NAMESPACES}/kube-public/configmaps/planted") is None


def committed(platform: Platform, files: Mapping[str, str]) -> str:
    """Commit as the application's team, and let the clusters see it."""
    commit = platform.bench.commit("app-gitops", "dev", files)
    platform.poke()
    return commit


def until_flux(platform: Platform, ready: str) -> Any:
    """Wait until the application's Kustomization is ready, or is not, and return it."""
    return platform.until(
        lambda: platform.api("drone").get(KUSTOMIZATION),
        lambda found: found is not None and condition(found).get("status") == ready,
        f"the application's Kustomization with Ready={ready}",
    )


def condition(found: Any) -> dict[str, str]:
    conditions: list[dict[str, str]] = found.get("status", {}).get("conditions", [])
    return next((each for each in conditions if each["type"] == "Ready"), {})


def message(found: Any) -> str:
    return condition(found).get("message", "")


def refusal(found: Any) -> str:
    """Return everything that Argo CD says against an Application."""
    status = (found or {}).get("status", {})
    state = status.get("operationState", {})
    said = [each["message"] for each in status.get("conditions", ())]
    results = state.get("syncResult", {}).get("resources", ())
    said += [each.get("message", "") for each in results]
    return "\n".join([*said, state.get("message", "")])
