"""What people do to the branch and its pull request between two runs of the real engine."""

import shutil

from tests.engine.bench import Bench

CONFIG = "large/observability-prometheus/config.yaml"


def test_what_was_merged_is_not_proposed_again(dev_is_up: Bench) -> None:
    told = dev_is_up.up("dev")
    assert "- pullRequest : 1" in told
    assert "pullRequest" not in dev_is_up.good("pulumi", "stack", "output", "-s", "dev")
    assert set(dev_is_up.changes("dev")) == {"same"}
    assert dev_is_up.pulls() == []


def test_a_file_edited_by_hand_is_shown_and_put_right(dev_is_up: Bench) -> None:
    dev_is_up.commit("gitops", "dev", {CONFIG: "by: hand\n", "README.md": "Notes\n"})
    shown = dev_is_up.good("pulumi", "preview", "-s", "dev", "--non-interactive", "--diff")
    assert f"~ {CONFIG}" in shown
    assert "- by: hand" in shown
    assert "namespace.yaml" not in shown
    dev_is_up.up("dev")
    number = dev_is_up.waiting()["number"]
    assert dev_is_up.changed(number) == [CONFIG]
    dev_is_up.merge(number)
    assert dev_is_up.tree("dev")["README.md"] == "Notes\n"


def test_what_a_person_closed_stays_closed_with_a_warning_until_it_is_reopened(
    dev_is_up: Bench,
) -> None:
    dev_is_up.commit("gitops", "dev", {CONFIG: "by: hand again\n"})
    dev_is_up.up("dev")
    number = str(dev_is_up.waiting()["number"])
    dev_is_up.kalypso("pr", "close", number)
    told = dev_is_up.up("dev")
    assert f"pull request {number} was closed by a person" in told
    assert f"kalypso pr reopen {number}" in told
    assert dev_is_up.pulls() == []
    dev_is_up.kalypso("pr", "reopen", number)
    told = dev_is_up.up("dev")
    assert f"pull request {number} waits for review" in told
    dev_is_up.merge(int(number))


def test_a_removed_environment_branch_is_an_error_and_nothing_is_written(dev_is_up: Bench) -> None:
    commit = dev_is_up.git("rev-parse", "dev").strip()
    dev_is_up.git("update-ref", "-d", "refs/heads/dev")
    told = dev_is_up.refused("pulumi", "preview", "-s", "dev", "--non-interactive")
    assert "has no repository kalypso-gitops with branch dev" in told
    assert "`kalypso forge create kalypso-gitops@dev` makes it" in told
    assert dev_is_up.git("for-each-ref", "refs/heads/deployment") == ""
    dev_is_up.git("update-ref", "refs/heads/dev", commit)


def test_a_removed_repository_is_made_again(dev_is_up: Bench) -> None:
    for content in ("svc-gitops", "gitops"):
        shutil.rmtree(dev_is_up.forge / f"kalypso-{content}.git")
        dev_is_up.up("dev")
    assert "prometheus" in dev_is_up.git("ls-tree", "--name-only", "dev", repository="svc-gitops")
    assert dev_is_up.waiting()["number"] == 1


def test_destroy_works_where_the_branch_is_gone(dev_is_up: Bench) -> None:
    dev_is_up.git("update-ref", "-d", "refs/heads/dev")
    dev_is_up.good("pulumi", "destroy", "-s", "dev", "--yes", "--skip-preview", "--non-interactive")
    assert not dev_is_up.forge.exists()
