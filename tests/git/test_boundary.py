"""The boundary of a repository that is read: it runs nothing, and leads nowhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from kalypso.errors import KalypsoError, SourceError
from kalypso.git import (
    NO_COMMIT,
    Access,
    History,
    RefUpdate,
    Remote,
    all_refs,
    changes_between,
    create_repository,
    merge_base,
    read_commit,
    read_tree,
    resolve,
    sign_commit,
    unified_diff,
    update_refs,
    write_commit,
)
from kalypso.git.layout import layout_of
from kalypso.git.log import commits_since
from kalypso.git.run import git
from tests.git.conftest import Repository
from tests.git.hostile import WHO, Hostile, command_keys, every_key, hostile


def _read(it: Hostile) -> object:
    return read_tree(str(it.folder), "main").files["a.yaml"]


def _history(it: Hostile) -> object:
    history = History(str(it.folder))
    return history.on_branch(it.first, "main"), history.since(it.first, it.second, 5)


def _written(it: Hostile) -> object:
    made = write_commit(
        it.folder, parents=[it.second], changes={"c": b"1"}, message="third\n", signature=WHO
    )
    update_refs(it.folder, [RefUpdate("refs/heads/made", NO_COMMIT, made)])
    return resolve(str(it.folder), "made")


def _sign(it: Hostile) -> object:
    plain = write_commit(it.folder, parents=[], changes={"c": b"1"}, message="m\n", signature=WHO)
    with suppress(KalypsoError):  # this user has no key
        sign_commit(it.folder, plain)
    return plain


WAYS: dict[str, Callable[[Hostile], object]] = {
    "read_tree": _read,
    "resolve": lambda it: resolve(str(it.folder), "main"),
    "all_refs": lambda it: all_refs(it.folder),
    "read_commit": lambda it: read_commit(it.folder, it.second),
    "merge_base": lambda it: merge_base(it.folder, it.first, it.second),
    "changes_between": lambda it: changes_between(it.folder, it.first, it.second),
    "unified_diff": lambda it: unified_diff(it.folder, it.first, it.second),
    "commits_since": lambda it: commits_since(it.folder, it.first, it.second, 5),
    "history": _history,
    "write": _written,
    "sign": _sign,
}
"""Every way in which a repository of this machine is read, and those in which it is written."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("keys", [command_keys, every_key])
def test_no_setting_of_a_repository_is_obeyed(
    way: str, keys: Callable[[], list[str]], tmp_path: Path
) -> None:
    it = hostile(tmp_path, keys())
    assert WAYS[way](it)
    assert not it.marker.exists()


@pytest.mark.parametrize("way", ["read_tree", "unified_diff", "changes_between"])
@pytest.mark.parametrize("keys", [command_keys, list])
def test_nothing_is_fetched_for_what_a_repository_lacks(
    way: str, keys: Callable[[], list[str]], tmp_path: Path
) -> None:
    it = hostile(tmp_path, keys())
    it.without(b"a: 2\n")
    with suppress(SourceError):
        WAYS[way](it)
    assert not it.marker.exists()


@pytest.mark.parametrize("command", [["cat-file", "-p", "main:a.yaml"], ["log", "-1", "main"]])
def test_git_itself_would_run_what_such_settings_name(command: list[str], tmp_path: Path) -> None:
    it = hostile(tmp_path, [])
    it.without(b"a: 2\n")
    subprocess.run(["git", "--git-dir", str(it.folder), *command], capture_output=True, check=False)
    assert it.marker.exists()


def test_many_keys_are_tried() -> None:
    known = set(command_keys())
    assert {
        "core.gitProxy", "core.sshCommand", "core.fsmonitor", "core.hooksPath", "gpg.program",
        "gpg.<format>.program", "gpg.ssh.defaultKeyCommand", "credential.helper", "alias.*",
        "diff.<driver>.textconv", "diff.<driver>.command", "filter.<driver>.smudge", "core.pager",
        "core.alternateRefsCommand", "uploadpack.packObjectsHook", "include.path",
    } <= known  # fmt: skip
    assert len(known) > 60


@pytest.fixture
def secret(tmp_path: Path) -> Repository:
    """Another repository of this machine, which the one that is read must not lead to."""
    other = Repository(tmp_path / "secret.git")
    other.commit("main", {"secret.yaml": b"secret: 1\n"})
    return other


def _dot_git_file(folder: Path, secret: Path) -> None:
    (folder / ".git").write_text(f"gitdir: {secret}\n")


