"""Which values of a chart changed since the delivery before."""

from __future__ import annotations

from kalypso.application.values import changed_values
from kalypso.model import Source
from kalypso.report import ValueChange

PATHS = ("chart/values.yaml", "east/values.yaml")


def tree(path: str, text: str) -> Source:
    return Source("", {path: text.encode()})


def changed(old: tuple[str, str], new: tuple[str, str]) -> tuple[ValueChange, ...]:
    before = [tree(path, text) for path, text in zip(PATHS, old, strict=True)]
    after = [tree(path, text) for path, text in zip(PATHS, new, strict=True)]
    return changed_values(PATHS, before, after)


def test_value_of_a_target_wins_over_the_default_of_its_chart() -> None:
    old, new = ("replicas: 1\n", "replicas: 2\n"), ("replicas: 9\n", "replicas: 3\n")
    assert changed(old, new) == (ValueChange("replicas", "2", "3"),)


def test_default_that_no_target_overrides_is_a_change() -> None:
    own = "replicas: 1\n"
    old, new = "limits: {memory: 64Mi, cpu: 1}\n", "limits: {memory: 1Gi, cpu: 1}\n"
    found = changed((old, own), (new, own))
    assert found == (ValueChange("limits.memory", "64Mi", "1Gi"),)


def test_value_that_comes_or_goes_has_one_side() -> None:
    assert changed(("", "a: true\n"), ("", "b: [1, 2]\n")) == (
        ValueChange("a", "true", None),
        ValueChange("b", None, "[1, 2]"),
    )


def test_same_values_in_another_form_are_no_change() -> None:
    assert changed(("a: 'x'\n", ""), ("# note\na: x\n", "")) == ()


def test_values_that_cannot_be_read_any_more_are_left_out() -> None:
    assert changed(("a: [\n", ""), ("a: 1\n", "")) == ()
