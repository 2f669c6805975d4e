"""What a program in another language gives a component."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

import pulumi
import pytest

from components.provider.given import read_arguments


class ReaderArgs(TypedDict):
    user_name: str
    """Who reads."""

    token: pulumi.Input[str]
    """With what."""


class ClusterArgs(TypedDict):
    cluster_name: str
    """Its name."""

    kind: NotRequired[Literal["aks", "arc"]]
    """What it is."""

    nodes: NotRequired[int]
    """How many nodes it has."""

    prune: NotRequired[bool]
    """Whether it goes."""

    branches: NotRequired[Mapping[str, pulumi.Input[str]]]
    """By environment."""

    readers: NotRequired[Sequence[ReaderArgs]]
    """Who reads."""

    after: NotRequired[Sequence[pulumi.Resource]]
    """What comes before."""


def refused(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(pulumi.InputPropertiesError) as caught:
        read_arguments(ClusterArgs, given)
    return [(each["property_path"], each["reason"]) for each in caught.value.errors or ()]


def test_names_of_the_schema_become_names_of_python_and_keys_of_maps_stay_as_they_are() -> None:
    given = {
        "clusterName": "a",
        "nodes": 3.0,
        "branches": {"longLived": "longLived"},
        "readers": [{"userName": "r", "token": "t"}],
    }
    assert read_arguments(ClusterArgs, given) == {
        "cluster_name": "a",
        "nodes": 3,
        "branches": {"longLived": "longLived"},
        "readers": [{"user_name": "r", "token": "t"}],
    }


def test_an_absent_value_is_left_out_so_that_the_component_uses_its_default() -> None:
    assert read_arguments(ClusterArgs, {"clusterName": "a", "kind": None}) == {"cluster_name": "a"}


def test_everything_wrong_is_reported_in_one_run() -> None:
    given = {
        "kind": "gke",
        "nodes": 1.5,
        "prune": "yes",
        "branches": ["dev"],
        "readers": [{"token": "t", "username": "r"}],
    }
    assert refused(given) == [
        ("clusterName", "the input is missing"),
        ("kind", "the value is not one of aks, arc"),
        ("nodes", "the value is not a whole number"),
        ("prune", "the value is not true or false"),
        ("branches", "the value is not an object"),
        ("readers[0].username", "the input does not exist; there are userName, token"),
        ("readers[0].userName", "the input is missing"),
    ]


def test_a_name_of_python_is_not_a_name_of_the_schema() -> None:
    assert refused({"cluster_name": "a"})[0] == (
        "cluster_name",
        "the input does not exist; there are clusterName, kind, nodes, prune, branches, readers",
    )


def test_true_is_not_a_number_and_a_number_is_not_text() -> None:
    assert refused({"clusterName": 3.0, "nodes": True}) == [
        ("clusterName", "the value is not text"),
        ("nodes", "the value is not a whole number"),
    ]


def test_a_resource_is_not_an_input_in_another_language() -> None:
    (problem,) = refused({"clusterName": "a", "after": []})
    assert problem[0] == "after"


@pulumi.runtime.test
def test_a_value_that_is_known_later_is_taken_where_it_may_be() -> pulumi.Output[None]:
    later = pulumi.Output.from_input("dev")
    found = read_arguments(ClusterArgs, {"clusterName": "a", "branches": {"dev": later}})
    assert found["branches"]["dev"] is later
    assert refused({"clusterName": later}) == [
        (
            "clusterName",
            "the value is needed when the program runs, and is not known before `pulumi up`",
        )
    ]
    done: pulumi.Output[None] = later.apply(lambda _: None)
    return done
