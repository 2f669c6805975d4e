"""Where trees come from: folders and branches, and what in them is never followed."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from kalypso.errors import Collector, SourceError
from kalypso.git.write import (
    NO_COMMIT,
    Content,
    Entry,
    RefUpdate,
    Signature,
    create_repository,
    update_refs,
    write_commit,
)
from kalypso.loading.folders import read_folder
from kalypso.loading.sources import (
    Location,
    NamedRepositories,
    last_part,
    parse_location,
    read_location,
)
from kalypso.loading.tree import read_tree_objects
from kalypso.model.repositories import Pointer, Source

OBJECT = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
SIGNATURE = Signature("Ada", "ada@example.com", 1_700_000_000)


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    """Return a folder that holds one bare repository, ``app``."""
    create_repository(tmp_path / "app.git", branch="main")
    return tmp_path


def commit(repositories: Path, changes: dict[str, Content], parent: str = "") -> str:
    """Commit on branch main; without a parent it replaces the whole history."""
    folder = repositories / "app.git"
    made = write_commit(
        folder,
        parents=[parent] if parent else [],
        changes=changes,
        message="change\n",
        signature=SIGNATURE,
    )
    update_refs(folder, [RefUpdate("refs/heads/main", parent or NO_COMMIT, made)])
    return made


def pointer(commit: str = "", repo: str = "https://git.example/org/app.git") -> Pointer:
    return Pointer(repo=repo, branch="main", commit=commit)


def warnings_of(source: Source) -> list[str]:
    problems = Collector()
    read_tree_objects(source, ".", problems)
    return [str(problem) for problem in [*problems.errors, *problems.warnings]]


def test_a_link_in_a_folder_is_not_followed_and_told(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_bytes(b"password: hunter2\n")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a.yaml").symlink_to(tmp_path / "secret.yaml")
    (tmp_path / "tree" / "folder").symlink_to(tmp_path)
    (tmp_path / "tree" / "b.yaml").write_bytes(OBJECT)
    source = read_folder(tmp_path / "tree")
    assert list(source.files) == ["b.yaml"]
    told = warnings_of(source)
    assert told == [
        f"{tmp_path}/tree/a.yaml:1:1: warning: this is a symbolic link and is not read [not-read]"
    ]
    assert "hunter2" not in "".join(told)


def test_a_link_and_a_submodule_in_a_branch_are_not_followed_and_told(repositories: Path) -> None:
    blob = commit(repositories, {"b.yaml": OBJECT})
    commit(
        repositories,
        {
            "a.yaml": Entry("120000", _blob(repositories, b"/etc/passwd")),
            "sub.yaml": Entry("160000", blob),
        },
        blob,
    )
    source = NamedRepositories(folder=repositories).read(pointer())
    assert list(source.files) == ["b.yaml"]
    assert warnings_of(source) == [
        "app@main:a.yaml:1:1: warning: this is a symbolic link and is not read [not-read]",
        "app@main:sub.yaml:1:1: warning: this is a submodule and is not read [not-read]",
    ]


def _blob(repositories: Path, content: bytes) -> str:
    """Write a blob by a branch of its own; a link's blob holds the path that it points at."""
    from kalypso.git.run import git  # noqa: PLC0415 - for this helper alone

    out = git("hash-object", "-w", "--stdin", repository=repositories / "app.git", stdin=content)
    return out.decode().strip()


def test_a_pointer_file_of_large_file_storage_is_no_object() -> None:
    pointer_file = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n"
    [told] = warnings_of(Source("", {"large.yaml": pointer_file}))
    assert told.startswith("large.yaml:1:1: error: this is not a Kubernetes object: ")


def test_a_file_that_is_only_too_large_is_an_error_and_not_left_out() -> None:
    source = Source("", {"a.yaml": OBJECT}, skipped={"b.yaml": "larger than 16 MiB"})
    [told] = warnings_of(source)
    assert told == (
        "b.yaml:1:1: error: the file is larger than 16 MiB [file-too-large]\n"
        "  hint: split it, or leave it out with .sourceignore"
    )


def test_what_an_ignore_file_leaves_out_needs_no_notice() -> None:
    files = {"a.yaml": OBJECT, ".sourceignore": b"links/\n"}
    assert warnings_of(Source("", files, skipped={"links/b.yaml": "a symbolic link"})) == []


