"""Which files count: answers of Flux's own library, and the promises that matter most to people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kalypso.loading.ignore import kept, kept_paths

RECORDED = json.loads((Path(__file__).parent / "data" / "sourceignore.json").read_text())["cases"]


@pytest.mark.parametrize("case", RECORDED, ids=range(len(RECORDED)))
def test_keeps_what_flux_keeps(case: dict[str, Any]) -> None:
    files = {**case["ignore"], **dict.fromkeys(case["paths"], "")}
    assert kept(files) == sorted(case["kept"])


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(["a.yaml", "b.yml", "c.json", "D.YAML"], ["a.yaml", "b.yml"], id="suffix"),
        pytest.param([".yaml"], [".yaml"], id="a file of the suffix alone"),
        pytest.param([".github/w.yaml", "a.yaml"], ["a.yaml"], id="CI folder"),
        pytest.param(["x/.github/w.yaml"], [], id="CI folder at depth"),
        pytest.param(["pics.png/a.yaml"], [], id="extension of a folder"),
        pytest.param([".git/a.yaml", "x/.gitmodules/a.yaml"], [], id="version control"),
        pytest.param(
            [".travis.yml", ".gitlab-ci.yml", "appveyor.yml", ".drone.yml", "cloudbuild.yaml"],
            [],
            id="CI files",
        ),
        pytest.param(
            ["codeship-services.yml", "codeship-steps.yml", "a/.goreleaser.yml", "a/.sops.yaml"],
            [],
            id="CI files, continued",
        ),
        pytest.param(["a/.flux.yaml", "b.tar.gz/x.yaml", "b.zip/x.yaml"], [], id="extras"),
    ],
)
def test_defaults_hold_without_an_ignore_file(files: list[str], expected: list[str]) -> None:
    assert kept(dict.fromkeys(files, "")) == expected


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\n  \n\t\n", "\r\n", "\u00a0\n"])
def test_a_file_without_patterns_leaves_the_defaults_on(text: str) -> None:
    assert kept({".sourceignore": text, ".drone.yml": "", "a.yaml": ""}) == ["a.yaml"]


@pytest.mark.parametrize("text", ["!", "/", "!\n", "nothing-of-this-name\n", "\x1c\n"])
def test_any_pattern_switches_the_defaults_off(text: str) -> None:
    assert kept({"deep/.sourceignore": text, ".drone.yml": ""}) == [".drone.yml"]


def test_a_line_that_no_scanner_takes_ends_the_file() -> None:
    long = "x" * 65_536
    files = {".sourceignore": f"b.yaml\n{long}\na.yaml\n", "a.yaml": "", "b.yaml": ""}
    assert kept(files) == ["a.yaml"]
    files[".sourceignore"] = f"b.yaml\n{long[1:]}\na.yaml\n"
    assert kept(files) == []


def test_a_byte_order_mark_spoils_the_first_line_only() -> None:
    files = {".sourceignore": "\ufeffa.yaml\nb.yaml\n", "a.yaml": "", "b.yaml": ""}
    assert kept(files) == ["a.yaml"]


def test_a_file_comes_back_although_its_folder_is_left_out() -> None:
    files = {".sourceignore": "a/\n!a/x.yaml\n", "a/x.yaml": "", "a/y.yaml": ""}
    assert kept(files) == ["a/x.yaml"]


def test_an_ignore_file_inside_a_folder_that_is_left_out_is_still_read() -> None:
    files = {".sourceignore": "a/\n", "a/.sourceignore": "!x.yaml\n", "a/x.yaml": "", "a/y.yml": ""}
    assert kept(files) == ["a/x.yaml"]


def test_thousands_of_files_and_patterns_are_judged_at_once() -> None:
    paths = [f"d{number % 50}/f{number}.yaml" for number in range(2_000)]
    patterns = "".join(f"d{number}/f*[13579].yaml\n" for number in range(100))
    assert len(kept_paths(paths, {".sourceignore": patterns})) == 1_000


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.md", "docs/read.md/a.yaml"),
        ("**/secret.yaml", "a/b/secret.yaml"),
        ("a/*.yaml", "a/b.yaml"),
        ("[ab].yaml", "x/b.yaml"),
        ("a|b.yaml", "a|b.yaml"),
    ],
)
def test_a_pattern_counts_wherever_in_a_path_its_name_is(pattern: str, path: str) -> None:
    assert kept({".sourceignore": f"{pattern}\nnever.yaml\n", path: ""}) == []


def test_a_broken_pattern_leaves_the_others_on() -> None:
    files = {".sourceignore": "[a.yaml\nb.yaml\n", "[a.yaml": "", "b.yaml": ""}
    assert kept(files) == ["[a.yaml"]
