"""Clusters in Azure and repositories on GitHub: what each is given to know the other by."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.components.test_ssh_key import public_of
from tests.engine.azure_bench import InAzure
from tests.engine.bench import Bench, up_command
from tests.engine.github_bench import MadeOnGitHub
from tests.standins import documents
from tests.standins.github.app import key_pair
from tests.standins.github.faults import FORBIDDEN, on
from tests.standins.github.server import GitHubServer

CLUSTERS = ({"name": "drone", "provider": "azure"}, {"name": "large", "provider": "azure"})
HOST_KEYS = "127.0.0.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOfTheStandIn"
ADDRESS = "ssh://git@127.0.0.1/acme/kalypso-gitops.git"
FLUX = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gitrepositories.source.toolkit.fluxcd.io}
"""


class _Clusters(InAzure):
    makes_stack = False


class Platform:
    """The stack dev, with its repositories on GitHub and its clusters in Azure."""

    def __init__(self, bench: Bench, server: GitHubServer) -> None:
        self.github = MadeOnGitHub(bench, server, "dev")
        self.azure = _Clusters(bench, CLUSTERS)
        self.bench, self.server = bench, server

    @property
    def keys(self) -> dict[str, str]:
        """The public keys that GitHub has, by their titles."""
        admin = self.server.routes.admin
        found = admin.keys_of(self.github.repository("gitops"))
        assert all(key.read_only for key in found)
        return {key.title: key.key for key in found}

    @property
    def private_keys(self) -> dict[str, str]:
        """The private keys that clusters have, by the cluster's name."""
        found: dict[str, str] = {}
        for kept in documents.read_all(self.bench.project.parent / "azure" / "objects"):
            data = kept["object"].get("stringData") or {}
            for name in ("identity", "sshPrivateKey", "githubAppPrivateKey"):
                if name in data:
                    found[kept["cluster"]] = data[name]
        return found

    def state(self) -> str:
        return self.bench.good("pulumi", "stack", "export", "-s", "dev")

    def shown(self, keys: dict[str, str]) -> list[str]:
        """Return where a line of a private key can be read, but for the clusters themselves."""
        folder = self.bench.project.parent
        outputs = self.bench.good("pulumi", "stack", "output", "-s", "dev", "--json")
        places = {"state": self.state(), "outputs": outputs, "output": self.github.said}
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink() and folder / "azure" not in path.parents:
                places[str(path)] = path.read_bytes().decode(errors="replace")
        lines = [line for key in keys.values() for line in key.splitlines()[1:-1]]
        assert len(lines) >= 2 * len(keys)
        return [place for place, text in places.items() if any(line in text for line in lines)]


@pytest.fixture
def platform(bench: Bench) -> Iterator[Platform]:
    with GitHubServer(bench.project.parent / "github") as server:
        yield Platform(bench, server)


def keyed(platform: Platform, **more: str) -> None:
    settings = {"reader.deployKeys": "true", "reader.hostKeys": HOST_KEYS, **more}
    platform.bench.set("dev", settings)


def test_each_cluster_reads_by_a_key_that_nobody_sees_and_that_can_be_replaced(
    platform: Platform,
) -> None:
    keyed(platform)
    platform.bench.good("pulumi", "preview", "-s", "dev", "--non-interactive")
    assert platform.server.writes() == []

    platform.github.up()
    keys, private = platform.keys, platform.private_keys
    assert sorted(private) == ["drone", "large"]
    assert keys == {
        f"Kalypso: the cluster {cluster} reads": public_of(key) for cluster, key in private.items()
    }
    assert platform.shown(private) == []
    flux = next(
        each
        for name, each in platform.azure.azure.resources.items()
        if name.endswith("/fluxConfigurations/platform-dev")
    )["properties"]["gitRepository"]
    assert (flux["url"], flux["localAuthRef"]) == (ADDRESS, "platform-repository")

    platform.server.clear()
    platform.github.up()
    assert platform.server.writes() == []
    assert platform.shown(private) == []

    keyed(platform, **{"reader.rotation": "2"})
    platform.github.up()
    assert platform.keys.keys() == keys.keys()
    assert not set(platform.keys.values()) & set(keys.values())
    again = platform.private_keys
    assert set(map(public_of, again.values())) == set(platform.keys.values())
    methods = [call.method for call in platform.server.calls if "/keys" in call.path]
    assert [each for each in methods if each != "GET"] == ["POST", "POST", "DELETE", "DELETE"]
    assert platform.shown(private | {f"new {name}": key for name, key in again.items()}) == []

    platform.azure.destroy()
    assert platform.keys == {}


