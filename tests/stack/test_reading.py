"""How clusters read the GitOps repository: which deploy keys are made, and what is refused."""

from dataclasses import replace

import pytest

from kalypso.errors import Problems
from kalypso.model.platform import Evaluation
from kalypso.stack.cluster_objects import claims
from kalypso.stack.fleet import make_fleet
from kalypso.stack.fleet_cluster import FleetCluster
from kalypso.stack.reading import DeployKeys
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
