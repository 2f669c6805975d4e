"""Which workflows may ask Azure without a secret, and what is refused."""

import pytest

from kalypso.model.platform import Evaluation
from kalypso.stack.federation import Federation
from kalypso.stack.schedule import make_schedule
from tests.stack.forge import settings_for
from tests.stack.test_fleet import existing, fleet, refusal, settings, with_gitops

DRONE = {"name": "drone", "provider": "azure"}
GITHUB = {
    "forge": "github",
    "github.owner": "acme",
    "azure.location": "westus2",
    "azure.federation": True,
}
GITOPS = "https://github.com/acme/kalypso-gitops"


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """The sample's environment dev."""
    return make_schedule(settings_for(tmp_path_factory.mktemp("forge") / "forge")).evaluation


def test_jobs_of_an_environment_in_the_two_repositories_that_ask_gates_are_believed(
    evaluation: Evaluation,
) -> None:
    found = fleet(settings(DRONE, **GITHUB), with_gitops(evaluation, GITOPS))
    assert found.federation == Federation(
        issuer="https://token.actions.githubusercontent.com",
        subjects={
            "dev": {
                "acme/kalypso-gitops": "repo:acme/kalypso-gitops:environment:dev",
                "acme/kalypso-control-plane": "repo:acme/kalypso-control-plane:environment:dev",
            },
            "stage": {
                "acme/kalypso-gitops": "repo:acme/kalypso-gitops:environment:stage",
                "acme/kalypso-control-plane": "repo:acme/kalypso-control-plane:environment:stage",
            },
        },
    )


def test_an_enterprise_server_signs_tokens_itself(
    evaluation: Evaluation,
) -> None:
    given = settings(DRONE, **GITHUB, **{"forge.url": "https://github.example.com"})
    moved = with_gitops(evaluation, "https://github.example.com/acme/kalypso-gitops")
    found = fleet(given, moved).federation
    assert found is not None
    assert found.issuer == "https://github.example.com/_services/token"


def test_nobody_is_believed_unless_it_is_asked_for(
    evaluation: Evaluation,
) -> None:
    given = settings(DRONE, **{**GITHUB, "azure.federation": False})
    assert fleet(given, with_gitops(evaluation, GITOPS)).federation is None


@pytest.mark.parametrize(
    ("cluster", "given", "sentence"),
    [
        (existing("drone"), {}, "no cluster is in Azure that workflows could ask about"),
        (
            {**DRONE, "environments": ["dev"]},
            {"environments": []},
            "nothing says for which environments",
        ),
        (
            DRONE,
            {"repositories.control-plane": "https://git.example.com/acme/fleet"},
            "Azure cannot know workflows of https://git.example.com/acme/fleet",
        ),
        (
            DRONE,
            {"azure.createResourceGroup": False},
            "the subscription of the resource group that workflows may read is not known",
        ),
    ],
)
def test_what_cannot_work_is_refused(
    evaluation: Evaluation,
    monkeypatch: pytest.MonkeyPatch,
    cluster: object,
    given: dict[str, object],
    sentence: str,
) -> None:
    monkeypatch.delenv("ARM_SUBSCRIPTION_ID", raising=False)
    moved = with_gitops(evaluation, GITOPS)
    (problem,) = refusal(settings(cluster, **{**GITHUB, **given}), moved)
    assert sentence in problem


def test_a_forge_that_signs_no_tokens_is_refused(
    evaluation: Evaluation,
) -> None:
    given = settings(DRONE, **{"azure.location": "westus2", "azure.federation": True})
    problems = "".join(refusal(given, evaluation))
    for name in ("gitops", "control-plane"):
        assert f"Azure cannot know workflows of http://127.0.0.1:3180/kalypso-{name}" in problems