def test_a_rotation_that_github_refuses_leaves_clusters_with_the_keys_that_work(
    platform: Platform,
) -> None:
    keyed(platform)
    platform.github.up()
    keys, private = platform.keys, platform.private_keys
    keyed(platform, **{"reader.rotation": "2"})
    platform.server.plan = on("POST", "/keys", FORBIDDEN, times=2)
    said = platform.bench.refused(*up_command("dev"))
    assert "Resource not accessible by personal access token" in said
    assert (platform.keys, platform.private_keys) == (keys, private)
    platform.server.clear()
    platform.github.up()
    assert len(platform.keys) == 2
    assert not set(platform.keys.values()) & set(keys.values())


def test_clusters_read_by_an_app_whose_key_nobody_sees(platform: Platform) -> None:
    (platform.bench.project / "flux.yaml").write_text(FLUX)
    drone, large = CLUSTERS
    platform.azure.set(({**drone, "install": "manifests"}, large))
    app = {"reader.app.id": "234567", "reader.app.installation": "88"}
    platform.bench.set("dev", {"install.flux": "flux.yaml", **app})
    key, another = (key_pair(number)[0].strip() for number in (1, 2))  # as the engine keeps them
    platform.bench.set_secret("dev", "reader.app.key", key)
    platform.github.said += platform.bench.good(
        "pulumi", "preview", "-s", "dev", "--non-interactive", "--diff"
    )
    platform.github.up()
    private = platform.private_keys
    assert private == {"drone": key, "large": key}
    assert platform.keys == {}
    assert platform.shown(private) == []
    platform.server.clear()
    assert platform.bench.changes("dev").keys() == {"same"}

    platform.bench.set_secret("dev", "reader.app.key", another)
    platform.github.up()
    assert platform.private_keys == {"drone": another, "large": another}
    assert platform.shown({"old": key, "new": another}) == []


def test_a_cluster_that_cannot_read_by_an_app_stops_the_run_before_anything_is_made(
    platform: Platform,
) -> None:
    app = {"reader.app.id": "234567", "reader.app.installation": "88"}
    platform.bench.set("dev", app)
    platform.bench.set_secret("dev", "reader.app.key", key_pair(1)[0])
    said = platform.bench.refused(*up_command("dev"))
    assert "the cluster 'drone' has Flux by Azure's extension" in said
    assert platform.server.writes() == []
    assert platform.azure.there == []


def test_workflows_have_the_variables_with_which_they_ask_azure(platform: Platform) -> None:
    platform.azure.set(CLUSTERS, federation=True)
    platform.github.up()
    there = platform.azure.there
    assert [each for each in there if each.startswith("federatedIdentityCredentials/")] == [
        f"federatedIdentityCredentials/acme-kalypso-{content}"
        for content in ("control-plane", "control-plane", "gitops", "gitops")
    ]
    output = platform.azure.output("workflows")
    assert sorted(output) == ["dev", "stage"]
    for content in ("gitops", "control-plane"):
        repository = platform.github.repository(content)
        environments = platform.server.routes.admin.environments(repository)
        assert {name: each.variables for name, each in environments.items()} == output
    assert roles(platform, list(output)) == {
        f"{environment}: Reader of kalypso-rg" for environment in ("dev", "stage")
    }

    platform.server.clear()
    platform.github.up()
    assert platform.server.writes() == []

    platform.azure.set(CLUSTERS, federation=False)
    platform.github.up()
    assert [each for each in platform.azure.there if "dentit" in each or "roleA" in each] == []
    repository = platform.github.repository("gitops")
    assert platform.server.routes.admin.environments(repository) == {}


def roles(platform: Platform, environments: list[str]) -> set[str]:
    """Return who may do what of what, by environment."""
    resources: dict[str, dict[str, Any]] = platform.azure.azure.resources
    found: set[str] = set()
    for name, each in resources.items():
        if "/roleAssignments/" in name:
            role = each["properties"]["roleDefinitionId"].rpartition("/")[2]
            assert role == "acdd72a7-3385-48ef-bd42-f606fba81ae7"
            assert each["properties"]["principalType"] == "ServicePrincipal"
            scope = name.partition("/providers/")[0].rpartition("/")[2]
            found.add(f"Reader of {scope}")
    number = sum("/roleAssignments/" in name for name in resources)
    assert number == len(environments)
    return {f"{name}: {each}" for name in environments for each in found}
