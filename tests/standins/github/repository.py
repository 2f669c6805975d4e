"""A repository of the stand-in GitHub: a real bare repository, and what GitHub keeps beside it."""

import subprocess
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.support.bare_repository import make_bare, read_refs, write_ref

CREATED = "2026-01-01T00:00:00Z"
LONGEST = 65_536
"""Characters of a comment, and of an issue's text."""
LONGEST_TITLE = 256
LONGEST_STATUS = 140
MOST_STATUSES = 1_000
_MERGING = {
    "allow_merge_commit": True, "allow_squash_merge": True, "allow_rebase_merge": True,
    "allow_auto_merge": False, "allow_update_branch": False, "delete_branch_on_merge": False,
    "merge_commit_title": "MERGE_MESSAGE", "merge_commit_message": "PR_TITLE",
    "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
    "squash_merge_commit_message": "COMMIT_MESSAGES", "web_commit_signoff_required": False,
}  # fmt: skip
"""What GitHub chooses for a new repository."""
_PERSON = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")


@dataclass
class Label:
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass
class Issue:
    """An issue; a pull request is one too, and shares its numbers, texts and labels."""

    number: int
    title: str
    body: str
    user: str
    state: str = "open"
    state_reason: str | None = None
    labels: list[str] = field(default_factory=list)


@dataclass
class Comment:
    number: int
    """Among all comments of the repository."""
    issue: int
    body: str
    user: str


@dataclass(frozen=True)
class Status:
    """A commit status."""

    number: int
    context: str
    state: str
    description: str | None
    user: str


@dataclass
class Pull(Issue):
    base: str = ""
    head: str = ""
    from_repository: str = ""
    """Full name of the repository that the head is in: a fork, or this one."""
    head_commit: str = ""
    opened_on: str = ""
    merge_commit: str = ""
    pointed: str = ""
    """Where its ref `refs/pull/NUMBER/head` is."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asks for who opens a pull request."""

    base: str
    head: str
    """Branch; also as `owner:branch`."""
    title: str = "Fix"
    body: str = ""
    user: str = "ada"


