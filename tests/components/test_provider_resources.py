"""The provider's resources: making twice is making once, and people's work is left alone."""

import json
import shutil
from pathlib import Path

import pytest

from components.provider.gitops_branch import GitOpsBranch
from components.provider.local_repository import LocalRepository
from components.provider.repository_content import RepositoryContent
from components.provider.resource import Difference, Kind
from components.provider.values import Properties
from kalypso.errors import DeliveryError, SourceError
from kalypso.git.history import read_commit
from kalypso.git.read import read_tree
from kalypso.git.refs import all_refs
from kalypso.git.write import create_repository
from kalypso.stack.schedule import make_schedule
from tests.git.test_whole_trees import remove
from tests.stack.forge import SampleForge, quiet, settings_for

FILES = {"drone/README.md": "drone\n", "drone/app/config.yaml": "A: 1\n"}
OTHER = {"drone/README.md": "drone\n", "drone/app/namespace.yaml": "B: 1\n"}
BRANCH = GitOpsBranch()


def seen(forge: SampleForge, state: Properties, files: dict[str, str]) -> Difference:
    """Refresh and compare, as `pulumi preview` does."""
    inputs = forge.branch_inputs(files)
    now = BRANCH.read("id", state, inputs)
    return BRANCH.diff(now.state, now.inputs, inputs)


def test_a_repository_is_made_once(sample_forge: SampleForge) -> None:
    inputs = sample_forge.repository_inputs("gitops")
    first = LocalRepository().create(inputs, quiet)
    RepositoryContent().create(sample_forge.content_inputs("gitops"), quiet)
    refs = all_refs(sample_forge.path("gitops"))
    assert LocalRepository().create(inputs, quiet) == first
    assert first.state["path"] == str(sample_forge.path("gitops"))
    assert all_refs(sample_forge.path("gitops")) == refs


def test_what_a_killed_creation_left_is_swept_away(sample_forge: SampleForge) -> None:
    scratch = sample_forge.path("gitops").with_suffix(".scratch")
    scratch.mkdir(parents=True)
    (scratch / "half").write_text("")
    LocalRepository().create(sample_forge.repository_inputs("gitops"), quiet)
    assert not scratch.exists()


def test_somebody_elses_repository_is_neither_taken_over_nor_removed(
    sample_forge: SampleForge,
) -> None:
    create_repository(sample_forge.path("gitops"), branch="main")
    inputs = sample_forge.repository_inputs("gitops")
    with pytest.raises(DeliveryError, match="was not made by this stack"):
        LocalRepository().create(inputs, quiet)
    with pytest.raises(DeliveryError, match="is not removed"):
        LocalRepository().delete(inputs)
    assert sample_forge.path("gitops").is_dir()


def test_a_repository_that_is_gone_is_seen_and_its_removal_is_no_error(
    made_forge: SampleForge,
) -> None:
    inputs = made_forge.repository_inputs("gitops")
    assert LocalRepository().read("id", inputs, inputs).resource_id == "id"
    shutil.rmtree(made_forge.path("gitops"))
    assert LocalRepository().read("id", inputs, inputs).resource_id == ""
    LocalRepository().delete(inputs)


def test_a_repository_that_is_gone_is_made_again(made_forge: SampleForge) -> None:
    inputs = made_forge.repository_inputs("gitops")
    assert not LocalRepository().diff(inputs, inputs, inputs).changed
    shutil.rmtree(made_forge.path("gitops"))
    found = LocalRepository().diff(inputs, inputs, inputs)
    assert (found.changed, found.replaces) == (True, ())
    LocalRepository().update(inputs, inputs, quiet)
    assert made_forge.path("gitops").is_dir()
    assert not LocalRepository().diff(inputs, inputs, inputs).changed


def test_removing_all_repositories_removes_the_folder(made_forge: SampleForge) -> None:
    for path in list(made_forge.folder.iterdir()):
        inputs: Properties = {"folder": str(made_forge.folder), "name": path.stem, "branch": "main"}
        LocalRepository().delete(inputs)
    assert not made_forge.folder.exists()


