"""Commits of trees that were written whole: counted, complete, and nothing beside the tree."""

from pathlib import Path

import pytest

from kalypso.errors import SourceError
from kalypso.git.history import read_commit
from kalypso.git.run import git
from kalypso.git.trees import tree_with, write_tree
from kalypso.git.whole_trees import as_whole, check_complete, count_differing
from kalypso.git.write import Entry, write_commit
from tests.git.conftest import SIGNATURE, Repository

FILES = {"a/one": b"1", "a/two": b"2", "b/three": b"3"}


def test_a_commit_holds_exactly_the_tree_whatever_its_parent_holds(repository: Repository) -> None:
    parent = repository.commit("main", {"a/old": b"0", "c": b"4"})
    tree = write_tree(repository.folder, FILES)
    commit = write_commit(
        repository.folder,
        parents=[parent],
        changes=as_whole(tree),
        message="whole\n",
        signature=SIGNATURE,
    )
    written = read_commit(repository.folder, commit)
    assert (written.tree, written.parents) == (tree, (parent,))


def test_files_are_counted_by_what_happens_to_them(repository: Repository) -> None:
    before = write_tree(repository.folder, FILES)
    linked = git("hash-object", "-w", "--stdin", repository=repository.folder, stdin=b"a/one")
    before = tree_with(
        repository.folder, before, {"link": Entry("120000", linked.decode().strip())}
    )
    after = write_tree(
        repository.folder,
        {"a/one": b"other", "b/three": b"3", "link": b"a file", "z\u00e9": b""},
    )
    found = count_differing(repository.folder, before, after, first=2)
    assert found.numbers == {"M": 1, "D": 1, "T": 1, "A": 1}
    assert found.first == {"a/one": "M", "a/two": "D"}


def test_equal_trees_differ_nowhere(repository: Repository) -> None:
    tree = write_tree(repository.folder, FILES)
    found = count_differing(repository.folder, tree, tree, first=9)
    assert (found.numbers, found.first) == ({}, {})


@pytest.mark.parametrize("lost", ["a/two", "a"])
def test_a_tree_that_lacks_something_is_not_complete(repository: Repository, lost: str) -> None:
    known = write_tree(repository.folder, {"b/three": b"3"})
    tree = write_tree(repository.folder, FILES)
    check_complete(repository.folder, tree, known)
    remove(repository.folder, f"{tree}:{lost}")
    with pytest.raises(SourceError, match="unreadable-repository"):
        check_complete(repository.folder, tree, known)


def test_what_the_branch_has_is_not_read_again(repository: Repository) -> None:
    known = write_tree(repository.folder, {"b/three": b"3"})
    tree = write_tree(repository.folder, FILES)
    remove(repository.folder, f"{tree}:b/three")
    check_complete(repository.folder, tree, known)


def test_a_missing_tree_cannot_be_compared(repository: Repository) -> None:
    tree = write_tree(repository.folder, FILES)
    with pytest.raises(SourceError, match="unreadable-repository"):
        count_differing(repository.folder, tree, "1" * 40, first=1)


def remove(folder: Path, name: str) -> None:
    """Lose one object, as a damaged disk or a careless `git prune` does."""
    lost = git("rev-parse", name, repository=folder).decode().strip()
    loose(folder)
    (folder / "objects" / lost[:2] / lost[2:]).unlink()


def loose(folder: Path) -> None:
    """Write every object of a repository as a file of its own."""
    packs = [pack.read_bytes() for pack in (folder / "objects/pack").glob("*.pack")]
    for pack in list((folder / "objects/pack").iterdir()):
        pack.unlink()
    for data in packs:
        git("unpack-objects", "-q", repository=folder, stdin=data)
