"""Variables that are missing or wrong are all named before anything is done."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from kalypso.ci import STEPS, Console
from kalypso.ci.settings import PREVIEW, PreviewSettings
from kalypso.ci.variables import Variable, described, values_of
from kalypso.errors import Problems

GIVEN = {"ENVIRONMENT": "dev", "TARGET": "dev", "MODEL": "/model", "OUT": "/out"}


def named(error: Problems) -> list[str]:
    return [problem.at.file for problem in error.problems]


def test_all_that_are_missing_are_named_in_one_run() -> None:
    with pytest.raises(Problems) as raised:
        values_of(PREVIEW, {"TARGET": "dev"})
    assert named(raised.value) == ["ENVIRONMENT", "MODEL", "OUT"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FORM", "xml"),
        ("MODEL", ""),
        ("OUT", ""),
        ("COMMIT", "HEAD"),
        ("REPORT", "javascript:alert(1)"),
        ("REPORT", "https://example.com/) [x](https://evil.example"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_and_not_shown(name: str, value: str) -> None:
    with pytest.raises(Problems) as raised:
        PreviewSettings.read({**GIVEN, name: value})
    assert named(raised.value) == [name]
    assert not value or repr(value) not in str(raised.value)


def test_the_control_plane_is_needed_for_a_change_of_the_base_alone() -> None:
    assert PreviewSettings.read(GIVEN).inputs == ("--environment", "dev", "--control-plane", ".")
    with pytest.raises(Problems) as raised:
        PreviewSettings.read({**GIVEN, "TARGET": "main"})
    assert named(raised.value) == ["CONTROL_PLANE"]


def test_options_are_words_and_no_shell_reads_them() -> None:
    options = "--strict  --missing-key default *.py $(id)"
    found = PreviewSettings.read({**GIVEN, "OPTIONS": options})
    assert found.inputs[4:] == ("--strict", "--missing-key", "default", "*.py", "$(id)")


def test_a_branch_that_does_not_concern_the_environment_asks_for_nothing_else() -> None:
    for name in ("preview", "up"):
        out = io.StringIO()
        given = {"ENVIRONMENT": "dev", "TARGET": "stage"}
        assert STEPS[name].run(given, Console(out, out)) == 0
        assert out.getvalue() == "stage is not the branch of dev\n"


def test_results_that_cannot_be_written_are_a_problem_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    given = {**GIVEN, "OUT": str(tmp_path / "file")}
    with pytest.raises(Exception, match="results cannot be written here"):
        STEPS["preview"].run(given, Console(io.StringIO(), io.StringIO()))


def test_long_descriptions_go_on_below_themselves() -> None:
    text = described([Variable("A", "word " * 30), Variable("LONG", "x")])
    lines = text.splitlines()
    assert [line[:9] for line in lines] == ["#   A    ", "#        ", "#   LONG "]
    assert max(map(len, lines)) <= 100
