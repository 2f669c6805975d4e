"""Checks of one's own: a program or a web service is asked about a commit, with a limit of time."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace

from kalypso.promotion import Asked, CheckResult, Expected, of_command, of_http

_LARGEST = 64 * 1024


class OwnCheck(msgspec.Struct, frozen=True, kw_only=True):
    """One check of an environment; it has either a command or a URL."""

    name: str
    command: tuple[str, ...] = ()
    url: str = ""
    token: str = ""
    """Sent with the URL, and never shown."""
    seconds: float = 60.0


def ask_check(
    check: OwnCheck,
    expected: Expected,
    environment: Mapping[str, str],
    clock: Callable[[], float] = time.time,
) -> CheckResult:
    """Ask about a commit; what does not answer clearly and in time is neither yes nor no.

    Args:
        check: What to ask.
        expected: What is waited for.
        environment: Variables of a command; it gets three more, which say what it is about.
        clock: Seconds since 1970.
    """
    about = {
        "environment": expected.environment,
        "commit": expected.commit,
        "promoted": expected.promoted,
    }
    asked = Asked(check.name, expected.commit, 0.0, tuple(filter(None, (check.token,))))
    if check.command:
        named = {f"KALYPSO_{key.upper()}": value for key, value in about.items()}
        code, output = _run(check, {**environment, **named})
        return of_command(replace(asked, at=clock()), code, output)
    status, body = _get(check, f"{check.url}{'&' if '?' in check.url else '?'}{urlencode(about)}")
    return of_http(replace(asked, at=clock()), status, body)


def _run(check: OwnCheck, environment: Mapping[str, str]) -> tuple[int | None, bytes]:
    """Return exit code and output of the command; no code if it did not end in time."""
    try:
        process = subprocess.Popen(
            check.command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        return 127, str(error.strerror).encode()
    with process:
        try:
            output, _ = process.communicate(timeout=check.seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return None, b""
    return process.returncode, output


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token is for one address only."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Return nothing, which makes it an answer."""


def _get(check: OwnCheck, url: str) -> tuple[int | None, bytes]:
    """Return status and body of the answer; no status if none came."""
    headers = {"Accept": "application/json", "User-Agent": "kalypso"}
    if check.token:
        headers["Authorization"] = f"Bearer {check.token}"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - settings take http only
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=check.seconds) as answer:
            return answer.status, answer.read(_LARGEST + 1)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, b""
    except (OSError, ValueError):
        return None, b""
