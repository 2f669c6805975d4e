"""What the sample evaluates to: at the start, and after each chapter of the walkthrough.

The expected branches stand in `walkthrough/`. They are what the operator writes for the sample as
published with the walkthrough, but for three things that are ours: the repositories' URLs, the
versions of Flux's kinds, and the READMEs (docs/adr/0005-walkthrough-as-default.md).
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import yaml

from kalypso.errors import Problems
from kalypso.evaluation import Request, evaluate
from kalypso.loading.start import ControlPlane
from kalypso.model.platform import Evaluation
from tests.sample.tree import yaml_files
from tests.sample.walkthrough import (
    CHAPTERS,
    DEV_POLICIES,
    REGISTRATION,
    STAGE_DATABASE,
    STAGE_POLICY,
    STAGE_SMALL,
    STEPS,
    Edits,
    SampleRepositories,
    policy,
)

TRACKING = ".github/tracking/Promoted_Commit_Id"


def evaluated(environment: str, edits: list[Edits]) -> Evaluation:
    repositories = SampleRepositories(edits)
    source = repositories.branch("control-plane", environment)
    start = ControlPlane(environment=environment, source=source)
    return evaluate(Request(start=start, repositories=repositories, strict=True)).evaluation


def parsed(files: Mapping[str, str]) -> dict[str, object]:
    """Return files as they compare: YAML as documents, the rest as text."""
    return {
        path: list(yaml.safe_load_all(text)) if path.endswith(".yaml") else text.rstrip()
        for path, text in files.items()
        if path != TRACKING
    }


def expected(chapter: str) -> dict[str, object]:
    folder = STEPS / chapter
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert yaml_files(folder)
    return parsed({p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in files})


def assignments(evaluation: Evaluation) -> set[str]:
    return {assignment.folder for assignment in evaluation.assignments}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_branch_after_chapter_is_what_the_walkthrough_says(chapter: str) -> None:
    environment, edits = CHAPTERS[chapter]
    assert parsed(evaluated(environment, edits).files) == expected(chapter)


def test_dev_starts_with_the_platform_service_on_the_large_clusters_only() -> None:
    evaluation = evaluated("dev", [])
    assert assignments(evaluation) == {"large/observability-prometheus"}
    assert [c.name for c in evaluation.cluster_types] == [
        "command-center",
        "drone",
        "large",
        "small",
    ]


def test_stage_starts_with_nothing_but_the_folders_of_its_cluster_types() -> None:
    evaluation = evaluated("stage", [])
    assert set(evaluation.files) == {TRACKING, "drone/README.md", "large/README.md"}


@pytest.mark.parametrize("environment", ["dev", "stage"])
def test_nothing_in_the_sample_is_warned_about(environment: str) -> None:
    assert evaluated(environment, []).warnings == ()


@pytest.mark.parametrize("environment", ["dev", "stage"])
def test_registration_alone_assigns_nothing(environment: str) -> None:
    before, after = evaluated(environment, []), evaluated(environment, [REGISTRATION])
    assert after.files == before.files


def test_policies_without_the_registration_assign_nothing() -> None:
    assert assignments(evaluated("dev", [DEV_POLICIES])) == {"large/observability-prometheus"}


def test_new_database_changes_one_file_of_stage_and_nothing_else() -> None:
    before = evaluated("stage", [REGISTRATION, STAGE_POLICY]).files
    after = evaluated("stage", [REGISTRATION, STAGE_POLICY, STAGE_DATABASE]).files
    assert before.keys() == after.keys()
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {"large/hello-world-app-uat-test/config.yaml"}


def test_new_cluster_type_adds_its_folder_and_nothing_else() -> None:
    edits = [REGISTRATION, STAGE_POLICY, STAGE_DATABASE]
    before, after = evaluated("stage", edits).files, evaluated("stage", [*edits, STAGE_SMALL]).files
    assert {path: after[path] for path in before} == before
    assert {path.partition("/")[0] for path in after.keys() - before.keys()} == {"small"}


def test_team_cannot_add_an_object_through_the_path_of_its_manifests() -> None:
    """The sample's templates quote what a team wrote."""
    hostile = r'path: "./x\nprune: false\n---\nkind: ClusterRoleBinding"'
    edits = [REGISTRATION, DEV_POLICIES]
    repositories = SampleRepositories(edits, {"path: ./functional-test": hostile})
    source = repositories.branch("control-plane", "dev")
    start = ControlPlane(environment="dev", source=source)
    files = evaluate(Request(start=start, repositories=repositories)).evaluation.files
    text = files["drone/hello-world-app-functional-test/reconciler.yaml"]
    source_object, kustomization = yaml.safe_load_all(text)
    assert (source_object["kind"], kustomization["kind"]) == ("GitRepository", "Kustomization")
    assert kustomization["spec"]["prune"] is True


@pytest.mark.parametrize(
    ("selector", "sentence"),
    [("{matchLabel: {size: large}}", "matchLabel"), ("", "the label selector is missing")],
)
def test_policy_with_a_slip_delivers_nothing(selector: str, sentence: str) -> None:
    slip: Edits = {"dev": {"scheduling/slip.yaml": policy("slip", "{}", selector)}}
    with pytest.raises(Problems, match=sentence):
        evaluated("dev", [slip])


def test_registration_of_a_repository_that_is_not_there_delivers_nothing() -> None:
    (path, text), *_ = REGISTRATION["main"].items()
    gone: Edits = {"main": {path: text.replace("app-src", "no-such")}}
    with pytest.raises(Problems, match="kalypso-no-such"):
        evaluated("dev", [gone])


def test_cluster_type_that_names_no_template_of_main_delivers_nothing() -> None:
    (path, text), *_ = STAGE_SMALL["stage"].items()
    unknown: Edits = {"stage": {path: text.replace("argocd", "argo")}}
    with pytest.raises(Problems, match="argo"):
        evaluated("stage", [REGISTRATION, STAGE_POLICY, unknown])
