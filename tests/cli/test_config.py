"""`kalypso config` where a schema does not hold, or a model cannot be composed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.command import FLEET, MODEL, Result, run

REPLICAS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: z-last, labels: {platform-config: "true", cluster-type: store}}
data:
  REPLICAS: "none"
"""


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FLEET, tmp_path / "fleet"))


def config(fleet: Path, *arguments: str) -> Result:
    return run(["config", *MODEL, *arguments], fleet)


def test_a_value_that_breaks_a_schema_is_shown_with_the_schema(fleet: Path) -> None:
    (fleet / "dev/broken.yaml").write_text(REPLICAS)
    result = config(fleet, "store/shop-web", "--key", "REPLICAS")
    assert result.code == 0
    assert result.out.splitlines() == [
        "store/shop-web: 4 values from a-common, z-last, checked by 1 schema",
        "",
        "REPLICAS = none",
        "    from        z-last     dev/broken.yaml:5",
        "    overrides   a-common   dev/configs/all.yaml:9   1",
        "    checked by replicas",
        "",
        "does not apply",
        "    c-drone   dev/configs/east.yaml:26   3   is for cluster-type=drone",
        "",
        "schemas",
        "    NO  replicas   dev/schemas/replicas.yaml:6",
        '        REPLICAS: "none" is not of type "integer"',
    ]


def test_violations_are_data_too(fleet: Path) -> None:
    (fleet / "dev/broken.yaml").write_text(REPLICAS)
    result = config(fleet, "store/shop-web", "-o", "json")
    (schema,) = json.loads(result.out)["schemas"]
    assert schema["violations"] == ['REPLICAS: "none" is not of type "integer"']


def test_a_schema_that_is_none_is_an_error_with_its_place(fleet: Path) -> None:
    file = fleet / "dev/schemas/replicas.yaml"
    file.write_text(file.read_text().replace("type: integer", "type: number of things"))
    result = config(fleet, "store/shop-web")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(
        "dev/schemas/replicas.yaml:6:3: error: this is not a valid JSON Schema"
    )


def test_an_azure_key_that_is_not_well_formed_is_an_error_with_its_place(fleet: Path) -> None:
    file = fleet / "dev/configs/east.yaml"
    file.write_text(file.read_text().replace("region.east.OWNER", "region.OWNER"))
    result = config(fleet, "store/shop-web")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("dev/configs/east.yaml:43:3: error: the key 'region.OWNER'")


def test_values_cannot_write_to_the_terminal(fleet: Path) -> None:
    hostile = REPLICAS.replace('"none"', '"\\e[2J\\r\\nforged = line"')
    (fleet / "dev/broken.yaml").write_text(hostile)
    for arguments in ((), ("--key", "REPLICAS"), ("-o", "json")):
        result = config(fleet, "store/shop-web", *arguments)
        assert result.code == 0
        assert not set(result.out) & set("\x1b\r")
        assert not any(line.startswith("forged") for line in result.out.splitlines())


def test_a_model_that_cannot_be_read_whole_is_not_explained(fleet: Path) -> None:
    (fleet / "dev/broken.yaml").write_text("a: [")
    result = config(fleet, "store/shop-web")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("dev/broken.yaml:2:1: error: this is not YAML")
