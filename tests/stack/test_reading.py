"""How clusters read the GitOps repository: which deploy keys are made, and what is refused."""

import pytest
from msgspec.structs import replace

from kalypso.errors import Problems
from kalypso.model.platform import Evaluation
from kalypso.stack.cluster_objects import claims
from kalypso.stack.fleet import make_fleet
from kalypso.stack.fleet_cluster import FleetCluster
from kalypso.stack.reading import DeployKeys, ReadingApp
from kalypso.stack.schedule import make_schedule
from tests.stack.forge import settings_for
from tests.stack.test_fleet import existing, fleet, refusal, settings, with_gitops

ON_GITHUB = {"forge": "github", "github.owner": "acme", "reader.deployKeys": True}
ENTERPRISE = {**ON_GITHUB, "forge.url": "https://github.example.com:8443"}
HOST_KEY = "github.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHere"


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """The sample's environment dev."""
    return make_schedule(settings_for(tmp_path_factory.mktemp("forge") / "forge")).evaluation


def test_clusters_have_no_deploy_keys_unless_they_are_asked_for(
    evaluation: Evaluation,
) -> None:
    given = settings(existing("large"), forge="github", **{"github.owner": "acme"})
    found = fleet(given, with_gitops(evaluation, "https://github.com/acme/gitops"))
    assert found.keys is None
    assert [each.keyed for each in found.clusters] == [False]


@pytest.mark.parametrize(
    "address", ["https://github.com/acme/gitops", "https://GitHub.com/acme/gitops.git"]
)
def test_a_deploy_key_reads_the_gitops_repository_over_ssh(
    evaluation: Evaluation,
    address: str,
) -> None:
    given = settings(existing("large"), **ON_GITHUB, **{"reader.rotation": "2"})
    found = fleet(given, with_gitops(evaluation, address))
    assert found.keys is not None
    assert replace(found.keys, host_keys="") == DeployKeys(
        repository="acme/gitops",
        address="ssh://git@github.com/acme/gitops.git",
        host_keys="",
        rotation="2",
    )
    kinds = [line.split()[:2] for line in found.keys.host_keys.splitlines()]
    assert kinds == [
        ["github.com", "ssh-ed25519"],
        ["github.com", "ecdsa-sha2-nistp256"],
        ["github.com", "ssh-rsa"],
    ]
    assert [each.keyed for each in found.clusters] == [True]


def test_the_ssh_port_of_an_enterprise_server_is_the_usual_one(
    evaluation: Evaluation,
) -> None:
    given = settings(existing("large"), **ENTERPRISE, **{"reader.hostKeys": HOST_KEY})
    found = fleet(given, with_gitops(evaluation, "https://github.example.com:8443/acme/gitops"))
    assert found.keys is not None
    assert found.keys.address == "ssh://git@github.example.com/acme/gitops.git"
    assert found.keys.host_keys == HOST_KEY


def test_a_host_that_nobody_knows_is_refused_with_how_to_ask_it(
    evaluation: Evaluation,
) -> None:
    moved = with_gitops(evaluation, "https://github.example.com:8443/acme/gitops")
    (problem,) = refusal(settings(existing("large"), **ENTERPRISE), moved)
    assert "reader.hostKeys" not in problem.splitlines()[0]
    assert "the SSH keys of github.example.com are not known" in problem
    assert 'pulumi config set reader.hostKeys "$(ssh-keyscan github.example.com)"' in problem


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"reader.deployKeys": True}, "http://127.0.0.1:3180/kalypso-gitops"),
        (ON_GITHUB, "https://git.example.com/acme/gitops"),
        (ON_GITHUB, "git@git.example.com:acme/gitops.git"),
    ],
    ids=["the local forge", "another host", "another host over SSH"],
)
def test_deploy_keys_where_there_are_none_are_refused(
    evaluation: Evaluation,
    given: dict[str, object],
    address: str,
) -> None:
    (problem,) = refusal(settings(existing("large"), **given), with_gitops(evaluation, address))
    assert "deploy keys cannot be made" in problem
    assert "reader.token" in problem


def test_a_wrong_token_and_wrong_keys_are_reported_together(
    evaluation: Evaluation,
) -> None:
    given = settings(existing("large"), **{"reader.deployKeys": True, "reader.token": "t0ken"})
    found = refusal(given, with_gitops(evaluation, "http://git.example.com/gitops"))
    assert len(found) == 2
    assert "t0ken" not in "".join(found)


def test_the_settings_that_are_wrong_are_named_by_their_lines(
    evaluation: Evaluation,
) -> None:
    given = settings(existing("large"), **{"reader.deployKeys": True})
    with pytest.raises(Problems) as caught:
        make_fleet(given, evaluation, "dev", "dev", {"reader.deployKeys": 9})
    assert str(caught.value.problems[0]).startswith("Pulumi.dev.yaml:9:")


