"""What the stand-in GitHub answers, in the shapes of GitHub's published OpenAPI description.

Fields that nobody here reads are filled as well: the description demands them, and the
contract tests run through a proxy that checks every answer against it.
"""

from typing import Any
from urllib.parse import quote

from tests.standins.github.repository import (
    CREATED,
    Comment,
    GitHubRepository,
    Issue,
    Label,
    Pull,
    Status,
)

Json = dict[str, Any]

_USER_LINKS = (
    "avatar_url events_url followers_url following_url gists_url organizations_url "
    "received_events_url repos_url starred_url subscriptions_url url html_url"
)
_REPOSITORY_LINKS = (
    "archive_url assignees_url blobs_url branches_url collaborators_url comments_url commits_url "
    "compare_url contents_url contributors_url deployments_url downloads_url events_url forks_url "
    "git_commits_url git_refs_url git_tags_url hooks_url html_url issue_comment_url "
    "issue_events_url issues_url keys_url labels_url languages_url merges_url milestones_url "
    "notifications_url pulls_url releases_url stargazers_url statuses_url subscribers_url "
    "subscription_url tags_url teams_url trees_url url clone_url git_url ssh_url svn_url"
)
_REPOSITORY_COUNTS = (
    "forks forks_count open_issues open_issues_count size stargazers_count watchers "
    "watchers_count network_count subscribers_count"
)
_REPOSITORY_FLAGS = (
    "fork has_issues has_projects has_wiki has_pages has_discussions has_downloads archived "
    "disabled private"
)
_PULL_LINKS = (
    "comments_url commits_url diff_url html_url issue_url patch_url review_comment_url "
    "review_comments_url statuses_url url"
)
_PULL_COUNTS = "additions changed_files comments commits deletions review_comments"


