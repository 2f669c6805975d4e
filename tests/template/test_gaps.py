"""A template as texts with gaps: each gap can be filled by itself, and says what it depends on."""

from __future__ import annotations

import pytest

from kalypso.errors import TemplateError
from kalypso.template import Gaps, StringMap, Struct, parse


def gaps_of(text: str) -> Gaps:
    found = parse(text, "rec").gaps("error")
    assert found is not None
    return found


def filled(text: str, **fields: object) -> str:
    found = gaps_of(text)
    return found.filled([gap.print(Struct(fields, "data")) for gap in found.gaps])


def test_filled_gaps_and_texts_are_the_result() -> None:
    text = "100%: {{ .A }}{{ if .B }}, {{ .B }}%s{{ end }}.\n"
    assert filled(text, A="one", B="two") == "100%: one, two%s.\n"


def test_a_text_without_actions_has_no_gaps() -> None:
    assert gaps_of("50% %s\n") == Gaps(("50% %s\n",), ())


@pytest.mark.parametrize(
    ("action", "names"),
    [
        ("{{ .A }}", ("A",)),
        ("{{ .A.b }}", ("A", "b")),
        ("{{ $.A }}", ("A",)),
        ("{{ .A | upper }}", ()),
        ("{{ if .A }}{{ .A }}{{ end }}", ()),
        ("{{ 1 }}", ()),
        ("{{ . }}", ()),
    ],
)
def test_only_a_plain_field_is_named(action: str, names: tuple[str, ...]) -> None:
    assert gaps_of(action).gaps[0].names == names


@pytest.mark.parametrize(
    ("action", "reads"),
    [
        ("{{ .A }}", {"A"}),
        ("{{ toYaml .A | indent 2 }}", {"A"}),
        ("{{ printf .A .B.c $.D }}", {"A", "B", "D"}),
        ("{{ if .A }}{{ .B }}{{ else }}{{ .C }}{{ end }}", {"A", "B", "C"}),
        ("{{ with .A }}{{ .b }}{{ $.C }}{{ end }}", {"A", "C"}),
        ("{{ range $k, $v := .A }}{{ $k }}={{ $v }}{{ else }}{{ .B }}{{ end }}", {"A", "B"}),
        ("{{ (index .A 0).b }}", {"A"}),
        ("{{ `text` }}", set()),
    ],
)
def test_a_gap_says_which_fields_it_reads(action: str, reads: set[str]) -> None:
    assert gaps_of(action).gaps[0].reads == frozenset(reads)


@pytest.mark.parametrize(
    "action",
    [
        "{{ . }}",
        "{{ $ | toJson }}",
        "{{ if . }}x{{ end }}",
        "{{ .A | list . }}",
        "{{ now }}",
        "{{ randAlpha 3 }}",
        '{{ set .A "x" 1 }}',
        "{{ if .A }}{{ $x := .B }}{{ $x }}{{ end }}",
        '{{ template "other" .A }}',
    ],
)
def test_a_gap_that_may_read_or_change_anything_says_so(action: str) -> None:
    assert gaps_of(action).gaps[0].reads is None


@pytest.mark.parametrize(
    "text", ["{{ $x := .A }}{{ $x }}", '{{ define "part" }}x{{ end }}{{ template "part" . }}']
)
def test_what_needs_the_rest_of_the_template_has_no_gaps(text: str) -> None:
    assert parse(text, "rec").gaps("error") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a\n{{ .Labels.team }}", 'map has no entry for key "team"'),
        ("a\n{{ fail .A }}", "one"),
        ("a\n{{ .Missing }}", "can't evaluate field Missing"),
    ],
)
def test_a_gap_that_cannot_be_filled_is_an_error_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(TemplateError, match=sentence) as caught:
        filled(text, A="one", Labels=StringMap({}))
    assert caught.value.problem.at.line == 2
