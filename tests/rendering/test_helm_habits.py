"""Whoever writes a template as in a chart learns what to use here."""

from __future__ import annotations

import pytest

from kalypso.errors import Position, Problem, TemplateError
from kalypso.golang.values import Struct
from kalypso.rendering.helm_habits import helm_hint
from kalypso.template import parse


def problem_of(template: str) -> Problem:
    with pytest.raises(TemplateError) as caught:
        parse(template, "t", functions="sprig3").render(Struct({"A": "a"}, "scheduler.dataType"))
    return caught.value.problem


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ('{{ include "labels" . }}', '{{ template "name" . }}'),
        ('{{ required "say it" .A }}', "fail"),
        ('{{ lookup "v1" "Secret" "a" "b" }}', "config map"),
        ("{{ tpl .A . }}", "rendered again by itself"),
        ("{{ .Release.Name }}", ".DeploymentTargetName"),
        ("{{ .Release.Namespace }}", ".Namespace"),
        ("{{ .Values.image.tag }}", ".ConfigData"),
        ("{{ .Chart.Name }}", ".Manifests"),
        ("{{ .Capabilities.KubeVersion }}", "labels of cluster types"),
        ('{{ .Files.Get "a" }}', "config map"),
    ],
)
def test_a_habit_of_helm_is_answered_with_what_to_use(template: str, words: str) -> None:
    hint = helm_hint(problem_of(template))
    assert "Helm's" in hint
    assert words in hint


@pytest.mark.parametrize("template", ["{{ uper .A }}", "{{ .Nope }}"])
def test_other_mistakes_keep_their_hint(template: str) -> None:
    problem = problem_of(template)
    assert helm_hint(problem) == problem.hint


def test_a_text_that_only_mentions_helm_is_left_alone() -> None:
    problem = Problem("template", 'error calling fail: "Values"', Position("t"), "as it was")
    assert helm_hint(problem) == "as it was"
