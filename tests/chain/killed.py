"""Runs a command of Kalypso, and ends it as `kill -9` does before its n-th step that others see.

A step is a ref that moves, as branches, pull requests of the local forge and the record are refs;
a push; or a request to GitHub that changes something there.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any
from unittest.mock import patch

import httpx

from kalypso.cli import main
from kalypso.git import git

_READING = frozenset({"GET", "HEAD"})


class _Steps:
    """What is left until the end."""

    def __init__(self, left: int) -> None:
        self.left = left
        self._send = httpx.Client.send

    def step(self) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def git(self, *arguments: str, **options: Any) -> bytes:
        if arguments[0] in {"push", "update-ref"}:
            self.step()
        return git(*arguments, **options)

    def send(self, client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        if request.method not in _READING:
            self.step()
        return self._send(client, request, **options)


def run() -> None:
    """Take the number of the step as first argument, from 0, and the command as the rest."""
    steps = _Steps(int(sys.argv[1]))
    sys.argv = ["kalypso", *sys.argv[2:]]

    def send(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        return steps.send(client, request, **options)

    with (
        patch("kalypso.git.write.git", steps.git),
        patch("kalypso.git.remote.git", steps.git),
        patch.object(httpx.Client, "send", send),
    ):
        main()


if __name__ == "__main__":
    run()
