"""Contexts of kubeconfigs: what is wrong with one is known before its cluster is asked."""

import os
from pathlib import Path

import pytest

from kalypso.errors import Problems
from kalypso.stack.kubeconfig import check_contexts

CONFIG = """\
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users:
  - {name: admin, user: {token: t0ken}}
  - {name: entra, user: {exec: {command: kubelogin, apiVersion: client.authentication.k8s.io/v1}}}
contexts:
  - {name: edge-7, context: {cluster: c, user: admin}}
  - {name: aks, context: {cluster: c, user: entra}}
  - {name: half, context: {cluster: gone, user: nobody}}
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables by which one kubeconfig is found, and no program."""
    (tmp_path / "config").write_text(CONFIG)
    return {"KUBECONFIG": str(tmp_path / "config"), "PATH": str(tmp_path / "bin")}


def refusal(environment: dict[str, str], *contexts: str) -> list[str]:
    with pytest.raises(Problems) as caught:
        check_contexts(contexts, environment)
    assert "t0ken" not in str(caught.value)
    return [str(problem) for problem in caught.value.problems]


def test_a_context_that_exists_is_fine(environment: dict[str, str]) -> None:
    check_contexts(["edge-7", "edge-7"], environment)


def test_a_missing_context_is_reported_with_those_that_exist(environment: dict[str, str]) -> None:
    (problem,) = refusal(environment, "edge-8", "edge-7")
    assert "there is no context 'edge-8' in the kubeconfig [kube-context]" in problem
    assert "hint: contexts: aks, edge-7, half" in problem
    assert problem.startswith(environment["KUBECONFIG"])


def test_a_context_that_signs_in_with_a_missing_program_is_refused(
    environment: dict[str, str],
) -> None:
    (problem,) = refusal(environment, "aks")
    assert "the context 'aks' signs in with 'kubelogin', which is not installed" in problem
    program = Path(environment["PATH"]) / "kubelogin"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    check_contexts(["aks"], environment)


def test_a_context_without_its_cluster_or_user_is_refused(environment: dict[str, str]) -> None:
    assert [
        line.partition(" error: ")[2].partition(" [")[0] for line in refusal(environment, "half")
    ] == [
        "the context 'half' names the cluster 'gone', which does not exist",
        "the context 'half' names the user 'nobody', which does not exist",
    ]


def test_several_files_are_one_kubeconfig_and_the_first_wins(
    environment: dict[str, str], tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.write_text("contexts: [{name: aks, context: {cluster: c, user: admin}}]")
    files = [str(other), str(tmp_path / "absent"), environment["KUBECONFIG"]]
    both = {**environment, "KUBECONFIG": os.pathsep.join(files)}
    check_contexts(["aks", "edge-7"], both)


def test_without_the_variable_the_file_at_home_counts(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "PATH": ""}
    (problem,) = refusal(home, "edge-7")
    assert problem.startswith(f"{tmp_path}/.kube/config:1:1: error: there is no context 'edge-7'")
    assert "hint: set KUBECONFIG to a file that has it" in problem
    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube" / "config").write_text(CONFIG)
    check_contexts(["edge-7"], home)


@pytest.mark.parametrize(
    "text", ["[1, 2]", "contexts: [name]", "contexts: {a: b}", ": [", "\x00", "contexts: 3", "text"]
)
def test_a_file_that_is_no_kubeconfig_is_refused(environment: dict[str, str], text: str) -> None:
    Path(environment["KUBECONFIG"]).write_text(text)
    (problem,) = refusal(environment, "edge-7")
    assert "the kubeconfig cannot be read: it is not a kubeconfig" in problem


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (problem,) = refusal({"KUBECONFIG": str(tmp_path), "PATH": ""}, "edge-7")
    assert "the kubeconfig cannot be read: Is a directory" in problem


def test_nothing_is_read_where_no_context_is_wanted(tmp_path: Path) -> None:
    check_contexts([], {"KUBECONFIG": str(tmp_path)})
