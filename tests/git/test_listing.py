"""A tree that names more files than anybody has is refused while git is still listing them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kalypso.errors import Position, SourceError
from kalypso.git import Kind, read_tree
from kalypso.git.listing import list_entries
from kalypso.git.printed import TooMuchPrinted, printed_by

AT = Position("repository")
ALL = Kind("all", lambda _: True)


def run(folder: Path, *arguments: str, text: str = "") -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def bomb(folder: Path, *, levels: int, width: int = 10) -> None:
    """Make a branch ``main`` with width to the power of levels files, in a few small objects."""
    run(folder, "init", "-q", "-b", "main", ".")
    entry = "100644 blob " + run(folder, "hash-object", "-w", "--stdin", text="a: b\n")
    for _ in range(levels):
        listed = "".join(f"{entry}\tf{number}.yaml\n" for number in range(width))
        entry = "040000 tree " + run(folder, "mktree", text=listed)
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    commit = run(folder, *identity, "commit-tree", "-m", "bomb", entry.split()[-1])
    run(folder, "update-ref", "refs/heads/main", commit)


@pytest.mark.parametrize(("kind", "most"), [(ALL, "100,000"), (None, "400,000")])
def test_a_bomb_of_trees_is_refused(tmp_path: Path, kind: Kind | None, most: str) -> None:
    bomb(tmp_path, levels=10)
    with pytest.raises(SourceError) as caught:
        read_tree(str(tmp_path), "main", kind=kind)
    assert f"error: the tree has more than {most} files [too-large]" in str(caught.value)


def test_as_many_entries_as_allowed_are_listed(tmp_path: Path) -> None:
    bomb(tmp_path, levels=2)
    found = list_entries(tmp_path, "main", at=AT, most=100)
    assert [entry.path for entry in found][::50] == ["f0.yaml/f0.yaml", "f5.yaml/f0.yaml"]
    with pytest.raises(SourceError, match="more than 99 files"):
        list_entries(tmp_path, "main", at=AT, most=99)


def test_only_what_is_below_a_folder_counts(tmp_path: Path) -> None:
    bomb(tmp_path, levels=2)
    assert len(list_entries(tmp_path, "main", "--", "f1.yaml/", at=AT, most=10)) == 10


def started(*arguments: str) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen(arguments, stdin=pipe, stdout=pipe, stderr=pipe)


def test_a_program_that_prints_without_end_is_not_listened_to() -> None:
    with started("yes") as process:
        with pytest.raises(TooMuchPrinted):
            printed_by(process, 1 << 20, 60)
        process.kill()


def test_what_goes_to_both_streams_is_returned_apart() -> None:
    with started("sh", "-c", "echo out; echo err >&2") as process:
        assert printed_by(process, 100, 60) == (b"out\n", b"err\n")


def test_a_program_that_says_nothing_is_waited_for_only_so_long() -> None:
    with started("sleep", "60") as process:
        with pytest.raises(subprocess.TimeoutExpired):
            printed_by(process, 100, 0.1)
        process.kill()
