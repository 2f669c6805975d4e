"""`kalypso verify`: a delivered commit is proven, and every doubt is told."""

import shutil
from pathlib import Path

import pytest

from components.provider.gitops_branch import GitOpsBranch
from kalypso.git.history import read_commit
from kalypso.git.write import NO_COMMIT, RefUpdate, Signature, update_refs, write_commit
from kalypso.stack.schedule import make_schedule
from kalypso.stack.wording import make_wording
from tests.cli.command import Result, run
from tests.stack.forge import SampleForge, quiet, settings_for
from tests.support.prepared import copied

URL = "http://127.0.0.1:3180/kalypso-control-plane"
CONFIG = "large/observability-prometheus/config.yaml"


@pytest.fixture
def forge(tmp_path: Path) -> SampleForge:
    """The sample, with its first pull request open: a copy of what was delivered once."""
    forge = SampleForge(tmp_path / ".kalypso" / "forge")
    copied("delivered", deliver_sample, forge.folder)
    return forge


def deliver_sample(folder: Path) -> None:
    forge = SampleForge(folder)
    forge.make()
    deliver(forge)


def deliver(forge: SampleForge, **config: str) -> str:
    """Deliver what the model says, as `pulumi up` does; return the commit."""
    settings = settings_for(forge.folder, **config)
    schedule = make_schedule(settings)
    words = make_wording(schedule, settings)
    assert words
    told = {"title": words.title, "body": words.body, "trailers": words.trailers}
    files = dict(schedule.evaluation.files)
    GitOpsBranch().create({**forge.branch_inputs(files), **told}, quiet)
    return forge.head("gitops", "deployment/dev")


def rewritten(forge: SampleForge, old: str, new: str, **changes: str) -> str:
    """Commit as the proposal was, with another message or other files."""
    repository = forge.path("gitops")
    commit = read_commit(repository, forge.head("gitops", "deployment/dev"))
    return write_commit(
        repository,
        parents=[commit.commit],
        changes={CONFIG if path == "config" else path: t.encode() for path, t in changes.items()},
        message=commit.message.replace(old, new),
        signature=Signature("Eve", "eve@example.com", 1_800_000_000),
    )


def verify(forge: SampleForge, commit: str, *more: str) -> Result:
    gitops, folder = str(forge.path("gitops")), str(forge.folder)
    where = ["--gitops", gitops, "--repositories", folder]
    return run(["verify", "--commit", commit, *where, *more], forge.folder)


def test_what_was_delivered_is_proven(forge: SampleForge) -> None:
    commit, control_plane = (
        forge.head("gitops", "deployment/dev")[:10],
        forge.head("control-plane", "dev")[:10],
    )
    found = verify(forge, "deployment/dev")
    assert (found.code, found.err) == (0, "")
    assert found.out == (
        f"dev at {commit}: 8 files are exactly what the model says"
        f" (control plane {control_plane}, 2 other sources)\n"
    )


def test_beside_a_local_forge_the_commit_is_enough(forge: SampleForge) -> None:
    found = run(["verify", "--commit", "deployment/dev"], forge.folder.parents[1])
    assert found.code == 0


def test_it_is_proven_after_the_model_went_on(forge: SampleForge) -> None:
    commit = forge.head("gitops", "deployment/dev")
    policy = "scheduling/platform-services/observability-policy.yaml"
    forge.commit("control-plane", "dev", {policy: None})
    forge.commit("svc-src", "main", {"README.md": b"other\n"})
    assert verify(forge, commit).code == 0


def test_settings_of_the_stack_are_those_of_the_commit(forge: SampleForge) -> None:
    commit = deliver(forge, conventions="operator")
    assert (
        "Kalypso-Settings: conventions=operator"
        in read_commit(forge.path("gitops"), commit).message
    )
    assert verify(forge, commit).code == 0


def test_lines_for_the_forge_are_no_part_of_the_proof(forge: SampleForge) -> None:
    marked = {"gitops.markGenerated": "true", "gitops.owners": '{"*": ["@acme/platform"]}'}
    commit = deliver(forge, **marked)
    assert verify(forge, commit).code == 0


def test_a_clone_may_stand_for_the_control_plane(forge: SampleForge, tmp_path: Path) -> None:
    clone = tmp_path / "elsewhere.git"
    shutil.move(forge.path("control-plane"), clone)
    clones = ("--control-plane", str(clone), "--base", str(clone))
    assert verify(forge, "deployment/dev", *clones).code == 0
    assert verify(forge, "deployment/dev", "--repo", f"{URL}={clone}").code == 0
    assert verify(forge, "deployment/dev").code == 2


def test_a_changed_manifest_is_told(forge: SampleForge) -> None:
    commit = rewritten(forge, "", "", config="stolen: true\n")
    found = verify(forge, commit, "--patch")
    assert found.code == 1
    assert "changed (1): config.yaml" in found.out
    assert "-stolen: true" in found.out
    assert f"the commit {commit[:10]} does not hold what the model says" in found.err


