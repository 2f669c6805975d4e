"""Targets of a Workload file: which are for an environment, and what each owns."""

from __future__ import annotations

import pytest

from kalypso.application.targets import targets_in
from kalypso.errors import KalypsoError
from kalypso.model import Source
from tests.application.bench import target, workload


def read(*targets: str, environment: str = "dev") -> list[str]:
    text = workload(*targets).encode()
    source = Source("app/", {"workload/workload.yaml": text})
    return [each.folder.path for each in targets_in(source, "", environment)]


def refused(*targets: str, environment: str = "dev") -> str:
    with pytest.raises(KalypsoError) as caught:
        read(*targets, environment=environment)
    return str(caught.value)


def test_targets_of_other_environments_are_left_out() -> None:
    assert read(target("east", "dev"), target("uat", "stage")) == ["east"]


def test_paths_that_mean_the_same_are_the_same() -> None:
    assert read(target("east", "dev", path="east/./")) == ["east"]


def test_one_target_may_have_the_root_to_itself() -> None:
    assert read(target("east", "dev", path="./")) == [""]


@pytest.mark.parametrize("path", ["./east", "east/inner", "./", "east/../east"])
def test_two_targets_with_one_folder_are_refused(path: str) -> None:
    message = refused(target("east", "dev"), target("west", "dev", path=path))
    assert message.startswith(
        "app/workload/workload.yaml:13:7: error: the targets 'east' and 'west' both write to "
    )
    assert "[shared-target-path]" in message


def test_same_folder_of_two_branches_is_two_folders() -> None:
    assert read(target("a", "dev", path="x"), target("b", "dev", path="x", branch="b")) == [
        "x",
        "x",
    ]


@pytest.mark.parametrize("path", ["../east", "/east", ".github/workflows", "east/../../x"])
def test_folder_outside_of_the_branch_is_refused(path: str) -> None:
    message = refused(target("east", "dev", path=path))
    assert message.startswith("app/workload/workload.yaml:12:9: error: the path ")
    assert "[bad-target-path]" in message


def test_target_that_does_not_say_where_its_manifests_go_is_refused() -> None:
    message = refused(target("east", "dev").replace("        branch: dev\n", ""))
    assert "manifests.branch is missing [no-manifests-place]" in message


def test_environment_that_no_target_names_is_refused_with_those_that_some_name() -> None:
    message = refused(target("east", "dev"), target("uat", "stage"), environment="qa")
    assert message == (
        "app/workload/workload.yaml:1:1: error: no deployment target is for the environment 'qa'"
        " [no-target]\n  hint: the Workload has targets for dev and stage"
    )


@pytest.mark.parametrize(
    "files", [{}, {"workload/README.md": b"x"}, {"workload/x.yaml": b"a: 1\n"}]
)
def test_source_without_a_workload_file_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(KalypsoError) as caught:
        targets_in(Source("app/", files), "", "dev")
    assert str(caught.value).startswith("app/workload")


def test_source_without_any_workload_folder_says_how_to_get_one() -> None:
    with pytest.raises(KalypsoError) as caught:
        targets_in(Source("app/", {"README.md": b"x"}), "", "dev")
    assert str(caught.value) == (
        "app/workload/:1:1: error: there is no Workload file [no-workload-file]\n"
        "  hint: say there where the application wants to run; `kalypso onboard` writes one"
    )
