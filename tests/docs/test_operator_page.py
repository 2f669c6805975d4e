"""The page on the operator explains every field of the objects that are declared for it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/operator.md").read_text()
OBJECTS = list(yaml.safe_load_all((ROOT / "tests/components/control-plane.yaml").read_text()))
WHOLE = frozenset({"envRefs", "accessToken"})
"""Fields whose content is the user's: a row explains them as a whole."""


def rows(page: str, head: str) -> list[list[str]]:
    """Return the cells of the rows of the table that begins with a heading."""
    lines = page.partition(f"| {head} |")[2].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def fields(value: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Return the path of each field: down to what is a value, a list or the user's."""
    for name, inner in value.items():
        if isinstance(inner, dict) and name not in WHOLE:
            yield from fields(inner, f"{path}{name}.")
        else:
            yield f"{path}{name}"


def explained(page: str) -> set[str]:
    """Return the fields of which the table says why; those of a row may share their beginning."""
    return {
        name
        for names, value, why in rows(page, "field of a Stack")
        if value and why
        for name in re.findall(r"`([\w.]+)`", names)
    }


def test_every_field_of_a_stack_has_a_row_with_its_reason() -> None:
    stacks = [each for each in OBJECTS if each["kind"] == "Stack"]
    assert len(stacks) == 2
    for stack in stacks:
        assert set(fields(stack["spec"])) == explained(PAGE)


def test_every_kind_of_object_and_its_marks_are_explained() -> None:
    cells = " ".join(cell for row in rows(PAGE, "object") for cell in row)
    for each in OBJECTS:
        marks = {**each["metadata"]["labels"], **each["metadata"]["annotations"]}
        assert each["kind"] in cells
        assert all(f"`{name}`" in cells for name in marks)


@pytest.mark.parametrize("row", ["`destroyOnFinalize`", "`envRefs`"])
def test_a_row_that_goes_missing_is_noticed(row: str) -> None:
    page = "\n".join(line for line in PAGE.splitlines() if not line.startswith(f"| {row}"))
    assert explained(PAGE) - explained(page) == {row.strip("`")}


def test_a_row_without_a_reason_explains_nothing() -> None:
    page = "| field of a Stack | value | why |\n| --- | --- | --- |\n| `stack` | dev |  |"
    assert explained(page) == set()
