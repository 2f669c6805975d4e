"""An entry in the table of a family is all that a template function needs (CONTRIBUTING.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from kalypso.errors import TemplateError
from kalypso.golang.signatures import Kind
from kalypso.rendering.functions import functions, refused
from kalypso.rendering.memo import Memo
from kalypso.rendering.rules import Rules
from kalypso.template import Function, Limits, Memory, parse, render, sets, sprig
from kalypso.template.sprig import letters

ONE = (Kind.ANY,)
Define = Callable[[Function], None]


@pytest.fixture
def define(monkeypatch: pytest.MonkeyPatch) -> Iterator[Define]:
    """Put a function named ``shout`` into the table of a family."""

    def into_table(function: Function) -> None:
        monkeypatch.setitem(letters.FUNCTIONS, "shout", function)
        forget()

    yield into_table
    monkeypatch.undo()
    forget()


def forget() -> None:
    for cached in (sprig._collected, sets.function_set, sets.refused_functions):  # noqa: SLF001 - tables are read once
        cached.cache_clear()


def shouted(data: Mapping[str, Any], *, limits: Limits | None = None) -> str:
    """Render a call of the function with the functions of the platform."""
    template = parse(
        "{{ shout .value }}",
        "t",
        functions=functions(Memo()),
        refuse=refused(frozenset()),
        limits=limits or Limits(),
    )
    return template.render(data)


def loud(value: object) -> str:
    return f"{value}!"


def test_it_can_be_called_in_every_set_that_has_its_family(define: Define) -> None:
    define(Function(ONE, loud))
    assert render('{{ shout "a" }}', {}) == shouted({"value": "a"}) == "a!"
    assert parse('{{ shout "a" }}', functions="sprig2").render({}) == "a!"


def test_what_walks_is_not_given_a_value_too_big_for_it(define: Define) -> None:
    big, limits = {"value": [1] * 50}, Limits(leaves=20)
    define(Function(ONE, lambda _value: "done"))
    assert shouted(big, limits=limits) == "done"
    define(Function(ONE, lambda _value: "done", walks=True))
    with pytest.raises(TemplateError, match="error calling shout: value holds more than 20 values"):
        shouted(big, limits=limits)


def test_what_has_a_price_uses_up_the_steps(define: Define) -> None:
    define(Function(ONE, loud, price=600))
    assert shouted({"value": "a"}, limits=Limits(steps=600)) == "a!"
    with pytest.raises(TemplateError, match="error calling shout: more than 599 steps"):
        shouted({"value": "a"}, limits=Limits(steps=599))


@pytest.mark.parametrize(("memory", "calls"), [(Memory.NONE, 2), (Memory.VALUE, 1)])
def test_what_may_be_remembered_is_computed_once(
    define: Define, memory: Memory, calls: int
) -> None:
    seen: list[object] = []

    def call(value: object) -> str:
        seen.append(value)
        return "done"

    define(Function(ONE, call, memory=memory))
    memo, value = Memo(), {"a": "b"}
    memo.freeze(value)
    template = parse("{{ shout .value }}{{ shout .value }}", "t", functions=functions(memo))
    assert template.render({"value": value}) == "donedone"
    assert len(seen) == calls


def test_what_does_not_repeat_needs_the_setting(define: Define) -> None:
    define(Function(ONE, loud, repeats=False))
    assert "shout" in refused(frozenset())
    assert "shout" not in refused(frozenset({"shout"}))
    with pytest.raises(TemplateError, match="its result is another one each time"):
        shouted({"value": "a"})


def test_what_is_refused_says_why_in_every_set(define: Define) -> None:
    define(Function(ONE, loud, refused="a template must not shout"))
    with pytest.raises(TemplateError, match="not available: a template must not shout"):
        shouted({"value": "a"})
    with pytest.raises(TemplateError, match="not available: a template must not shout"):
        render("{{ shout 1 }}", {})


@pytest.mark.parametrize("changes", [True, False])
def test_templates_that_change_their_data_are_found_by_the_function(
    define: Define, *, changes: bool
) -> None:
    define(Function(ONE, loud, changes=changes))
    memo = Memo()
    rules = Rules(functions=functions(memo), refused={}, memo=memo)
    assert rules.changes_data("{{ shout .ConfigData }}") is changes
    assert not rules.changes_data("{{ shouting }} {{ .ConfigData }}")
