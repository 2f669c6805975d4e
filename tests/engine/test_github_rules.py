"""Environments and rulesets on GitHub: engine and provider are real, GitHub is not."""

import json
import subprocess
from collections.abc import Iterator

import pytest

from tests.engine.bench import Bench, up_command
from tests.engine.github_bench import MadeOnGitHub
from tests.standins.github.faults import FORBIDDEN, on
from tests.standins.github.server import TOKEN, GitHubServer

CHAIN = '["dev", "stage"]'


@pytest.fixture
def made(bench: Bench) -> Iterator[MadeOnGitHub]:
    with GitHubServer(bench.project.parent / "github") as server:
        yield MadeOnGitHub(bench, server, "dev", "stage")


def variables(made: MadeOnGitHub, content: str) -> dict[str, dict[str, str]]:
    """Return the variables of each environment of a repository."""
    found = made.server.routes.admin.environments(made.repository(content))
    return {name: each.variables for name, each in found.items()}


def secrets(made: MadeOnGitHub, content: str) -> dict[str, dict[str, str]]:
    """Return the secrets of each environment of a repository, as jobs in it see them."""
    found = made.server.routes.admin.environments(made.repository(content))
    return {name: each.vault.values for name, each in found.items()}


def rules(made: MadeOnGitHub, content: str) -> list[tuple[list[str], list[str]]]:
    """Return the branches that a ruleset keeps, and how, for each ruleset of a repository."""
    return [
        (each["conditions"]["ref_name"]["include"], sorted(rule["type"] for rule in each["rules"]))
        for each in made.server.routes.rules.of(made.repository(content))
    ]


