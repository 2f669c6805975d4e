"""`kalypso pr`: what a person sees and decides, on a forge of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import Result, run
from tests.delivery.platform import DRONE, OTHER, GitOps


class Person:
    """Somebody in a folder with a forge, and the GitOps repository in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.gitops = GitOps(folder / ".kalypso" / "forge" / "kalypso-gitops.git")

    def types(self, *arguments: str) -> Result:
        return run(["pr", *arguments], self.folder)


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.delenv("KALYPSO_FORGE", raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (tmp_path / "gitconfig").write_text("[user]\n  name = Ada\n  email = ada@example.com\n")
    return Person(tmp_path)


def test_what_waits_is_listed_on_one_line_each(person: Person) -> None:
    person.gitops.run(DRONE)
    assert person.types("list").out == "#1    dev      Update manifests in dev\n"


def test_nothing_to_review_is_said(person: Person) -> None:
    assert person.types("list").out == "no open pull requests in kalypso-gitops\n"


def test_the_list_is_of_one_environment_or_of_all_states(person: Person) -> None:
    person.gitops.run(DRONE)
    person.types("close", "1")
    person.gitops.run(OTHER)
    assert person.types("list", "-e", "stage").out.startswith("no open pull requests")
    states = [p["state"] for p in json.loads(person.types("list", "--all", "-o", "json").out)]
    assert states == ["open", "closed"]


def test_a_pull_request_is_shown_with_its_files_and_without_our_mark(person: Person) -> None:
    person.gitops.run(DRONE)
    shown = person.types("show", "1").out
    assert shown == (
        "#1 Update manifests in dev\n"
        "open: deployment/dev into dev, opened 2023-11-14T22:13:20Z\n"
        "\n"
        "2 files added.\n"
        "\n"
        "- `drone/README.md` added\n"
        "- `drone/app/config.yaml` added\n"
    )


def test_a_pull_request_is_data_for_programs(person: Person) -> None:
    person.gitops.run({**DRONE, ".github/tracking/Promoted_Commit_Id": "1" * 40})
    shown = json.loads(person.types("show", "1", "-o", "json").out)
    assert shown["labels"] == ["promoted"]
    assert shown["headCommit"] == person.gitops.refs()["refs/heads/deployment/dev"]
    assert shown["mergeCommit"] is None


def test_a_difference_is_printed_as_git_does(person: Person) -> None:
    person.gitops.run(DRONE)
    lines = person.types("diff", "1").out.splitlines()
    assert "+++ b/drone/app/config.yaml" in lines
    assert "+A: 1" in lines


def test_a_merge_is_signed_by_who_merges(person: Person) -> None:
    person.gitops.run(DRONE)
    told = person.types("merge", "1")
    merged = person.gitops.forge.head("dev")
    assert merged is not None
    assert told.out == f"merged #1 into dev: {merged.commit}\n"
    assert person.gitops.files("dev") == DRONE


def test_closing_and_reopening_tell_what_comes_next(person: Person) -> None:
    person.gitops.run(DRONE)
    assert "kalypso pr reopen 1" in person.types("close", "1").out
    assert person.gitops.run(DRONE).step == "stay-closed"
    assert person.types("reopen", "1").out.startswith("#1 is open; `pulumi up -s dev`")
    assert person.gitops.run(DRONE).step == "keep"


def test_the_forge_is_found_from_a_folder_below(person: Person) -> None:
    below = person.folder / "a" / "b"
    below.mkdir(parents=True)
    assert run(["pr", "list"], below).code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "7"], "there is no pull request 7"),
        (["merge", "7"], "there is no pull request 7"),
        (["list", "-r", "acme"], "there is no repository acme"),
        (["list", "-r", "../kalypso-gitops"], "there is no repository ../kalypso-gitops"),
        (["list", "--forge", "/nothing"], "there is no forge in /nothing"),
        (["show", "one"], "'one' is not a valid integer"),
    ],
)
def test_what_is_not_there_is_told_and_exits_with_2(
    person: Person, arguments: list[str], sentence: str
) -> None:
    told = person.types(*arguments)
    assert told.code == 2
    assert sentence in told.err
    assert told.out == ""


def test_two_gitops_repositories_have_to_be_told_apart(person: Person) -> None:
    GitOps(person.folder / ".kalypso" / "forge" / "acme-gitops.git")
    GitOps(person.folder / ".kalypso" / "forge" / "kalypso-app-gitops.git")
    told = person.types("list")
    assert told.code == 2
    assert "it is not clear which repository" in told.err
    assert person.types("list", "-r", "acme-gitops").code == 0


def test_merging_twice_is_told(person: Person) -> None:
    person.gitops.run(DRONE)
    person.types("merge", "1")
    told = person.types("merge", "1")
    assert told.code == 2
    assert "pull request 1 is merged already" in told.err


def test_a_folder_without_a_forge_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KALYPSO_FORGE", raising=False)
    told = run(["pr", "list"], tmp_path)
    assert told.code == 2
    assert "`make up` makes it" in told.err
