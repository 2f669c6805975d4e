"""`kalypso app propose`: one living pull request for an application and a branch."""

from __future__ import annotations

import json

from tests.application.bench import (
    DIGEST,
    GITOPS,
    OTHER_DIGEST,
    Team,
    deployment,
    target,
    workload,
)
from tests.cli.command import run

IMAGE = f"shop=ghcr.io/acme/shop@{DIGEST}"
NEXT = f"shop=ghcr.io/acme/shop@{OTHER_DIGEST}"


def test_all_targets_of_an_environment_are_in_one_pull_request(team: Team) -> None:
    done = team.proposes()
    assert (done.code, done.out) == (
        0,
        (
            "opened pull request 1 in shop-gitops; look at it with"
            " `kalypso pr show 1 -r shop-gitops`\n"
        ),
    )
    assert team.files("deployment/shop-dev") == {
        "README.md": "the team's own\n",
        ".kalypso/shop.yaml": (
            "# Written by `kalypso app propose`: what the folders of these targets were rendered"
            f' from.\nworkload: "shop"\nsource: {team.first}\ntargets:\n'
            '  "east": "east"\n  "west": "west"\n'
        ),
        "east/deployment.yaml": deployment(),
        "west/deployment.yaml": deployment(replicas=3),
    }


def test_same_manifests_are_proposed_once(team: Team) -> None:
    team.proposes()
    again = team.proposes()
    assert again.out.startswith("pull request 1 in shop-gitops is up to date;")
    assert len(team.reviews("list", "--all").out.splitlines()) == 2  # a head, and one row


def test_pull_request_is_brought_up_to_date_while_it_is_open(team: Team) -> None:
    team.proposes()
    team.push({"manifests/east/deployment.yaml": deployment(replicas=7)})
    assert team.proposes().out.startswith("brought pull request 1 in shop-gitops up to date;")
    assert team.files("deployment/shop-dev")["east/deployment.yaml"] == deployment(replicas=7)


def test_merged_manifests_need_no_other_proposal(team: Team) -> None:
    merged = team.proposes("--merge")
    assert merged.out.startswith("merged pull request 1 into shop-gitops@dev: ")
    assert team.files("dev")["west/deployment.yaml"] == deployment(replicas=3)
    assert team.proposes().out == "nothing to propose: shop-gitops@dev has these manifests\n"


def test_commit_that_changes_no_manifest_proposes_nothing(team: Team) -> None:
    team.proposes("--merge")
    team.push({"README.md": "words\n"})
    assert team.proposes().out == "nothing to propose: shop-gitops@dev has these manifests\n"


def test_pull_request_that_a_person_closed_stays_closed(team: Team) -> None:
    team.proposes()
    team.reviews("close", "1")
    assert team.proposes("--merge").out == (
        "pull request 1 in shop-gitops was closed by a person and stays closed;"
        " `kalypso pr reopen 1 -r shop-gitops` opens it again\n"
    )
    assert "east/deployment.yaml" not in team.files("dev")


def test_dry_run_shows_the_pull_request_and_writes_nothing(team: Team) -> None:
    shown = team.proposes("--dry-run")
    assert shown.code == 0
    assert shown.out.startswith(
        "would open a pull request in shop-gitops\n\nDeploy shop to dev: east, west\n"
    )
    assert team.branches() == ["dev", "stage"]


def test_reviewer_sees_images_commits_and_manifests(team: Team) -> None:
    team.proposes("--merge", "--image", IMAGE)
    new = team.push({"manifests/east/deployment.yaml": deployment(replicas=2)})
    team.proposes("--image", NEXT)
    shown = team.reviews("show", "2").out
    assert shown.startswith("#2 Deploy shop to dev: east, west\n")
    assert f"ghcr.io/acme/shop@{DIGEST}  ghcr.io/acme/shop@{OTHER_DIGEST}  east, west\n" in shown
    assert f"Commits {team.first[:10]} → {new[:10]}:\n\n- {new[:10]} change 1 files by Ada" in shown
    east, _, west = shown.partition("\nwest\n")
    assert "    -  replicas: 1\n    +  replicas: 2\n" in east
    assert "replicas: 2" not in west


def test_what_programs_read_names_every_image_and_file(team: Team) -> None:
    team.proposes("--merge")
    (found,) = json.loads(team.proposes("--image", IMAGE, "-o", "json").out)["items"]
    assert found["step"] == "open"
    assert found["pullRequest"] == 2
    assert found["images"] == {"shop": f"ghcr.io/acme/shop@{DIGEST}"}
    assert found["targets"][0] == {
        "name": "east",
        "images": [{"old": "shop:1", "new": f"ghcr.io/acme/shop@{DIGEST}"}],
        "values": [],
        "files": [{"path": "east/deployment.yaml", "kind": "changed"}],
    }


