"""Random templates for the property tests: pieces of the language in any order."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

_WORDS: Final = [
    ".", ".a", ".a.b", "$", "$x", "$x.y", "$i", ":=", "=", ",", "|", "(", ")", "nil", "true",
    "false", "0", "1", "-2", "2.5", "1e3", "'x'", '"a"', "`b`", '"%v%d"', "if", "else", "end",
    "range", "with", "define", "template", "block", "break", "continue", "print", "printf",
    "println", "len", "not", "and", "or", "index", "slice", "eq", "ne", "lt", "le", "gt", "ge",
    "html", "js", "urlquery", "call", "list", "dict", "add", "until", "repeat", "upper",
    "default", "quote", "toYaml", "toJson", "set", "first", "sub", "tpl",
]  # fmt: skip
_PIECES: Final = [
    "{{ ", "{{- ", "{{", " }}", " -}}", "}}", "text", "\n", " ", "%s", "{{/* c */}}", "é",
    "{{ if .a }}", "{{ else }}", "{{ end }}", "{{ range $i, $x := .l }}", "{{ with .m }}",
    '{{ define "t" }}', '{{ template "t" . }}', "{{ $x := .a }}", "{{ . }}",
]  # fmt: skip

TEMPLATES: Final = st.lists(
    st.one_of(st.sampled_from(_PIECES), st.sampled_from(_WORDS).map(" {} ".format)), max_size=30
).map("".join)
"""Mostly broken templates; a few of them render."""


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    heads = ["if .a", "with .m", "range .l", "range $i, $x := .m", "range 3", "if not .b"]
    return st.builds(
        "{{{{ {} }}}}{}{{{{ else }}}}{}{{{{ end }}}}".format, st.sampled_from(heads), inner, inner
    )


_PIPES: Final = st.lists(
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join), min_size=1, max_size=3
).map(" | ".join)
WELL_FORMED: Final = st.recursive(
    st.one_of(st.just("text"), _PIPES.map("{{{{ {} }}}}".format)),
    lambda inner: st.one_of(_blocks(inner), st.tuples(inner, inner).map("".join)),
    max_leaves=8,
)
"""Templates whose blocks are closed."""
