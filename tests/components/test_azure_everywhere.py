"""What a whole stack declares: every stack, provider of clusters, and forge."""

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pulumi
import pytest

from components.arguments import platform_args
from components.fleet_arguments import check_packages, fleet_args
from components.platform import Platform
from kalypso.errors import SettingsError
from kalypso.stack.fleet import make_fleet
from kalypso.stack.schedule import Schedule, make_schedule
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings
from tests.components.mocks import Seen
from tests.standins.github.sample import Sample
from tests.standins.github.server import TOKEN, GitHubServer

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/edge-rg/providers"
AZURE = {"location": "westus2", "subscription": SUBSCRIPTION}
CLUSTERS: dict[str, dict[str, object]] = {
    "created": {"provider": "azure"},
    "adopted": {
        "provider": "azure",
        "resourceId": f"{GROUP}/Microsoft.ContainerService/managedClusters/edge",
    },
    "arc": {
        "provider": "arc",
        "resourceId": f"{GROUP}/Microsoft.Kubernetes/connectedClusters/edge",
    },
    "existing": {"provider": "existing", "context": "edge", "install": "none"},
    "none": {"provider": "none"},
}
DECLARED = {
    "created": {
        "AksCluster", "AzureHome", "Extension", "Fleet", "FluxConfiguration", "FluxExtension",
        "ManagedCluster", "ResourceGroup", "Secret",
    },
    "adopted": {
        "AksCluster", "AzureHome", "Extension", "Fleet", "FluxConfiguration", "FluxExtension",
        "ManagedCluster", "Secret",
    },
    "arc": {
        "ArcCluster", "AzureHome", "ConnectedCluster", "Extension", "Fleet", "FluxConfiguration",
        "FluxExtension",
    },
    "existing": {"CustomResources", "ExistingCluster", "Fleet", "FluxBootstrap", "Secret"},
    "none": set(),
}  # fmt: skip
"""Kinds that clusters of a platform's stack add, by what the cluster is."""


class Engine(Seen):
    """Also gives kubeconfigs."""

    def call(
        self, args: pulumi.runtime.MockCallArgs
    ) -> tuple[dict[str, object], list[tuple[str, str]] | None]:
        assert args.token.endswith(":listManagedClusterUserCredentials")
        encoded = base64.b64encode(b"users: []\n").decode()
        return {"kubeconfigs": [{"name": "clusterUser", "value": encoded}]}, []


@pytest.fixture
def engine() -> Iterator[Engine]:
    mocks = Engine()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev")
    yield mocks
    pulumi.runtime.settings.reset_options()


@pytest.fixture(params=["local", "github", "github, adopted"])
def on_forge(
    request: pytest.FixtureRequest, tmp_path: Path, github_server: GitHubServer
) -> dict[str, str]:
    """The settings of a forge on which nothing is made yet, or where people have made all."""
    if request.param == "local":
        return {"forge.folder": str(tmp_path / "forge")}
    if request.param == "github, adopted":
        return Sample(github_server).config
    return {
        "forge": "github",
        "forge.url": github_server.url,
        "github.owner": "acme",
        "github.token": TOKEN,
    }


def stack(name: str, forge: dict[str, str], *clusters: object) -> tuple[Settings, Schedule]:
    given = dict(forge)
    if clusters:
        given |= {
            "clusters": json.dumps(clusters),
            "environments": '["dev", "stage"]',
            "azure": json.dumps(AZURE),
        }
    settings = parse_settings({f"kalypso:{key}": text for key, text in given.items()}, name)
    return settings, make_schedule(settings)


def declare(name: str, settings: Settings, schedule: Schedule) -> None:
    fleet = make_fleet(settings, schedule.evaluation, schedule.branch, name)

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        args = platform_args(settings, schedule, owns_repositories=name == "dev")
        if fleet.clusters:
            args["fleet"] = fleet_args(fleet, settings)
        return Platform("kalypso", args).urn

    program()


_OF_CLUSTERS = set().union(*DECLARED.values()) - {"CustomResources"}


@pytest.mark.parametrize("what", sorted(CLUSTERS))
def test_the_platforms_stack_declares_what_its_clusters_need(
    engine: Engine, on_forge: dict[str, str], what: str
) -> None:
    settings, schedule = stack("dev", on_forge, {"name": "drone", **CLUSTERS[what]})
    declare("dev", settings, schedule)
    kinds = {kind for kind, _ in engine.resources}
    assert kinds & _OF_CLUSTERS == DECLARED[what] - {"CustomResources"}
    made = "GitHubRepositories" if "github.owner" in on_forge else "Repositories"
    adopted = "repositories.control-plane" in on_forge
    assert kinds & {"GitHubRepositories", "Repositories", "Repository"} == (
        set() if adopted else {made, *(("Repository",) if "github.owner" in on_forge else ())}
    )
    if "FluxConfiguration" in kinds:
        given = engine.inputs["FluxConfiguration drone-dev"]
        assert given["gitRepository"] == {
            "url": f"{settings.forge.home}/kalypso-gitops",
            "repositoryRef": {"branch": "dev"},
            "syncIntervalInSeconds": 10,
            "timeoutInSeconds": 180,
        }
        assert engine.names("FluxConfiguration") == ["drone-dev", "drone-stage"]


def test_another_stack_declares_no_cluster(engine: Engine, on_forge: dict[str, str]) -> None:
    settings, schedule = stack("stage", on_forge)
    declare("stage", settings, schedule)
    assert {kind for kind, _ in engine.resources} & _OF_CLUSTERS == set()


@pytest.mark.parametrize(
    ("module", "extra"), [("pulumi_azure_native", "azure"), ("pulumi_kubernetes", "kubernetes")]
)
def test_a_package_that_is_missing_is_said_before_anything_is_declared(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, extra: str
) -> None:
    forge = {"forge.folder": str(tmp_path / "forge")}
    settings, schedule = stack("dev", forge, {"name": "drone", "provider": "azure"})
    fleet = make_fleet(settings, schedule.evaluation, schedule.branch, "dev")
    check_packages(fleet)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SettingsError) as caught:
        check_packages(fleet)
    assert caught.value.problem.hint == f"pip install 'kalypso-on-pulumi[{extra}]'"
    assert engine.resources == []
