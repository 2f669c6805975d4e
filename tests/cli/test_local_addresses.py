"""Every command reads addresses of the local forge from its folder: nothing has to be served."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Result, run
from tests.stack.forge import SampleForge

URL = "http://127.0.0.1:3180"
ADDED = "dev: 0 removed, 0 changed, 1 added (0 assignments before, 1 after), 8 files\n"
LISTED = "large/observability-prometheus\n"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Have a clone in which `make up` ran: a stack, and the local forge beside it."""
    SampleForge(tmp_path / ".kalypso" / "forge").make()
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  kalypso:environment: dev\n")
    return tmp_path


def test_the_branch_to_compare_with_may_be_named_by_its_address(clone: Path) -> None:
    result = run(["diff", "-e", "dev", "--gitops", f"{URL}/kalypso-gitops@dev"], clone)
    assert (result.err, result.code) == ("", 0)
    assert result.out.startswith(ADDED)


def test_without_options_a_difference_is_that_to_the_environments_own_branch(clone: Path) -> None:
    result = run(["diff", "-e", "dev"], clone)
    assert (result.err, result.code) == ("", 0)
    assert result.out.startswith(ADDED)


def test_a_control_plane_named_by_its_address_is_read_with_all_it_points_at(clone: Path) -> None:
    plane = f"{URL}/kalypso-control-plane@dev"
    options = ["-e", "dev", "--control-plane", plane, "-o", "name"]
    assert run(["get", "assignments", *options], clone) == Result(LISTED, "", 0)


def test_a_base_named_by_its_address_is_read(clone: Path) -> None:
    result = run(["validate", "-e", "dev", "--base", f"{URL}/kalypso-control-plane@main"], clone)
    assert result.code == 0
    assert "\ndev: 0 errors, " in result.out


def test_revisions_of_a_control_plane_named_by_its_address_are_compared(clone: Path) -> None:
    plane = f"{URL}/kalypso-control-plane@dev"
    options = ["--control-plane", plane, "--from", "dev", "--to", "dev"]
    assert run(["diff", "-e", "dev", *options], clone).out == "dev: no difference\n"


def test_the_address_is_the_one_that_the_settings_give_the_forge(clone: Path) -> None:
    stack = clone / "Pulumi.dev.yaml"
    stack.write_text(stack.read_text() + "  kalypso:forge.url: http://forge.example:8080\n")
    address = "http://forge.example:8080/kalypso-gitops"
    result = run(["verify", "--gitops", address, "--commit", "dev"], clone)
    assert "does not say what it was made of" in result.err


def test_a_repository_that_the_forge_lacks_is_not_found_in_another(clone: Path) -> None:
    options = ["--repo", f"{URL}/kalypso-gitops=nowhere"]
    result = run(["diff", "-e", "dev", *options], clone)
    assert result.code == 2
    assert "nowhere:1:1: error: there is no such folder" in result.err
