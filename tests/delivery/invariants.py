"""What must be so after every run, whatever failed in it: checked by one function."""

import re
from collections.abc import Mapping

from kalypso.git.history import read_commit
from kalypso.git.write import NO_COMMIT
from tests.delivery.github_platform import GitHubGitOps
from tests.support.github_server import TOKEN

HEAD = "refs/heads/deployment/dev"


def check_invariants(
    gitops: GitHubGitOps, wanted: Mapping[str, str], base: str, *, told: str = ""
) -> None:
    """Check what holds after any run, good or bad.

    Args:
        gitops: The repository.
        wanted: The managed files that runs have asked for.
        base: Commit of the environment branch before the run; runs never write it.
        told: All that the run said.
    """
    refs = gitops.refs()
    assert refs["refs/heads/dev"] == base
    ours = [p for p in gitops.repository.pulls() if p.head == "deployment/dev"]
    alive = [pull for pull in ours if pull.state == "open"]
    assert len(alive) <= 1
    if alive:
        assert refs.get(HEAD) == alive[0].head_commit
    if HEAD in refs:  # one whole commit on a commit that the branch once was
        assert len(read_commit(gitops.folder, refs[HEAD]).parents) == 1
        assert gitops.files(HEAD) == wanted
    known = {"refs/heads/dev", HEAD}
    assert {ref for ref in refs if ref.startswith("refs/heads/")} <= known
    assert TOKEN not in told


def check_end(gitops: GitHubGitOps, wanted: Mapping[str, str], base: str) -> None:
    """Check what holds after a run that nothing disturbed: exactly what one alone gives."""
    check_invariants(gitops, wanted, base)
    (pull,) = [p for p in gitops.repository.pulls() if p.state == "open"]
    commit = read_commit(gitops.folder, pull.head_commit)
    assert commit.parents == (base,)
    assert gitops.files("deployment/dev") == wanted
    mark = re.search(r"content=([0-9a-f]{64}) -->", pull.body)
    assert mark is not None
    assert mark[1] == commit.trailers["Kalypso-Content"]
    assert gitops.refs().get(HEAD, NO_COMMIT) == pull.head_commit
    assert gitops.healthy()
