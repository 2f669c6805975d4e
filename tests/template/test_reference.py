"""The reference operator's behaviour around the template language."""

from __future__ import annotations

import pytest

from kalypso.errors import TemplateError
from kalypso.rendering.reference import render, render_all


def test_the_result_is_rendered_until_no_braces_are_left() -> None:
    data = {"Namespace": "ns", "ConfigData": {"a": "{{ .ConfigData.b }}", "b": "{{ .Namespace }}"}}
    assert render("<{{ .ConfigData.a }}>", data) == "<ns>"


def test_a_value_that_yields_itself_is_an_error() -> None:
    with pytest.raises(TemplateError, match="after 32 passes"):
        render("{{ .ConfigData.a }}", {"ConfigData": {"a": "{{ .ConfigData.a }}"}})


def test_variables_and_definitions_are_gone_in_the_next_pass() -> None:
    with pytest.raises(TemplateError, match="undefined variable"):
        render("{{ $x := 1 }}{{ .ConfigData.a }}", {"ConfigData": {"a": "{{ $x }}"}})


def test_old_fields_exist_only_where_the_data_have_them() -> None:
    assert render("{{ .Repo }}", {"Repo": "r"}) == "r"
    with pytest.raises(
        TemplateError, match=r"can't evaluate field Repo in type scheduler\.dataType"
    ):
        render("{{ .Repo }}", {"Manifests": {"repo": "r"}})


def test_a_missing_key_prints_no_value_and_an_empty_result_stays_empty() -> None:
    assert render("{{ .Labels.x }}", {}) == "<no value>"
    assert render("{{ if .ConfigData.x }}kind: A{{ end }}", {"ConfigData": {}}) == ""


def test_sprig_3_is_unknown() -> None:
    with pytest.raises(TemplateError, match='function "fromJson" not defined'):
        render("{{ fromJson .Namespace }}", {"Namespace": "{}"})


def test_nested_mappings_are_not_string_keyed() -> None:
    with pytest.raises(TemplateError, match=r"expected map\[string\]interface"):
        render("{{ keys .ConfigData.m }}", {"ConfigData": {"m": {"a": 1}}})


def test_manifests_of_one_template_share_what_functions_change() -> None:
    texts = ['{{ $_ := set .ConfigData "a" 2 }}{{ .ConfigData.a }}', "{{ .ConfigData.a }}"]
    data: dict[str, object] = {"ConfigData": {"a": 1}}
    assert render_all(texts, data) == ["2", "2"]
    assert data == {"ConfigData": {"a": 1}}
