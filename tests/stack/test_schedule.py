"""What a run finds out before it declares anything."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from kalypso.errors import KalypsoError, Problems
from kalypso.forge.local import LocalFolder, LocalPlace, start_branch
from kalypso.git.read import read_tree
from kalypso.git.write import Content
from kalypso.stack.schedule import Schedule, make_schedule
from tests.sample.walkthrough import REGISTRATION
from tests.stack.forge import SampleForge, settings_for

POLICY = "scheduling/platform-services/observability-policy.yaml"
BROKEN: dict[str, Content] = {"scheduling/broken.yaml": b"kind: [\n"}


def schedule(forge: SampleForge, stack: str = "dev", **config: str) -> Schedule:
    return make_schedule(settings_for(forge.folder, stack, **config))


def base_repo(prefix: str, commit: str) -> bytes:
    return f"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: BaseRepo
metadata:
  name: main
spec:
  repo: http://127.0.0.1:3180/{prefix}-control-plane
  branch: main
  commit: "{commit}"
""".encode()


def folders(found: Schedule) -> list[str]:
    return [assignment.folder for assignment in found.evaluation.assignments]


def test_before_any_repository_exists_the_starting_content_is_scheduled(
    sample_forge: SampleForge,
) -> None:
    found = schedule(sample_forge)
    assert folders(found) == ["large/observability-prometheus"]
    assert found.standing is None
    assert not sample_forge.folder.exists()


@pytest.mark.parametrize("stack", ["dev", "stage"])
def test_the_first_schedule_is_that_of_the_made_repositories(
    sample_forge: SampleForge, stack: str
) -> None:
    before = schedule(sample_forge, stack)
    sample_forge.make()
    after = schedule(sample_forge, stack)
    assert after.evaluation.files == before.evaluation.files
    assert after.parent == before.parent
    assert after.standing is not None
    assert after.standing.step == "open"


def test_another_prefix_and_address_schedule_the_same_assignments(
    sample_forge: SampleForge,
) -> None:
    config = {"prefix": "acme", "forge.url": "http://git.example.com:8080"}
    found = schedule(sample_forge, **config)
    assert folders(found) == ["large/observability-prometheus"]
    assert found.destination.full_name == "acme-gitops"
    text = found.evaluation.files["large/observability-prometheus/reconciler.yaml"]
    assert "http://git.example.com:8080/acme-svc-gitops" in text


def test_main_is_read_at_the_promoted_commit_and_not_at_its_head(made_forge: SampleForge) -> None:
    registration = {path: text.encode() for path, text in REGISTRATION["main"].items()}
    made_forge.commit("control-plane", "main", {**registration})
    workloads = {w.name for w in schedule(made_forge).evaluation.platform.workloads}
    assert workloads == {"observability"}


def test_repositories_that_a_killed_run_left_empty_count_as_not_there(
    made_forge: SampleForge,
) -> None:
    for ref in ("dev", "main", "stage"):
        (made_forge.path("control-plane") / "refs/heads" / ref).unlink()
    assert folders(schedule(made_forge)) == ["large/observability-prometheus"]


def test_every_problem_of_the_model_is_told_with_its_place(made_forge: SampleForge) -> None:
    unknown = b"apiVersion: scheduler.kalypso.io/v1alpha1\nkind: Polcy\nmetadata: {name: a}\n"
    made_forge.commit("control-plane", "dev", {**BROKEN, "scheduling/unknown.yaml": unknown})
    with pytest.raises(Problems) as caught:
        schedule(made_forge)
    places = [problem.at.file for problem in caught.value.problems]
    assert "kalypso-control-plane@dev:scheduling/broken.yaml" in places
    assert "kalypso-control-plane@dev:scheduling/unknown.yaml" in places


def test_a_registration_with_credentials_in_its_address_is_told_without_them(
    made_forge: SampleForge,
) -> None:
    (path, text), *_ = REGISTRATION["main"].items()
    address = "http://ada:c4nary@127.0.0.1:1/kalypso-app-src"
    changed = text.replace("http://127.0.0.1:3180/kalypso-app-src", address)
    commit = made_forge.commit("control-plane", "main", {path: changed.encode()})
    made_forge.commit("control-plane", "dev", {"base-repo.yaml": base_repo("kalypso", commit)})
    with pytest.raises(KalypsoError, match="holds credentials") as caught:
        schedule(made_forge)
    assert "c4nary" not in str(caught.value)


def test_a_repository_that_the_forge_lacks_is_told(made_forge: SampleForge) -> None:
    changes: dict[str, Content] = {"base-repo.yaml": base_repo("acme", "")}
    made_forge.commit("control-plane", "dev", changes)
    with pytest.raises(KalypsoError, match="the local forge has no repository acme-control"):
        schedule(made_forge)


