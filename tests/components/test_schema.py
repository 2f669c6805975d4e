"""The package's schema: derived from the declared resources, and reviewed as one file."""

import json
from pathlib import Path
from typing import NotRequired, TypedDict

import pulumi
import pytest

from components.provider.schema import required_inputs, schema
from components.resources import RESOURCES, GitOpsBranch

REVIEWED = Path(__file__).parent / "schema.json"


class BaseArgs(TypedDict):
    folder: pulumi.Input[str]
    """Where it is."""


class ThingArgs(BaseArgs):
    files: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Text of each file
    by its path."""

    sign: pulumi.Input[bool]
    """Whether it is signed."""


class Thing(pulumi.CustomResource):
    """A thing."""

    def __init__(
        self, name: str, args: ThingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Thing", name, {**args, "openedAs": None}, opts)

    @property
    @pulumi.getter(name="openedAs")
    def opened_as(self) -> pulumi.Output[int | None]:
        """Its number."""
        number: pulumi.Output[int | None] = pulumi.get(self, "openedAs")
        return number


class SilentArgs(TypedDict):
    folder: pulumi.Input[str]


class Silent(pulumi.CustomResource):
    """A resource with an argument that nobody described."""

    def __init__(
        self, name: str, args: SilentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Silent", name, {**args}, opts)


class ListedArgs(TypedDict):
    names: pulumi.Input[list[str]]
    """Of a type that the schema does not write yet."""


class Listed(pulumi.CustomResource):
    """A resource with an argument whose type is unknown to the schema."""

    def __init__(
        self, name: str, args: ListedArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Listed", name, {**args}, opts)


def described(kind: type[pulumi.CustomResource]) -> dict[str, object]:
    found: dict[str, object] = json.loads(schema("1.0.0", {"t": kind}))["resources"]["t"]
    return found


def test_the_schema_is_the_reviewed_one(*, update_golden: bool) -> None:
    text = f"{schema('0.0.0', RESOURCES)}\n"
    if update_golden:
        REVIEWED.write_text(text)
    assert text == REVIEWED.read_text()


def test_a_resource_is_described_by_its_arguments_and_its_properties() -> None:
    inputs = {
        "folder": {"type": "string", "description": "Where it is."},
        "files": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Text of each file\nby its path.",
        },
        "sign": {"type": "boolean", "description": "Whether it is signed."},
    }
    assert described(Thing) == {
        "description": "A thing.",
        "inputProperties": inputs,
        "requiredInputs": ["folder", "sign"],
        "properties": {**inputs, "openedAs": {"type": "integer", "description": "Its number."}},
        "required": ["folder", "sign"],
    }


def test_required_inputs_are_those_that_may_not_be_left_out() -> None:
    assert required_inputs(Thing) == ("folder", "sign")
    assert required_inputs(GitOpsBranch) == (
        "folder",
        "repository",
        "branch",
        "environment",
        "parent",
        "tree",
        "manifests",
        "content",
        "totals",
    )


def test_an_input_without_a_description_is_refused() -> None:
    with pytest.raises(KeyError, match="folder"):
        described(Silent)


def test_a_type_that_the_schema_does_not_know_is_refused() -> None:
    with pytest.raises(KeyError):
        described(Listed)
