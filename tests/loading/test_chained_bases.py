"""Bases that name further bases: followed, each once, and not without end."""

from kalypso.errors import Collector
from kalypso.loading import ControlPlane, load_platform
from kalypso.model import Platform, Pointer, Source

BASE = """\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: BaseRepo
metadata: {{name: base-{number}}}
spec: {{repo: https://git.example/base-{number}, branch: main}}
"""
GITOPS = """\
---
apiVersion: scheduler.kalypso.io/v1alpha1
kind: GitOpsRepo
metadata: {name: gitops}
spec: {repo: https://git.example/gitops, branch: dev}
"""


class Chain:
    """Repositories of which each names the next; the last one names the first."""

    def __init__(self, length: int) -> None:
        self.length, self.reads = length, 0

    def read(self, pointer: Pointer) -> Source:
        self.reads += 1
        number = int(pointer.repo.rpartition("-")[2])
        following = (number + 1) % self.length
        return Source(f"base-{number}/", {"base.yaml": BASE.format(number=following).encode()})


def load(chain: Chain) -> tuple[Platform, Collector]:
    files = {"env.yaml": (BASE.format(number=0) + GITOPS).encode()}
    start = ControlPlane(environment="dev", source=Source("env/", files))
    problems = Collector()
    return load_platform(start, chain, problems), problems


def test_a_chain_that_leads_back_is_read_once_and_told_as_a_duplicate() -> None:
    chain = Chain(3)
    platform, problems = load(chain)
    assert [base.name for base in platform.base_repos] == ["base-0", "base-1", "base-2"]
    assert chain.reads == 3
    assert [problem.code for problem in problems.errors] == ["duplicate-object"]


def test_a_chain_without_end_is_an_error() -> None:
    chain = Chain(1000)
    _, problems = load(chain)
    assert chain.reads == 50
    (problem,) = problems.errors
    assert str(problem) == (
        "base-49/base.yaml:1:1: error: this is one base more than the 50 that an environment may"
        " have [too-many-bases]\n"
        "  hint: a base that names further bases is followed; end the chain"
    )
