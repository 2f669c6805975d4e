"""A deploy key for each cluster: who gets it, what it opens, and that nothing shows it."""

import base64
from collections.abc import Iterator
from typing import Any

import pulumi
import pulumi_github
import pytest

from components.fleet import Fleet, FleetArgs, FleetClusterArgs
from components.fleet_arguments import fleet_args
from kalypso.stack.fleet import Fleet as FleetOfStack
from kalypso.stack.reading import DeployKeys
from tests.components.kubernetes_types import is_secret, plain
from tests.components.test_azure import ADOPTED, AZURE, CONNECTED, Azure, Monitor
from tests.components.test_declared_on_github import broken
from tests.stack.forge import settings_for

URL = "https://github.com/acme/kalypso-gitops"
APP = "https://github.com/acme/kalypso-app-gitops"
ADDRESS = "ssh://git@github.com/acme/kalypso-gitops.git"
HOST_KEYS = "github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMq\n"
READER = {"username": "reader", "token": "t0ken"}
KEYS = {
    "owner": "acme",
    "repository": "kalypso-gitops",
    "address": ADDRESS,
    "host_keys": HOST_KEYS,
}
HUB = {"context": "hub", "namespace": "edge", "server": "https://edge.example.com"}


class Keys(Azure):
    """Makes keys, and accounts for hubs."""

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, object]]:
        made, state = super().new_resource(args)
        if args.typ == "kalypso:index:SshKey":
            state |= {"publicKey": f"ssh-ed25519 {args.name}", "privateKey": f"pr1vate-{args.name}"}
        if args.typ == "kubernetes:core/v1:Secret" and "kalypso-hub" in str(args.inputs):
            state["data"] = {"token": base64.b64encode(b"t0ken-of-the-hub").decode()}
        return made, state


@pytest.fixture
def keys() -> Iterator[Keys]:
    mocks = Keys()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev", monitor=Monitor(mocks))
    yield mocks
    pulumi.runtime.settings.reset_options()


def cluster(name: Any = "edge", reconciler: Any = "flux", **more: Any) -> FleetClusterArgs:
    given: FleetClusterArgs = {
        "name": name,
        "context": f"{name}-7",
        "cluster_type": "drone",
        "reconciler": reconciler,
        "branches": {"dev": "dev"},
        **more,  # type: ignore[typeddict-item]  # of the same arguments
    }
    return given


def fleet(*clusters: FleetClusterArgs, **more: Any) -> None:
    args: FleetArgs = {
        "clusters": clusters,
        "url": URL,
        "sources": [APP],
        "keys": KEYS,
        **more,  # type: ignore[typeddict-item]  # of the same arguments
    }

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        provider = pulumi_github.Provider("github-acme", owner="acme")
        there = pulumi_github.Repository("kalypso-gitops")
        after: FleetArgs = {**args, "after": [there]}
        return Fleet("kalypso", after, pulumi.ResourceOptions(providers=[provider])).urn

    program()


def test_each_cluster_has_a_key_of_its_own_that_only_reads(keys: Keys) -> None:
    fleet(cluster("edge"), cluster("west", "argocd"))
    assert keys.of("SshKey") == ["edge", "west"]
    assert plain(keys.inputs["RepositoryDeployKey edge"]) == {
        "repository": "kalypso-gitops",
        "title": "Kalypso: the cluster edge reads",
        "key": "ssh-ed25519 edge",
        "readOnly": True,
    }
    assert keys.provider("RepositoryDeployKey edge") == "github-acme"
    assert keys.parent("RepositoryDeployKey edge") == "DeployKey edge"
    assert keys.parent("DeployKey edge") == "Fleet kalypso"


def test_every_input_of_a_deploy_key_is_one_that_the_package_knows(keys: Keys) -> None:
    fleet(cluster())
    given = {key: plain(each) for key, each in keys.inputs["RepositoryDeployKey edge"].items()}
    assert broken("RepositoryDeployKey", given) == []


def test_flux_reads_the_gitops_repository_by_the_key(keys: Keys) -> None:
    fleet(cluster(), reader=READER)
    source = plain(keys.inputs["GitRepository edge-dev-source"])["spec"]
    assert (source["url"], source["secretRef"]) == (ADDRESS, {"name": "platform-repository"})
    given = plain(keys.inputs["Secret edge-platform-repository"])
    assert given["metadata"]["namespace"] == "flux-system"
    assert given["stringData"] == {
        "identity": "pr1vate-edge",
        "identity.pub": "ssh-ed25519 edge",
        "known_hosts": HOST_KEYS,
    }
    assert keys.depends("GitRepository edge-dev-source") >= {"edge-platform-repository"}


def test_what_templates_name_still_reads_the_repositories_of_applications(keys: Keys) -> None:
    fleet(cluster(), reader=READER)
    given = plain(keys.inputs["Secret edge-repo-secret"])
    assert given["stringData"] == {"username": "reader", "password": "t0ken"}