def _relative_dot_git_file(folder: Path, secret: Path) -> None:
    (folder / ".git").write_text(f"gitdir: ../{secret.name}")


def _dot_git_link(folder: Path, secret: Path) -> None:
    (folder / ".git").symlink_to(secret)


def _common_folder(folder: Path, secret: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / ".git" / "commondir").write_text(f"{secret}\n")


def _own(folder: Path) -> Path:
    create_repository(folder / ".git", branch="main")
    return folder / ".git"


def _linked(part: str) -> Callable[[Path, Path], None]:
    def make(folder: Path, secret: Path) -> None:
        own = _own(folder) / part
        if own.is_dir():
            shutil.rmtree(own)
        own.unlink(missing_ok=True)
        own.symlink_to(secret / part)

    return make


def _alternates(folder: Path, secret: Path) -> None:
    own = _own(folder)
    (own / "objects" / "info" / "alternates").write_text(f"{secret / 'objects'}\n")
    shutil.copytree(secret / "refs", own / "refs", dirs_exist_ok=True)


def _pretended_work_tree(folder: Path, secret: Path) -> None:
    """A work tree that the other repository does have, elsewhere."""
    work = secret / "worktrees" / "real"
    work.mkdir(parents=True)
    (work / "HEAD").write_text("ref: refs/heads/main\n")
    (work / "commondir").write_text("../..\n")
    (work / "gitdir").write_text("/somewhere/else/.git\n")
    (folder / ".git").write_text(f"gitdir: {work}\n")


LEADING = {
    "a .git file": _dot_git_file,
    "a relative .git file": _relative_dot_git_file,
    "a .git link": _dot_git_link,
    "a commondir": _common_folder,
    "alternates": _alternates,
    "linked objects": _linked("objects"),
    "linked refs": _linked("refs"),
    "a linked HEAD": _linked("HEAD"),
    "linked packs": _linked("objects/pack"),
    "the work tree of another folder": _pretended_work_tree,
}


@pytest.mark.parametrize("how", LEADING)
def test_a_repository_that_leads_to_another_one_is_refused(
    how: str, secret: Repository, tmp_path: Path
) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    LEADING[how](folder, secret.folder)
    for look in (read_tree, resolve):
        with pytest.raises(SourceError, match=r"leads-elsewhere") as caught:
            look(str(folder), "main")
        assert "secret: 1" not in str(caught.value)


def test_a_git_file_that_leads_elsewhere_is_named_with_the_way_out(
    secret: Repository, tmp_path: Path
) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    for text in (f"gitdir: {secret.folder}\n", f"gitdir: ../{secret.folder.name}"):
        (folder / ".git").write_text(text)
        with pytest.raises(SourceError) as caught:
            read_tree(str(folder), "main")
        assert str(caught.value) == (
            f"{folder}:1:1: error: the repository leads to another folder, which is not followed:"
            " its .git file names a repository that does not know it [leads-elsewhere]\n"
            "  hint: name that repository itself, or clone it into a folder of its own"
        )


def test_a_work_tree_that_its_repository_lists_is_read(tmp_path: Path) -> None:
    main = Repository(tmp_path / "main.git")
    main.commit("main", {"a": b"1"})
    work = tmp_path / "work"
    subprocess.run(
        ["git", "--git-dir", main.name, "worktree", "add", "-q", str(work), "main"], check=True
    )
    assert read_tree(str(work), "main").files == {"a": b"1"}


@pytest.fixture
def foreign(repository: Repository) -> Repository:
    """A repository of another user."""
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    repository.commit("main", {"a": b"1"})
    os.chown(repository.folder, 65534, 65534)
    return repository


