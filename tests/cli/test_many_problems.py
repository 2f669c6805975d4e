"""A flood of problems is cut where people read it, and whole where programs do."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_render import materialise
from tests.cli.test_validate import validate
from tests.platforms.case_file import HERE, read


def flooded(folder: Path, errors: int, warnings: int) -> Path:
    materialise(dict(read(HERE / "bases" / "small.txt").given), folder)
    keys = "".join(f"  K{number}: {number}\n" for number in range(errors))
    head = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, labels: {platform-config: 'true'}}\n"
    )
    (folder / "env" / "m.yaml").write_text(f"{head}data:\n{keys}")
    others = "".join(
        "---\napiVersion: scheduler.kalypso.io/v1alpha1\nkind: Workload\n"
        f"metadata: {{name: w{number}}}\n"
        for number in range(warnings)
    )
    (folder / "env" / "a.yaml").write_text(others)
    return folder


def test_at_most_fifty_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    result = validate(flooded(tmp_path, errors=70, warnings=3))
    assert result.out.count("[not-text]") == 50
    assert "... and 20 more errors and 3 more warnings: `kalypso validate -o json`" in result.out
    assert "dev: 70 errors, 3 warnings" in result.out


def test_errors_come_before_warnings_if_there_are_too_many(tmp_path: Path) -> None:
    result = validate(flooded(tmp_path, errors=1, warnings=60))
    assert result.out.startswith("env/m.yaml:5:3: error: the value of 'K0' is not text but 0")
    assert "... and 11 more warnings" in result.out


def test_programs_get_all_of_them(tmp_path: Path) -> None:
    result = validate(flooded(tmp_path, errors=70, warnings=3), "-o", "json")
    assert len(json.loads(result.out)["problems"]) == 73


def test_annotations_are_cut_as_well(tmp_path: Path) -> None:
    result = validate(flooded(tmp_path, errors=70, warnings=0), "-o", "github")
    assert result.out.count("::error ") == 50
    assert "... and 20 more errors" in result.out
