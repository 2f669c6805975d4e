"""Assignments that fail, and a control plane's repository with issues of people and of ours."""

from copy import deepcopy
from pathlib import Path

from kalypso.delivery.issues import FailedAssignment, Settled, settle_issues
from kalypso.errors import Position, Problem
from kalypso.forge.github.issues import GitHubIssues
from kalypso.git.remote import Access
from tests.forge.github.platform import access_to, place_on
from tests.standins.github.repository import Issue, Label, Wish
from tests.standins.github.server import GitHubServer

CONTROL_PLANE = "acme/kalypso-control-plane"


def failed(
    folder: str = "drone/app", message: str = "no", environment: str = "dev"
) -> FailedAssignment:
    """Return an assignment that fails for one reason."""
    cluster_type, _, target = folder.partition("/")
    problem = Problem("config", message, Position("dev/a.yaml", 3))
    return FailedAssignment(
        environment=environment, cluster_type=cluster_type, target=target, problems=(problem,)
    )


class ControlPlane:
    """A repository on the stand-in GitHub that people work with, too."""

    def __init__(self, server: GitHubServer, folder: Path, name: str = CONTROL_PLANE) -> None:
        self.server, self.repository = server, server.add(name)
        self.place = place_on(server, repository=name)
        self.access = access_to(server, folder / "cache")

    def tracker(self, access: Access | None = None) -> GitHubIssues:
        return GitHubIssues(self.place, access or self.access)

    def run(self, *failing: FailedAssignment, access: Access | None = None) -> Settled:
        """Settle the issues of dev, as `pulumi up` does."""
        return settle_issues(self.tracker(access), "dev", failing)

    def let_people_work(self) -> None:
        """Open an issue and a pull request that both quote us, and one of another environment."""
        ours = failed("large/app").body
        self.repository.open_issue("A question", f"> {ours}\nIs this bad?", ["bug"], "ada")
        empty = self.repository.git("mktree")
        commit = self.repository.git("commit-tree", empty, "-m", "start")
        self.repository.git("update-ref", "refs/heads/main", commit)
        self.repository.keep(Wish(base="main", head="fix", title="Fix it", body=ours))
        settle_issues(self.tracker(), "stage", [failed("drone/app", environment="stage")])

    def ours(self, state: str) -> dict[str, list[int]]:
        """Return the numbers of dev's issues in a state, by the folder that their text names."""
        found: dict[str, list[int]] = {}
        for issue in self.repository.issues.values():
            last = issue.body.strip().splitlines()[-1] if issue.body else ""
            word, _, rest = last.partition(": dev ")
            if issue.user != "ada" and word == "<!-- kalypso-issue" and issue.state == state:
                found.setdefault(rest.removesuffix(" -->"), []).append(issue.number)
        return found

    def of_people(self) -> tuple[list[Issue], list[Label]]:
        """Return all that is none of a run on dev: issues, pull requests and labels."""
        ours = {n for state in ("open", "closed") for ns in self.ours(state).values() for n in ns}
        others = [i for number, i in self.repository.issues.items() if number not in ours]
        labels = [label for name, label in self.repository.labels.items() if name != "kalypso"]
        return deepcopy((others, labels))
