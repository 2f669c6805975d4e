"""`kalypso validate`: every problem and every warning, for people, programs and pull requests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import Result, run
from tests.cli.test_render import materialise
from tests.platforms.case_file import HERE, read

MODEL = ["-e", "dev", "--base", "base", "--control-plane", "env", "--repositories", "repositories"]
UNKNOWN = b"""
apiVersion: scheduler.kalypso.io/v1alpha1
kind: ClusterType
metadata: {name: large, labels: {region: west, size: large}}
spec: {reconciler: rec, namespaceService: ns, configTyp: cfg}
"""
TEMPLATES = {
    "base/templates.yaml": b"\n".join(
        b"---\napiVersion: scheduler.kalypso.io/v1alpha1\nkind: Template\n"
        b"metadata: {name: %s}\nspec:\n  type: %s\n  manifests:\n    - |\n"
        b"      apiVersion: v1\n      kind: %s\n      metadata: {name: '{{ .Namespace }}'}\n" % each
        for each in [
            (b"rec", b"reconciler", b"Secret"),
            (b"ns", b"namespace", b"Namespace"),
            (b"cfg", b"config", b"ConfigMap"),
        ]
    )
}
"""Of objects, as clusters want them; those of the base are shorter."""
FOREIGN = b"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    materialise({**read(HERE / "bases" / "small.txt").given, **TEMPLATES}, tmp_path)
    return tmp_path


def validate(folder: Path, *options: str) -> Result:
    return run(["validate", *MODEL, *options], folder)


def test_a_model_in_order_is_told_in_one_line(model: Path) -> None:
    result = validate(model)
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "dev: 0 errors, 0 warnings (1 cluster type, 1 deployment target, 1 policy, 1 assignment)\n"
    )


def test_warnings_alone_leave_the_exit_code_0(model: Path) -> None:
    (model / "env" / "large.yaml").write_bytes(UNKNOWN)
    result = validate(model)
    assert result.code == 0
    assert result.out.startswith(
        "base/templates.yaml:26:1: warning: no cluster type of this environment uses the template"
        " 'cfg' [template-unused]\n"
        "env/large.yaml:5:47: warning: the ClusterType 'large' has an unknown field spec.configTyp"
        " [unknown-field]\n"
        "  5 | spec: {reconciler: rec, namespaceService: ns, configTyp: cfg}\n"
        "                                                    ^\n"
        "  hint: did you mean 'configType'?\n"
    )


def test_an_error_gives_exit_code_2(model: Path) -> None:
    (model / "env" / "large.yaml").write_bytes(UNKNOWN)
    result = validate(model, "--strict")
    assert result.code == 2
    assert "env/large.yaml:5:47: error: the ClusterType 'large' has an unknown" in result.out
    assert "dev: 1 error, " in result.out


def test_objects_that_were_passed_over_are_counted_on_demand(model: Path) -> None:
    (model / "env" / "other.yaml").write_bytes(FOREIGN)
    assert "Deployment" not in validate(model).out
    assert "ignored: 1 of kind Deployment\n" in validate(model, "-v").out


def test_programs_get_everything_as_json(model: Path) -> None:
    (model / "env" / "large.yaml").write_bytes(UNKNOWN)
    (model / "env" / "other.yaml").write_bytes(FOREIGN)
    result = validate(model, "-o", "json", "--strict")
    found = json.loads(result.out)
    assert result.code == 2
    assert (found["environment"], found["valid"]) == ("dev", False)
    assert found["ignored"] == {"Deployment": 1}
    [error] = [problem for problem in found["problems"] if problem["severity"] == "error"]
    assert error == {
        "code": "unknown-field",
        "message": "the ClusterType 'large' has an unknown field spec.configTyp",
        "at": {"file": "env/large.yaml", "line": 5, "column": 47},
        "hint": "did you mean 'configType'?",
        "severity": "error",
        "excerpt": "5 | spec: {reconciler: rec, namespaceService: ns, configTyp: cfg}\n"
        f"{'^':>51}",
    }


def test_a_workflow_gets_annotations_that_cannot_be_broken_out_of(model: Path) -> None:
    (model / "env" / "100%,a:b.yaml").write_bytes(b'{"a\\n::error::b": 1, "a\\n::error::b": 2}')
    result = validate(model, "-o", "github")
    [line] = [line for line in result.out.splitlines() if "duplicate-key" in line]
    assert line.startswith("::error file=env/100%25%2Ca%3Ab.yaml,line=1,col=22,title=duplicate-key")
    assert "\\n::error::b" in line
    assert not any(each.startswith("::error::b") for each in result.out.splitlines())


def test_a_silenced_warning_is_not_told(model: Path) -> None:
    (model / "env" / "large.yaml").write_bytes(UNKNOWN)
    (model / "env" / ".kalypso-silence").write_text("unknown-field  # looked at it\n")
    result = validate(model)
    assert "unknown-field" not in result.out
    assert "template-unused" in result.out


def test_a_line_that_silences_nothing_is_told(model: Path) -> None:
    (model / "env" / ".kalypso-silence").write_text("# fine\nunknown-field a b\n")
    result = validate(model)
    assert result.code == 2
    assert (
        "env/.kalypso-silence:2:1: error: a line is a code and at most one pattern [bad-silence]"
        in result.out
    )


def test_the_environment_must_be_named(model: Path) -> None:
    result = run(["validate", *MODEL[2:]], model)
    assert result.code == 2
    assert "Missing option '--environment'" in result.err


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_a_report_has_the_problems_as_text_whatever_is_printed(
    form: str, model: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (model / "env" / "large.yaml").write_bytes(UNKNOWN)
    folder = tmp_path_factory.mktemp("reports") / "new" / "report"
    as_text = validate(model)
    result = validate(model, "-o", form, "--report", str(folder))
    assert (result.code, result.err) == (0, "")
    assert (result.out == as_text.out) is (form == "text")
    assert (folder / "problems.txt").read_text() == as_text.out


def test_a_report_that_cannot_be_written_is_told(model: Path) -> None:
    result = validate(model, "--report", "env/large.yaml/report")
    assert result.code == 2
    assert "error: the report cannot be written: " in result.err