def test_names_that_differ_in_case_only_are_two_files() -> None:
    other = OBJECT.replace(b"name: a", b"name: b")
    assert warnings_of(Source("", {"drone.yaml": OBJECT, "Drone.yaml": other})) == []


def test_a_repository_is_found_by_the_last_part_of_its_url(repositories: Path) -> None:
    made = commit(repositories, {"b.yaml": OBJECT})
    source = NamedRepositories(folder=repositories).read(pointer())
    assert (source.name, source.commit) == ("app@main:", made)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://git.example/org/app", "app"),
        ("https://git.example/org/app.git", "app"),
        ("https://git.example/org/app/", "app"),
        ("git@git.example:app.git", "app"),
        ("/srv/repositories/app.git", "app"),
    ],
)
def test_the_last_part_of_a_url_names_the_repository(url: str, name: str) -> None:
    assert last_part(url) == name


def test_a_commit_that_the_branch_has_left_is_refused(repositories: Path) -> None:
    first = commit(repositories, {"a.yaml": OBJECT})
    second = commit(repositories, {"b.yaml": OBJECT}, first)
    named = NamedRepositories(folder=repositories)
    assert named.read(pointer(first)).commit == first
    folder = repositories / "app.git"
    update_refs(folder, [RefUpdate("refs/heads/main", second, first)])
    with pytest.raises(SourceError) as caught:
        NamedRepositories(folder=repositories).read(pointer(second))
    assert str(caught.value) == (
        f"kalypso:1:1: error: the commit {second[:10]} is not on the branch 'main' [not-on-branch]"
        "\n  hint: it was removed from the branch, or never merged: promote another commit"
    )


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (pointer(repo="https://git.example/nowhere"), "no-such-repository"),
        (pointer(repo="https://git.example/.."), "option"),
        (pointer(repo="https://git.example/empty"), "empty-repository"),
        (pointer("0" * 39 + "1"), "no-branch"),
        (Pointer(repo="app", branch="no-such-branch"), "no-branch"),
        (pointer(repo="https://git.example/a-file"), "no-such-repository"),
    ],
    ids=["not there", "upwards", "an empty folder", "no such commit", "no such branch", "a file"],
)
def test_what_cannot_be_read_is_never_empty(repositories: Path, found: Pointer, code: str) -> None:
    commit(repositories, {"a.yaml": OBJECT})
    (repositories / "empty").mkdir()
    (repositories / "a-file").touch()
    with pytest.raises(SourceError) as caught:
        NamedRepositories(folder=repositories).read(found)
    assert caught.value.problem.code == code


def _bare_without_suffix(folder: Path) -> None:
    (folder / "objects").mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "config").write_text("[core]\n\tgitProxy = false\n")


def test_files_that_a_team_can_commit_make_no_repository_of_a_folder(tmp_path: Path) -> None:
    _bare_without_suffix(tmp_path / "app")
    (tmp_path / "app" / "b.yaml").write_bytes(OBJECT)
    source = NamedRepositories(folder=tmp_path).read(pointer())
    assert (source.commit, dict(source.files)) == ("", {"b.yaml": OBJECT})


def test_a_bare_repository_whose_name_does_not_say_so_is_never_an_empty_folder(
    tmp_path: Path,
) -> None:
    _bare_without_suffix(tmp_path / "app")
    with pytest.raises(SourceError, match=r"looks like a bare repository \[no-repository\]"):
        NamedRepositories(folder=tmp_path).read(pointer())


def test_an_option_names_a_bare_repository_of_any_name(repositories: Path) -> None:
    commit(repositories, {"b.yaml": OBJECT})
    (repositories / "app.git").rename(repositories / "mirror")
    url = "https://git.example/org/app.git"
    there = parse_location(f"{repositories / 'mirror'}@main")
    source = NamedRepositories(mapped={url: there}).read(pointer(repo=url))
    assert dict(source.files) == {"b.yaml": OBJECT}


def test_a_pointer_in_a_plain_folder_leads_to_no_repository(repositories: Path) -> None:
    commit(repositories, {"secret.yaml": OBJECT})
    (repositories / "service").mkdir()
    (repositories / "service" / ".git").write_text(f"gitdir: {repositories / 'app.git'}\n")
    with pytest.raises(SourceError, match="leads-elsewhere"):
        NamedRepositories(folder=repositories).read(pointer(repo="https://git.example/service"))


def test_a_repository_without_a_commit_is_an_error(repositories: Path) -> None:
    with pytest.raises(SourceError, match="is empty"):
        NamedRepositories(folder=repositories).read(pointer())


