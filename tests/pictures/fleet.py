"""The fleet that is pictured: the sample, with an application on it and a change on the way."""

from __future__ import annotations

import os
import shutil
from itertools import takewhile
from pathlib import Path

from tests.docs.console import Shell, steps

ROOT = Path(__file__).parents[2]
MODEL = ("-e", "dev", "--base", "main", "--control-plane", "dev", "--repositories", "workloads")
_PAGE = ROOT / "docs/how-to/ask-the-model.md"
_COMMIT = (
    "git init --quiet",
    "git add .",
    "git -c user.name=Ada -c user.email=ada@example.com commit --quiet --message fleet",
)
_CHANGE = (
    "sed -i.bak 's/East US/East US 2/' dev/cluster-types/east-us/east-us-config.yaml",
    "rm dev/cluster-types/east-us/east-us-config.yaml.bak",
    "git diff --quiet; test $? = 1",
)


def make_fleet(folder: Path) -> Path:
    """Set up the fleet of the page of questions, with one value that is not committed yet.

    Returns:
        The folder of the fleet.
    """
    shutil.copytree(ROOT / "sample", folder / "sample")
    shell = Shell(folder, {"PATH": os.environ["PATH"]}, folder / "command")
    set_up = takewhile(lambda step: step.output is None, steps(_PAGE.read_text("utf-8")))
    try:
        for command in (*(step.command for step in set_up), *_COMMIT, *_CHANGE):
            result = shell.run(command)
            assert result.code == 0, f"{command}: {result.output}"
    finally:
        shell.close()
    return folder / "fleet"
