"""What must be so after every run, whatever failed in it: checked by one function."""

import re
from collections.abc import Mapping

from kalypso.git.history import read_commit
from tests.forge.github.platform import GitHubGitOps
from tests.standins.github.server import TOKEN

HEAD = "refs/heads/deployment/dev"
Files = Mapping[str, str]


def check_invariants(gitops: GitHubGitOps, base: str, *asked: Files, told: str = "") -> None:
    """Check what holds after any run, good or bad.

    Args:
        gitops: The repository.
        base: Commit of the environment branch; runs never write it.
        *asked: The managed files that runs have asked for, any of which may be proposed.
        told: All that the run said.
    """
    refs = gitops.refs()
    assert refs["refs/heads/dev"] == base
    assert {ref for ref in refs if ref.startswith("refs/heads/")} <= {"refs/heads/dev", HEAD}
    ours = [pull for pull in gitops.repository.pulls() if pull.head == "deployment/dev"]
    alive = [pull for pull in ours if pull.state == "open"]
    assert len(alive) <= 1
    if alive:
        assert refs[HEAD] == alive[0].head_commit
    if HEAD in refs:
        assert read_commit(gitops.folder, refs[HEAD]).parents == (base,)
        assert gitops.files("deployment/dev") in asked
    assert TOKEN not in told


def check_end(gitops: GitHubGitOps, base: str, *asked: Files) -> None:
    """Check what holds after a run that nothing disturbed: one proposal, and it tells the truth."""
    check_invariants(gitops, base, *asked)
    (pull,) = [pull for pull in gitops.repository.pulls() if pull.state == "open"]
    commit = read_commit(gitops.folder, pull.head_commit)
    mark = re.search(r"content=([0-9a-f]{64}) -->", pull.body)
    assert mark is not None
    assert mark[1] == commit.trailers["Kalypso-Content"]
    assert gitops.healthy()
