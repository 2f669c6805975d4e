"""A problem shows the line that it is about, unless the line is not for whoever reads it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kalypso.errors import Collector, LoadError, Position, Problems
from kalypso.source_lines import SourceLines
from tests.cli.command import FLEET, MODEL, ask, run

LONG = f"{'a' * 300}b{'c' * 300}"


def excerpt(text: str, line: int = 1, column: int = 1) -> str:
    lines = SourceLines()
    lines.add("dev/", {"policy.yaml": text.encode()})
    return lines.excerpt("dev/policy.yaml", line, column)


def test_line_has_its_number_and_a_caret_below_the_column() -> None:
    assert excerpt("spec:\n  a: b\n", 2, 3) == "2 |   a: b\n      ^"


def test_caret_is_below_the_column_behind_tabs_and_of_a_two_digit_line() -> None:
    assert excerpt("\n" * 9 + "\ta: b", 10, 2) == "10 | \ta: b\n     \t^"


@pytest.mark.parametrize("text", ["a: b\r\nc: d", "\ufeffa: b\nc: d"], ids=["CRLF", "BOM"])
def test_bytes_that_editors_hide_are_not_shown(text: str) -> None:
    assert excerpt(text) == "1 | a: b\n    ^"


def test_of_a_long_line_the_part_around_the_caret_is_shown() -> None:
    line, caret = excerpt(LONG, 1, 301).splitlines()
    assert len(line) < 170
    assert line[caret.index("^")] == "b"


@pytest.mark.parametrize(
    ("line", "column"), [(3, 1), (1, 99)], ids=["behind the last line", "behind the end of a line"]
)
def test_place_that_is_not_in_the_file_breaks_nothing(line: int, column: int) -> None:
    assert excerpt("a: b", line, column) in {"", "1 | a: b\n        ^"}


@pytest.mark.parametrize(
    "line",
    [
        "repo: https://t0k3n@git.example/x",
        "repo: ada:t0k3n@git.example:x",
        "repo: https://git.example/x?token=t0k3n",
    ],
)
def test_line_that_may_hold_a_credential_is_not_shown(line: str) -> None:
    assert excerpt(line, 1, 7) == ""


@pytest.mark.parametrize("line", ["apiVersion: v1", "---", "--- # comment", "kind: Template"])
def test_line_that_only_begins_an_object_is_not_shown(line: str) -> None:
    assert excerpt(line) == ""


def test_line_whose_kind_is_wrong_is_shown() -> None:
    assert excerpt("kind: Templat", 1, 7) == "1 | kind: Templat\n          ^"


def test_file_of_no_known_tree_is_not_shown() -> None:
    lines = SourceLines()
    lines.add("dev/", {"policy.yaml": b"a: b"})
    assert lines.excerpt("app-src/policy.yaml", 1, 1) == ""


def test_confidential_problem_shows_no_line() -> None:
    problems = Collector()
    problems.lines.add("dev/", {"a.yaml": b"password: hunter2"})
    at = Position("dev/a.yaml", 1, 11)
    problems.warn("looks-like-a-credential", "this looks like a password", at, confidential=True)
    problems.warn("other", "something else", at)
    problems.quote()
    assert [each.excerpt != "" for each in problems.warnings] == [False, True]


def test_errors_that_are_raised_show_their_lines() -> None:
    problems = Collector()
    problems.lines.add("dev/", {"a.yaml": b"a: b"})
    problems.error(LoadError("wrong", Position("dev/a.yaml", 1, 4)))
    with pytest.raises(Problems) as raised:
        problems.raise_errors()
    assert str(raised.value) == "dev/a.yaml:1:4: error: wrong [load]\n  1 | a: b\n         ^"


def test_programs_get_the_line_as_a_field() -> None:
    shown = json.loads(ask("validate", "-o", "json").out)["problems"]
    found = {each["at"]["line"]: each["excerpt"] for each in shown}
    assert found[34] == "34 |     region: north\n         ^"
    assert set(shown[0]) == {"code", "message", "at", "hint", "severity", "excerpt"}


def test_line_of_an_applications_repository_is_never_shown(tmp_path: Path) -> None:
    fleet = shutil.copytree(FLEET, tmp_path / "fleet")
    broken = next((fleet / "repositories").rglob("workload*.yaml"))
    broken.write_text(broken.read_text().replace("environment:", "environmnt:"))
    shown = run(["validate", *MODEL], fleet)
    assert "lacks spec.deploymentTargets.0.environment" in shown.out
    assert "| " not in shown.out
