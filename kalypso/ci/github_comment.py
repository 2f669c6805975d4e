"""The step that puts the comment of a preview on a pull request of GitHub."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from kalypso.ci.console import Console
from kalypso.ci.github_rest import CallFailed, Rest
from kalypso.ci.variables import Variable, values_of
from kalypso.errors import Position, SettingsError

GITHUB_COMMENT = (
    Variable(
        "GH_TOKEN",
        "may write pull requests of this repository; that of the workflow's run",
        pattern=r"[!-~]+",
    ),
    Variable("GITHUB_API_URL", "set by GitHub", pattern=r"https?://\S+"),
    Variable("GITHUB_REPOSITORY", "set by GitHub", pattern=r"[\w.-]+/[\w.-]+"),
    Variable("PULL_REQUEST", "its number", pattern=r"\d+"),
    Variable("OUT", "folder with comment.md", pattern=".+"),
    Variable(
        "PAUSE",
        "seconds before it is tried again, more with each try; default 2. Thirty times as many"
        " where GitHub says that there were too many calls",
        needed=False,
        pattern=r"(\d+(\.\d+)?)?",
    ),
)
_PAUSE = "2"
_TRIES = 4
_LIMITED = 30
_PAGE = 100


class _Thread(msgspec.Struct, frozen=True):
    """The comments on a pull request."""

    rest: Rest
    issues: str
    number: str

    def put(self, body: str) -> str:
        """Edit Kalypso's comment, or make it; return its page.

        Looks first, also when it is tried again: an answer that was lost made a comment all the
        same.
        """
        found = self._find(body.split("\n", 1)[0])
        if found:
            answer = self.rest.call("PATCH", f"{self.issues}/comments/{found}", {"body": body})
        else:
            path = f"{self.issues}/{self.number}/comments"
            answer = self.rest.call("POST", path, {"body": body})
        return str(_field(answer, "html_url"))

    def _find(self, mark: str) -> int | None:
        """Return the number of Kalypso's comment, if there is one.

        Args:
            mark: What it begins with. Only a bot's comment counts: a person may quote one.
        """
        page = 1
        while True:
            query = f"per_page={_PAGE}&page={page}"
            found = self.rest.call("GET", f"{self.issues}/{self.number}/comments?{query}")
            if not isinstance(found, list):
                raise CallFailed(f"the list of comments is not one: {found!r:.400}")
            for comment in found:
                bot = _field(_field(comment, "user"), "type") == "Bot"
                if bot and str(_field(comment, "body") or "").startswith(mark):
                    return int(str(_field(comment, "id")))
            if len(found) < _PAGE:
                return None
            page += 1


def github_comment(
    variables: Mapping[str, str], console: Console, sleep: Callable[[float], None] = time.sleep
) -> int:
    """Put the comment there: one for each environment, edited when the pull request changes."""
    values = values_of(GITHUB_COMMENT, variables)
    body = _read(Path(values["OUT"]) / "comment.md")
    thread = _Thread(
        Rest(values["GITHUB_API_URL"].rstrip("/"), values["GH_TOKEN"]),
        f"/repos/{values['GITHUB_REPOSITORY']}/issues",
        values["PULL_REQUEST"],
    )
    for tried in range(1, _TRIES + 1):
        try:
            console.say(thread.put(body))
        except CallFailed as error:
            console.show_error(f"{error}\n")
            if not error.again or tried == _TRIES:
                return 1
            sleep((_LIMITED if error.limited else tried) * float(values["PAUSE"] or _PAUSE))
        else:
            return 0
    return 1


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        message = f"the comment cannot be read: {error.strerror}"
        raise SettingsError(message, Position(str(path))) from None


def _field(value: object, name: str) -> object:
    """Return a field of an answer; nothing if it has none."""
    return value.get(name) if isinstance(value, dict) else None