def test_argo_cd_reads_the_gitops_repository_by_the_key_and_nothing_else(keys: Keys) -> None:
    fleet(cluster(reconciler="argocd"), reader=READER)
    secrets = [plain(keys.inputs[f"Secret {name}"])["stringData"] for name in keys.of("Secret")]
    assert {each["url"]: each for each in secrets} == {
        ADDRESS: {"type": "git", "url": ADDRESS, "sshPrivateKey": "pr1vate-edge"},
        APP: {"type": "git", "url": APP, "username": "reader", "password": "t0ken"},
    }
    project = plain(keys.inputs["AppProject edge-project"])["spec"]
    assert project["sourceRepos"] == [ADDRESS, APP]
    application = plain(keys.inputs["Application edge-dev"])["spec"]
    assert application["source"]["repoURL"] == ADDRESS


def test_without_a_reader_argo_cd_gets_the_key_only(keys: Keys) -> None:
    fleet(cluster(reconciler="argocd"))
    (name,) = keys.of("Secret")
    assert plain(keys.inputs[f"Secret {name}"])["stringData"]["url"] == ADDRESS


@pytest.mark.parametrize("reconciler", ["flux", "argocd"])
def test_a_hub_reads_by_the_key_of_the_cluster(keys: Keys, reconciler: str) -> None:
    fleet(cluster(reconciler=reconciler, hub=HUB))
    objects = {name: plain(given) for name, given in keys.inputs.items()}
    if reconciler == "flux":
        spec = objects["GitRepository edge-dev-source"]["spec"]
        assert (spec["url"], spec["secretRef"]["name"]) == (ADDRESS, "platform-repository")
        assert objects["Secret edge-platform-repository"]["metadata"]["namespace"] == "edge"
    else:
        assert objects["Application edge-dev"]["spec"]["source"]["repoURL"] == ADDRESS
        assert objects["AppProject edge-reconcilers-project"]["spec"]["sourceRepos"] == [ADDRESS]
    assert keys.parent("DeployKey edge") == "Fleet kalypso"


@pytest.mark.parametrize(
    ("where", "signed_in", "protected"),
    [
        ({**ADOPTED}, {"localAuthRef": "platform-repository"}, None),
        (
            {**CONNECTED},
            {"sshKnownHosts": base64.b64encode(HOST_KEYS.encode()).decode()},
            {"sshPrivateKey": base64.b64encode(b"pr1vate-edge").decode()},
        ),
    ],
    ids=["a secret on the cluster", "Azure keeps it"],
)
def test_the_extension_of_azure_reads_by_the_key(
    keys: Keys,
    where: Any,
    signed_in: dict[str, str],
    protected: object,
) -> None:
    given = cluster(extension="install", **where)
    del given["context"]
    fleet(given, azure=AZURE, reader=READER)
    configuration = keys.inputs["FluxConfiguration edge-dev"]
    repository = plain(configuration["gitRepository"])
    assert repository.pop("url") == ADDRESS
    assert {key: repository[key] for key in signed_in} == signed_in
    assert "httpsUser" not in repository
    assert plain(configuration.get("configurationProtectedSettings")) == protected
    if protected:
        assert is_secret(configuration["configurationProtectedSettings"]) or is_secret(
            configuration["configurationProtectedSettings"]["sshPrivateKey"]
        )


def test_a_key_comes_after_the_repository_and_goes_before_it(keys: Keys) -> None:
    fleet(cluster())
    assert "kalypso-gitops" in keys.depends("RepositoryDeployKey edge")


def test_a_key_is_used_only_after_github_knows_it(keys: Keys) -> None:
    fleet(cluster())
    assert "edge" in keys.depends("Secret edge-platform-repository")
    urns = list(keys.requests["Secret edge-platform-repository"].dependencies)
    assert any("RepositoryDeployKey" in urn for urn in urns)


def test_no_input_shows_a_private_key_in_clear(keys: Keys) -> None:
    arc = cluster("arc", extension="install", **CONNECTED)
    del arc["context"]
    fleet(cluster("one"), cluster("two", "argocd"), arc, azure=AZURE)
    clear = "".join(in_clear(given) for given in keys.inputs.values())
    assert "ssh-ed25519 one" in clear
    assert "pr1vate" not in clear
    assert base64.b64encode(b"pr1vate-arc").decode() not in clear


def in_clear(value: object) -> str:
    """Return everything of an input that is not secret."""
    if is_secret(value):
        return ""
    if isinstance(value, dict):
        return "".join(map(in_clear, value.values()))
    return "".join(map(in_clear, value)) if isinstance(value, list) else str(value)


def test_another_rotation_asks_for_another_key(keys: Keys) -> None:
    fleet(cluster(), keys={**KEYS, "rotation": "2026-12"})
    assert keys.inputs["SshKey edge"]["rotation"] == "2026-12"
    fleet(cluster("west"))
    assert keys.inputs["SshKey west"].get("rotation") is None


def test_arguments_name_the_repository_as_github_does(tmp_path: Any) -> None:
    found = FleetOfStack(
        clusters=(),
        repository=URL,
        sources=(),
        warnings=(),
        keys=DeployKeys(
            repository="acme/kalypso-gitops", address=ADDRESS, host_keys=HOST_KEYS, rotation=""
        ),
    )
    assert fleet_args(found, settings_for(tmp_path))["keys"] == KEYS