def test_a_failure_is_told_each_time_and_found_once(repositories: Path) -> None:
    named = NamedRepositories(folder=repositories)
    for _ in range(2):
        with pytest.raises(SourceError, match="is empty"):
            named.read(pointer())
        commit_now = repositories / "app.git" / "HEAD"
        assert commit_now.exists()


def test_a_file_is_no_folder_to_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    (tmp_path / "b").write_bytes(OBJECT)
    assert read_folder(tmp_path).files == {}
    with pytest.raises(SourceError, match="there is no such folder"):
        read_folder(tmp_path / "b")


def test_a_file_that_may_not_be_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_bytes(OBJECT)

    def refuse(_path: Path, _mode: str) -> bytes:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError) as caught:
        read_folder(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}/a.yaml:1:1: error: cannot be read: Permission denied [unreadable]"
    )


@pytest.mark.parametrize("seen", [0, 2, len(OBJECT)])
def test_a_file_that_grows_while_it_is_read_is_read_whole(
    seen: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_bytes(OBJECT)
    monkeypatch.setattr(os, "fstat", lambda _file: SimpleNamespace(st_size=seen, st_mode=0))
    assert read_folder(tmp_path).files == {"a.yaml": OBJECT}


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("https://git.example/org/app@dev", Location("https://git.example/org/app", "dev")),
        ("git@git.example:org/app@dev", Location("git@git.example:org/app", "dev")),
        ("x@release/1:below/it/", Location("x", "release/1", "below/it")),
        ("x@dev:", Location("x", "dev")),
    ],
)
def test_a_place_is_a_repository_a_branch_and_a_path(text: str, location: Location) -> None:
    assert parse_location(text) == location


@pytest.mark.parametrize("text", ["", "nowhere", "@dev", "x@", "https://git.example/org/app"])
def test_a_place_without_folder_or_branch_is_an_error(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_location(text)
    assert caught.value.problem.code == "no-such-folder"


def test_a_folder_comes_before_a_branch_of_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "x@dev"
    folder.mkdir()
    (folder / "a.yaml").write_bytes(OBJECT)
    assert list(read_location(parse_location(str(folder))).files) == ["a.yaml"]


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("app.git@main@2026", Location("app.git", "main@2026")),
        ("app.git@@", Location("app.git", "@")),
        ("app.git@a@b:apps", Location("app.git", "a@b", "apps")),
        ("with@at/app.git@a@b", Location("with@at/app.git", "a@b")),
        ("https://h.example/o/r@release@2026", Location("https://h.example/o/r", "release@2026")),
        ("git@h.example:o/r.git@a@b:x", Location("git@h.example:o/r.git", "a@b", "x")),
        ("ssh://git@h.example:22/o/r@x/y@z", Location("ssh://git@h.example:22/o/r", "x/y@z")),
    ],
)
def test_a_branch_may_hold_an_at(
    repositories: Path, monkeypatch: pytest.MonkeyPatch, text: str, location: Location
) -> None:
    create_repository(repositories / "with@at" / "app.git", branch="main")
    monkeypatch.chdir(repositories)
    assert parse_location(text) == location


def test_a_branch_with_an_at_is_read(repositories: Path) -> None:
    made = commit(repositories, {"a.yaml": OBJECT})
    update_refs(repositories / "app.git", [RefUpdate("refs/heads/b@2026", NO_COMMIT, made)])
    source = read_location(parse_location(f"{repositories / 'app.git'}@b@2026"))
    assert source.files == {"a.yaml": OBJECT}


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("https://h.example/o/app", "https://h.example/b/app", True),
        ("https://h.example/o/app", "https://g.example/o/app", True),
        ("https://h.example/o/app", "git@h.example:p/app.git", True),
        ("https://h.example/o/app", "git@h.example:o/app.git", False),
        ("https://h.example/o/app", "ssh://git@h.example:22/O/app/", False),
        ("https://h.example/o/app", "https://h.example/o/app.git", False),
    ],
)
def test_two_repositories_never_share_a_folder(
    repositories: Path, first: str, second: str, *, told: bool
) -> None:
    commit(repositories, {"a.yaml": OBJECT})
    named = NamedRepositories(folder=repositories)
    named.read(pointer(repo=first))
    if not told:
        assert named.read(pointer(repo=second)).files == {"a.yaml": OBJECT}
        return
    with pytest.raises(SourceError) as caught:
        named.read(pointer(repo=second))
    assert str(caught.value).endswith(
        f"error: {first} and {second} would both be read from {repositories / 'app'}"
        " [shared-folder]\n  hint: name the place of one of them with --repo URL=DIR"
    )
    mapped = NamedRepositories(
        folder=repositories,
        mapped={second: Location(str(repositories / "app.git"), "main")},
    )
    mapped.read(pointer(repo=first))
    assert mapped.read(pointer(repo=second)).files == {"a.yaml": OBJECT}