@pytest.mark.parametrize(
    ("keyed", "secrets"), [(False, ["repo-secret"]), (True, ["repo-secret", "platform-repository"])]
)
def test_a_secret_of_somebody_else_in_the_keys_place_is_looked_for(
    *, keyed: bool, secrets: list[str]
) -> None:
    cluster = FleetCluster(
        name="edge",
        context="edge",
        cluster_type="drone",
        reconciler="flux",
        install="",
        branches={},
        prune=False,
        keyed=keyed,
    )
    assert [claim.name for claim in claims(cluster) if claim.kind == "Secret"] == secrets
    extension = replace(cluster, extension="install")
    assert [claim.name for claim in claims(extension)] == secrets


PEM = "-----BEGIN RSA PRIVATE KEY-----\npr1vate\n-----END RSA PRIVATE KEY-----\n"
BY_APP: dict[str, object] = {
    "forge": "github",
    "github.owner": "acme",
    "reader.app.id": "234567",
    "reader.app.installation": 88,
    "reader.app.key": PEM,
}


def test_a_github_app_reads_the_gitops_repository_over_https(evaluation: Evaluation) -> None:
    moved = with_gitops(evaluation, "https://github.com/acme/gitops")
    found = fleet(settings(existing("large"), **BY_APP), moved)
    assert found.app == ReadingApp(app_id="234567", installation="88", key=PEM, interface="")
    assert (found.keys, [each.keyed for each in found.clusters]) == (None, [True])


def test_an_enterprise_server_is_asked_where_it_has_its_interface(evaluation: Evaluation) -> None:
    moved = with_gitops(evaluation, "https://github.example.com/acme/gitops")
    given = {**BY_APP, "forge.url": "https://github.example.com"}
    found = fleet(settings(existing("large"), **given), moved)
    assert found.app is not None
    assert found.app.interface == "https://github.example.com/api/v3"


def test_line_ends_of_a_key_may_be_written_as_two_letters(evaluation: Evaluation) -> None:
    moved = with_gitops(evaluation, "https://github.com/acme/gitops")
    given = {**BY_APP, "reader.app.key": PEM.replace("\n", "\\n")}
    found = fleet(settings(existing("large"), **given), moved)
    assert found.app is not None
    assert found.app.key == PEM


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"reader.app.key": ""}, "nothing says reader.app.key"),
        ({"reader.app.id": "", "reader.app.installation": 0}, "reader.app.id and reader.app.insta"),
        ({"reader.app.key": "app.pem"}, "reader.app.key is not the private key"),
        ({"reader.app.key": PEM.replace("RSA PRIVATE", "PUBLIC")}, "is not the private key"),
        (
            {"github.app.id": "234567", "github.app.key": "another"},
            "would hold the key of the GitHub App that delivers",
        ),
        (
            {"github.app.id": "1", "github.app.key": PEM},
            "would hold the key of the GitHub App that delivers",
        ),
        ({"reader.deployKeys": True}, "a GitHub App and deploy keys would both read"),
    ],
)
def test_an_app_that_is_not_whole_or_not_the_only_one_is_refused(
    evaluation: Evaluation, more: dict[str, object], sentence: str
) -> None:
    moved = with_gitops(evaluation, "https://github.com/acme/gitops")
    (problem,) = refusal(settings(existing("large"), **{**BY_APP, **more}), moved)
    assert sentence in problem
    assert "pr1vate" not in problem


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("https://git.example.com/acme/gitops", "no GitHub App reads https://git.example.com"),
        ("http://github.com/acme/gitops", "openly to http://github.com/acme/gitops"),
    ],
)
def test_an_app_where_it_cannot_read_or_everybody_would_see_it_is_refused(
    evaluation: Evaluation, address: str, sentence: str
) -> None:
    (problem,) = refusal(settings(existing("large"), **BY_APP), with_gitops(evaluation, address))
    assert sentence in problem


def test_clusters_know_an_app_by_its_number_only() -> None:
    with pytest.raises(Problems, match=r"the setting 'reader\.app\.id' is wrong"):
        settings(existing("large"), **{**BY_APP, "reader.app.id": "Iv1.8a61f9b3"})


def test_a_cluster_with_the_extension_of_azure_is_refused_by_name(evaluation: Evaluation) -> None:
    moved = with_gitops(evaluation, "https://github.com/acme/gitops")
    drone = {"name": "drone", "provider": "azure"}
    given = {**BY_APP, "azure": {"location": "westus2"}}
    (problem,) = refusal(settings(drone, existing("large"), **given), moved)
    assert "the cluster 'drone' has Flux by Azure's extension" in problem
    assert "install: manifests" in problem
    assert fleet(settings({**drone, "install": "manifests"}, **given), moved).app is not None
