"""`kalypso schema`: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from kalypso.loading.editor_schemas import KINDS
from tests.cli.command import run


def test_a_kind_is_printed_with_its_name() -> None:
    result = run(["schema", "ClusterType"])
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out)["title"] == "ClusterType"


def test_without_a_kind_the_schema_for_all_is_printed() -> None:
    found = json.loads(run(["schema"]).out)
    assert set(found["definitions"]) >= set(KINDS)


def test_all_are_written_into_a_folder_as_they_are_printed(tmp_path: Path) -> None:
    result = run(["schema", "--out", str(tmp_path / "new")])
    assert (result.code, result.out) == (0, f"11 schemas in {tmp_path / 'new'}\n")
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert names == {"kalypso.json", *(f"{kind}.json" for kind in KINDS)}
    assert (tmp_path / "new/kalypso.json").read_text() == run(["schema"]).out


def test_one_kind_is_written_alone(tmp_path: Path) -> None:
    assert run(["schema", "Workload", "--out", str(tmp_path)]).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["Workload.json"]


def test_a_misspelt_kind_is_refused_with_the_nearest() -> None:
    result = run(["schema", "clustertypes"])
    assert (result.code, result.out) == (2, "")
    assert "error: there is no kind 'clustertypes' [unknown-name]" in result.err
    assert "hint: did you mean 'ClusterType'?" in result.err


def test_another_kind_is_refused_with_those_there_are() -> None:
    result = run(["schema", "Secret"])
    assert (result.code, result.out) == (2, "")
    assert "hint: kinds are BaseRepo, ClusterType," in result.err


def test_a_file_in_the_way_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run(["schema", "--out", str(tmp_path / "file/below")])
    assert (result.code, result.out) == (2, "")
    assert "error: cannot be written: Not a directory" in result.err
