"""What is declared in Azure: every property that matters, through the SDK's mocks."""

import base64
import inspect
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, cast

import pulumi
import pytest
from pulumi.runtime.mocks import MockMonitor

from components.clusters.aks import AksCluster
from components.clusters.arc import ArcCluster
from components.clusters.azure_home import AzureHome
from components.fleet import Fleet, FleetArgs, FleetClusterArgs
from components.reconcilers.flux_extension import FluxExtension
from tests.components.azure_types import API_VERSIONS, unknown_inputs
from tests.components.kubernetes_types import is_secret, plain

URL = "https://git.example.com/acme/kalypso-gitops"
HOME = "11111111-2222-3333-4444-555555555555"
OTHER = "99999999-2222-3333-4444-555555555555"
AKS = (
    f"/subscriptions/{OTHER}/resourceGroups/edge-rg/providers"
    "/Microsoft.ContainerService/managedClusters/edge-7"
)
ARC = (
    f"/subscriptions/{OTHER}/resourceGroups/edge-rg/providers"
    "/Microsoft.Kubernetes/connectedClusters/edge-7"
)
KUBECONFIG = "users: [{name: a, user: {token: k3y}}]\n"
READER = {"username": "reader", "token": "t0ken"}
AZURE = {
    "resource_group": "kalypso-rg",
    "location": "westus2",
    "makes_group": True,
    "vm_size": "Standard_B2s",
    "subscription": HOME,
}


class Azure(pulumi.runtime.Mocks):
    """Remembers every resource as the engine would be asked for it, and gives kubeconfigs."""

    def __init__(self) -> None:
        self.inputs: dict[str, dict[str, Any]] = {}
        self.types: dict[str, str] = {}
        self.requests: dict[str, Any] = {}
        self.read: dict[str, str] = {}
        self.asked: list[dict[str, Any]] = []
        self.registered: dict[tuple[str, str], Any] = {}

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, object]]:
        kind = args.typ.rpartition(":")[2]
        shown = f"{args.inputs.get('kind') if 'apiextensions' in args.typ else kind} {args.name}"
        if args.resource_id:
            self.read[shown] = args.resource_id
        self.inputs[shown], self.types[shown] = dict(args.inputs), args.typ
        self.requests[shown] = self.registered.get((args.typ, args.name))
        return args.resource_id or f"id-of-{args.name}", {**args.inputs, "name": args.name}

    def call(
        self, args: pulumi.runtime.MockCallArgs
    ) -> tuple[dict[str, object], list[tuple[str, str]] | None]:
        self.asked.append({"token": args.token, **args.args})
        encoded = base64.b64encode(KUBECONFIG.encode()).decode()
        return {"kubeconfigs": [{"name": "clusterUser", "value": encoded}]}, []

    def of(self, kind: str) -> list[str]:
        """Return the names of the resources of a kind, sorted."""
        return sorted(name for shown in self.inputs for k, name in [shown.split()] if k == kind)

    def depends(self, shown: str) -> set[str]:
        return {urn.rpartition("::")[2] for urn in self.requests[shown].dependencies}

    def parent(self, shown: str) -> str:
        kind, _, name = str(self.requests[shown].parent).rpartition("$")[2].partition("::")
        return f"{kind.rpartition(':')[2]} {name}"

    def provider(self, shown: str) -> str:
        """Return the name of the provider that a resource has."""
        return str(self.requests[shown].provider).split("::")[-2]


class Monitor(MockMonitor):
    """Lets the mocks see the whole request: dependencies, provider, what stays in the end."""

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - as the SDK has it
        assert isinstance(self.mocks, Azure)
        self.mocks.registered[request.type, request.name] = request
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's


@pytest.fixture
def azure() -> Iterator[Azure]:
    mocks = Azure()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev", monitor=Monitor(mocks))
    yield mocks
    pulumi.runtime.settings.reset_options()


def run(declare: Callable[[], pulumi.ComponentResource]) -> None:
    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        return declare().urn

    program()


