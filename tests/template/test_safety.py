"""Nothing that a template does raises anything but our error, or passes a limit."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kalypso.errors import TemplateError
from kalypso.template import Limits, MissingKey, limits, parse
from tests.template.sources import TEMPLATES, WELL_FORMED

SMALL = Limits(output=2000, steps=2000, depth=10, length=1000, leaves=500, nesting=20)


def data() -> dict[str, Any]:
    return {"a": "A", "b": 0, "l": [1, "x", None, {"a": 2}], "m": {"a": 1.5, "k": [True]}}


@settings(max_examples=300, deadline=None)
@example("{{ range 2 }}{{ end }}" * 3, "default")
@given(st.one_of(st.text(), TEMPLATES, WELL_FORMED), st.sampled_from(["default", "error", "zero"]))
def test_any_text_renders_or_is_our_error(source: str, missing_key: MissingKey) -> None:
    text, problem = "", None
    try:
        text = parse(source, limits=SMALL).render(data(), missing_key=missing_key)
    except TemplateError as error:
        problem = error.problem
    assert len(text) <= SMALL.output
    if problem is not None:
        assert problem.at.file == "template"
        assert 1 <= problem.at.line <= source.count("\n") + 1
        assert problem.excerpt.endswith("^")


DOUBLE = '{{ $x := "ab" }}{{ range 40 }}{{ $x = print $x $x }}{{ end }}{{ len $x }}'
BIG = '{{ $x := repeat 1000000 "a" }}'
NEST = "{{ $x := list }}{{ range 400 }}{{ $x = list $x }}{{ end }}{{ $x }}"
SLOW = '{{ $_ := derivePassword 1 "long" "p" "u" "s" }}'
CALL = '{{ template "t" }}'
SPREAD = '{{ $x := list "ab" }}{{ range 40 }}{{ $x = list $x $x }}{{ end }}'


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("template", "limit"),
    [
        ("{{ range 100000000 }}{{ end }}", "steps"),
        ("{{ range 2000 }}{{ range 2000 }}{{ end }}{{ end }}", "steps"),
        ("{{ range 400000 }}{{ printf `%0100d` 1 }}{{ end }}", "output is longer"),
        ("{{ range 400000 }}{{ if true }}{{ printf `%0100d` 1 }}{{ end }}{{ end }}", "output"),
        ('{{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }}', "template depth"),
        (f'{{{{ define "t" }}}}{CALL}{CALL}{{{{ end }}}}{CALL}', "depth"),
        ('{{ repeat 2000000 "a" }}', "limit"),
        ('{{ repeat 1000 (repeat 1000 "abc") }}', "limit"),
        ("{{ until 5000000 }}", "limit"),
        ("{{ untilStep 0 50000000 1 }}", "limit"),
        ("{{ untilStep 0 50000000 -1 }}{{ range 99999999 }}{{ end }}", "steps"),
        ('{{ indent 2000000 "a" }}', "limit"),
        ('{{ replace "" (repeat 10000 "x") (repeat 10000 "y") }}', "limit"),
        ('{{ join (repeat 10000 "x") (until 10000) }}', "limit"),
        ('{{ regexReplaceAll "" (repeat 10000 "y") (repeat 10000 "x") }}', "limit"),
        ("{{ seq 1 100000000 }}", "limit"),
        ("{{ printf `%1000000d%1000000d` 1 2 }}", "longer"),
        ("{{ printf `" + "%900000[1]d" * 9 + "` 1 }}", "longer"),
        ('{{ $x := repeat 1000000 "a" }}{{ print $x $x $x $x $x }}', "texts are longer"),
        ('{{ $x := repeat 1000000 "a" }}{{ list $x $x $x $x $x | toYaml }}', "texts are longer"),
        (BIG + "{{ range 99999 }}{{ $_ := sha256sum $x }}{{ end }}", "steps"),
        ('{{ $x := repeat 1000000 "a" }}{{ range 99999 }}{{ $_ := eq $x $x }}{{ end }}', "steps"),
        ("{{ $l := until 999999 }}{{ range 99999 }}{{ $_ := reverse $l }}{{ end }}", "steps"),
        ("{{ $l := until 99999 }}{{ range 99999 }}{{ $_ := has -1 $l }}{{ end }}", "steps"),
        (f"{{{{ range 99 }}}}{SLOW}{{{{ end }}}}", "steps"),
        (DOUBLE, "longer"),
        (NEST, "nests deeper"),
        (SPREAD + "{{ $x }}", "holds more than"),
        (SPREAD + "{{ toYaml $x }}", "holds more than"),
        (SPREAD + "{{ toJson $x }}", "holds more than"),
        (SPREAD + "{{ $x | quote }}", "holds more than"),
        (SPREAD + '{{ printf "%v" $x }}', "holds more than"),
        (SPREAD + "{{ hash $x }}", "holds more than"),
        (SPREAD + "{{ deepEqual $x $x }}", "holds more than"),
        (SPREAD + "{{ has 1 $x }}", "holds more than"),
        ('{{ $d := dict }}{{ $_ := set $d "self" $d }}{{ $d }}', "itself"),
        ('{{ $d := dict }}{{ $_ := set $d "self" $d }}{{ toJson $d }}', "itself"),
        ("{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}", "nest deeper"),
        ("{{ if true }}" * 2000 + "{{ end }}" * 2000, "nest deeper"),
        ('{{ block "b" . }}' * 2000 + "{{ end }}" * 2000, "nest deeper"),
    ],
    ids=lambda value: value[:50] if isinstance(value, str) else None,
)  # fmt: skip
def test_limit_is_told(template: str, limit: str) -> None:
    with pytest.raises(TemplateError) as caught:
        parse(template).render({})
    assert caught.value.problem.code == "template-limit" or "limit" in str(caught.value)
    assert limit in caught.value.problem.message


def test_long_chains_of_else_if_are_no_nesting() -> None:
    arms = "".join(f"{{{{ else if eq .n {number} }}}}{number}" for number in range(1, 2000))
    template = parse("{{ if false }}" + arms + "{{ end }}")
    assert template.render({"n": 1999}) == "1999"


def test_long_pipelines_are_no_nesting() -> None:
    assert parse("{{ 1" + " | print" * 150 + " }}").render({}) == "1"


@pytest.mark.parametrize(
    "template",
    [
        "{{ range 100000 }}{{ end }}",
        '{{ define "t" }}{{range 9000}}{{end}}{{ end }}{{ range 9 }}{{ template "t" }}{{ end }}',
        '{{ range 400 }}{{ $x := repeat 500000 "a" }}{{ end }}',
    ],
)
def test_the_clock_ends_what_steps_do_not(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count(0, 25)
    monkeypatch.setattr(limits, "monotonic", lambda: next(clock))
    with pytest.raises(TemplateError, match="it takes more than 60 seconds") as caught:
        parse(template).render({})
    assert caught.value.problem.code == "template-limit"


def test_the_clock_is_not_looked_at_for_a_short_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count(0, 1_000)
    monkeypatch.setattr(limits, "monotonic", lambda: next(clock))
    assert parse("{{ range 100 }}a{{ end }}").render({}) == "a" * 100


def test_limits_can_be_set_for_one_rendering() -> None:
    template = parse("{{ range 100 }}x{{ end }}")
    assert template.render({}) == "x" * 100
    with pytest.raises(TemplateError, match="output is longer than 99 characters"):
        template.render({}, limits=Limits(output=99))


LONG = '{{ $x := repeat 20000 "Ab-1 " }}'
FEW = Limits(steps=20_000)


@pytest.mark.parametrize(
    "call",
    [
        "kebabcase $x", "snakecase $x", "camelcase $x", "swapcase $x", "title $x", "initials $x",
        "wrap 1 $x", 'wrapWith 1 "-" $x', "b32dec $x", "fromJson $x", "mustFromJson $x", "hash $x",
        "urlParse $x", 'split "A" $x', 'splitn "A" 9 $x', 'semverCompare $x "1.2.3"',
        'semverCompare "1.2.3" $x', 'toDate "2006" $x', 'toDate $x "2006"', "duration $x",
        'regexMatch "(a|b)*c" $x', 'regexFind "(.*)(.*)(.*)" $x', 'regexReplaceAll "a+" $x "b"',
        "int $x", "add $x 1", "toDecimal $x", "float64 $x", "list $x | hash", 'dict "a" $x | hash',
    ],
)  # fmt: skip
def test_a_dear_function_costs_what_its_input_is_long(call: str) -> None:
    with pytest.raises(TemplateError, match="more than 20000 steps"):
        parse(f"{LONG}{{{{ range 3 }}}}{{{{ $y := {call} }}}}{{{{ end }}}}", limits=FEW).render({})


@pytest.mark.parametrize(
    "call",
    [
        'regexMatch (repeat 1000 "(a|b|c)*") "a"',
        'regexFindAll (repeat 1000 "(a|b|c)*") "a" 1',
        'regexReplaceAll (repeat 1100 "(.*)") "a" "b"',
        'regexSplit (repeat 1000 "x{99}") "a" 1',
    ],
)
def test_a_pattern_has_a_longest_length(call: str) -> None:
    with pytest.raises(TemplateError, match="the pattern is longer than 4096 characters"):
        parse(f"{{{{ {call} }}}}").render({})


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "template",
    [
        '{{ $x := repeat 500 "(a|b)*" }}{{ range until 900 }}{{ regexMatch $x "" }}{{ end }}',
        '{{ range $n := until 900 }}{{ regexMatch (printf "\\\\pL{%d}" $n) "a" }}{{ end }}',
        '{{ regexMatch (repeat 500 "(.*)") (repeat 10000 "a") }}',
        '{{ regexMatch "(.*){900}" (repeat 10000 "a") }}',
        '{{ regexMatch "((.*){30}){30}" (repeat 10000 "a") }}',
        '{{ range 900 }}{{ $x := regexFindAll "a" (repeat 10000 "a") -1 }}{{ end }}',
        "{{ range 60 }}{{ $x := randAlpha 100000 }}{{ end }}",
    ],
)
def test_patterns_and_lots_count_as_what_they_may_take(template: str) -> None:
    with pytest.raises(TemplateError, match="more than 20000 steps"):
        parse(template, limits=FEW).render({})


def test_ordinary_calls_cost_next_to_nothing() -> None:
    template = (
        '{{ range $n := until 500 }}{{ regexMatch "^[a-z0-9-]{1,63}$" "hello-world" | toString }}'
        '{{ kebabcase "HelloWorld" }}{{ fromJson "{}" }}{{ semverCompare ">=1.0" "1.2.3" }}'
        "{{ hash 1 | trunc 3 }}{{ title `a` }}{{ end }}"
    )
    assert parse(template).render({}).startswith("truehello-worldmap[]true")