class Answers:
    """Shapes the state of repositories for one server, whose address stands in every link."""

    def __init__(self, url: str) -> None:
        self.url = self._url = url

    def organization(self, login: str) -> Json:
        """Return an organization; every owner is one."""
        url = f"{self._url}/orgs/{login}"
        names = "url html_url repos_url events_url hooks_url issues_url members_url"
        counts = "public_repos public_gists followers following"
        return {
            **dict.fromkeys(f"{names} public_members_url avatar_url".split(), url),
            **dict.fromkeys(counts.split(), 0), "login": login, "id": 1, "node_id": "O_1",
            "description": None, "has_organization_projects": True,
            "has_repository_projects": True, "type": "Organization", "created_at": CREATED,
            "updated_at": CREATED, "archived_at": None,
        }  # fmt: skip

    def user(self, login: str) -> Json:
        links = dict.fromkeys(_USER_LINKS.split(), f"{self._url}/{quote(login)}")
        return {
            **links, "login": login, "id": 1, "node_id": "U_1", "gravatar_id": "",
            "type": "Bot" if login.endswith("[bot]") else "User", "site_admin": False,
        }  # fmt: skip

    def installation(self, number: int, owner: str) -> Json:
        """Return where a GitHub App was let in."""
        url = f"{self._url}/app/installations/{number}"
        return {
            **dict.fromkeys(("access_tokens_url", "html_url", "repositories_url"), url),
            "id": number, "account": self.user(owner), "app_id": 123456, "app_slug": "kalypso",
            "target_id": 1, "target_type": "Organization", "repository_selection": "all",
            "permissions": {"contents": "write"}, "events": [], "single_file_name": None,
            "created_at": CREATED, "updated_at": CREATED, "suspended_by": None,
            "suspended_at": None,
        }  # fmt: skip

    def repository(self, repository: GitHubRepository, *, allowed: bool = True) -> Json:
        url = f"{self._url}/{repository.full_name}"
        return {
            **dict.fromkeys(_REPOSITORY_LINKS.split(), url),
            **dict.fromkeys(_REPOSITORY_COUNTS.split(), 0),
            **dict.fromkeys(_REPOSITORY_FLAGS.split(), False),
            "id": repository.number, "node_id": "R_1", "name": repository.name,
            "full_name": repository.full_name, "owner": self.user(repository.owner),
            "language": None, "mirror_url": None, "license": None, **repository.about,
            "private": repository.about["visibility"] != "public",
            "pushed_at": CREATED, "created_at": CREATED, "updated_at": CREATED,
            "permissions": {"admin": False, "pull": True, "push": allowed},
        }  # fmt: skip

    def label(self, label: Label) -> Json:
        return {
            "id": 1, "node_id": "LA_1", "url": f"{self._url}/labels/{label.name}",
            "name": label.name, "color": label.color, "description": label.description,
            "default": False,
        }  # fmt: skip

    def issue(self, repository: GitHubRepository, issue: Issue) -> Json:
        url = f"{self._url}/{repository.full_name}/issues/{issue.number}"
        links = ("comments_url", "events_url", "html_url", "labels_url", "repository_url", "url")
        found = {
            **dict.fromkeys(links, url), **self._texts(repository, issue), "comments": 0,
        }  # fmt: skip
        if isinstance(issue, Pull):
            return {**found, "pull_request": self._issue_links(url)}
        return {**found, "state_reason": issue.state_reason}

    def comment(self, repository: GitHubRepository, comment: Comment) -> Json:
        issue = f"{self._url}/{repository.full_name}/issues/{comment.issue}"
        page = f"{issue}#issuecomment-{comment.number}"
        return {
            "id": comment.number, "node_id": f"IC_{comment.number}", "body": comment.body,
            "url": page, "html_url": page, "issue_url": issue, "user": self.user(comment.user),
            "created_at": CREATED, "updated_at": CREATED, "author_association": "NONE",
        }  # fmt: skip

    def pull(self, repository: GitHubRepository, pull: Pull, *, whole: bool = True) -> Json:
        """Return a pull request; not whole as in a list, without what takes time to count."""
        url = f"{self._url}/{repository.full_name}/pull/{pull.number}"
        merged = CREATED if pull.merge_commit else None
        names = "comments commits statuses html issue review_comments review_comment self"
        simple = {
            **dict.fromkeys(_PULL_LINKS.split(), url), **self._texts(repository, pull),
            "_links": {name: {"href": url} for name in names.split()},
            "merge_commit_sha": pull.merge_commit or None, "merged_at": merged,
            "auto_merge": None,
            "base": self._side(repository, pull.base, pull.opened_on, repository.full_name),
            "head": self._side(repository, pull.head, pull.head_commit, pull.from_repository),
        }  # fmt: skip
        if not whole:
            return simple
        return {
            **simple, **dict.fromkeys(_PULL_COUNTS.split(), 0),
            "changed_files": repository.changed_files(pull), "mergeable": None,
            "mergeable_state": "unknown", "merged": merged is not None, "merged_by": None,
            "maintainer_can_modify": False,
        }  # fmt: skip

    def commit(self, repository: GitHubRepository, commit: str) -> Json:
        url = f"{self._url}/{repository.full_name}/commit/{commit}"
        tree, parents, name, email, message = repository.git(
            "show", "--no-patch", "--format=%T%n%P%n%cn%n%ce%n%B", commit
        ).split("\n", 4)
        person = {"name": name, "email": email, "date": CREATED}
        return {
            "sha": commit, "node_id": "C_1", "url": url, "html_url": url, "comments_url": url,
            "author": None, "committer": None,
            "parents": [{"sha": parent, "url": url} for parent in parents.split()],
            "commit": {
                "url": url, "author": person, "committer": person, "message": message,
                "comment_count": 0, "tree": {"sha": tree, "url": url},
            },
        }  # fmt: skip

    def comparison(self, repository: GitHubRepository, base: str, head: str) -> Json:
        """Return what lies between two commits; of it, only where they part is exact."""
        url = f"{self._url}/{repository.full_name}/compare/{base}...{head}"
        links = ("url", "html_url", "permalink_url", "diff_url", "patch_url")
        fork = repository.fork_point(base, head)
        return {
            **dict.fromkeys(links, url), "base_commit": self.commit(repository, base),
            "merge_base_commit": self.commit(repository, fork), "status": "ahead",
            "ahead_by": 1, "behind_by": 0, "total_commits": 1,
            "commits": [self.commit(repository, head)],
        }  # fmt: skip

    def status(self, repository: GitHubRepository, commit: str, status: Status) -> Json:
        url = f"{self._url}/{repository.full_name}/statuses/{commit}"
        return {
            "id": status.number, "node_id": f"SC_{status.number}", "url": url, "avatar_url": url,
            "state": status.state, "description": status.description, "target_url": None,
            "context": status.context, "created_at": CREATED, "updated_at": CREATED,
            "creator": self.user(status.user),
        }  # fmt: skip

    def approval(self, repository: GitHubRepository, state: str, name: str, who: str) -> Json:
        url = f"{self._url}/{repository.full_name}/environments/{name}"
        environment = {
            "id": 1, "node_id": "EN_1", "name": name, "url": url, "html_url": url,
            "created_at": CREATED, "updated_at": CREATED,
        }  # fmt: skip
        return {
            "environments": [environment],
            "state": state,
            "user": self.user(who),
            "comment": "",
        }

    def whole_branch(self, repository: GitHubRepository, name: str) -> Json:
        """Return a branch with its newest commit, as it is asked for by name."""
        url = f"{self._url}/{repository.full_name}/branches/{name}"
        return {
            "name": name, "commit": self.commit(repository, repository.branches()[name]),
            "_links": {"html": url, "self": url}, "protected": False, "protection": {},
            "protection_url": f"{url}/protection",
        }  # fmt: skip

    def branch(self, repository: GitHubRepository, name: str) -> Json:
        url = f"{self._url}/{repository.full_name}/git/refs/heads/{name}"
        commit = repository.branches()[name]
        return {
            "ref": f"refs/heads/{name}", "node_id": "REF_1", "url": url,
            "object": {"type": "commit", "sha": commit, "url": url},
        }  # fmt: skip

    def _texts(self, repository: GitHubRepository, issue: Issue) -> Json:
        closed = CREATED if issue.state == "closed" else None
        return {
            "id": issue.number, "node_id": f"I_{issue.number}", "number": issue.number,
            "title": issue.title, "body": issue.body, "state": issue.state, "locked": False,
            "user": self.user(issue.user), "assignee": None, "milestone": None,
            "labels": [self.label(label) for label in repository.labels_of(issue)],
            "created_at": CREATED, "updated_at": CREATED, "closed_at": closed,
            "author_association": "MEMBER",
        }  # fmt: skip

    def _side(self, repository: GitHubRepository, branch: str, commit: str, source: str) -> Json:
        owner, _, name = source.partition("/")
        shown = {**self.repository(repository), "full_name": source, "name": name}
        return {
            "label": f"{owner}:{branch}", "ref": branch, "sha": commit, "user": self.user(owner),
            "repo": shown,
        }  # fmt: skip

    def _issue_links(self, url: str) -> Json:
        return dict.fromkeys(("diff_url", "html_url", "patch_url", "url"), url)
