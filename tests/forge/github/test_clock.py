"""Whatever this machine's clock says: how long to wait is what the server's clock says."""

import time
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

import pytest

from kalypso.errors import DeliveryError
from kalypso.forge.github import waiting
from kalypso.forge.github.repository import GitHubRepository
from tests.delivery.platform import DRONE
from tests.forge.github.platform import GitHubGitOps, access_to
from tests.standins.github.faults import Fault, on

YEARS = 10 * 365 * 24 * 3600.0


@dataclass
class Clock:
    """A clock of this machine that is wrong."""

    ahead: float

    def time(self) -> float:
        return time.time() + self.ahead


def waited(github: GitHubGitOps, folder: Path, headers: dict[str, str], status: int) -> list[float]:
    """Deliver to a server that asks once to wait; return the pauses."""
    slept: list[float] = []
    access = access_to(github.server, folder / "other", sleep=slept.append)
    github.use(GitHubRepository(github.place, access))
    github.server.plan = on("POST", "/pulls", Fault(status=status, headers=headers))
    assert github.run(DRONE).step == "open"
    return slept


@pytest.mark.parametrize("ahead", [-YEARS, -60.0, 0.0, 60.0, YEARS])
@pytest.mark.parametrize("header", ["Retry-After", "X-RateLimit-Reset"])
def test_a_moment_is_counted_by_the_servers_clock(
    github: GitHubGitOps,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    header: str,
    ahead: float,
) -> None:
    monkeypatch.setattr(waiting, "time", Clock(ahead))
    moment = time.time() + 30
    headers = {"Retry-After": formatdate(moment, usegmt=True)}
    if header == "X-RateLimit-Reset":
        headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(moment))}
    (pause,) = waited(github, tmp_path, headers, 403)
    assert 20 < pause <= 32


@pytest.mark.parametrize("seconds", [-YEARS, -3600.0, -1.0])
def test_a_moment_that_is_past_is_not_waited_for(
    github: GitHubGitOps, tmp_path: Path, seconds: float
) -> None:
    headers = {"Retry-After": formatdate(time.time() + seconds, usegmt=True)}
    (pause,) = waited(github, tmp_path, headers, 429)
    assert pause < 2


@pytest.mark.parametrize("seconds", [3600.0, YEARS])
def test_a_moment_far_away_is_told_and_not_waited_for(github: GitHubGitOps, seconds: float) -> None:
    headers = {"Retry-After": formatdate(time.time() + seconds, usegmt=True)}
    github.server.plan = on("POST", "/pulls", Fault(status=429, headers=headers), times=99)
    with pytest.raises(DeliveryError, match=r"GitHub asks to wait \d+ s") as caught:
        github.run(DRONE)
    assert caught.value.problem.code == "unreachable"
    assert len([call for call in github.server.writes() if call.endswith("/pulls")]) == 1


@pytest.mark.parametrize("date", ["soon", "Mon, 99 Foo 2026", "-5"])
def test_a_moment_that_is_no_date_is_a_minute(
    github: GitHubGitOps, tmp_path: Path, date: str
) -> None:
    assert waited(github, tmp_path, {"Retry-After": date}, 429) == [61.0]
