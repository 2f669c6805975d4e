"""A disk that takes no more: a clear word, nothing half done, and the next run completes.

A limit on the size of a file stands for it. Python ignores the signal that comes with the
limit and gets an error; git is ended by it, in the middle of what it writes.
"""

import random
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from kalypso.forge.github.repository import GitHubRepository
from kalypso.git.remote_errors import code_of
from kalypso.git.run import GitFailed
from tests.delivery.deliver_once import FAILED, Ended, Once
from tests.delivery.invariants import HEAD
from tests.delivery.platform import DRONE, OTHER
from tests.forge.github.platform import REPOSITORY, GitHubGitOps, access_to
from tests.standins.github.server import TOKEN, GitHubServer

FETCHED = 200_000
"""Bytes of the branch, none of which can be compressed away."""
WRITTEN = 800_000
LARGE = {"drone/app/large.yaml": random.Random(1).randbytes(WRITTEN // 2).hex()}  # noqa: S311 - no secret


def deliver(gitops: GitHubGitOps, cache: Path, files: dict[str, str], most: int) -> Ended:
    """Deliver in a process whose files may have a size at most."""
    once = Once(
        url=gitops.server.url, repository=REPOSITORY, token=TOKEN, cache=cache, files=files,
        largest=most,
    )  # fmt: skip
    return once.start().end()


@pytest.fixture
def gitops(tmp_path: Path) -> Iterator[GitHubGitOps]:
    with GitHubServer(tmp_path / "github") as server:
        gitops = GitHubGitOps(server, tmp_path)
        noise = random.Random(2).randbytes(FETCHED)  # noqa: S311 - no secret
        gitops.start = gitops.commit("dev", {"picture.png": noise})
        server.clear()
        yield gitops


MOMENTS = {
    "before anything": 0,
    "at the first small file": 20,
    "in the configuration": 100,
    "in the middle of the fetch": FETCHED // 2,
    "in the middle of the commit": FETCHED + FETCHED // 10,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_disk_that_is_full_stops_a_run_and_the_next_completes_it(
    gitops: GitHubGitOps, tmp_path: Path, moment: str
) -> None:
    cache = tmp_path / "small"
    done = deliver(gitops, cache, LARGE, MOMENTS[moment])
    assert done.code == FAILED, done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    assert "cannot be" in done.err
    assert any(f"[{code}]" in done.err for code in ("unwritable-folder", "unwritable-repository"))
    assert TOKEN not in done.err
    assert gitops.states() == []
    refs = gitops.refs()
    assert refs["refs/heads/dev"] == gitops.start
    assert HEAD not in refs
    gitops.use(GitHubRepository(gitops.place, access_to(gitops.server, cache)))  # with what is left
    gitops.run(LARGE)
    assert gitops.states() == ["open"]
    assert gitops.healthy()


@pytest.mark.parametrize("moment", ["at the first small file", "in the middle of the fetch"])
def test_a_newer_state_that_has_no_room_leaves_the_older_one_in_place(
    gitops: GitHubGitOps, tmp_path: Path, moment: str
) -> None:
    cache = tmp_path / "small"
    assert deliver(gitops, cache, DRONE, resource.RLIM_INFINITY).out == "open\n"
    before = gitops.refs()
    noise = random.Random(3).randbytes(FETCHED)  # noqa: S311 - no secret
    base = gitops.commit("dev", {"picture.png": noise})
    done = deliver(gitops, cache, OTHER, MOMENTS[moment])
    assert done.code == FAILED, done.err
    assert "Traceback" not in done.err
    assert gitops.refs() == {**before, "refs/heads/dev": base}
    gitops.use(GitHubRepository(gitops.place, access_to(gitops.server, cache)))
    gitops.run(OTHER)
    assert gitops.states() == ["open"]
    assert gitops.parents("deployment/dev") == (base,)


def test_with_room_enough_it_is_delivered(gitops: GitHubGitOps, tmp_path: Path) -> None:
    done = deliver(gitops, tmp_path / "small", DRONE, 10_000_000)
    assert (done.code, done.out) == (0, "open\n")
    assert gitops.states() == ["open"]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("fatal: write error: No space left on device", "unwritable-folder"),
        ("error: unable to write file: Disk quota exceeded", "unwritable-folder"),
        ("fatal: cannot create directory: Read-only file system", "unwritable-folder"),
        ("error: index-pack died of signal 25", "unwritable-folder"),
        ("remote: fatal: write error: No space left on device", "unreadable-repository"),
    ],
)
def test_our_disk_is_told_from_the_servers(told: str, code: str) -> None:
    error = GitFailed("git fetch")
    error.output = told
    assert code_of(error) == code


def test_a_cache_on_a_disk_without_room_says_where_to_make_some(
    gitops: GitHubGitOps, tmp_path: Path
) -> None:
    done = deliver(gitops, tmp_path / "small", DRONE, MOMENTS["in the middle of the fetch"])
    assert "XDG_CACHE_HOME" in done.err
    assert REPOSITORY in done.err
