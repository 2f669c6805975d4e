"""What is known of objects without starting git: what they are, and what commits say."""

import subprocess
import zlib
from collections.abc import Callable
from itertools import product

import pytest
from msgspec.structs import replace

from kalypso.errors import SourceError
from kalypso.git import blobs, history, read_tree, refs, trees
from kalypso.git.loose import loose_blobs, loose_commit
from kalypso.git.write import Content, write_commit
from tests.git.conftest import ELSEWHERE, SIGNATURE, Repository, git


def test_a_commit_with_a_file_of_its_own_is_there_without_git(
    repository: Repository, started: list[str]
) -> None:
    commit = repository.commit("dev", {"a": b"1"})
    assert refs.resolve(repository.name, commit) == commit
    assert started == []


def test_what_is_no_commit_or_in_a_pack_is_left_to_git(
    repository: Repository, started: list[str]
) -> None:
    commit = repository.commit("dev", {"a": b"1"})
    tree = git(repository, "rev-parse", "--verify", "dev^{tree}")
    assert [refs.resolve(repository.name, each) for each in (tree, ELSEWHERE)] == [None, None]
    git(repository, "repack", "-a", "-d", "-q")
    assert refs.resolve(repository.name, commit) == commit
    assert started == ["cat-file"] * 3


def test_a_commit_is_read_once_and_a_branch_each_time(
    repository: Repository, started: list[str]
) -> None:
    first = repository.commit("dev", {"a": b"1"})
    git(repository, "repack", "-a", "-d", "-q")
    assert {history.read_commit(repository.folder, first).commit for _ in range(3)} == {first}
    tree = {trees.tree_of(repository.folder, first) for _ in range(3)}
    assert started == ["cat-file", "rev-parse"]
    before = history.read_commit(repository.folder, "dev")
    assert trees.tree_of(repository.folder, "dev") == before.tree
    second = repository.commit("dev", {"a": b"2"}, first)
    after = history.read_commit(repository.folder, "dev")
    assert (before.parents, after.parents) == ((), (first,))
    assert tree == {before.tree}
    assert trees.tree_of(repository.folder, "dev") == after.tree
    assert trees.tree_of(repository.folder, second) == after.tree


def test_a_commit_that_is_missing_is_looked_for_again(repository: Repository) -> None:
    for _ in range(2):
        with pytest.raises(Exception, match="bad file"):
            history.read_commit(repository.folder, ELSEWHERE)


MESSAGES = ["", "one line\n", "subject\n\nbody\n\nTree: x\nparent y\n", "ü 🙂\n", "\ntree a\n"]


@pytest.mark.parametrize("message", MESSAGES)
def test_a_commit_in_a_file_of_its_own_says_what_git_says(
    repository: Repository, started: list[str], message: str
) -> None:
    first = repository.commit("dev", {"a": b"1"})
    commit = repository.commit("dev", {"a": b"2"}, first, message)
    said = history.read_commit(repository.folder, commit)
    assert started == []
    assert said == replace(history.read_commit(repository.folder, "dev"), commit=commit)
    assert (said.parents, said.message) == ((first,), message)


def test_a_commit_of_any_bytes_says_what_git_says(repository: Repository) -> None:
    parent = repository.commit("dev", {"a": b"1"})
    text = (
        b"tree %b\nparent %b\nauthor \xe9 <a@b> 1 +0000\ncommitter \xe9 <a@b> 2 -0100\n"
        b"gpgsig x\n parent 0\n\n\xff\n"
    ) % (git(repository, "rev-parse", "dev^{tree}").encode(), parent.encode())
    command = ["git", "--git-dir", repository.name, "hash-object", "-t", "commit", "-w", "--stdin"]
    written = subprocess.run(command, check=True, capture_output=True, input=text).stdout
    commit = written.decode().strip()
    assert loose_commit(repository.folder, commit) == text
    said = history.read_commit(repository.folder, commit)
    git(repository, "update-ref", "refs/heads/odd", commit)
    assert said == replace(history.read_commit(repository.folder, "odd"), commit=commit)
    assert (said.parents, said.seconds) == ((parent,), 2)
    assert history.is_ancestor(repository.folder, parent, commit)


def other_content(text: bytes) -> bytes:
    return zlib.compress(text.replace(b"+0000", b"+0100"))


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "another commit's": other_content,
    "cut": lambda text: zlib.compress(text)[:-20],
    "no head": lambda text: zlib.compress(text.partition(b"\0")[2]),
    "a wrong length": lambda text: zlib.compress(text.replace(b"commit ", b"commit 1", 1)),
    "a file": lambda text: zlib.compress(text.replace(b"commit ", b"blob ", 1)),
    "too large": lambda text: zlib.compress(text + b" " * 2**16),
    "not packed": lambda text: text,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_is_not_the_commit_of_its_id_is_left_to_git(
    repository: Repository, damage: Callable[[bytes], bytes]
) -> None:
    commit = repository.commit("dev", {"a": b"1"})
    file = repository.folder / "objects" / commit[:2] / commit[2:]
    text = zlib.decompress(file.read_bytes())
    assert loose_commit(repository.folder, commit) == text.partition(b"\0")[2]
    file.chmod(0o644)
    file.write_bytes(damage(text))
    assert loose_commit(repository.folder, commit) is None


