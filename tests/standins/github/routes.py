"""The REST calls that the stand-in GitHub knows: what Kalypso uses, and nothing else."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.standins.github.admin import AdminRoutes
from tests.standins.github.answers import Answers, Json
from tests.standins.github.contents import ContentRoutes
from tests.standins.github.repository import GitHubRepository, Label, Refused, Status, Wish
from tests.standins.github.rules import RuleRoutes

Answer = tuple[int, Any]
CALLER = "@caller"
"""Key of who calls, among what is asked for: no field of GitHub is called so."""


class Routes:
    """Answers REST calls on one repository."""

    def __init__(self, answers: Answers) -> None:
        self._show = answers
        self._contents = ContentRoutes(answers)
        self.admin = AdminRoutes(answers)
        self.rules = RuleRoutes()
        self._routes: list[tuple[str, str, Callable[..., Answer]]] = [
            ("GET", r"", self._repository),
            ("GET", r"/pulls", self._list_pulls),
            ("POST", r"/pulls", self._open_pull),
            ("GET", r"/pulls/(\d+)", self._get_pull),
            ("PATCH", r"/pulls/(\d+)", self._edit_pull),
            ("PUT", r"/pulls/(\d+)/merge", self._merge_pull),
            ("GET", r"/compare/(\w+)\.\.\.(\w+)", self._compare),
            ("POST", r"/git/refs", self._make_ref),
            ("POST", r"/statuses/([0-9a-f]{40})", self._post_status),
            ("GET", r"/commits/([0-9a-f]{40})/statuses", self._list_statuses),
            ("GET", r"/actions/runs/(\d+)/approvals", self._list_approvals),
            ("GET", r"/labels/([^/]+)", self._get_label),
            ("POST", r"/labels", self._make_label),
            ("POST", r"/issues/(\d+)/labels", self._add_labels),
            ("DELETE", r"/issues/(\d+)/labels/([^/]+)", self._remove_label),
            ("GET", r"/issues", self._list_issues),
            ("POST", r"/issues", self._open_issue),
            ("GET", r"/issues/(\d+)", self._get_issue),
            ("PATCH", r"/issues/(\d+)", self._edit_issue),
            ("GET", r"/issues/(\d+)/comments", self._list_comments),
            ("POST", r"/issues/(\d+)/comments", self._add_comment),
            ("PATCH", r"/issues/comments/(\d+)", self._edit_comment),
            *self._contents.routes,
            *self.admin.routes,
            *self.rules.routes,
        ]

    def answer(
        self, repository: GitHubRepository, method: str, path: str, query: str, body: Json
    ) -> Answer:
        """Answer a call.

        Raises:
            Refused: GitHub would refuse it.
        """
        asked = {key: values[0] for key, values in parse_qs(query).items()}
        for wanted, pattern, function in self._routes:
            found = re.fullmatch(pattern, path)
            if wanted == method and found:
                with self._contents.alone(repository, method, path), repository.lock:
                    return function(repository, asked | body, *map(unquote, found.groups()))
        raise Refused(404, "Not Found")

    def _repository(self, repository: GitHubRepository, _: Json) -> Answer:
        return 200, self._show.repository(repository)

    def _list_pulls(self, repository: GitHubRepository, asked: Json) -> Answer:
        head, state = asked.get("head", ""), asked.get("state", "open")
        found = [
            self._show.pull(repository, pull, whole=False)
            for pull in repository.pulls()
            if state in {"all", pull.state}
            and head in {"", f"{pull.from_repository.partition('/')[0]}:{pull.head}"}
            and asked.get("base", pull.base) == pull.base
        ]
        return 200, _page(found, asked)

    def _open_pull(self, repository: GitHubRepository, asked: Json) -> Answer:
        wish = Wish(
            base=asked["base"], head=asked["head"], title=asked["title"],
            body=asked.get("body", ""), user=asked[CALLER],
        )  # fmt: skip
        pull = repository.open_pull(wish)
        return 201, self._show.pull(repository, pull)

    def _get_pull(self, repository: GitHubRepository, _: Json, number: str) -> Answer:
        return 200, self._show.pull(repository, repository.pull(int(number)))

    def _edit_pull(self, repository: GitHubRepository, asked: Json, number: str) -> Answer:
        pull = repository.pull(int(number))
        wanted = asked.get("state", pull.state)
        if wanted != pull.state:
            if wanted == "open" and pull.head not in repository.branches():
                told = f"state cannot be changed. The {pull.head} branch has been deleted."
                raise Refused(422, told, "invalid", "PullRequest")
            (repository.close if wanted == "closed" else repository.reopen)(pull.number)
        pull.title, pull.body = asked.get("title", pull.title), asked.get("body", pull.body)
        return 200, self._show.pull(repository, pull)

    def _merge_pull(self, repository: GitHubRepository, asked: Json, number: str) -> Answer:
        commit = repository.merge(int(number), asked.get("sha", ""), keep_head=True)
        return 200, {"sha": commit, "merged": True, "message": "Pull Request successfully merged"}

    def _compare(self, repository: GitHubRepository, _: Json, base: str, head: str) -> Answer:
        return 200, self._show.comparison(repository, base, head)

    def _make_ref(self, repository: GitHubRepository, asked: Json) -> Answer:
        name = asked["ref"].removeprefix("refs/heads/")
        repository.make_branch(name, asked["sha"])
        return 201, self._show.branch(repository, name)

    def _post_status(self, repository: GitHubRepository, asked: Json, commit: str) -> Answer:
        made = repository.post_status(
            commit,
            Status(
                0, asked.get("context", "default"), asked["state"], asked.get("description"),
                asked[CALLER],
            ),
        )  # fmt: skip
        return 201, self._show.status(repository, commit, made)

    def _list_statuses(self, repository: GitHubRepository, asked: Json, commit: str) -> Answer:
        found = reversed(repository.statuses.get(commit, []))
        return 200, _page([self._show.status(repository, commit, each) for each in found], asked)

    def _list_approvals(self, repository: GitHubRepository, _: Json, run: str) -> Answer:
        if int(run) not in repository.approvals:
            raise Refused(404, "Not Found")
        return 200, [
            self._show.approval(repository, *each) for each in repository.approvals[int(run)]
        ]

    def _get_label(self, repository: GitHubRepository, _: Json, name: str) -> Answer:
        if name not in repository.labels:
            raise Refused(404, "Not Found")
        return 200, self._show.label(repository.labels[name])

    def _make_label(self, repository: GitHubRepository, asked: Json) -> Answer:
        name = asked["name"]
        if name in repository.labels:
            raise Refused(422, "", "already_exists", "Label")
        label = Label(name, asked.get("color", "ededed"), asked.get("description"))
        repository.labels[name] = label
        return 201, self._show.label(label)

    def _add_labels(self, repository: GitHubRepository, asked: Json, number: str) -> Answer:
        labels = repository.add_labels(int(number), asked["labels"])
        return 200, [self._show.label(label) for label in labels]

    def _remove_label(
        self, repository: GitHubRepository, _: Json, number: str, name: str
    ) -> Answer:
        issue = repository.issue(int(number))
        if name not in issue.labels:
            raise Refused(404, "Label does not exist")
        issue.labels.remove(name)
        return 200, [self._show.label(label) for label in repository.labels_of(issue)]

    def _list_issues(self, repository: GitHubRepository, asked: Json) -> Answer:
        _ask_whether_there_are_issues(repository)
        newest_first = asked.get("direction", "desc") == "desc"
        state, labels = asked.get("state", "open"), asked.get("labels", "")
        found = [
            self._show.issue(repository, issue)
            for issue in sorted(
                repository.issues.values(), key=lambda issue: issue.number, reverse=newest_first
            )
            if state in {"all", issue.state} and (not labels or labels in issue.labels)
        ]
        return 200, _page(found, asked)

    def _open_issue(self, repository: GitHubRepository, asked: Json) -> Answer:
        _ask_whether_there_are_issues(repository)
        issue = repository.open_issue(
            asked["title"], asked.get("body", ""), asked.get("labels", []), asked[CALLER]
        )
        return 201, self._show.issue(repository, issue)

    def _get_issue(self, repository: GitHubRepository, _: Json, number: str) -> Answer:
        return 200, self._show.issue(repository, repository.issue(int(number)))

    def _edit_issue(self, repository: GitHubRepository, asked: Json, number: str) -> Answer:
        issue = repository.issue(int(number))
        issue.title, issue.body = asked.get("title", issue.title), asked.get("body", issue.body)
        issue.state = asked.get("state", issue.state)
        issue.state_reason = asked.get("state_reason", issue.state_reason)
        return 200, self._show.issue(repository, issue)

    def _list_comments(self, repository: GitHubRepository, asked: Json, number: str) -> Answer:
        found = repository.comments_on(int(number))
        return 200, _page([self._show.comment(repository, each) for each in found], asked)

    def _add_comment(self, repository: GitHubRepository, asked: Json, number: str) -> Answer:
        made = repository.add_comment(int(number), asked["body"], asked[CALLER])
        return 201, self._show.comment(repository, made)

    def _edit_comment(self, repository: GitHubRepository, asked: Json, number: str) -> Answer:
        edited = repository.edit_comment(int(number), asked["body"])
        return 200, self._show.comment(repository, edited)


def _ask_whether_there_are_issues(repository: GitHubRepository) -> None:
    if not repository.has_issues:
        raise Refused(410, "Issues are disabled for this repo")


def _page(found: list[Json], asked: Json) -> list[Json]:
    size, page = int(asked.get("per_page", 30)), int(asked.get("page", 1))
    return found[size * (page - 1) : size * page]
