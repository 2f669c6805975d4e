"""What holds for every platform model."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalypso.model.selector import parse_selector
from kalypso.scheduling.selectors import LabelIndex, matches
from tests.properties import plain
from tests.properties.models import (
    Model,
    evaluated,
    labels,
    models,
    policies,
    selectors,
)

some = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@some
@given(selectors, st.lists(labels, max_size=6))
def test_a_selector_selects_what_its_definition_says(
    selector: dict[str, object], objects: list[dict[str, str]]
) -> None:
    expected = [number for number, own in enumerate(objects) if plain.selects(selector, own)]
    assert [number for number, own in enumerate(objects) if matches(selector, own)] == expected
    assert LabelIndex(objects).select(parse_selector(selector)) == expected


@some
@given(models())
def test_assignments_are_what_the_definition_says(model: Model) -> None:
    run, problems = evaluated(model.files())
    assert problems.errors == []
    found = {
        each.key: {policy.name for policy in each.policies} for each in run.evaluation.assignments
    }
    assert found == plain.assignments(model)


@some
@given(models())
def test_the_config_maps_that_apply_are_those_of_the_definition(model: Model) -> None:
    run, _ = evaluated(model.files())
    for assignment, configuration in zip(
        run.evaluation.assignments, run.configurations, strict=True
    ):
        names = [layer.config_map.name for layer in configuration.layers]
        assert names == plain.applying(model, *assignment.key)


@some
@given(models())
def test_evaluating_twice_gives_the_same_bytes(model: Model) -> None:
    first, _ = evaluated(model.files())
    second, _ = evaluated(model.files())
    assert list(first.evaluation.files.items()) == list(second.evaluation.files.items())


@some
@given(models(), st.permutations(range(12)))
def test_the_order_of_files_and_objects_never_matters(model: Model, order: list[int]) -> None:
    files = model.files()
    ordered, _ = evaluated(files)
    shuffled, _ = evaluated(dict(sorted(files.items(), key=lambda item: hash(item[0]))))
    together, _ = evaluated(model.one_file_each(order))
    assert list(ordered.evaluation.files.items()) == list(shuffled.evaluation.files.items())
    assert list(ordered.evaluation.files.items()) == list(together.evaluation.files.items())


@some
@given(models(), policies())
def test_adding_a_policy_never_removes_or_changes_an_assignment(
    model: Model, policy: dict[str, object]
) -> None:
    before, _ = evaluated(model.files())
    added = {**policy, "metadata": {"name": "added"}}
    after, _ = evaluated(replace(model, environment=[*model.environment, added]).files())
    assert before.evaluation.files.items() <= after.evaluation.files.items()


@some
@given(models(), st.integers(0, 2))
def test_removing_a_registration_changes_no_file_of_others(model: Model, which: int) -> None:
    before, _ = evaluated(model.files())
    gone = [body["metadata"]["name"] for body in model.base][which : which + 1]
    kept = [body for body in model.base if body["metadata"]["name"] not in gone]
    after, _ = evaluated(replace(model, base=kept).files())
    of_others = {
        path: text
        for path, text in before.evaluation.files.items()
        if not any(f"/{name}-" in path for name in gone)
    }
    assert after.evaluation.files == of_others


@some
@given(models())
def test_every_file_is_in_the_folder_of_a_cluster_type(model: Model) -> None:
    run, _ = evaluated(model.files())
    names = {cluster.name for cluster in run.evaluation.cluster_types}
    assert {path.partition("/")[0] for path in run.evaluation.files} == names