def test_objects_with_files_of_their_own_are_there_without_git(
    repository: Repository, started: list[str]
) -> None:
    commit = repository.commit("dev", {"f/a": b"1" * 10_000})
    tree = git(repository, "rev-parse", "--verify", "dev^{tree}")
    blob = git(repository, "rev-parse", "--verify", "dev:f/a")
    assert all(trees.has_object(repository.folder, each) for each in (commit, tree, blob))
    assert {trees.tree_of(repository.folder, each) for each in (commit, tree)} == {tree}
    assert started == []
    assert not trees.has_object(repository.folder, ELSEWHERE)
    git(repository, "repack", "-a", "-d", "-q")
    assert trees.has_object(repository.folder, blob)
    assert started == ["cat-file"] * 2


@pytest.mark.parametrize("what", ["dev^{tree}", "dev:a"])
def test_what_is_no_commit_says_nothing_as_one(repository: Repository, what: str) -> None:
    repository.commit("dev", {"a": b"1"})
    assert loose_commit(repository.folder, git(repository, "rev-parse", what)) is None


def test_a_file_is_not_taken_for_a_tree(repository: Repository) -> None:
    repository.commit("dev", {"a": b"1"})
    with pytest.raises(SourceError):
        trees.tree_of(repository.folder, git(repository, "rev-parse", "--verify", "dev:a"))


def test_a_parent_is_known_without_git_and_what_lies_further_back_is_left_to_it(
    repository: Repository, started: list[str]
) -> None:
    one = repository.commit("dev", {"a": b"1"})
    two = repository.commit("dev", {"a": b"2"}, one)
    three = repository.commit("dev", {"a": b"3"}, two)
    assert history.is_ancestor(repository.folder, one, two)
    assert not history.is_ancestor(repository.folder, two, one)
    assert started == []
    assert history.is_ancestor(repository.folder, one, three)
    assert not history.is_ancestor(repository.folder, three, one)
    assert started == ["merge-base"] * 2


def test_who_is_whose_ancestor_is_what_git_says(repository: Repository) -> None:
    """Of each two commits of a history with forks, merges and two roots."""
    parents = {1: [], 2: [1], 3: [1], 4: [2, 3], 5: [3], 6: [], 7: [4, 6], 8: [7, 5]}
    made: dict[int, str] = {}
    for number, those in parents.items():
        made[number] = write_commit(
            repository.folder, parents=[made[each] for each in those],
            changes={f"{number}": b""}, message=f"{number}\n", signature=SIGNATURE,
        )  # fmt: skip
    for older, newer in product(made.values(), repeat=2):
        command = ["git", "--git-dir", repository.name, "merge-base", "--is-ancestor", older, newer]
        said = subprocess.run(command, check=False).returncode == 0
        assert history.is_ancestor(repository.folder, older, newer) is said


def blobs_of(repository: Repository, contents: list[bytes]) -> list[str]:
    """Commit files with some contents, and return their ids."""
    files: dict[str, Content] = {f"{number:03}": text for number, text in enumerate(contents)}
    repository.commit("files", files)
    return [line.split()[2] for line in git(repository, "ls-tree", "files").splitlines()]


def test_a_few_files_are_read_without_git(repository: Repository, started: list[str]) -> None:
    contents = [b"", b"1\n", b"\0\xff" * 1000, b"1\n"]
    ids = blobs_of(repository, contents)
    assert blobs.read_blobs(repository.folder, ids) == contents
    assert blobs.blob_sizes(repository.folder, ids) == {
        each: len(content) for each, content in zip(ids, contents, strict=True)
    }
    assert blobs.read_blobs(repository.folder, []) == []
    assert blobs.blob_sizes(repository.folder, []) == {}
    assert started == []


@pytest.mark.parametrize("one", ["packed", "large", "one of many"])
def test_files_that_are_packed_or_large_or_many_are_left_to_git(
    repository: Repository, started: list[str], one: str
) -> None:
    contents = {
        "packed": [b"1", b"2"],
        "large": [b"1", b"2" * 2**16],
        "one of many": [b"%d" % number for number in range(65)],
    }[one]
    ids = blobs_of(repository, contents)
    if one == "packed":
        git(repository, "repack", "-a", "-d", "-q")
    assert blobs.read_blobs(repository.folder, ids) == contents
    assert list(blobs.blob_sizes(repository.folder, ids).values()) == [*map(len, contents)]
    sizes = ["cat-file"] if one != "large" else []  # the head of an object says its size
    assert started == ["cat-file", *sizes]


def test_a_file_that_is_missing_or_damaged_is_never_an_empty_one(repository: Repository) -> None:
    there, damaged = blobs_of(repository, [b"1", b"2"])
    file = repository.folder / "objects" / damaged[:2] / damaged[2:]
    file.chmod(0o644)
    file.write_bytes(zlib.compress(b"blob 1\x003"))
    assert loose_blobs(repository.folder, [there, damaged]) is None
    file.unlink()
    assert blobs.blob_sizes(repository.folder, [there, damaged]) == {there: 1}
    with pytest.raises(SourceError, match=f"the object {damaged} is missing"):
        blobs.read_blobs(repository.folder, [there, damaged])
    with pytest.raises(SourceError, match=r"@files:1:1: error: .*the content of 001 is missing"):
        read_tree(repository.name, "files")
