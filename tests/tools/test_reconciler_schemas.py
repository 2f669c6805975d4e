"""The schemas that Kalypso ships, made from the files of Go modules."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalypso.conformance.object_kind import ObjectKind
from kalypso.conformance.shipped_schemas import SHIPPED, unpack
from tests.conformance.test_own_schemas import DEFINITION
from tools import reconciler_schemas
from tools.console import Stop

OWN = ObjectKind("example.com/v1", "Own")


@pytest.fixture
def definitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the only module there is."""
    folder = tmp_path / "module"
    folder.mkdir()
    (folder / "own.yaml").write_text(DEFINITION)
    monkeypatch.setattr(reconciler_schemas, "DEFINITIONS", {"own": (("module", "*.yaml"),)})
    monkeypatch.setattr(
        reconciler_schemas, "module_files", lambda _, files: sorted(folder.glob(files))
    )
    return folder


def test_a_file_has_every_kind_of_all_definitions(definitions: Path, tmp_path: Path) -> None:
    (definitions / "other.yaml").write_text(DEFINITION.replace("{kind: Own", "{kind: Other"))
    reconciler_schemas.write(tmp_path)
    found = unpack((tmp_path / "own.json.gz").read_bytes())
    assert [kind.kind for kind in found] == ["Other", "Own"]
    assert found[OWN]["properties"]["spec"]["properties"] == {"size": {"type": "integer"}}


@pytest.mark.usefixtures("definitions")
def test_the_same_definitions_give_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for _ in range(2):
        reconciler_schemas.write(tmp_path)
        written.append((tmp_path / "own.json.gz").read_bytes())
    assert written[0] == written[1]


def test_a_definition_without_a_schema_writes_nothing(definitions: Path, tmp_path: Path) -> None:
    (definitions / "own.yaml").write_text(DEFINITION.partition("      schema:")[0])
    with pytest.raises(ValueError, match="no schema"):
        reconciler_schemas.write(tmp_path)
    assert not (tmp_path / "own.json.gz").exists()


def test_a_module_that_is_not_what_it_was_writes_nothing(
    definitions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: str) -> list[Path]:
        raise Stop("module is not what it was")

    assert definitions.is_dir()
    monkeypatch.setattr(reconciler_schemas, "module_files", refuse)
    with pytest.raises(Stop):
        reconciler_schemas.write(tmp_path)
    assert not (tmp_path / "own.json.gz").exists()


def test_a_file_is_shipped_for_each_reconciler() -> None:
    files = {path.name for path in SHIPPED.glob("*.gz")}
    assert files == {f"{name}.json.gz" for name in reconciler_schemas.DEFINITIONS}
