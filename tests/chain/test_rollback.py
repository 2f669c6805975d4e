"""Going back: the pull request, the hold that keeps it, and the run that follows."""

from __future__ import annotations

import pytest

from kalypso.errors import KalypsoError
from tests.chain.platform import Platform


def test_an_earlier_state_comes_back_and_stays(platform: Platform) -> None:
    older, newer = platform.change_main("one\n"), platform.change_main("two\n")
    platform.passes("dev", older)
    assert platform.promote("dev", newer).code == 0
    result = platform.types("rollback", "-e", "dev", "--to", older, "--why", "it burns")
    assert result.code == 0, result
    assert result.out.startswith(
        f"dev is held at main {older[:7]}; `kalypso promotion release -e dev` releases it\n"
        "opened pull request 1 in "
    )
    (pull,) = platform.review("control-plane").waiting()
    assert (pull.base, pull.title) == ("dev", f"Roll dev back to main {older[:7]}")
    assert "ann asks for it: it burns" in pull.body
    assert platform.base("dev") == newer
    platform.merge_all("dev", "control-plane")
    platform.up("dev")
    platform.merge_all("dev")
    assert platform.base("dev") == older
    assert f"rolled back: dev {platform.head('gitops', 'dev')[:7]}" in (
        platform.check("dev", newer).out
    )
    again = platform.promote("dev", newer)
    assert (again.code, "dev: wait: dev is held by ann since " in again.out) == (1, True)
    platform.report("dev")
    assert platform.check("dev", older).code == 0
    platform.types("promotion", "release", "-e", "dev")
    assert platform.promote("dev", newer).code == 0


def test_a_rollback_that_is_asked_for_twice_is_one(local: Platform) -> None:
    older, newer = local.change_main("one\n"), local.change_main("two\n")
    local.promote("dev", older)
    local.promote("dev", newer)
    for _ in range(2):
        assert local.types("rollback", "-e", "dev", "--to", older).code == 0
    assert len(local.review("control-plane").waiting()) == 1
    assert local.types("promotion", "list").out.count("dev is held by ann") == 1


def test_going_back_without_a_rollback_is_refused_with_the_command(local: Platform) -> None:
    older, newer = local.change_main("one\n"), local.change_main("two\n")
    local.promote("dev", older)
    local.promote("dev", newer)
    text = local.read("control-plane", "dev", "base-repo.yaml").replace(newer, older)
    local.commit("control-plane", "dev", {"base-repo.yaml": text.encode()})
    with pytest.raises(KalypsoError, match="this goes back from") as caught:
        local.up("dev")
    (problem,) = caught.value.problems
    assert problem.hint == f"if that is wanted: kalypso rollback -e dev --to {older}"


def test_what_is_not_older_is_no_rollback(local: Platform) -> None:
    older, newer = local.change_main("one\n"), local.change_main("two\n")
    local.promote("dev", older)
    result = local.types("rollback", "-e", "dev", "--to", newer)
    told = f"main {newer[:7]} is not older than {older[:7]}, which dev has [not-older]"
    assert (result.code, told in result.err) == (2, True)
    assert "held" not in local.types("promotion", "list").out


def test_what_an_environment_never_had_does_not_come_back(local: Platform) -> None:
    skipped, newer = local.change_main("one\n"), local.change_main("two\n")
    local.promote("dev", newer)
    result = local.types("rollback", "-e", "dev", "--to", skipped)
    told = f"dev never had main {skipped[:7]} [not-promoted]"
    assert (result.code, told in result.err) == (2, True)
    assert "held" not in local.types("promotion", "list").out


def test_a_branch_of_somebody_else_is_not_taken_for_a_rollback(local: Platform) -> None:
    older, newer = local.change_main("one\n"), local.change_main("two\n")
    local.promote("dev", older)
    local.promote("dev", newer)
    local.move("control-plane", "rollback/dev", local.head("control-plane", "main"))
    result = local.types("rollback", "-e", "dev", "--to", older)
    assert (result.code, "[foreign-head]" in result.err) == (2, True)
