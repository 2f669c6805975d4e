"""Parsing once, rendering often: the cache, sets of functions, types of data, errors."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType

import pytest

from kalypso.errors import TemplateError
from kalypso.golang.signatures import FunctionError, Kind
from kalypso.template import AnyMap, Function, Limits, StringMap, Struct, parse, render


def test_a_text_is_parsed_once() -> None:
    assert parse("{{ .a }}") is parse("{{ .a }}")
    assert parse("{{ .a }}") is not parse("{{ .a }}", "other")
    assert parse("{{ .a }}") is not parse("{{ .a }}", limits=Limits(steps=1))


def test_a_template_renders_again_with_other_data() -> None:
    template = parse("{{ range .l }}{{ . }},{{ end }}{{ .x }}")
    assert template.render({"l": [1, 2], "x": "a"}) == "1,2,a"
    assert template.render({"l": ["b"]}) == "b,<no value>"


def test_one_template_follows_each_rule_about_missing_keys() -> None:
    template = parse("[{{ .labels.x }}]")
    data = {"labels": StringMap()}
    assert template.render(data) == "[<no value>]"
    assert template.render(data, missing_key="zero") == "[]"
    with pytest.raises(TemplateError, match='map has no entry for key "x"'):
        template.render(data, missing_key="error")


def test_threads_share_a_template() -> None:
    template = parse("{{ $x := .n }}{{ range 50 }}{{ $x = print $x . | len }}{{ end }}{{ $x }}")
    alone = [template.render({"n": number}) for number in range(50)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda number: template.render({"n": number}), range(50)))
    assert together == alone


def test_go_types_of_data_show() -> None:
    data = {"plain": {}, "any": AnyMap(), "strings": StringMap(), "struct": Struct({}, "a.B")}
    text = render('{{ range . }}{{ printf "%T" . }};{{ end }}', data)
    assert text == ("map[interface {}]interface {};map[string]interface {};map[string]string;a.B;")


def test_any_mapping_may_be_the_root() -> None:
    assert render("{{ .a }}{{ . }}", MappingProxyType({"a": 1})) == "1map[a:1]"


def test_functions_may_be_added() -> None:
    functions = {
        "double": Function((Kind.INT,), lambda number: number * 2),
        "broken": Function((), _broken),
    }
    assert parse("{{ double 2 | print }}", functions=functions).render({}) == "4"
    with pytest.raises(TemplateError, match="error calling broken: out of order"):
        parse("{{ broken }}", functions=functions).render({})
    with pytest.raises(TemplateError, match="wrong type for value; expected int; got string"):
        parse("{{ double .s }}", functions=functions).render({"s": "x"})
    with pytest.raises(TemplateError, match='function "upper" not defined'):
        parse("{{ upper .s }}", functions=functions)


def _broken() -> str:
    raise FunctionError("out of order")


def test_names_of_sprig_3_are_unknown_to_sprig_2() -> None:
    assert parse("{{ seq 3 }}", functions="sprig3").render({}) == "1 2 3"
    with pytest.raises(TemplateError, match='function "seq" not defined'):
        parse("{{ seq 3 }}", functions="sprig2")


@pytest.mark.parametrize("name", ["env", "expandenv", "getHostByName"])
@pytest.mark.parametrize("functions", ["sprig2", "sprig3"])
def test_functions_that_look_outside_are_refused(name: str, functions: str) -> None:
    with pytest.raises(TemplateError, match=f'function "{name}" is not available') as caught:
        parse(f'{{{{ if false }}}}{{{{ {name} "x" }}}}{{{{ end }}}}', functions=functions)  # type: ignore[arg-type]  # a parameter is a plain str
    assert caught.value.problem.code == "function-refused"


def test_the_caller_may_refuse_more_functions() -> None:
    with pytest.raises(TemplateError, match='"now" is not available: it differs each time'):
        parse("{{ now }}", refuse={"now": "it differs each time"})
    assert parse("{{ upper `a` }}", refuse={"now": "it differs each time"}).render({}) == "A"


def test_an_error_names_template_line_and_column_and_shows_them() -> None:
    with pytest.raises(TemplateError) as caught:
        render("a: 1\n\tb: {{ .x | xyzzy }}\n", {}, name="app/deploy.yaml")
    assert str(caught.value) == (
        'app/deploy.yaml:2:13: error: function "xyzzy" not defined [function]\n'
        "  \tb: {{ .x | xyzzy }}\n"
        "  \t           ^"
    )


def test_a_long_line_is_cut_around_the_caret() -> None:
    with pytest.raises(TemplateError) as caught:
        render("x" * 5000 + "{{ nope }}" + "y" * 5000, {})
    line, caret = caught.value.problem.excerpt.splitlines()
    assert len(line) < 200
    assert line[caret.index("^") :].startswith("nope }}")


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(TemplateError) as caught:
        render("{{ uper .x }}", {})
    assert caught.value.problem.hint == "the nearest function is upper"


def test_an_error_survives_pickling() -> None:
    with pytest.raises(TemplateError) as caught:
        render("{{ .a.b }}", {"a": 1})
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - made one line above
    assert str(copy) == str(caught.value)


def test_bytes_that_are_no_utf_8_stay_what_they_are() -> None:
    assert render('{{ "\\xff" }}{{ .b }}', {"b": "\udc80"}) == "\udcff\udc80"
    assert render("{{ len .b }}", {"b": "\udc80é"}) == "3"


def test_functions_change_the_data_they_are_given() -> None:
    data: dict[str, object] = {"a": 1}
    assert render('{{ $_ := set . "b" 2 }}{{ .b }}', data) == "2"
    assert data == {"a": 1, "b": 2}
