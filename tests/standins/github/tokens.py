"""Tokens of the stand-in GitHub that may do less than all, such as those of workflow runs."""

import base64
import re
from collections.abc import Collection
from dataclasses import dataclass

from tests.standins.github.faults import Call

ACTIONS = "github-actions[bot]"
ALL = ("administration", "contents", "issues", "pull-requests", "statuses")
_ADMINISTRATION = re.compile(r"/keys(/\d+)?$|/environments/|/rulesets(/\d+)?$")
_SHARED = re.compile(r"/issues/(\d+/|comments/)|/labels$")


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What the holder of a token may do."""

    repository: str = ""
    """Full name of the only repository that it opens; of others, those that are public are read."""
    writes: Collection[str] = ()
    """Of `administration`, `contents`, `issues`, `pull-requests` and `statuses`; else it reads."""
    user: str = ACTIONS

    def opens(self, full_name: str, *, public: bool) -> bool:
        """Return whether a repository is there at all for who holds it."""
        return public or self.repository.lower() in {"", full_name.lower()}

    def allows(self, call: Call, full_name: str) -> bool:
        """Return whether a call may be made on a repository that it opens."""
        if not call.writing:
            return True
        if self.repository.lower() not in {"", full_name.lower()}:
            return False
        return not _rights(call).isdisjoint(self.writes)


def token_of(header: str) -> str:
    """Return the token of an `Authorization` header, however it is given; else nothing."""
    kind, _, text = header.partition(" ")
    if kind.lower() != "basic":
        return text if kind in {"Bearer", "token"} else ""
    return base64.b64decode(text).decode().partition(":")[2]  # GitHub takes any user name


def _rights(call: Call) -> set[str]:
    """Return the rights of which a writing call needs one."""
    if call.path.endswith(("/git-receive-pack", "/git/refs", "/merge")):
        return {"contents"}
    if _ADMINISTRATION.search(call.path):
        return {"administration"}
    if "/statuses/" in call.path:
        return {"statuses"}
    if _SHARED.search(call.path):
        return {"issues", "pull-requests"}  # a pull request is an issue too
    return {"pull-requests"} if "/pulls" in call.path else {"issues"}