class Refused(Exception):
    """GitHub does not do this; the message is what it says."""

    def __init__(self, status: int, message: str, code: str = "custom", resource: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.resource = status, message, code, resource


class GitHubRepository:
    """Branches are those of the bare repository; a push is seen the next time one looks."""

    def __init__(self, folder: Path, owner: str, name: str, number: int = 1) -> None:
        self.folder, self.owner, self.name, self.number = folder, owner, name, number
        self.issues: dict[int, Issue] = {}
        self.has_issues = True
        self.comments: dict[int, Comment] = {}
        self.public = False
        self.about: dict[str, Any] = {
            "default_branch": "main", "description": None, "archived": False,
            "visibility": "private", "homepage": None, "is_template": False,
            "has_issues": True, "has_projects": True, "has_wiki": True,
            "has_discussions": False, "has_downloads": True, "topics": [],
            **_MERGING,
        }  # fmt: skip
        self.labels: dict[str, Label] = {"bug": Label("bug", "d73a4a", "Something is wrong")}
        self.statuses: dict[str, list[Status]] = {}
        self.approvals: dict[int, list[tuple[str, str, str]]] = {}
        """By number of a run: state, environment and who."""
        self.lock = threading.RLock()
        self._merge_bases: dict[tuple[str, str], str] = {}
        self._changed: dict[tuple[str, str], int] = {}
        make_bare(folder, "main")

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    def git(self, *arguments: str, check: bool = True, strip: bool = True) -> str:
        """Run git here, as the forge itself."""
        command = ["git", "--git-dir", str(self.folder), *_PERSON, *arguments]
        done = subprocess.run(command, check=check, capture_output=True, text=True)
        out = done.stdout if done.returncode == 0 else ""
        return out.strip() if strip else out

    def start(self) -> None:
        """Make the first commit, as GitHub does if it is asked to."""
        tree = self.git("hash-object", "-t", "tree", "-w", "/dev/null")
        commit = self.git("commit-tree", tree, "-m", "Initial commit")
        self.git("update-ref", f"refs/heads/{self.about['default_branch']}", commit)

    def branches(self) -> dict[str, str]:
        """Return the commit of each branch."""
        heads = "refs/heads/"
        refs = read_refs(self.folder)
        return {name.removeprefix(heads): refs[name] for name in refs if name.startswith(heads)}

    def pulls(self) -> list[Pull]:
        """Return all pull requests as they are by now, newest first."""
        with self.lock:
            branches = self.branches()
            found = [issue for issue in self.issues.values() if isinstance(issue, Pull)]
            for pull in found:
                self._look_again(pull, branches)
            return sorted(found, key=lambda pull: -pull.number)

    def pull(self, number: int) -> Pull:
        for pull in self.pulls():
            if pull.number == number:
                return pull
        raise Refused(404, "Not Found")

    def issue(self, number: int) -> Issue:
        if number not in self.issues:
            raise Refused(404, "Not Found")
        return self.issues[number]

    def post_status(self, commit: str, status: Status) -> Status:
        """Put a status on a commit, within GitHub's limits."""
        if status.description and len(status.description) > LONGEST_STATUS:
            raise Refused(422, "description is too long (maximum is 140 characters)")
        if self.git("cat-file", "-t", commit, check=False) != "commit":
            raise Refused(422, f"No commit found for SHA: {commit}")
        made = self.statuses.setdefault(commit, [])
        same = [each for each in made if each.context.lower() == status.context.lower()]
        if len(same) >= MOST_STATUSES:
            raise Refused(422, "This SHA and context has reached the maximum number of statuses.")
        made.append(replace(status, number=sum(map(len, self.statuses.values())) + 1))
        return made[-1]

    def open_issue(self, title: str, body: str, labels: list[str], user: str) -> Issue:
        if len(title) > LONGEST_TITLE or len(body) > LONGEST:
            raise Refused(422, "", "invalid", "Issue")
        with self.lock:
            number = len(self.issues) + 1
            self.issues[number] = Issue(number, title, body, user)
            self.add_labels(number, labels)
            return self.issues[number]

    def open_pull(self, wish: Wish) -> Pull:
        """Open a pull request as GitHub does, and refuse what GitHub refuses."""
        with self.lock:
            base, (owner, _, branch) = wish.base, wish.head.rpartition(":")
            branches = self.branches()
            if base not in branches:
                raise Refused(422, "", "invalid", "PullRequest")
            if branch not in branches or owner not in {"", self.owner}:
                raise Refused(422, "", "invalid", "PullRequest")
            for pull in self.pulls():
                if pull.state == "open" and (pull.base, pull.head) == (base, branch):
                    told = f"A pull request already exists for {self.owner}:{branch}."
                    raise Refused(422, told, "custom", "PullRequest")
            if self._contains(branches[base], branches[branch]):
                told = f"No commits between {base} and {branch}"
                raise Refused(422, told, "custom", "PullRequest")
            return self.keep(wish)

    def keep(self, wish: Wish, fork: str = "") -> Pull:
        """Keep a pull request without a question; also one from a fork."""
        with self.lock:
            branches, number = self.branches(), len(self.issues) + 1
            head = wish.head.rpartition(":")[2]
            pull = Pull(
                number,
                wish.title,
                wish.body,
                wish.user,
                base=wish.base,
                head=head,
                from_repository=fork or self.full_name,
                opened_on=branches[wish.base],
                head_commit=branches.get(head, branches[wish.base]),
            )
            self.issues[number] = pull
            self._point(pull)
            return pull

    def add_labels(self, number: int, names: list[str]) -> list[Label]:
        """Label an issue; a label that does not exist is made, as GitHub does."""
        with self.lock:
            issue = self.issue(number)
            for name in names:
                self.labels.setdefault(name, Label(name))
                if name not in issue.labels:
                    issue.labels.append(name)
            return self.labels_of(issue)

    def comments_on(self, number: int) -> list[Comment]:
        """Return what was said about an issue or a pull request, oldest first."""
        self.issue(number)
        return [comment for comment in self.comments.values() if comment.issue == number]

    def add_comment(self, number: int, body: str, user: str) -> Comment:
        with self.lock:
            self.issue(number)
            made = Comment(len(self.comments) + 1, number, _fitting(body), user)
            self.comments[made.number] = made
            return made

    def edit_comment(self, number: int, body: str) -> Comment:
        with self.lock:
            if number not in self.comments:
                raise Refused(404, "Not Found")
            self.comments[number].body = _fitting(body)
            return self.comments[number]

    def labels_of(self, issue: Issue) -> list[Label]:
        return [self.labels[name] for name in issue.labels]

    def merge(self, number: int, head: str = "", *, keep_head: bool = False) -> str:
        """Merge with a merge commit and remove the head branch, as a reviewer does.

        Args:
            number: Of the pull request.
            head: Where its head has to be, if that is asked for.
            keep_head: Leave the head branch, as the REST call does.
        """
        with self.lock:
            pull = self.pull(number)
            if pull.state != "open":
                raise Refused(405, "Pull Request is not mergeable")
            if head not in {"", pull.head_commit}:
                raise Refused(409, "Head branch was modified. Review and try the merge again.")
            base = self.branches()[pull.base]
            tree = self.git("merge-tree", "--write-tree", base, pull.head_commit, check=False)
            if not tree:
                raise Refused(405, "Pull Request is not mergeable")
            commit = self.git(
                "commit-tree", tree, "-p", base, "-p", pull.head_commit, "-m",
                f"Merge pull request #{number} from {self.owner}/{pull.head}",
            )  # fmt: skip
            self.git("update-ref", f"refs/heads/{pull.base}", commit, base)
            if not keep_head:
                self.git("update-ref", "-d", f"refs/heads/{pull.head}", pull.head_commit)
            pull.state, pull.merge_commit = "closed", commit
            return commit

    def close(self, number: int) -> None:
        """Close without merging, as a reviewer does; the head branch stays."""
        with self.lock:
            self.pull(number).state = "closed"

    def reopen(self, number: int) -> None:
        """Open again, as a person does; a head that is gone is restored before."""
        with self.lock:
            pull = self.pull(number)
            head = self.branches().get(pull.head)
            if head is None:
                self.git("update-ref", f"refs/heads/{pull.head}", pull.head_commit)
            elif head != pull.head_commit:
                raise Refused(422, "The branch was force-pushed or recreated", "invalid")
            if pull.state == "open" or pull.merge_commit:
                raise Refused(422, "state cannot be changed", "invalid")
            pull.state = "open"

    def make_branch(self, name: str, commit: str) -> None:
        with self.lock:
            if name in self.branches():
                raise Refused(422, "Reference already exists")
            self.git("update-ref", f"refs/heads/{name}", commit)

    def fork_point(self, one: str, other: str) -> str:
        """Return the newest commit that two histories share."""
        found = self._merge_base(one, other)
        if not found:
            raise Refused(404, f"No common ancestor between {one} and {other}.")
        return found

    def _look_again(self, pull: Pull, branches: dict[str, str]) -> None:
        """Follow the head of an open pull request: pushed, merged by plain git, or removed."""
        if pull.state != "open" or pull.from_repository != self.full_name:
            return
        live, base = branches.get(pull.head), branches.get(pull.base)
        for commit in filter(None, (pull.head_commit, live)):
            if base and not self._contains(pull.opened_on, commit) and self._contains(base, commit):
                pull.state, pull.merge_commit = "closed", base
                return
        if live is None or base is None:
            pull.state = "closed"
        else:
            pull.head_commit = live
            self._point(pull)

    def _point(self, pull: Pull) -> None:
        if pull.pointed != pull.head_commit:
            write_ref(self.folder, f"refs/pull/{pull.number}/head", pull.head_commit)
            pull.pointed = pull.head_commit

    def changed_files(self, pull: Pull) -> int:
        """Return how many files a pull request changes."""
        both = (pull.opened_on, pull.head_commit)
        if both not in self._changed:
            since = self._merge_base(*both) or pull.opened_on
            names = self.git("diff", "--name-only", since, pull.head_commit)
            self._changed[both] = len(names.splitlines())
        return self._changed[both]

    def _contains(self, newer: str, older: str) -> bool:
        """Return whether a commit is an ancestor of another."""
        return newer == older or self._merge_base(newer, older) == older

    def _merge_base(self, one: str, other: str) -> str:
        """Return the newest commit of both histories, which never changes; empty if none is."""
        pair = (one, other)
        if not self._merge_bases.get(pair):
            self._merge_bases[pair] = self.git("merge-base", one, other, check=False)
        return self._merge_bases[pair]


def _fitting(body: str) -> str:
    if len(body) > LONGEST:
        told = f"Body is too long (maximum is {LONGEST} characters)"
        raise Refused(422, told, "unprocessable", "IssueComment")
    return body