def cluster(name: str = "drone", **fields: object) -> FleetClusterArgs:
    given = {
        "name": name,
        "cluster_type": "drone",
        "reconciler": "flux",
        "branches": {"dev": "release/dev", "stage": "stage"},
        "azure": {"kind": "aks"},
        "extension": "install",
        **fields,
    }
    return cast(FleetClusterArgs, {key: value for key, value in given.items() if value is not None})


def fleet(*clusters: FleetClusterArgs, **fields: object) -> None:
    args = {"clusters": clusters, "url": URL, "sources": [], "azure": AZURE, **fields}
    run(lambda: Fleet("kalypso", cast(FleetArgs, args)))


ADOPTED = {"azure": {"kind": "aks", "resource_id": AKS}}
CONNECTED = {"azure": {"kind": "arc", "resource_id": ARC}}


def test_a_cluster_is_made_with_one_node_and_an_identity_for_workloads(azure: Azure) -> None:
    fleet(cluster(), azure={**AZURE, "tags": {"team": "platform"}})
    assert azure.inputs["ResourceGroup kalypso-group"] == {
        "resourceGroupName": "kalypso-rg",
        "location": "westus2",
        "tags": {"team": "platform"},
    }
    assert azure.inputs["ManagedCluster drone"] == {
        "resourceGroupName": "kalypso-rg",
        "resourceName": "drone",
        "location": "westus2",
        "dnsPrefix": "drone",
        "identity": {"type": "SystemAssigned"},
        "sku": {"name": "Base", "tier": "Free"},
        "agentPoolProfiles": [
            {
                "name": "system",
                "mode": "System",
                "type": "VirtualMachineScaleSets",
                "osType": "Linux",
                "count": 1,
                "vmSize": "Standard_B2s",
            }
        ],
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {"workloadIdentity": {"enabled": True}},
        "autoUpgradeProfile": {"upgradeChannel": "stable"},
        "tags": {"team": "platform"},
    }
    assert azure.depends("ManagedCluster drone") >= {"kalypso-group"}


@pytest.mark.parametrize(
    ("name", "prefix"),
    [("west_eu", "west-eu"), ("a" * 60, "a" * 54), (f"{'a' * 53}_b", "a" * 53)],
)
def test_the_api_server_gets_a_name_that_dns_allows(azure: Azure, name: str, prefix: str) -> None:
    fleet(cluster(name))
    assert azure.inputs[f"ManagedCluster {name}"]["dnsPrefix"] == prefix


def test_the_extension_applies_the_folder_of_the_cluster_type_every_ten_seconds(
    azure: Azure,
) -> None:
    fleet(cluster())
    where = {
        "resourceGroupName": "kalypso-rg",
        "clusterRp": "Microsoft.ContainerService",
        "clusterResourceName": "managedClusters",
        "clusterName": "drone",
    }
    assert azure.inputs["Extension drone-flux"] == {
        **where,
        "extensionName": "flux",
        "extensionType": "microsoft.flux",
        "autoUpgradeMinorVersion": True,
        "releaseTrain": "Stable",
        "scope": {"cluster": {"releaseNamespace": "flux-system"}},
    }
    for environment, branch in (("dev", "release/dev"), ("stage", "stage")):
        given = azure.inputs[f"FluxConfiguration drone-{environment}"]
        assert given == {
            **where,
            "fluxConfigurationName": f"platform-{environment}",
            "namespace": "flux-system",
            "scope": "cluster",
            "sourceKind": "GitRepository",
            "suspend": False,
            "gitRepository": {
                "url": URL,
                "repositoryRef": {"branch": branch},
                "syncIntervalInSeconds": 10,
                "timeoutInSeconds": 180,
            },
            "kustomizations": {
                "manifests": {
                    "path": "./drone",
                    "prune": True,
                    "wait": True,
                    "syncIntervalInSeconds": 10,
                    "retryIntervalInSeconds": 10,
                    "timeoutInSeconds": 180,
                }
            },
        }


