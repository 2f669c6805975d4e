"""The example of each kind in the page on the model is one that the program takes as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kalypso.loading import KINDS
from tests.cli.command import Result, run

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/explanation/model.md"
EXAMPLE = re.compile(
    r"^```yaml\n"
    r"# (?:control plane|repository (?P<repo>\S+)), branch (?P<branch>\S+): (?P<path>\S+)\n"
    r"(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def examples() -> dict[str, str]:
    """Return the text of each example by its path in a folder with a folder for each branch."""
    found = EXAMPLE.finditer(PAGE.read_text("utf-8"))
    return {f"{each['repo'] or each['branch']}/{each['path']}": each["text"] for each in found}


def kind(text: str) -> str:
    found = re.search(r"^kind: (\S+)$", text, re.MULTILINE)
    assert found is not None
    return found[1]


def validate(folder: Path, files: dict[str, str]) -> Result:
    """Check the files as a user would, with unknown fields as errors."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    model = ("-e", "dev", "--control-plane", "dev", "--base", "main")
    return run(
        ["validate", "--strict", *model, "--repo", "https://github.com/acme/shop=shop"], folder
    )


def test_every_kind_has_an_example() -> None:
    assert {kind(text) for text in examples().values()} == set(KINDS)


def test_the_examples_together_are_a_model_without_an_error_or_a_warning(tmp_path: Path) -> None:
    done = validate(tmp_path, examples())
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "dev: 0 errors, 0 warnings (1 cluster type, 1 deployment target, 1 policy, 1 assignment)\n"
    )


@pytest.mark.parametrize("path", sorted(examples()))
def test_a_slip_in_an_example_would_be_found(path: str, tmp_path: Path) -> None:
    files = examples()
    files[path] = re.sub(r"^(spec|data):$", r"\1:\n  slip: 1", files[path], flags=re.MULTILINE)
    done = validate(tmp_path, files)
    assert done.code == 2
    assert f"{path}:" in done.out
    assert "slip" in done.out
