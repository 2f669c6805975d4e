"""`kalypso app promote`: what one environment runs goes to the next one, never rebuilt."""

from __future__ import annotations

from tests.application.bench import (
    DIGEST,
    GITOPS,
    OTHER_DIGEST,
    Team,
    deployment,
    target,
    workload,
)
from tests.cli.command import Result
from tests.support.bare_repository import make_bare

IMAGE = f"shop=ghcr.io/acme/shop@{DIGEST}"


def promotes(team: Team, *words: str) -> Result:
    return team.types("promote", "-e", "stage", "--from", "dev", *words)


def test_next_environment_gets_the_same_image_with_values_of_its_own(team: Team) -> None:
    team.proposes("--merge", "--image", IMAGE)
    assert promotes(team).out.startswith("opened pull request 2 in shop-gitops;")
    proposed = team.files("deployment/shop-stage")
    assert proposed["uat/deployment.yaml"] == deployment(
        f'"ghcr.io/acme/shop@{DIGEST}"', replicas=2
    )


def test_what_was_committed_since_is_not_promoted(team: Team) -> None:
    team.proposes("--merge", "--image", IMAGE)
    team.push({"manifests/uat/deployment.yaml": deployment(replicas=9)})
    promotes(team, "--merge")
    files = team.files("stage")
    assert "replicas: 2\n" in files["uat/deployment.yaml"]
    assert f"source: {team.first}\n" in files[".kalypso/shop.yaml"]


def test_what_is_proposed_and_not_merged_is_not_promoted(team: Team) -> None:
    team.proposes("--merge", "--image", IMAGE)
    team.proposes("--image", f"shop=ghcr.io/acme/shop@{OTHER_DIGEST}")
    promotes(team, "--merge")
    assert OTHER_DIGEST not in team.files("stage")["uat/deployment.yaml"]


def test_reverted_delivery_promotes_what_runs_again(team: Team) -> None:
    team.proposes("--merge", "--image", IMAGE)
    before = {p: t for p, t in team.files("dev").items() if p != "README.md"}
    team.proposes("--merge", "--image", f"shop=ghcr.io/acme/shop@{OTHER_DIGEST}")
    team.commit(team.gitops, "dev", before)
    promotes(team, "--merge")
    assert DIGEST in team.files("stage")["uat/deployment.yaml"]


def test_dry_run_promotes_nothing(team: Team) -> None:
    team.proposes("--merge", "--image", IMAGE)
    assert promotes(team, "--dry-run").out.startswith("would open a pull request in shop-gitops\n")
    assert "deployment/shop-stage" not in team.branches()


def test_environment_that_was_never_delivered_promotes_nothing(team: Team) -> None:
    refused = promotes(team)
    assert (refused.code, refused.err) == (
        2,
        (
            "shop-gitops@dev:1:1: error: nothing says what dev was rendered from [no-record]\n"
            "  hint: deliver once with `kalypso app propose -e dev`, and merge it\n"
        ),
    )


def test_image_that_the_first_environment_does_not_run_is_refused(team: Team) -> None:
    team.push({"manifests/uat/deployment.yaml": deployment("shop:2")})
    team.proposes("--merge")
    refused = promotes(team)
    assert refused.code == 2
    assert "the target 'uat' would run shop:2, and dev does not [not-promoted-image]" in refused.err
    assert "deployment/shop-stage" not in team.branches()


def test_two_branches_with_different_states_promote_nothing(team: Team) -> None:
    other = team.forge / "shop-gitops-2.git"
    make_bare(other, "dev")
    team.commit(other, "dev", {"README.md": "x\n"})
    west = target("west", "dev").replace(GITOPS, f"{GITOPS}-2")
    team.push({"workload/workload.yaml": workload(target("east", "dev"), west)})
    team.push(
        {"workload/workload.yaml": workload(target("east", "dev"), west, target("uat", "stage"))}
    )
    team.proposes("--merge", "--image", IMAGE)
    mixed = team.files("dev")[".kalypso/shop.yaml"].replace(DIGEST, OTHER_DIGEST)
    team.commit(team.gitops, "dev", {".kalypso/shop.yaml": mixed})
    refused = promotes(team)
    assert refused.code == 2
    assert "dev runs two states of the application" in refused.err
    assert "[mixed-record]" in refused.err
