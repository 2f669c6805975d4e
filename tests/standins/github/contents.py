"""Repositories and their files by REST on the stand-in GitHub: what `pulumi-github` calls.

One commit a file, and no two at once: a second writer is refused with 409, as GitHub does.
"""

import base64
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from kalypso.git.write import RefUpdate, Signature, update_refs, write_commit
from tests.standins.github.answers import Answers, Json
from tests.standins.github.repository import GitHubRepository, Refused

Answer = tuple[int, Json]
_COMMIT_SECONDS = 0.02
"""How long a commit takes: long enough for another one to come in between."""


class ContentRoutes:
    """Settings of a repository, and its files."""

    def __init__(self, answers: Answers) -> None:
        self._show = answers
        self._busy: dict[str, threading.Lock] = {}
        self.routes: list[tuple[str, str, Callable[..., Answer]]] = [
            ("PATCH", r"", self._edit),
            ("GET", r"/branches/([^/]+)", self._branch),
            ("GET", r"/commits/([0-9a-f]{40})", self._commit_of),
            ("GET", r"/contents/(.+)", self._read),
            ("PUT", r"/contents/(.+)", self._write),
            ("DELETE", r"/contents/(.+)", self._remove),
        ]

    @contextmanager
    def alone(self, repository: GitHubRepository, method: str, path: str) -> Iterator[None]:
        """Let one commit be made at a time.

        Raises:
            Refused: Another one is being made.
        """
        if method == "GET" or not path.startswith("/contents/"):
            yield
            return
        busy = self._busy.setdefault(repository.full_name, threading.Lock())
        if not busy.acquire(blocking=False):
            raise Refused(409, "is at one commit but expected another")
        try:
            time.sleep(_COMMIT_SECONDS)
            yield
        finally:
            busy.release()

    def _edit(self, repository: GitHubRepository, asked: Json) -> Answer:
        branch = asked.get("default_branch", "")
        if branch and branch not in repository.branches():
            raise Refused(422, f"Cannot update default branch: {branch} was not found")
        archived = repository.about["archived"]
        if archived and asked.get("archived", True):
            raise Refused(403, "Repository was archived so is read-only.")
        repository.about |= {key: asked[key] for key in repository.about if key in asked}
        return 200, self._show.repository(repository)

    def _branch(self, repository: GitHubRepository, _: Json, name: str) -> Answer:
        if name not in repository.branches():
            raise Refused(404, "Branch not found")
        return 200, self._show.whole_branch(repository, name)

    def _commit_of(self, repository: GitHubRepository, _: Json, commit: str) -> Answer:
        if repository.git("cat-file", "-t", commit, check=False) != "commit":
            raise Refused(422, f"No commit found for SHA: {commit}")
        return 200, self._show.commit(repository, commit)

    def _read(self, repository: GitHubRepository, asked: Json, path: str) -> Answer:
        branch = asked.get("ref") or repository.about["default_branch"]
        text = repository.git("show", f"refs/heads/{branch}:{path}", check=False, strip=False)
        blob = repository.git("rev-parse", "--verify", f"refs/heads/{branch}:{path}", check=False)
        if not blob:
            raise Refused(404, "Not Found")
        return 200, self._file(repository, path, branch, text)

    def _write(self, repository: GitHubRepository, asked: Json, path: str) -> Answer:
        old = self._blob(repository, asked, path)
        if old and not asked.get("sha"):
            raise Refused(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
        content = base64.b64decode(asked["content"])
        commit = self._commit(repository, asked, {path: content})
        branch = asked.get("branch") or repository.about["default_branch"]
        file = self._file(repository, path, branch, content.decode())
        return 200 if old else 201, {"content": file, "commit": self._made(repository, commit)}

    def _remove(self, repository: GitHubRepository, asked: Json, path: str) -> Answer:
        if not self._blob(repository, asked, path):
            raise Refused(404, "Not Found")
        commit = self._commit(repository, asked, {path: None})
        return 200, {"content": None, "commit": self._made(repository, commit)}

    def _blob(self, repository: GitHubRepository, asked: Json, path: str) -> str:
        """Return the file as it is, which the caller has to know."""
        branch = asked.get("branch") or repository.about["default_branch"]
        if branch not in repository.branches():
            raise Refused(404, f"Branch {branch} not found")
        blob = repository.git("rev-parse", "--verify", f"refs/heads/{branch}:{path}", check=False)
        if asked.get("sha", blob) != blob:
            raise Refused(409, f"{path} does not match {asked['sha']}")
        return blob

    def _commit(
        self, repository: GitHubRepository, asked: Json, changes: dict[str, bytes | None]
    ) -> str:
        branch = asked.get("branch") or repository.about["default_branch"]
        parent = repository.branches()[branch]
        author = asked.get("author") or {"name": "kalypso-bot", "email": "bot@example.com"}
        commit = write_commit(
            repository.folder,
            parents=[parent],
            changes=changes,
            message=asked["message"],
            signature=Signature(author["name"], author["email"], 1_800_000_000),
        )
        update_refs(repository.folder, [RefUpdate(f"refs/heads/{branch}", parent, commit)])
        return commit

    def _file(self, repository: GitHubRepository, path: str, branch: str, text: str) -> Json:
        blob = repository.git("rev-parse", f"refs/heads/{branch}:{path}")
        url = f"{self._show.url}/{repository.full_name}/contents/{path}?ref={quote(branch)}"
        links = dict.fromkeys(("url", "git_url", "html_url", "download_url"), url)
        return {
            **links, "type": "file", "encoding": "base64", "size": len(text.encode()),
            "name": path.rpartition("/")[2], "path": path, "sha": blob,
            "content": base64.b64encode(text.encode()).decode(),
            "_links": {"git": url, "html": url, "self": url},
        }  # fmt: skip

    def _made(self, repository: GitHubRepository, commit: str) -> Json:
        message = repository.git("show", "--no-patch", "--format=%B", commit)
        return {"sha": commit, "message": message}
