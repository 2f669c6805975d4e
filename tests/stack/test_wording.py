"""What a pull request says, from the sample's forge."""

import re

import pytest
from msgspec.structs import replace

from components.provider.gitops_branch import GitOpsBranch
from components.provider.resource import Difference
from components.provider.values import Properties
from kalypso.delivery.proposal import Wording
from kalypso.errors import Problems, SourceError
from kalypso.git.run import git
from kalypso.git.write import Content
from kalypso.model.repositories import Pointer, Source
from kalypso.stack.schedule import make_schedule
from kalypso.stack.wording import make_wording
from tests.sample.walkthrough import DEV_POLICIES, REGISTRATION
from tests.stack.forge import SampleForge, quiet, settings_for

BRANCH = GitOpsBranch()


class Gone:
    """Repositories that cannot be read any more."""

    def read(self, pointer: Pointer) -> Source:
        raise SourceError("gone", pointer.at)


def encoded(files: dict[str, str]) -> dict[str, Content]:
    return {path: text.encode() for path, text in files.items()}


def words(forge: SampleForge, **config: str) -> Wording | None:
    settings = settings_for(forge.folder, **config)
    return make_wording(make_schedule(settings), settings)


def inputs(forge: SampleForge, **more: str) -> Properties:
    """Return what the program hands to the provider."""
    found = make_schedule(settings_for(forge.folder))
    wording = words(forge)
    told = {}
    if wording:
        told = {"title": wording.title, "body": wording.body, "trailers": wording.trailers}
    return {**forge.branch_inputs(dict(found.evaluation.files)), **told, **more}


def delivered(forge: SampleForge) -> Properties:
    """Deliver and merge what the sample says at its start."""
    state = BRANCH.create(inputs(forge), quiet).state
    forge.forge().merge(1)
    return state


def promote(forge: SampleForge) -> str:
    """Register the application and schedule it, as the walkthrough does."""
    commit = forge.commit("control-plane", "main", encoded(REGISTRATION["main"]))
    base = f"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: BaseRepo
metadata:
  name: main
spec:
  repo: http://127.0.0.1:3180/kalypso-control-plane
  branch: main
  commit: "{commit}"
