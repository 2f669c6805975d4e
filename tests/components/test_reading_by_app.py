"""A GitHub App with which clusters read: what each reconciler is given, and that nobody sees it."""

from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

from components.fleet import Fleet, FleetArgs, FleetClusterArgs
from components.fleet_arguments import fleet_args
from kalypso.stack.fleet import Fleet as FleetOfStack
from kalypso.stack.reading import ReadingApp
from tests.components.kubernetes_types import is_secret, plain
from tests.components.test_azure import AZURE, CONNECTED, Monitor
from tests.components.test_deploy_keys import APP, HUB, READER, URL, Keys, cluster, in_clear
from tests.stack.forge import settings_for

GIVEN = {"id": "234567", "installation": "88", "private_key": "pr1vate-of-the-app"}
BASIC = {
    "githubAppID": "234567",
    "githubAppInstallationID": "88",
    "githubAppPrivateKey": "pr1vate-of-the-app",
}
ENTERPRISE = {**GIVEN, "interface": "https://github.example.com/api/v3"}
ELSEWHERE = "https://github.com/other/manifests"


@pytest.fixture
def seen() -> Iterator[Keys]:
    mocks = Keys()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev", monitor=Monitor(mocks))
    yield mocks
    pulumi.runtime.settings.reset_options()


def fleet(*clusters: FleetClusterArgs, app: Any = GIVEN, **more: Any) -> None:
    args: FleetArgs = {
        "clusters": clusters,
        "url": URL,
        "sources": [APP, ELSEWHERE],
        "app": app,
        **more,  # type: ignore[typeddict-item]  # of the same arguments
    }

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        return Fleet("kalypso", args).urn

    program()


def texts(seen: Keys) -> list[dict[str, str]]:
    """Return what each secret says."""
    found = [plain(seen.inputs[f"Secret {name}"]) for name in seen.of("Secret")]
    return [each.get("stringData") or {} for each in found]


def secrets(seen: Keys) -> dict[str, dict[str, str]]:
    """Return what each secret of a repository says, by its address."""
    return {each["url"]: each for each in texts(seen) if "url" in each}


def test_flux_reads_by_the_app_over_https_and_is_told_so(seen: Keys) -> None:
    fleet(cluster())
    source = plain(seen.inputs["GitRepository edge-dev-source"])["spec"]
    assert source == {
        "url": URL,
        "provider": "github",
        "secretRef": {"name": "platform-repository"},
        "interval": "10s",
        "ref": {"branch": "dev"},
    }
    assert plain(seen.inputs["Secret edge-platform-repository"])["stringData"] == BASIC
    assert seen.depends("GitRepository edge-dev-source") >= {"edge-platform-repository"}


def test_the_secret_that_templates_name_has_nothing_of_the_app(seen: Keys) -> None:
    # Flux refuses the secret of an App for a GitRepository that has no `provider: github`.
    fleet(cluster(), reader=READER)
    given = plain(seen.inputs["Secret edge-repo-secret"])["stringData"]
    assert given == {"username": "reader", "password": "t0ken"}
    fleet(cluster("west"))
    assert plain(seen.inputs["Secret west-repo-secret"]).get("stringData") is None


@pytest.mark.parametrize("hub", [{}, {"hub": HUB}], ids=["on the cluster", "on a hub"])
def test_argo_cd_reads_what_the_owner_of_the_gitops_repository_has_by_the_app(
    seen: Keys, hub: Any
) -> None:
    fleet(cluster(reconciler="argocd", **hub))
    assert secrets(seen) == {url: {"type": "git", "url": url, **BASIC} for url in (URL, APP)}


def test_with_a_reader_argo_cd_reads_repositories_of_applications_by_the_token(seen: Keys) -> None:
    fleet(cluster(reconciler="argocd"), reader=READER)
    found = secrets(seen)
    assert found[URL]["githubAppID"] == "234567"
    assert {url: each.get("password") for url, each in found.items()} == {
        URL: None,
        APP: "t0ken",
        ELSEWHERE: "t0ken",
    }


def test_flux_on_a_hub_reads_by_the_app_of_the_cluster(seen: Keys) -> None:
    fleet(cluster(hub=HUB))
    for name in ("edge-dev-source", "edge-dev-reconcilers-source"):
        spec = plain(seen.inputs[f"GitRepository {name}"])["spec"]
        assert (spec["provider"], spec["secretRef"]["name"]) == ("github", "platform-repository")
    given = plain(seen.inputs["Secret edge-platform-repository"])
    assert (given["metadata"]["namespace"], given["stringData"]) == ("edge", BASIC)


@pytest.mark.parametrize(
    ("reconciler", "key"),
    [("flux", "githubAppBaseURL"), ("argocd", "githubAppEnterpriseBaseUrl")],
)
def test_an_enterprise_server_is_named_as_each_reconciler_calls_it(
    seen: Keys, reconciler: str, key: str
) -> None:
    fleet(cluster(reconciler=reconciler), app=ENTERPRISE)
    given = next(each for each in texts(seen) if "githubAppID" in each)
    assert given[key] == "https://github.example.com/api/v3"


def test_no_input_shows_the_private_key_in_clear(seen: Keys) -> None:
    fleet(cluster("one"), cluster("two", "argocd"), cluster("three", hub=HUB))
    assert is_secret(seen.inputs["Secret one-platform-repository"]["stringData"]) or is_secret(
        seen.inputs["Secret one-platform-repository"]["stringData"]["githubAppPrivateKey"]
    )
    clear = "".join(in_clear(given) for given in seen.inputs.values())
    assert "platform-repository" in clear
    assert "pr1vate" not in clear


def test_a_cluster_with_the_extension_of_azure_gets_no_app(seen: Keys) -> None:
    given = cluster("arc", extension="install", **CONNECTED)
    del given["context"]
    with pytest.raises(ValueError, match="'arc' has Azure's extension, which reads by no GitHub"):
        fleet(given, azure=AZURE)
    assert not [name for name in seen.inputs if name.startswith("FluxConfiguration")]


@pytest.mark.parametrize(
    ("interface", "expected"),
    [("", GIVEN), ("https://github.example.com/api/v3", ENTERPRISE)],
)
def test_arguments_hold_the_key_as_a_secret(
    seen: Keys, tmp_path: Any, interface: str, expected: dict[str, str]
) -> None:
    del seen
    found = FleetOfStack(
        clusters=(),
        repository=URL,
        sources=(),
        warnings=(),
        app=ReadingApp(
            app_id="234567", installation="88", key="pr1vate-of-the-app", interface=interface
        ),
    )
    app = fleet_args(found, settings_for(tmp_path))["app"]
    assert isinstance(app["private_key"], pulumi.Output)
    assert {**app, "private_key": "pr1vate-of-the-app"} == expected
    assert "pr1vate" not in repr(found)