def test_flux_comes_after_the_cluster_and_its_configurations_after_flux(azure: Azure) -> None:
    fleet(cluster())
    assert azure.depends("Extension drone-flux") >= {"drone"}
    assert azure.depends("Secret drone-repo-secret") >= {"drone-flux"}
    for environment in ("dev", "stage"):
        found = azure.depends(f"FluxConfiguration drone-{environment}")
        assert found >= {"drone", "drone-flux", "drone-repo-secret"}


def test_what_is_in_a_cluster_that_is_made_goes_with_it(azure: Azure) -> None:
    fleet(cluster())
    group = azure.requests["ResourceGroup kalypso-group"]
    assert group.deletedWith == ""
    made = azure.requests["ManagedCluster drone"]
    assert made.deletedWith.endswith("ResourceGroup::kalypso-group")
    for shown in (
        "Extension drone-flux",
        "FluxConfiguration drone-dev",
        "Secret drone-repo-secret",
    ):
        assert azure.requests[shown].deletedWith.endswith("ManagedCluster::drone")
        assert not azure.requests[shown].retainOnDelete


def test_upgrades_by_azure_and_other_numbers_of_nodes_are_left_alone(azure: Azure) -> None:
    fleet(cluster())
    assert set(azure.requests["ManagedCluster drone"].ignoreChanges) == {
        "agentPoolProfiles[0].count",
        "agentPoolProfiles[0].orchestratorVersion",
        "kubernetesVersion",
    }


def test_slow_things_of_azure_get_the_time_that_they_take(azure: Azure) -> None:
    fleet(cluster())
    assert azure.requests["ManagedCluster drone"].customTimeouts.create == "30m"
    assert azure.requests["Extension drone-flux"].customTimeouts.delete == "60m"


@pytest.mark.parametrize("protect", [False, True])
def test_protection_is_for_what_is_made_and_only_if_it_is_asked_for(
    azure: Azure, *, protect: bool
) -> None:
    fleet(cluster(), azure={**AZURE, "protect": protect})
    protected = {shown for shown, each in azure.requests.items() if each and each.protect}
    both = {"ResourceGroup kalypso-group", "ManagedCluster drone"}
    assert protected == (both if protect else set())


def test_the_kubeconfig_is_asked_for_after_the_cluster_and_is_a_secret(azure: Azure) -> None:
    fleet(cluster())
    (asked,) = azure.asked
    assert asked == {
        "token": "azure-native:containerservice:listManagedClusterUserCredentials",
        "format": "exec",
        "resourceGroupName": "kalypso-rg",
        "resourceName": "drone",
    }
    given = azure.inputs["kubernetes drone"]
    assert is_secret(given["kubeconfig"])
    assert plain(given["kubeconfig"]) == KUBECONFIG
    assert given["clusterIdentifier"] == "id-of-drone"
    assert given["deleteUnreachable"] == "true"


def test_kubeconfigs_are_outputs_of_the_fleet_and_secret() -> None:
    mocks = Azure()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev", monitor=Monitor(mocks))

    @pulumi.runtime.test
    def program() -> pulumi.Output[object]:
        args = {"clusters": [cluster()], "url": URL, "sources": [], "azure": AZURE}
        made = Fleet("kalypso", cast(FleetArgs, args))
        assert list(made.kubeconfigs) == ["drone"]
        secret: pulumi.Output[bool] = pulumi.Output.from_input(
            cast(Awaitable[bool], made.kubeconfigs["drone"].is_secret())
        )
        return pulumi.Output.all(made.urn, made.kubeconfigs["drone"], secret).apply(check)

    def check(found: list[object]) -> None:
        assert found[1:] == [KUBECONFIG, True]

    program()
    pulumi.runtime.settings.reset_options()


def test_the_reader_s_token_is_only_in_the_secret_that_templates_name(azure: Azure) -> None:
    fleet(cluster(), reader=READER)
    secret = azure.inputs["Secret drone-repo-secret"]
    assert (secret["metadata"]["name"], secret["metadata"]["namespace"]) == (
        "repo-secret",
        "flux-system",
    )
    assert is_secret(secret["stringData"])
    assert plain(secret["stringData"]) == {"username": "reader", "password": "t0ken"}
    given = azure.inputs["FluxConfiguration drone-dev"]
    assert given["gitRepository"]["localAuthRef"] == "repo-secret"
    assert "t0ken" not in str(given)


