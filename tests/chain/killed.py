"""Runs a command of Kalypso, and ends it as `kill -9` does before it moves its n-th ref.

On the local forge, whatever others can see is a ref: branches, pull requests, the record.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any
from unittest.mock import patch

from kalypso.cli import main
from kalypso.git import git


def run() -> None:
    """Take the number of the step as first argument, from 0, and the command as the rest."""
    left = int(sys.argv[1])
    sys.argv = ["kalypso", *sys.argv[2:]]

    def counted(*arguments: str, **options: Any) -> bytes:  # noqa: ANN401 - as the real one
        nonlocal left
        if arguments[0] == "update-ref":
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
        return git(*arguments, **options)

    with patch("kalypso.git.write.git", counted):
        main()


if __name__ == "__main__":
    run()
