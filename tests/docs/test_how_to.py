"""The how-to pages that ask about a model, followed command by command."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.docs.console import Result, Shell, difference, steps, updated

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "tests" / "conformance"
"""Holds a cut of the package with Kubernetes' schemas."""
PAGES = (
    "ask-the-model.md",
    "review-a-change.md",
    "start-your-own.md",
    "add-an-environment.md",
    "check-against-schemas.md",
    "check-files-in-an-editor.md",
    "move-from-the-operator.md",
    "install-and-upgrade.md",
    "rename-and-retire.md",
    "troubleshooting.md",
)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_does_what_it_shows(
    page: str, tmp_path: Path, *, update_golden: bool
) -> None:
    path = ROOT / "docs/how-to" / page
    clone = tmp_path / "clone"
    shutil.copytree(ROOT / "sample", clone / "sample")
    variables = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(KUBERNETES)]),
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
    }
    shell = Shell(clone, variables, tmp_path / "command")
    document = path.read_text(encoding="utf-8")
    results: dict[int, Result] = {}
    differences: list[str] = []
    try:
        for step in steps(document):
            result = results[step.line] = shell.run(step.command)
            found = difference(step, result, tmp_path)
            if found:
                differences.append(f"docs/how-to/{page}:{step.line}: $ {step.command}\n{found}")
    finally:
        shell.close()
    if update_golden:
        text = updated(document, results).replace(str(tmp_path), "~")
        path.write_text(text, encoding="utf-8")
    assert not differences, "\n\n".join(differences)
