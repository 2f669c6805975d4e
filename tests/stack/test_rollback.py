"""Going back to an older commit of main needs a word, and reviewers are told."""

from __future__ import annotations

import pytest

from kalypso.errors import KalypsoError
from kalypso.stack.schedule import Schedule, make_schedule
from kalypso.stack.wording import make_wording
from tests.stack.forge import SampleForge, settings_for
from tests.stack.test_schedule import base_repo


def schedule(forge: SampleForge, **config: str) -> Schedule:
    return make_schedule(settings_for(forge.folder, "dev", **config))


@pytest.fixture
def promoted(made_forge: SampleForge) -> tuple[SampleForge, str]:
    """A forge on which dev runs a newer commit of main; with the older one."""
    older = made_forge.head("control-plane", "main")
    newer = made_forge.commit("control-plane", "main", {"README.md": b"newer\n"})
    made_forge.commit("control-plane", "dev", {"base-repo.yaml": base_repo("kalypso", newer)})
    made_forge.deliver(dict(schedule(made_forge).evaluation.files))
    made_forge.forge().merge(1)
    return made_forge, older


def test_going_forward_needs_no_word(promoted: tuple[SampleForge, str]) -> None:
    forge, _ = promoted
    newest = forge.commit("control-plane", "main", {"README.md": b"newest\n"})
    forge.commit("control-plane", "dev", {"base-repo.yaml": base_repo("kalypso", newest)})
    assert schedule(forge).rollback == ""


def test_going_back_is_refused(promoted: tuple[SampleForge, str]) -> None:
    forge, older = promoted
    forge.commit("control-plane", "dev", {"base-repo.yaml": base_repo("kalypso", older)})
    with pytest.raises(KalypsoError, match="this goes back from") as caught:
        schedule(forge)
    (problem,) = caught.value.problems
    assert (problem.code, problem.at.line) == ("rollback", 8)
    assert problem.at.file.endswith("@dev:base-repo.yaml")


def test_going_back_that_is_allowed_is_told_to_reviewers(
    promoted: tuple[SampleForge, str],
) -> None:
    forge, older = promoted
    forge.commit("control-plane", "dev", {"base-repo.yaml": base_repo("kalypso", older)})
    found = schedule(forge, **{"limits.rollback": "true"})
    wording = make_wording(found, settings_for(forge.folder, "dev"))
    assert wording
    assert wording.body.startswith("> [!WARNING]\n> This goes back from ")
    assert f"to {older[:10]}, an older commit of the base." in wording.body


def test_a_commit_that_main_does_not_hold_is_refused(made_forge: SampleForge) -> None:
    elsewhere = made_forge.commit("control-plane", "stage", {"README.md": b"elsewhere\n"})
    made_forge.commit("control-plane", "dev", {"base-repo.yaml": base_repo("kalypso", elsewhere)})
    with pytest.raises(KalypsoError, match="is not on the branch 'main'"):
        schedule(made_forge)
