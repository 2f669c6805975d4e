"""Nothing that people pushed goes without being named, and without a question on a terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from kalypso.git.write import (
    NO_COMMIT,
    RefUpdate,
    Signature,
    create_repository,
    update_refs,
    write_commit,
)
from tools.console import Stop
from tools.pushed_commits import confirm_loss, pushed


class Terminal(io.StringIO):
    """A person at a terminal who types one answer."""

    def isatty(self) -> bool:
        return True


def repository(forge: Path, name: str, *authors: str) -> None:
    folder = forge / f"{name}.git"
    create_repository(folder, branch="dev")
    parents: list[str] = []
    for number, author in enumerate(authors):
        commit = write_commit(
            folder,
            parents=parents,
            changes={"a": str(number).encode()},
            message="change\n",
            signature=Signature(author, "a@example.com", 1_800_000_000 + number),
        )
        parents = [commit]
    update_refs(folder, [RefUpdate("refs/heads/dev", NO_COMMIT, parents[0])])


@pytest.fixture
def forge(tmp_path: Path) -> Path:
    repository(tmp_path, "kalypso-control-plane", "Kalypso", "Ada", "Ada")
    repository(tmp_path, "kalypso-app-src", "Kalypso", "Bob")
    repository(tmp_path, "kalypso-svc-src", "Kalypso")
    repository(tmp_path, "kalypso-gitops", "Kalypso", "Ada")
    return tmp_path


def test_commits_of_people_are_counted_and_those_of_deliveries_are_not(forge: Path) -> None:
    assert list(pushed(forge)) == ["kalypso-app-src: 1 commit", "kalypso-control-plane: 2 commits"]


@pytest.mark.parametrize("answer", ["", "n\n", "no\n", "\n", "what\n"])
def test_anything_but_yes_destroys_nothing(
    forge: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    with pytest.raises(Stop, match="nothing was destroyed"):
        confirm_loss(forge, sure=False)


def test_where_nobody_can_answer_nothing_is_destroyed(
    forge: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(Stop, match="YES=1"):
        confirm_loss(forge, sure=False)


@pytest.mark.parametrize("answer", ["y\n", "YES\n"])
def test_yes_goes_on(forge: Path, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    confirm_loss(forge, sure=False)


def test_who_said_yes_before_is_not_asked_and_still_sees_what_goes(
    forge: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    confirm_loss(forge, sure=True)
    out = capsys.readouterr().out
    assert "kalypso-control-plane: 2 commits" in out
    assert "[y/N]" not in out


def test_where_nobody_pushed_nobody_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    repository(tmp_path, "kalypso-control-plane", "Kalypso")
    confirm_loss(tmp_path, sure=False)
    assert capsys.readouterr().out == ""


def test_a_damaged_repository_does_not_stop_a_destroy(tmp_path: Path) -> None:
    (tmp_path / "kalypso-app-src.git").mkdir()
    assert list(pushed(tmp_path)) == []