def test_a_file_that_was_slipped_in_is_told(forge: SampleForge) -> None:
    found = verify(forge, rewritten(forge, "", "", **{"drone/evil.yaml": "a: 1\n"}))
    assert found.code == 1
    assert "- drone/evil.yaml" in found.out


def test_files_that_the_scheduler_does_not_own_do_not_matter(forge: SampleForge) -> None:
    assert verify(forge, rewritten(forge, "", "", **{"NOTES.md": "ours\n"})).code == 0


def test_a_commit_that_claims_another_digest_is_no_proof(forge: SampleForge) -> None:
    message = read_commit(forge.path("gitops"), forge.head("gitops", "deployment/dev")).message
    digest = message.partition("Kalypso-Content: ")[2].partition("\n")[0]
    found = verify(forge, rewritten(forge, digest, "0" * 64))
    assert found.code == 1
    assert f"but of the model {digest}" in found.err


def test_a_branch_is_proven_by_what_its_merge_brought_in(forge: SampleForge) -> None:
    forge.forge().merge(1)
    found = verify(forge, "dev")
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("dev at ")


def test_a_parent_of_a_merge_may_be_named_as_git_does(forge: SampleForge) -> None:
    merged = forge.head("gitops", "deployment/dev")
    forge.forge().merge(1)
    found = verify(forge, "dev^2")
    assert found.code == 0
    assert found.out.startswith(f"dev at {merged[:10]}:")


def test_what_a_merge_slips_in_is_no_proof(forge: SampleForge) -> None:
    forge.forge().merge(1)
    merge = forge.head("gitops", "dev")
    path = "large/observability-prometheus/reconciler.yaml"
    commit = write_commit(
        forge.path("gitops"),
        parents=list(read_commit(forge.path("gitops"), merge).parents),
        changes={path: b"a: 1\n"},
        message="Merge\n",
        signature=Signature("Eve", "eve@example.com", 1_800_000_000),
    )
    found = verify(forge, commit)
    assert found.code == 1
    assert path.rpartition("/")[0] in found.out


def test_the_first_parent_that_holds_nothing_of_kalypsos_is_not_followed(
    forge: SampleForge,
) -> None:
    forge.forge().merge(1)
    found = verify(forge, "dev^1")
    assert found.code == 2
    assert "[no-trailer]" in found.err


def test_a_commit_of_a_person_says_nothing(forge: SampleForge) -> None:
    found = verify(forge, forge.commit("gitops", "dev", {"README.md": b"mine\n"}))
    assert found.code == 2
    assert "does not say what it was made of: it has no Kalypso-Control-Plane" in found.err


def test_a_source_that_lost_the_commit_is_no_proof(forge: SampleForge) -> None:
    head = forge.head("control-plane", "dev")
    found = verify(forge, rewritten(forge, head, "1" * 40))
    assert found.code == 2
    assert "1111111111" in found.err


def test_a_source_that_is_not_named_is_not_read(forge: SampleForge) -> None:
    line = f"Kalypso-Workload: {URL.replace('control-plane', 'svc-src')}"
    found = verify(forge, rewritten(forge, line, "Was"))
    assert found.code == 2
    assert "no trailer of the commit names" in found.err


def test_a_folder_cannot_stand_for_a_commit(forge: SampleForge, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    found = verify(forge, "deployment/dev", "--control-plane", str(tmp_path / "files"))
    assert found.code == 2
    assert "[no-commit]" in found.err


def test_settings_of_another_version_are_refused(forge: SampleForge) -> None:
    other = "Kalypso-Settings: colour=red\nKalypso-Version"
    found = verify(forge, rewritten(forge, "Kalypso-Version", other))
    assert found.code == 2
    assert "settings that this version does not know [unknown-setting]" in found.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-e", "stage"), "is of the environment 'dev'"),
        (("--repo", "nothing"), "is not of the form URL=DIR"),
        (("--repositories", "nowhere"), "there is no such folder"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    forge: SampleForge, arguments: tuple[str, ...], told: str
) -> None:
    found = verify(forge, "deployment/dev", *arguments)
    assert found.code == 2
    assert told in found.err


def test_a_commit_that_there_is_not_is_an_error(forge: SampleForge) -> None:
    found = verify(forge, "nothing")
    assert (found.code, "there is no commit 'nothing'" in found.err) == (2, True)


def test_a_branch_that_was_pushed_anew_hides_its_old_commits(forge: SampleForge) -> None:
    repository = forge.path("control-plane")
    ref = RefUpdate("refs/heads/dev", forge.head("control-plane", "dev"), NO_COMMIT)
    update_refs(repository, [ref])
    found = verify(forge, "deployment/dev")
    assert found.code == 2
    assert "[not-on-branch]" in found.err
