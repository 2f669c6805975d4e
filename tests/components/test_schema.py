"""The package's schema: derived from the declared resources, and reviewed as one file."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

import pulumi
import pytest

from components.provider.hosted import COMPONENTS
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
    names: pulumi.Input[set[str]]
    """Of a type that the wire does not have."""


class Listed(pulumi.CustomResource):
    """A resource with an argument whose type is unknown to the schema."""

    def __init__(
        self, name: str, args: ListedArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Listed", name, {**args}, opts)


class PartArgs(TypedDict):
    """A part of a whole."""

    node_size: str
    """How large it is."""

    token: NotRequired[pulumi.Input[str]]
    """Opens it."""


class WholeArgs(TypedDict):
    kind: Literal["aks", "arc"]
    """What it is."""

    parts: Sequence[PartArgs]
    """What it is put together from."""

    labels: NotRequired[Mapping[str, str]]
    """Labels by their names."""

    after: NotRequired[Sequence[pulumi.Resource]]
    """What must be there before."""


class Whole(pulumi.ComponentResource):
    """A whole."""

    first_part: pulumi.Output[str]
    """Its first part."""

    tokens: dict[str, pulumi.Output[str]]
    """By the names of parts."""

    number: pulumi.Output[int | None] | None
    """Its number, if it has one."""

    provider: pulumi.ProviderResource
    """Which only programs in Python can use."""

    def __init__(
        self, name: str, args: WholeArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:Whole", name, {**args}, opts)


def described(kind: type[pulumi.CustomResource]) -> dict[str, object]:
    found: dict[str, object] = json.loads(schema("1.0.0", {"t": kind}, {}))["resources"]["t"]
    return found


def test_the_schema_is_the_reviewed_one(*, update_golden: bool) -> None:
    text = f"{schema('0.0.0', RESOURCES, COMPONENTS)}\n"
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


def test_a_component_says_which_inputs_are_needed_at_once_and_what_they_consist_of() -> None:
    document = json.loads(schema("1.0.0", {}, {"t": Whole}))
    assert document["resources"]["t"]["inputProperties"] == {
        "kind": {
            "type": "string",
            "plain": True,
            "description": "What it is. One of `aks`, `arc`.",
        },
        "parts": {
            "type": "array",
            "items": {"$ref": "#/types/kalypso:index:Part"},
            "plain": True,
            "description": "What it is put together from.",
        },
        "labels": {
            "type": "object",
            "additionalProperties": {"type": "string", "plain": True},
            "plain": True,
            "description": "Labels by their names.",
        },
    }
    assert document["types"] == {
        "kalypso:index:Part": {
            "description": "A part of a whole.",
            "type": "object",
            "properties": {
                "nodeSize": {"type": "string", "plain": True, "description": "How large it is."},
                "token": {"type": "string", "description": "Opens it."},
            },
            "required": ["nodeSize"],
        }
    }


def test_a_component_offers_its_outputs_and_nothing_that_only_python_can_use() -> None:
    component = json.loads(schema("1.0.0", {}, {"t": Whole}))["resources"]["t"]
    assert component["isComponent"] is True
    assert component["requiredInputs"] == ["kind", "parts"]
    assert component["required"] == ["firstPart", "tokens"]
    assert component["properties"] == {
        "firstPart": {"type": "string", "description": "Its first part."},
        "tokens": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "By the names of parts.",
        },
        "number": {"type": "integer", "description": "Its number, if it has one."},
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