def test_without_a_way_to_the_api_server_azure_keeps_the_token_as_a_secret(azure: Azure) -> None:
    fleet(cluster("far", **CONNECTED), reader=READER)
    given = azure.inputs["FluxConfiguration far-dev"]
    protected = given["configurationProtectedSettings"]
    assert is_secret(protected)
    assert plain(protected) == {"httpsKey": "dDBrZW4="}
    assert given["gitRepository"]["httpsUser"] == "reader"
    assert "localAuthRef" not in given["gitRepository"]
    assert azure.of("Secret") == []


def test_an_adopted_cluster_is_read_and_never_owned(azure: Azure) -> None:
    fleet(cluster("edge", **ADOPTED), azure={"resource_group": "kalypso-rg"})
    assert azure.read == {"ManagedCluster edge": AKS}
    assert azure.of("ResourceGroup") == []
    assert azure.asked[0]["resourceGroupName"] == "edge-rg"
    assert azure.asked[0]["resourceName"] == "edge-7"
    given = azure.inputs["FluxConfiguration edge-dev"]
    assert (given["resourceGroupName"], given["clusterName"]) == ("edge-rg", "edge-7")
    assert azure.requests["FluxConfiguration edge-dev"].deletedWith == ""


@pytest.mark.parametrize(("prune", "kept"), [(True, False), (False, True), (None, True)])
def test_workloads_of_an_adopted_cluster_stay_unless_it_says_otherwise(
    azure: Azure, *, prune: bool | None, kept: bool
) -> None:
    fleet(cluster("edge", **ADOPTED, prune=prune))
    for shown in ("Extension edge-flux", "FluxConfiguration edge-dev", "Secret edge-repo-secret"):
        assert azure.requests[shown].retainOnDelete is kept


def test_each_subscription_has_a_provider_of_its_own(azure: Azure) -> None:
    fleet(cluster(), cluster("edge", **ADOPTED))
    assert azure.inputs["azure-native azure"]["subscriptionId"] == HOME
    assert azure.inputs[f"azure-native azure-{OTHER}"]["subscriptionId"] == OTHER
    assert azure.provider("ManagedCluster drone") == "azure"
    assert azure.provider("ResourceGroup kalypso-group") == "azure"
    assert azure.provider("FluxConfiguration drone-dev") == "azure"
    assert azure.provider("FluxConfiguration edge-dev") == f"azure-{OTHER}"
    assert azure.provider("Secret edge-repo-secret") == "edge"


def test_a_cluster_that_arc_connects_is_found_and_set_up_by_azure(azure: Azure) -> None:
    fleet(cluster("far", **CONNECTED))
    assert azure.read == {"ConnectedCluster far": ARC}
    assert azure.asked == []
    given = azure.inputs["Extension far-flux"]
    assert (given["clusterRp"], given["clusterResourceName"], given["clusterName"]) == (
        "Microsoft.Kubernetes",
        "connectedClusters",
        "edge-7",
    )
    assert azure.of("kubernetes") == []


def test_a_context_makes_the_secret_on_a_cluster_that_arc_connects(azure: Azure) -> None:
    fleet(cluster("far", **CONNECTED, context="far-context"), reader=READER)
    assert azure.inputs["kubernetes far"]["context"] == "far-context"
    assert azure.of("Secret") == ["far-repo-secret"]
    assert azure.inputs["FluxConfiguration far-dev"]["gitRepository"]["localAuthRef"] == (
        "repo-secret"
    )


def test_an_extension_that_is_there_is_used_and_not_installed(azure: Azure) -> None:
    fleet(cluster(extension="use"))
    assert azure.of("Extension") == []
    assert azure.of("FluxConfiguration") == ["drone-dev", "drone-stage"]