"""
    edits = {**encoded(DEV_POLICIES["dev"]), "base-repo.yaml": base.encode()}
    return forge.commit("control-plane", "dev", edits)


def test_the_first_pull_request_tells_assignments_and_sources(sample_forge: SampleForge) -> None:
    wording = words(sample_forge)
    assert wording
    assert wording.title == "Update manifests in dev: 1 assignment added"
    assert "observability-prometheus" in wording.body
    assert "SchedulingPolicy observability-policy" in wording.body
    assert "kalypso-svc-src" in wording.body


def test_the_first_pull_request_shows_the_files_of_an_addition(sample_forge: SampleForge) -> None:
    wording = words(sample_forge)
    assert wording is not None
    folder = "<code>large/observability-prometheus</code>"
    _, _, sample = wording.body.partition(f"A sample, the files of {folder}:\n\n```yaml\n")
    text = sample.partition("\n```")[0]
    assert "# namespace.yaml\napiVersion: v1\nkind: Namespace\n" in text
    assert "\n# reconciler.yaml\n" in text
    assert "\nkind: Application\n" in text


def test_the_commit_says_what_it_was_made_of(made_forge: SampleForge) -> None:
    BRANCH.create(inputs(made_forge), quiet)
    head = made_forge.forge().head("deployment/dev")
    assert head
    control_plane = made_forge.head("control-plane", "dev")
    main = made_forge.head("control-plane", "main")
    service = made_forge.head("svc-src", "main")
    url = "http://127.0.0.1:3180/kalypso"
    lines = head.message.splitlines()
    assert f"Kalypso-Control-Plane: {url}-control-plane@{control_plane} dev" in lines
    assert f"Kalypso-Base: {url}-control-plane@{main} main" in lines
    assert f"Kalypso-Workload: {url}-svc-src@{service} main" in lines
    assert lines[-1] == "Kalypso-Version: 0.1.0"


def test_the_second_names_causes_and_the_commits_since_the_first(made_forge: SampleForge) -> None:
    delivered(made_forge)
    promote(made_forge)
    wording = words(made_forge)
    assert wording
    assert wording.title == "Update manifests in dev: 2 assignments added"
    assert "<code>SchedulingPolicy functional-test-policy</code> added in" in wording.body
    assert "<code>change</code> by <code>Ada</code>" in wording.body


def test_without_the_old_sources_it_is_told_without_causes(made_forge: SampleForge) -> None:
    delivered(made_forge)
    promote(made_forge)
    settings = settings_for(made_forge.folder)
    wording = make_wording(replace(make_schedule(settings), repositories=Gone()), settings)
    assert wording
    assert wording.title == "Update manifests in dev: 2 assignments added"
    assert "because of <code>" not in wording.body


def test_a_branch_changed_by_hand_has_no_cause_in_the_model(made_forge: SampleForge) -> None:
    delivered(made_forge)
    path = "large/observability-prometheus/config.yaml"
    made_forge.commit("gitops", "dev", {path: b"by: hand\n"})
    wording = words(made_forge)
    assert wording
    assert wording.title == "Update manifests in dev: 1 assignment changed"
    assert "because of <code>" not in wording.body
    assert "- the same commits as before" in wording.body


def test_where_nothing_is_to_be_done_nothing_is_worded(made_forge: SampleForge) -> None:
    delivered(made_forge)
    assert words(made_forge) is None


def test_other_words_alone_are_no_difference(made_forge: SampleForge) -> None:
    first = inputs(made_forge)
    state = BRANCH.create(first, quiet).state
    other = {**first, "title": "other", "body": "other", "trailers": "Kalypso-Version: 9"}
    now = BRANCH.read("id", state, first)
    assert BRANCH.diff(now.state, now.inputs, other) == Difference(changed=False)
    head = made_forge.head("gitops", "deployment/dev")
    BRANCH.update(state, other, quiet)
    assert made_forge.head("gitops", "deployment/dev") == head


def test_words_about_another_state_of_the_branch_are_not_used(made_forge: SampleForge) -> None:
    stale = inputs(made_forge)
    made_forge.commit("gitops", "dev", {"README.md": b"moved\n"})
    BRANCH.create(stale, quiet)
    (pull,) = made_forge.forge().pull_requests()
    assert pull.title == "Update manifests in dev"
    assert pull.body.startswith("8 files added.")


def test_the_state_holds_no_words(made_forge: SampleForge) -> None:
    state = BRANCH.create(inputs(made_forge), quiet).state
    assert {"title", "body", "trailers", "files"}.isdisjoint(state)


def test_the_author_of_commits_is_a_setting(made_forge: SampleForge) -> None:
    settings = settings_for(made_forge.folder, **{"commit.author": "Bot <bot@example.com>"})
    assert settings.commit.author == "Bot <bot@example.com>"
    BRANCH.create(inputs(made_forge, author=settings.commit.author), quiet)
    head = made_forge.head("gitops", "deployment/dev")
    written = git("cat-file", "commit", head, repository=made_forge.path("gitops")).decode()
    assert "\nauthor Bot <bot@example.com> " in written


def test_an_author_without_an_address_is_no_setting(sample_forge: SampleForge) -> None:
    with pytest.raises(Problems, match=r"the setting 'commit\.author' is wrong"):
        settings_for(sample_forge.folder, **{"commit.author": "Bot"})


def test_the_first_pull_request_shows_the_commit_that_the_tracking_file_gets(
    sample_forge: SampleForge,
) -> None:
    wording = words(sample_forge)
    assert wording
    _, _, after = wording.body.partition("+++ b/.github/tracking/Promoted_Commit_Id\n")
    assert re.match(r"@@ -0,0 \+1 @@\n\+[0-9a-f]{40}\n", after)
