"""Checks of one's own: what an exit code or an HTTP answer says about a commit.

Only a clear yes is one. An answer that is late, malformed, too large or of a kind that was not
agreed on is neither yes nor no, and keeps the gate closed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

import msgspec

from kalypso.promotion.conditions import CheckResult

LARGEST = 64 * 1024
"""Bytes of output that are looked at."""
_SHOWN = 200
Answer = Literal["pass", "fail", "unknown"]
_OK = 200
_HIDDEN = "***"


class Asked(msgspec.Struct, frozen=True):
    """A check that was asked about a commit."""

    name: str
    commit: str
    """Of the GitOps branch."""
    at: float
    """When the answer came, by our clock."""
    secrets: tuple[str, ...] = ()
    """Texts that are never shown."""

    def says(self, answer: Answer, text: str) -> CheckResult:
        """Return the result."""
        return CheckResult(self.name, self.commit, answer, self.at, text)


def of_command(asked: Asked, exit_code: int | None, output: bytes) -> CheckResult:
    """Return what a command says: 0 is yes, 1 is no, anything else is neither.

    Args:
        asked: The check.
        exit_code: None if it did not end in time.
        output: The last line is shown.
    """
    text = _shown(output, asked.secrets)
    match exit_code:
        case 0:
            return asked.says("pass", text)
        case 1:
            return asked.says("fail", text)
        case None:
            return asked.says("unknown", "it did not end in time")
        case _:
            said = f"it ended with {exit_code}{f': {text}' if text else ''}"
            return asked.says("unknown", said)


def of_http(asked: Asked, status: int | None, body: bytes) -> CheckResult:
    """Return what an HTTP answer says: `{"pass": true}` or `{"pass": false}`, with 200.

    Args:
        asked: The check.
        status: None if no answer came in time.
        body: JSON; a text under `message` is shown.
    """
    if status is None:
        return asked.says("unknown", "no answer in time")
    if status != _OK:
        return asked.says("unknown", f"it answered with {status}")
    if len(body) > LARGEST:
        return asked.says("unknown", "its answer is too large")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return asked.says("unknown", "its answer is not JSON")
    said = answer.get("pass") if isinstance(answer, dict) else None
    if not isinstance(said, bool):
        text = "its answer does not say pass: true or pass: false"
        return asked.says("unknown", text)
    message = answer.get("message")
    text = _shown(message.encode(), asked.secrets) if isinstance(message, str) else ""
    return asked.says("pass" if said else "fail", text)


def _shown(output: bytes, secrets: Sequence[str]) -> str:
    lines = output[-LARGEST:].decode(errors="replace").strip().splitlines()
    text = lines[-1].strip() if lines else ""
    for secret in secrets:
        if secret:
            text = text.replace(secret, _HIDDEN)
    return "".join(c if c.isprintable() else " " for c in text)[:_SHOWN]