def test_argo_cd_comes_through_the_api_server_with_the_kubeconfig(azure: Azure) -> None:
    fleet(cluster("large", reconciler="argocd", extension=None))
    assert azure.of("Extension") == azure.of("FluxConfiguration") == []
    assert azure.inputs["kubernetes large"]["namespace"] == "argocd"
    assert azure.of("Application") == ["large-dev", "large-stage"]
    assert azure.provider("Application large-dev") == "large"
    assert azure.requests["Application large-dev"].deletedWith.endswith("ManagedCluster::large")


def test_a_control_plane_is_made_and_nothing_is_put_on_it(azure: Azure) -> None:
    fleet(control_planes=[{"name": "control-plane", "azure": {"kind": "aks"}}])
    assert azure.of("ManagedCluster") == ["control-plane"]
    assert azure.of("Extension") == azure.of("FluxConfiguration") == azure.of("Secret") == []


def test_parents_follow_the_components(azure: Azure) -> None:
    fleet(cluster())
    assert azure.parent("AzureHome kalypso") == "Fleet kalypso"
    assert azure.parent("ResourceGroup kalypso-group") == "AzureHome kalypso"
    assert azure.parent("AksCluster drone") == "Fleet kalypso"
    assert azure.parent("ManagedCluster drone") == "AksCluster drone"
    assert azure.parent("FluxExtension drone") == "AksCluster drone"
    assert azure.parent("FluxConfiguration drone-dev") == "FluxExtension drone"


def test_the_package_knows_every_input(azure: Azure) -> None:
    fleet(
        cluster(),
        cluster("edge", **ADOPTED),
        cluster("far", **CONNECTED),
        reader=READER,
        azure={**AZURE, "tags": {"a": "b"}},
    )
    unknown = {
        shown: unknown_inputs(kind, plain(azure.inputs[shown]))
        for shown, kind in azure.types.items()
        if "azure-native" in kind and shown not in azure.read
    }
    assert len(unknown) == 13
    assert {shown: names for shown, names in unknown.items() if names} == {}


@pytest.mark.parametrize("kind", sorted(API_VERSIONS))
def test_each_kind_speaks_the_version_of_azures_interface_that_was_read(kind: str) -> None:
    declared, version = API_VERSIONS[kind]
    assert f"Uses Azure REST API version {version}." in inspect.getsource(declared)


def test_an_existing_resource_group_is_used_and_never_made(azure: Azure) -> None:
    fleet(cluster(), azure={**AZURE, "makes_group": False})
    assert azure.of("ResourceGroup") == []
    assert azure.inputs["ManagedCluster drone"]["resourceGroupName"] == "kalypso-rg"
    assert azure.requests["ManagedCluster drone"].deletedWith == ""


def test_a_cluster_of_azure_without_a_home_there_is_an_error() -> None:
    args = {"clusters": [cluster()], "url": URL, "sources": []}
    with pytest.raises(ValueError, match="the cluster 'drone' is in Azure"):
        Fleet("kalypso", cast(FleetArgs, args))


def test_each_component_serves_alone(azure: Azure) -> None:
    def alone() -> pulumi.ComponentResource:
        home = AzureHome(
            "mine", {"resource_group": "rg", "makes_group": True, "location": "uksouth"}
        )
        opts = pulumi.ResourceOptions(providers=[home.provider()])
        aks = AksCluster("one", {"resource_group": "rg", "cluster_name": "one"}, opts)
        arc = ArcCluster("two", {"resource_id": ARC}, opts)
        inside = pulumi.ResourceOptions(parent=aks, providers=[home.provider()])
        return FluxExtension(
            "one",
            {
                "kind": "aks",
                "resource_group": "rg",
                "cluster_name": "one",
                "url": URL,
                "path": "drone",
                "branches": {"dev": "dev"},
                "after": [aks.cluster, arc.cluster],
            },
            inside,
        )

    run(alone)
    assert azure.of("ManagedCluster") == ["one"]
    assert azure.of("FluxConfiguration") == ["one-dev"]
    assert not azure.requests["FluxConfiguration one-dev"].retainOnDelete