def push(made: MadeOnGitHub, content: str, refspec: str) -> str:
    """Push as who has the token that delivers, from the repository itself; return what git says."""
    address = made.server.url.replace("://", f"://x-access-token:{TOKEN}@")
    command = ("git", "--git-dir", str(made.repository(content).folder), "push", "--force")
    done = subprocess.run(
        [*command, f"{address}/acme/kalypso-{content}.git", refspec],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr if done.returncode else ""


def commit_on(made: MadeOnGitHub, content: str, branch: str) -> str:
    """Make a commit on top of a branch, which stays where it is."""
    repository = made.repository(content)
    tree = repository.git("rev-parse", f"{branch}^{{tree}}")
    return repository.git("commit-tree", tree, "-p", branch, "-m", "by hand")


def test_environments_have_the_variables_by_which_promotion_goes(made: MadeOnGitHub) -> None:
    made.set("environments", CHAIN)
    made.set("repositories.environments", "true")
    made.up()
    wanted = {
        "dev": {"GITOPS_REPO": "acme/kalypso-gitops", "NEXT_ENVIRONMENT": "stage"},
        "stage": {"GITOPS_REPO": "acme/kalypso-gitops"},
    }
    assert variables(made, "gitops") == variables(made, "control-plane") == wanted
    assert variables(made, "app-src") == {}

    made.set("environments", '["dev", "qa", "stage"]')
    made.up()
    assert variables(made, "gitops")["dev"]["NEXT_ENVIRONMENT"] == "qa"
    assert variables(made, "gitops")["qa"]["NEXT_ENVIRONMENT"] == "stage"

    made.set("repositories.environments", "false")
    made.up()
    assert variables(made, "gitops") == {}


def test_jobs_in_an_environment_have_its_secrets_which_nobody_else_ever_sees(
    made: MadeOnGitHub,
) -> None:
    texts = {"all": "canary-for-every-environment", "stage": "canary-for-stage-alone"}
    by_environment = {"*": texts["all"], "stage": texts["stage"]}
    given = {"KALYPSO_TOKEN": by_environment, "PULUMI_BACKEND_URL": texts["all"]}
    made.set("environments", CHAIN)
    made.set("repositories.environments", "true")
    made.bench.set_secret("dev", "repositories.secrets", json.dumps(given))
    made.said += made.bench.good("pulumi", "preview", "-s", "dev", "--non-interactive", "--diff")
    assert made.server.writes() == []
    made.up()
    backend = {"PULUMI_BACKEND_URL": texts["all"]}
    wanted = {
        "dev": {"KALYPSO_TOKEN": texts["all"], **backend},
        "stage": {"KALYPSO_TOKEN": texts["stage"], **backend},
    }
    assert secrets(made, "gitops") == secrets(made, "control-plane") == wanted
    assert secrets(made, "app-src") == {}

    made.server.clear()
    assert made.bench.changes("dev").keys() == {"same"}
    assert made.server.writes() == []
    vault = made.server.routes.admin.environments(made.repository("gitops"))["dev"].vault
    del vault.values["KALYPSO_TOKEN"]
    made.said += made.bench.good(*up_command("dev"), "--refresh")
    assert secrets(made, "gitops") == wanted

    changed = {"KALYPSO_TOKEN": "canary-after-a-rotation"}
    made.bench.set_secret("dev", "repositories.secrets", json.dumps(changed))
    made.up()
    assert secrets(made, "gitops") == {"dev": changed, "stage": changed}
    made.said += made.bench.good("pulumi", "stack", "export", "-s", "dev")
    made.said += made.bench.good("pulumi", "stack", "output", "-s", "dev", "--json")
    for text in (*texts.values(), *changed.values()):
        assert text not in made.said
        assert made.files_with(text) == []


def test_a_token_that_may_not_set_secrets_stops_the_run_and_the_next_one_completes_it(
    made: MadeOnGitHub,
) -> None:
    made.set("repositories.environments", "true")
    text = "canary-that-github-refuses"
    made.bench.set_secret("dev", "repositories.secrets", json.dumps({"KALYPSO_TOKEN": text}))
    made.server.plan = on("PUT", "/secrets/KALYPSO_TOKEN", FORBIDDEN, times=2)
    said = made.bench.refused(*up_command("dev"))
    assert "Resource not accessible by personal access token" in said
    assert text not in said
    made.server.clear()
    made.up()
    assert secrets(made, "gitops") == {"dev": {"KALYPSO_TOKEN": text}}


def test_rules_keep_the_branches_and_let_deliveries_and_promotions_through(
    made: MadeOnGitHub,
) -> None:
    made.set("environments", CHAIN)
    made.set("repositories.rulesets", "true")
    made.set("repositories.bypass", '["organization-admins", "team:4567"]')
    made.up()
    both = ["refs/heads/dev", "refs/heads/stage"]
    kept = ["deletion", "non_fast_forward"]
    assert rules(made, "gitops") == [(both, [*kept, "pull_request"])]
    assert rules(made, "control-plane") == [(both, kept)]
    (ruleset,) = made.server.routes.rules.of(made.repository("gitops"))
    assert [each["actor_type"] for each in ruleset["bypass_actors"]] == [
        "OrganizationAdmin",
        "Team",
    ]

    by_hand = commit_on(made, "gitops", "dev")
    assert "through a pull request" in push(made, "gitops", f"{by_hand}:refs/heads/dev")
    assert "Cannot delete" in push(made, "gitops", ":refs/heads/stage")
    assert "Cannot force-push" in push(made, "control-plane", "main~0^{commit}:refs/heads/dev")
    promoted = commit_on(made, "control-plane", "dev")
    assert push(made, "control-plane", f"{promoted}:refs/heads/dev") == ""

    made.repository("gitops").merge(1)
    assert "opened pull request 2" in made.up("stage")
    made.server.clear()
    assert made.bench.changes("dev").keys() == {"same"}

    made.server.routes.rules.forget(made.repository("gitops"))
    made.bench.good(*up_command("dev"), "--refresh")
    assert rules(made, "gitops") == [(both, [*kept, "pull_request"])]

    made.destroy("stage")
    made.destroy("dev")
    assert rules(made, "gitops") == rules(made, "control-plane") == []
    assert made.repository("gitops").about["archived"]


def test_a_token_that_may_not_set_rules_stops_the_run_and_the_next_one_completes_it(
    made: MadeOnGitHub,
) -> None:
    made.set("repositories.rulesets", "true")
    made.server.plan = on("POST", "/rulesets", FORBIDDEN, times=2)
    said = made.bench.refused(*up_command("dev"))
    assert "Resource not accessible by personal access token" in said
    made.server.clear()
    made.up()
    assert len(rules(made, "gitops")) == len(rules(made, "control-plane")) == 1


def test_rules_are_refused_before_anything_is_made_where_manifests_are_pushed(
    made: MadeOnGitHub,
) -> None:
    made.set("repositories.rulesets", "true")
    made.set("delivery", "repository-files")
    said = made.bench.refused("pulumi", "preview", "-s", "dev", "--non-interactive")
    assert "the rules would refuse manifests that are written straight to the branches" in said
    assert made.server.writes() == []