@pytest.mark.parametrize(("name", "branch"), [("acme-gitops", "dev"), ("kalypso-gitops", "qa")])
def test_a_gitops_branch_that_the_forge_lacks_is_made_by_the_command_in_the_hint(
    made_forge: SampleForge, name: str, branch: str
) -> None:
    files = read_tree(str(made_forge.path("control-plane")), "dev").files
    text = files["gitops-repo.yaml"].decode()
    text = text.replace("kalypso-gitops", name).replace("branch: dev", f"branch: {branch}")
    made_forge.commit("control-plane", "dev", {"gitops-repo.yaml": text.encode()})
    with pytest.raises(KalypsoError) as raised:
        schedule(made_forge)
    assert f"has no repository {name} with branch {branch} [no-repository]" in str(raised.value)
    assert f"hint: `kalypso forge create {name}@{branch}` makes it" in str(raised.value)
    start_branch(LocalPlace(LocalFolder(made_forge.folder), name), branch, 1_800_000_000)
    assert schedule(made_forge).exists


def test_a_control_plane_in_a_folder_is_an_error_with_the_command_that_previews_it(
    made_forge: SampleForge,
) -> None:
    folder = str(made_forge.path("control-plane"))
    with pytest.raises(KalypsoError) as raised:
        schedule(made_forge, **{"repositories.control-plane": folder})
    assert f"`pulumi config set kalypso:model.folder {folder}`" in str(raised.value)
    assert "`pulumi config rm kalypso:repositories.control-plane`" in str(raised.value)


def test_a_gitops_repository_elsewhere_is_not_in_this_version(made_forge: SampleForge) -> None:
    pointer = b"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: GitOpsRepo
metadata:
  name: dev
spec:
  repo: https://git.example.com/acme/gitops
  branch: dev
"""
    made_forge.commit("control-plane", "dev", {"gitops-repo.yaml": pointer})
    with pytest.raises(KalypsoError, match="is not on the local forge"):
        schedule(made_forge)


def test_removing_all_assignments_is_refused_until_exactly_that_is_acknowledged(
    made_forge: SampleForge,
) -> None:
    made_forge.deliver(dict(schedule(made_forge).evaluation.files))
    made_forge.forge().merge(1)
    made_forge.commit("control-plane", "dev", {POLICY: None})
    with pytest.raises(KalypsoError, match="would remove the only assignment") as caught:
        schedule(made_forge)
    digest = caught.value.problems[0].hint.rpartition(" ")[2]
    with pytest.raises(KalypsoError, match="would remove"):
        schedule(made_forge, **{"limits.acknowledge": "0" * 12})
    found = schedule(made_forge, **{"limits.acknowledge": digest})
    assert folders(found) == []


def written(folder: Path, files: Mapping[str, bytes]) -> str:
    """Write a checkout."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return str(folder)


def test_a_checkout_stands_for_the_environments_branch(
    made_forge: SampleForge, tmp_path: Path
) -> None:
    branch = read_tree(str(made_forge.path("control-plane")), "dev").files
    checkout = written(tmp_path / "model", {**branch, POLICY: b""})
    settings = {"model.folder": checkout, "limits.acknowledge": "0" * 12}
    found = schedule(made_forge, **settings)
    assert folders(found) == []
    assert found.outline.provenance is None
    assert folders(schedule(made_forge)) == ["large/observability-prometheus"]


def test_a_checkout_stands_for_the_base_whatever_is_promoted(
    made_forge: SampleForge, tmp_path: Path
) -> None:
    branch = read_tree(str(made_forge.path("control-plane")), "main").files
    more = {path: text.encode() for path, text in REGISTRATION["main"].items()}
    found = schedule(made_forge, **{"model.base": written(tmp_path / "base", {**branch, **more})})
    workloads = {w.name for w in found.evaluation.platform.workloads}
    assert workloads == {"observability", "hello-world-app"}


def test_a_problem_of_a_checkout_names_its_file(made_forge: SampleForge, tmp_path: Path) -> None:
    checkout = written(tmp_path / "model", {"broken.yaml": b"kind: [\n"})
    with pytest.raises(Problems) as caught:
        schedule(made_forge, **{"model.folder": checkout})
    assert caught.value.problems[0].at.file == f"{checkout}/broken.yaml"


def test_a_checkout_that_is_not_there_is_told(made_forge: SampleForge, tmp_path: Path) -> None:
    with pytest.raises(KalypsoError, match="there is no such folder"):
        schedule(made_forge, **{"model.folder": str(tmp_path / "nowhere")})
