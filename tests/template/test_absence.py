"""Where printing a missing key is an error, only functions about absence take one."""

from __future__ import annotations

from typing import Final

import pytest

from kalypso.errors import TemplateError
from kalypso.golang.signatures import Kind
from kalypso.template import parse
from kalypso.template.sets import function_set
from tests.template.case_data import case_data

ABOUT_ABSENCE: Final = {
    *("all", "and", "any", "coalesce", "default", "dig", "empty", "eq", "get", "hasKey", "index"),
    *("kindIs", "ne", "not", "or", "ternary", "typeIs", "typeIsLike"),
}
"""Written down here too, so that no function joins them by accident."""
LITERALS: Final = {
    Kind.ANY: "1",
    Kind.VALUE: "1",
    Kind.STRING: '"a"',
    Kind.BOOL: "true",
    Kind.INT: "1",
    Kind.INT64: "1",
    Kind.FLOAT64: "1.5",
    Kind.LIST: "(list 1)",
    Kind.STRINGS: "(keys (dict))",
    Kind.MAP: '(dict "a" 1)',
    Kind.TIME: "now",
}
OTHERS: Final = sorted(
    (name, position)
    for name, function in function_set("sprig3").items()
    if name not in ABOUT_ABSENCE | {"call"}
    for position in range(len(function.params))
)


@pytest.mark.parametrize(("name", "position"), OTHERS, ids=str)
def test_every_other_function_refuses_a_missing_key(name: str, position: int) -> None:
    arguments = [LITERALS[kind] for kind in function_set("sprig3")[name].params]
    arguments[position] = ".ConfigData.txet"
    template = parse(f"{{{{ {name} {' '.join(arguments)} }}}}", "t", functions="sprig3")
    with pytest.raises(TemplateError) as caught:
        template.render(case_data(), missing_key="error")
    assert caught.value.problem.code == "missing-key"
    assert caught.value.problem.message == 'map has no entry for key "txet"'
    assert caught.value.problem.hint == "the nearest key is text"


@pytest.mark.parametrize("name", sorted(ABOUT_ABSENCE - {"dig", "index"}))
def test_functions_about_absence_take_a_missing_key(name: str) -> None:
    arguments = [LITERALS[kind] for kind in function_set("sprig3")[name].params]
    arguments[-1] = "true" if name == "ternary" else arguments[-1]
    arguments[-2 if name in {"hasKey", "get", "ternary"} else -1] = ".ConfigData.txet"
    template = parse(f"{{{{ $x := {name} {' '.join(arguments)} }}}}done", "t", functions="sprig3")
    assert template.render(case_data(), missing_key="error") == "done"


@pytest.mark.parametrize("rule", ["default", "zero"])
def test_without_the_rule_a_function_gets_what_go_gives_it(rule: str) -> None:
    template = parse('[{{ quote .ConfigData.txet }}{{ printf "%v" .ConfigData.txet }}]', "t")
    assert template.render(case_data(), missing_key=rule) == "[<nil>]"  # type: ignore[arg-type]  # both are rules


def test_a_value_that_is_null_is_not_a_missing_key() -> None:
    template = parse("[{{ quote .ConfigData.nothing }}]", "t")
    assert template.render(case_data(), missing_key="error") == "[]"
