"""`kalypso forge`: serves the forge, makes branches in it, and says why if it cannot."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kalypso.git.read import read_tree
from kalypso.git.refs import all_refs
from tests.cli.command import Result, run
from tests.delivery.platform import START, GitOps


def test_it_says_what_to_clone_serves_it_and_ends_when_interrupted(tmp_path: Path) -> None:
    GitOps(tmp_path / "kalypso-gitops.git")
    command = [sys.executable, "-u", "-c", "from kalypso.cli import main; main()", "forge", "serve"]
    with subprocess.Popen(
        [*command, "--forge", str(tmp_path), "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        first, second = server.stdout.readline(), server.stdout.readline()
        address = second.split()[-1]
        files = read_tree(address, "dev").files
        server.send_signal(signal.SIGINT)
        rest = server.stdout.read()
    assert first.startswith(f"serving {tmp_path} at http://127.0.0.1:")
    assert files == START
    assert (rest, server.returncode) == ("stopped\n", 0)


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = run(["forge", "serve", "--forge", str(tmp_path), "--port", port], tmp_path)
    assert told.code == 2
    assert "choose another with --port" in told.err


def test_a_repository_with_a_first_branch_is_made_in_a_forge_that_is_made_too(
    tmp_path: Path,
) -> None:
    forge = tmp_path / "forge"
    result = run(["forge", "create", "acme-gitops@dev", "--forge", str(forge)], tmp_path)
    assert result == Result("made forge/acme-gitops.git with branch dev\n", "", 0)
    files = read_tree(str(forge / "acme-gitops.git"), "dev").files
    assert files == {"README.md": b"# acme-gitops, branch dev\n"}


def test_a_repository_that_exists_gets_one_more_branch_and_keeps_the_others(
    tmp_path: Path,
) -> None:
    GitOps(tmp_path / "acme-gitops.git")
    result = run(["forge", "create", "acme-gitops@qa", "--forge", str(tmp_path)], tmp_path)
    assert result.out == "made branch qa in acme-gitops.git\n"
    assert read_tree(str(tmp_path / "acme-gitops.git"), "dev").files == START


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("acme-gitops@dev", "error: acme-gitops has a branch 'dev' already [option]"),
        ("acme-gitops", "error: which branch the repository begins with is missing [option]"),
        ("../acme@dev", "error: '../acme' is not a repository name [bad-repository]"),
        ("acme-gitops@a..b", "error: 'a..b' is not a branch name [bad-ref]"),
    ],
)
def test_what_cannot_be_made_is_an_error_and_changes_nothing(
    tmp_path: Path, name: str, message: str
) -> None:
    GitOps(tmp_path / "acme-gitops.git")
    before = all_refs(tmp_path / "acme-gitops.git")
    result = run(["forge", "create", name, "--forge", str(tmp_path)], tmp_path)
    assert (result.out, result.code) == ("", 2)
    assert message in result.err
    assert all_refs(tmp_path / "acme-gitops.git") == before