def test_the_last_two_may_be_removed_at_the_same_time(
    made_forge: SampleForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_folder = Path.rmdir

    def others_meanwhile(folder: Path) -> None:
        if folder == made_forge.folder:
            shutil.rmtree(folder)
        remove_folder(folder)

    monkeypatch.setattr(Path, "rmdir", others_meanwhile)
    LocalRepository().delete(made_forge.repository_inputs("gitops"))
    assert not made_forge.folder.exists()


def test_another_name_or_folder_is_another_repository(made_forge: SampleForge) -> None:
    state = made_forge.repository_inputs("gitops")
    renamed: Properties = {**state, "name": "acme-gitops"}
    assert LocalRepository().diff(state, state, renamed).replaces == ("name",)
    assert not LocalRepository().diff(state, state, {**state, "branch": "dev"}).changed


def test_content_is_written_once_and_then_left_to_people(made_forge: SampleForge) -> None:
    commit = made_forge.commit("control-plane", "main", {"README.md": b"ours\n"})
    inputs = made_forge.content_inputs("control-plane")
    RepositoryContent().create(inputs, quiet)
    assert made_forge.head("control-plane", "main") == commit
    assert not RepositoryContent().diff(inputs, inputs, {**inputs, "url": "http://x"}).changed


def test_content_of_an_emptied_repository_counts_as_gone(made_forge: SampleForge) -> None:
    inputs = made_forge.content_inputs("gitops")
    assert RepositoryContent().read("id", inputs, inputs).resource_id == "id"
    shutil.rmtree(made_forge.path("gitops"))
    create_repository(made_forge.path("gitops"), branch="main")
    assert RepositoryContent().read("id", inputs, inputs).resource_id == ""


def test_content_of_an_emptied_repository_is_written_again(made_forge: SampleForge) -> None:
    inputs = made_forge.content_inputs("gitops")
    shutil.rmtree(made_forge.path("gitops"))
    create_repository(made_forge.path("gitops"), branch="main")
    assert RepositoryContent().diff(inputs, inputs, inputs).changed
    RepositoryContent().update(inputs, inputs, quiet)
    assert made_forge.head("gitops", "dev")
    assert not RepositoryContent().diff(inputs, inputs, inputs).changed


def test_content_of_a_repository_that_is_not_there_is_an_error(sample_forge: SampleForge) -> None:
    with pytest.raises(SourceError, match="no-repository"):
        RepositoryContent().create(sample_forge.content_inputs("gitops"), quiet)


def test_a_branch_is_proposed_and_reported(made_forge: SampleForge) -> None:
    told: list[str] = []
    made = BRANCH.create(made_forge.branch_inputs(FILES), told.append)
    assert made.resource_id == "kalypso-gitops/dev"
    assert made.state["pullRequest"] == 1
    assert told == ["opened pull request 1 in kalypso-gitops; look at it with `kalypso pr show 1`"]


def test_the_state_holds_no_text_of_files(made_forge: SampleForge) -> None:
    made = BRANCH.create(made_forge.branch_inputs(FILES), quiet)
    assert "A: 1" not in json.dumps([made.state, made.inputs])
    assert sorted(made.state) == [
        "branch", "environment", "folder", "parent", "pullRequest", "repository",
    ]  # fmt: skip


def test_what_is_proposed_is_no_difference(made_forge: SampleForge) -> None:
    assert seen(made_forge, made_forge.deliver(FILES), FILES) == Difference(changed=False)


def test_a_difference_names_the_tree(made_forge: SampleForge) -> None:
    assert seen(made_forge, made_forge.deliver(FILES), OTHER) == Difference(
        changed=True, details={"tree": Kind.CHANGED}
    )


def test_what_was_merged_is_no_difference(made_forge: SampleForge) -> None:
    state = made_forge.deliver(FILES)
    made_forge.forge().merge(1)
    assert not seen(made_forge, state, FILES).changed


def test_a_hand_edit_of_the_branch_is_compared_with_what_is_really_there(
    made_forge: SampleForge,
) -> None:
    state = made_forge.deliver(FILES)
    made_forge.forge().merge(1)
    made_forge.commit("gitops", "dev", {"drone/app/config.yaml": b"by hand\n"})
    now = BRANCH.read("id", state, made_forge.branch_inputs(FILES))
    assert (
        now.inputs["tree"]
        == read_commit(made_forge.path("gitops"), made_forge.head("gitops", "dev")).tree
    )
    assert seen(made_forge, state, FILES).details == {"tree": Kind.CHANGED}


def test_a_moved_branch_is_a_difference(made_forge: SampleForge) -> None:
    state = made_forge.deliver(FILES)
    made_forge.commit("gitops", "dev", {"README.md": b"moved\n"})
    assert seen(made_forge, state, FILES).details == {"tree": Kind.CHANGED}


def test_a_branch_that_moved_without_a_change_is_a_difference_of_the_parent(
    made_forge: SampleForge,
) -> None:
    state = made_forge.deliver(FILES)
    made_forge.commit("gitops", "dev", {})
    assert seen(made_forge, state, FILES).details == {"parent": Kind.CHANGED}


def former_inputs(forge: SampleForge) -> Properties:
    """Return the inputs that version 0.1 kept: the text of every file."""
    kept = ("folder", "repository", "branch", "environment", "parent")
    now = forge.branch_inputs(FILES)
    return {**{key: now[key] for key in kept}, "files": {**FILES}}


def test_a_state_with_text_in_it_is_no_difference_and_loses_the_text(
    made_forge: SampleForge,
) -> None:
    state, wanted = made_forge.deliver(FILES), made_forge.branch_inputs(FILES)
    now = BRANCH.read("id", state, former_inputs(made_forge))
    assert "files" not in now.inputs
    assert BRANCH.diff(now.state, now.inputs, former_inputs(made_forge)) == Difference(
        changed=False
    )
    assert BRANCH.diff(now.state, now.inputs, wanted) == Difference(changed=False)
    more = made_forge.branch_inputs(OTHER)
    assert BRANCH.diff(now.state, now.inputs, more).details == {"tree": Kind.CHANGED}


def test_manifests_that_were_pruned_are_an_error_that_says_what_to_do(
    made_forge: SampleForge,
) -> None:
    gone = {"manifests": "1" * 40, "tree": "2" * 40}
    inputs = {**made_forge.branch_inputs(FILES), **gone}
    with pytest.raises(DeliveryError, match="manifests-gone"):
        BRANCH.create(inputs, quiet)
    assert made_forge.forge().pull_requests() == ()


def test_a_tree_with_a_file_lost_is_not_proposed(made_forge: SampleForge) -> None:
    inputs = made_forge.branch_inputs(FILES)
    remove(made_forge.path("gitops"), f"{inputs['tree']}:{next(iter(FILES))}")
    with pytest.raises(SourceError, match="git fsck"):
        BRANCH.create(inputs, quiet)
    assert made_forge.forge().pull_requests() == ()


def test_another_machine_reads_and_removes_without_the_manifests(made_forge: SampleForge) -> None:
    state, inputs = made_forge.deliver(FILES), made_forge.branch_inputs(FILES)
    elsewhere = {**inputs, "manifests": "1" * 40}
    now = BRANCH.read("id", state, elsewhere)
    assert not BRANCH.diff(now.state, now.inputs, elsewhere).changed
    BRANCH.delete(now.state)
    assert made_forge.forge().pull_request(1).state == "closed"


def test_manifests_that_were_staged_before_the_repository_was_made_are_delivered(
    sample_forge: SampleForge,
) -> None:
    schedule = make_schedule(settings_for(sample_forge.folder))
    assert not schedule.exists
    sample_forge.make()
    inputs = sample_forge.branch_inputs({})
    named = {"manifests": schedule.manifests, "content": schedule.content, "tree": schedule.tree}
    state = BRANCH.create({**inputs, **named}, quiet).state
    assert state["pullRequest"] == 1
    tree = read_tree(str(sample_forge.path("gitops")), "deployment/dev").files
    assert "large/observability-prometheus/config.yaml" in tree


def test_what_a_person_closed_is_no_difference(made_forge: SampleForge) -> None:
    state = made_forge.deliver(FILES)
    made_forge.forge().close(1)
    assert not seen(made_forge, state, FILES).changed


def test_another_branch_is_another_resource(made_forge: SampleForge) -> None:
    state = made_forge.deliver(FILES)
    inputs = made_forge.branch_inputs(FILES, "stage")
    assert BRANCH.diff(state, made_forge.branch_inputs(FILES), inputs).replaces == (
        "branch",
        "environment",
    )


def test_a_branch_that_is_gone_does_not_hinder_reading_but_writing(
    made_forge: SampleForge,
) -> None:
    state, inputs = made_forge.deliver(FILES), made_forge.branch_inputs(FILES)
    (made_forge.path("gitops") / "refs/heads/dev").unlink()
    assert BRANCH.read("id", state, inputs).state == state
    assert not BRANCH.diff(state, inputs, inputs).changed
    with pytest.raises(SourceError, match="has no branch dev"):
        BRANCH.update(state, inputs, quiet)


def test_a_repository_that_is_gone_takes_the_branch_with_it(made_forge: SampleForge) -> None:
    state, inputs = made_forge.deliver(FILES), made_forge.branch_inputs(FILES)
    shutil.rmtree(made_forge.path("gitops"))
    assert BRANCH.read("id", state, inputs).resource_id == ""
    assert BRANCH.diff(state, inputs, inputs).changed
    BRANCH.delete(state)


def test_deleting_withdraws_the_proposal_and_leaves_the_branch(made_forge: SampleForge) -> None:
    before = made_forge.head("gitops", "dev")
    BRANCH.delete(made_forge.deliver(FILES))
    assert made_forge.forge().pull_request(1).state == "closed"
    assert made_forge.head("gitops", "dev") == before


def test_deleting_does_not_touch_somebody_elses_head(made_forge: SampleForge) -> None:
    state = made_forge.deliver(FILES)
    made_forge.forge().merge(1)
    shutil.rmtree(made_forge.path("gitops") / "pull-requests")
    update = {"x": b"theirs"}
    dev = made_forge.head("gitops", "dev")
    made_forge.forge().move_branch("deployment/dev", old=None, new=dev)
    theirs = made_forge.commit("gitops", "deployment/dev", {**update})
    BRANCH.delete(state)
    assert made_forge.head("gitops", "deployment/dev") == theirs


def test_files_outside_the_cluster_types_stay(made_forge: SampleForge) -> None:
    made_forge.commit("gitops", "dev", {"notes/plan.md": b"ours\n", "README.md": b"top\n"})
    made_forge.deliver(FILES)
    tree = read_tree(str(made_forge.path("gitops")), "deployment/dev").files
    assert tree["notes/plan.md"] == b"ours\n"
    assert tree["README.md"] == b"top\n"
