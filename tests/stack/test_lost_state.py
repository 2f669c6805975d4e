"""A state that has nothing of what exists, told apart from one that has a part of it."""

import json

from kalypso.stack.lost_state import made_in


def exported(*types: str) -> str:
    return json.dumps({"version": 3, "deployment": {"resources": [{"type": t} for t in types]}})


def test_a_stack_that_was_only_made_has_nothing() -> None:
    assert made_in('{"version": 3, "deployment": {"manifest": {}}}') == []
    assert made_in('{"version": 3, "deployment": {"resources": null}}') == []


def test_the_stack_itself_and_its_providers_are_not_things_that_it_makes() -> None:
    assert made_in(exported("pulumi:pulumi:Stack", "pulumi:providers:github")) == []


def test_a_run_that_failed_after_its_first_resource_has_something() -> None:
    first = "github:index/repository:Repository"
    assert made_in(exported("pulumi:pulumi:Stack", first)) == [first]


def test_a_state_that_cannot_be_read_is_not_an_empty_one() -> None:
    assert made_in("error: no stack") == ["unreadable"]