def test_a_repository_of_another_user_is_refused_as_git_does(
    foreign: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.delenv("SUDO_UID", raising=False)
    for look in (read_tree, resolve):
        with pytest.raises(SourceError, match="other-owner"):
            look(foreign.name, "main")
    with pytest.raises(SourceError, match="other-owner"):
        all_refs(foreign.folder)


def test_the_owner_of_the_git_folder_counts_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    clone = Repository(tmp_path / "clone" / ".git")
    clone.commit("main", {"a": b"1"})
    os.chown(clone.folder, 65534, 65534)
    with pytest.raises(SourceError, match="other-owner"):
        read_tree(str(tmp_path / "clone"), "main")


@pytest.mark.parametrize(
    ("entries", "trusted"),
    [
        (["*"], True),
        (["{folder}"], True),
        (["{above}/*"], True),
        (["/elsewhere"], False),
        (["{folder}", ""], False),
        (["", "{folder}"], True),
    ],
)
def test_gits_own_setting_says_which_folders_of_others_are_trusted(
    foreign: Repository, monkeypatch: pytest.MonkeyPatch, entries: list[str], *, trusted: bool
) -> None:
    config = foreign.folder.parent / "gitconfig"
    names = {"folder": foreign.folder, "above": foreign.folder.parent}
    lines = [f"directory = {entry.format(**names)}\n" for entry in entries]
    config.write_text(f"[safe]\n{''.join(lines)}")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    if trusted:
        assert read_tree(foreign.name, "main").files == {"a": b"1"}
    else:
        with pytest.raises(SourceError, match="other-owner"):
            read_tree(foreign.name, "main")


def test_a_repository_cannot_say_of_itself_that_it_is_trusted(
    foreign: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    with (foreign.folder / "config").open("a") as config:
        config.write("[safe]\n\tdirectory = *\n")
    monkeypatch.chdir(foreign.folder)
    with pytest.raises(SourceError, match="other-owner"):
        read_tree(foreign.name, "main")


def test_who_called_sudo_is_no_other_user(
    foreign: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("SUDO_UID", "65534")
    assert read_tree(foreign.name, "main").files == {"a": b"1"}


def test_nothing_is_left_of_what_git_was_shown(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    repository.commit("main", {"a": b"1"})
    read_tree(repository.name, "main")
    with pytest.raises(SourceError):
        read_tree(repository.name, "nothing")
    assert not list(place.iterdir())


def test_a_message_names_the_repository_and_not_what_git_was_shown(repository: Repository) -> None:
    repository.commit("main", {"a": b"1"})
    shutil.rmtree(repository.folder / "refs")
    with pytest.raises(SourceError) as caught:
        read_tree(repository.name, "main")
    assert "kalypso-git-" not in str(caught.value)
    assert repository.name in str(caught.value)


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_both_kinds_of_object_names_are_read(form: str, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "init", "-q", "-b", "main", f"--object-format={form}", str(clone)], check=True
    )
    (clone / "a").write_text("committed")
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    for command in (["add", "."], [*who, "commit", "-qm", "a"]):
        subprocess.run(["git", "-C", str(clone), *command], check=True)
    assert read_tree(str(clone), "main").files == {"a": b"committed"}


def _write(repository: Repository, text: bytes) -> str:
    """Write a commit object of any text, as git itself would not."""
    out = git(
        "hash-object", "-t", "commit", "--literally", "-w", "--stdin",
        repository=repository.folder, stdin=text,
    )  # fmt: skip
    return out.decode().strip()


@pytest.mark.parametrize(
    "head",
    [
        "",
        "tree {tree}",
        "tree {tree}\ncommitter",
        "tree {tree}\ncommitter x",
        "tree {tree}\ncommitter A <a@b> \u00b2 +0000",
        "tree {tree}\ncommitter A <a@b> -1",
        "committer A <a@b> 1 +0000",
        "tree",
    ],
)
def test_a_commit_that_nobody_wrote_with_git_is_an_error(repository: Repository, head: str) -> None:
    repository.commit("main", {"a": b"1"})
    tree = git("rev-parse", "main^{tree}", repository=repository.folder).decode().strip()
    made = _write(repository, f"{head.format(tree=tree)}\n\nmessage\n".encode())
    with pytest.raises(SourceError):
        read_commit(repository.folder, made)


def test_no_character_of_a_subject_or_a_name_ends_a_commit_of_the_log(
    repository: Repository,
) -> None:
    first = repository.commit("main", {"a": b"1"})
    subject = "x\x1e\x1f\t\x1b[2J"
    second = repository.commit("main", {"a": b"2"}, first, message=f"{subject}\n\nbody\n")
    third = repository.commit("main", {"a": b"3"}, second, message="\n")
    found = commits_since(repository.folder, first, third, 5)
    assert [(each.commit, each.subject) for each in found] == [(third, ""), (second, subject)]


def test_refs_that_a_server_makes_up_are_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    good = f"{'1' * 40}\trefs/heads/main\n"
    odd = f"{'2' * 40}\trefs/heads/a\tb\nno tab\n\n\t\nx\trefs/heads/x\n{'3' * 40}\n"
    monkeypatch.setattr("kalypso.git.remote.git", lambda *_, **__: f"{odd}{good}".encode())
    remote = Remote("https://git.example/app", Access())
    assert remote.refs() == {"refs/heads/main": "1" * 40}


def test_a_folder_without_a_repository_is_none(tmp_path: Path) -> None:
    assert layout_of(tmp_path) is None