def test_folders_that_were_there_before_work_unchanged(team: Team) -> None:
    team.commit(
        team.gitops, "dev",
        {"east/deployment.yaml": deployment(), "west/deployment.yaml": deployment(replicas=3)},
    )  # fmt: skip
    assert team.proposes().out == "nothing to propose: shop-gitops@dev has these manifests\n"


def test_file_that_is_rendered_no_more_leaves_its_folder(team: Team) -> None:
    team.commit(team.gitops, "dev", {"east/old.yaml": "kind: Old\n", "other/x.yaml": "kind: X\n"})
    team.proposes("--merge")
    files = team.files("dev")
    assert "east/old.yaml" not in files
    assert files["other/x.yaml"] == "kind: X\n"


def test_applications_that_share_a_branch_have_pull_requests_of_their_own(team: Team) -> None:
    till = workload(target("till", "dev"), name="till")
    team.push({"workload/till.yaml": till, "manifests/till/deployment.yaml": deployment()})
    done = team.proposes()
    assert done.out.splitlines()[1].startswith("opened pull request 2 in shop-gitops;")
    assert sorted(team.branches()) == ["deployment/shop-dev", "deployment/till-dev", "dev", "stage"]
    assert "till/deployment.yaml" not in team.files("deployment/shop-dev")


def test_renamed_target_stops_everything_until_somebody_says_that_it_may_go(team: Team) -> None:
    team.proposes("--merge")
    renamed = workload(target("east", "dev"), target("south", "dev"), target("uat", "stage"))
    team.push(
        {
            "workload/workload.yaml": renamed,
            "manifests/west/deployment.yaml": None,
            "manifests/south/deployment.yaml": deployment(),
        }
    )
    refused = team.proposes()
    assert refused.code == 2
    assert refused.err == (
        "shop-gitops@dev:west:1:1: error: shop has no target 'west' any more, and its folder is"
        " still in the branch [target-gone]\n"
        "  hint: if it was renamed, keep its manifests.path; if clusters may stop it, add"
        " --remove west\n"
    )
    assert team.branches() == ["dev", "stage"]
    team.proposes("--remove", "west", "--merge")
    assert [path for path in team.files("dev") if path.endswith("deployment.yaml")] == [
        "east/deployment.yaml",
        "south/deployment.yaml",
    ]


def test_nothing_is_proposed_anywhere_if_one_branch_is_missing(team: Team) -> None:
    both = workload(target("east", "dev"), target("west", "dev", branch="nowhere"))
    team.push({"workload/workload.yaml": both})
    refused = team.proposes()
    assert refused.code == 2
    assert "[no-branch]" in refused.err
    assert team.branches() == ["dev", "stage"]


def test_nothing_is_proposed_if_one_target_has_no_manifests(team: Team) -> None:
    team.push({"manifests/west/deployment.yaml": None})
    refused = team.proposes()
    assert refused.code == 2
    assert "there are no manifests for 'west' [no-manifests]" in refused.err
    assert team.branches() == ["dev", "stage"]


def test_repository_that_the_forge_does_not_have_is_named(team: Team) -> None:
    elsewhere = workload(target("east", "dev").replace(GITOPS, f"{GITOPS}-2"))
    team.push({"workload/workload.yaml": elsewhere})
    refused = team.proposes()
    assert refused.code == 2
    assert (
        f"{GITOPS}-2:1:1: error: there is no repository {GITOPS}-2 [no-repository]" in refused.err
    )


def test_record_that_somebody_broke_is_not_taken_for_none(team: Team) -> None:
    team.commit(team.gitops, "dev", {".kalypso/shop.yaml": "source: yesterday\n"})
    refused = team.proposes()
    assert refused.code == 2
    assert refused.err.startswith("shop-gitops@dev:.kalypso/shop.yaml:1:1: error: the record")
    assert "[bad-record]" in refused.err


def test_folder_without_a_commit_is_not_proposed(team: Team) -> None:
    file = team.folder / "here" / "workload" / "workload.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(workload(target("east", "dev")))
    refused = run(["app", "propose", "-e", "dev", "--source", "here"], team.folder)
    assert refused.code == 2
    assert refused.err.startswith("here:1:1: error: this is not a clone with a commit")
    assert "[no-commit]" in refused.err