@pytest.fixture
def shallow(repositories: Path, tmp_path: Path) -> tuple[str, str, str]:
    """Return a shallow clone of a history of three commits, and its first and second one."""
    first = commit(repositories, {"a.yaml": OBJECT})
    second = commit(repositories, {"b.yaml": OBJECT}, first)
    third = commit(repositories, {"c.yaml": OBJECT}, second)
    update_refs(repositories / "app.git", [RefUpdate("refs/heads/dev", NO_COMMIT, third)])
    url = (repositories / "app.git").as_uri()
    clone = tmp_path / "shallow" / "app"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", url, str(clone)], check=True)
    return str(clone), first, second


UNSHALLOW = (
    "  hint: this clone is shallow and lacks older commits: `git fetch --unshallow` in it, or in a"
    " CI job check out with fetch-depth: 0"
)


def test_a_shallow_clone_that_lacks_a_commit_says_so(shallow: tuple[str, str, str]) -> None:
    clone, *commits = shallow
    for each in commits:
        told = f"the repository {clone} has no commit {each} [no-branch]\n{UNSHALLOW}"
        with pytest.raises(SourceError) as caught:
            NamedRepositories(folder=Path(clone).parent).read(pointer(commit=each))
        assert str(caught.value).endswith(told)
        with pytest.raises(SourceError) as caught:
            read_location(parse_location(f"{clone}@{each}"))
        assert str(caught.value) == f"{clone}@{each}:1:1: error: {told}"


def test_a_shallow_clone_that_lacks_a_branch_says_so(shallow: tuple[str, str, str]) -> None:
    clone, *_ = shallow
    with pytest.raises(SourceError) as caught:
        read_location(parse_location(f"{clone}@dev"))
    assert str(caught.value) == (
        f"{clone}@dev:1:1: error: the repository {clone} has no branch dev [no-branch]\n"
        "  hint: this clone is shallow and may lack the branch: clone it with --no-single-branch,"
        " or in a CI job check out with fetch-depth: 0"
    )


@pytest.mark.parametrize("digits", [7, 10, 39])
def test_a_part_of_a_commit_is_told_from_a_branch(repositories: Path, digits: int) -> None:
    made = commit(repositories, {"a.yaml": OBJECT})
    for part in (made[:digits], made[:digits].upper()):
        with pytest.raises(SourceError) as caught:
            read_location(parse_location(f"{repositories / 'app.git'}@{part}"))
        problem = caught.value.problem
        assert problem.message.endswith(f"app.git has no branch {part}")
        assert problem.hint == (
            f"if it is a commit, write all of it, as `git rev-parse {part}` prints it"
        )


@pytest.mark.parametrize("name", ["Dev", "deadbeef", "1234567z", "release/2026"])
def test_a_name_that_is_not_there_is_not_taken_for_a_commit(repositories: Path, name: str) -> None:
    commit(repositories, {"a.yaml": OBJECT})
    with pytest.raises(SourceError) as caught:
        read_location(parse_location(f"{repositories / 'app.git'}@{name}"))
    assert caught.value.problem.hint == "see `git branch --all` there; names are case-sensitive"


def test_a_commit_may_be_named_in_capitals(repositories: Path) -> None:
    made = commit(repositories, {"a.yaml": OBJECT})
    source = read_location(parse_location(f"{repositories / 'app.git'}@{made.upper()}"))
    assert source.files == {"a.yaml": OBJECT}
    assert parse_location(f"app.git@{'A' * 40}:x") == Location("app.git", "a" * 40, "x")


def test_a_whole_clone_that_lacks_a_commit_is_not_called_shallow(repositories: Path) -> None:
    commit(repositories, {"a.yaml": OBJECT})
    with pytest.raises(SourceError) as caught:
        NamedRepositories(folder=repositories).read(pointer(commit="f" * 40))
    assert "shallow" not in caught.value.problem.hint
