"""Functions that leak the machine, or that give something else each time, and nothing besides."""

from __future__ import annotations

import pytest

from kalypso.errors import TemplateError
from kalypso.rendering.functions import functions, refused
from kalypso.rendering.memo import Memo
from kalypso.template import parse

NEVER = ("env", "expandenv", "getHostByName")
UNREPEATABLE = (
    *("now", "ago", "uuidv4", "shuffle", "bcrypt", "htpasswd", "encryptAES"),
    *("randAlpha", "randAlphaNum", "randAscii", "randBytes", "randInt", "randNumeric"),
    *("genCA", "genCAWithKey", "genPrivateKey", "genSelfSignedCert", "genSelfSignedCertWithKey"),
    *("genSignedCert", "genSignedCertWithKey"),
)
ALL = frozenset(UNREPEATABLE)


def parses(name: str, allowed: frozenset[str]) -> bool:
    try:
        parse(f"{{{{ {name} }}}}", "t", functions=functions(Memo()), refuse=refused(allowed))
    except TemplateError as error:
        return error.problem.code != "function-refused"
    return True


@pytest.mark.parametrize("name", NEVER)
def test_the_machine_is_never_read(name: str) -> None:
    assert not parses(name, frozenset())
    assert not parses(name, ALL | {name})


@pytest.mark.parametrize("name", UNREPEATABLE)
def test_what_does_not_repeat_needs_a_setting(name: str) -> None:
    assert not parses(name, frozenset())
    assert not parses(name, ALL - {name})
    assert parses(name, frozenset({name}))


def test_everything_else_is_available() -> None:
    others = [name for name in functions(Memo()) if name not in {*NEVER, *UNREPEATABLE}]
    assert len(others) > 180
    assert all(parses(name, frozenset()) for name in others)


@pytest.mark.parametrize(
    "text",
    [
        '{{ "HOME" | env }}',
        '{{ (env "HOME") }}',
        '{{ if env "HOME" }}x{{ end }}',
        '{{ with $x := env "HOME" }}{{ $x }}{{ end }}',
        '{{ define "t" }}{{ env "HOME" }}{{ end }}{{ template "t" }}',
        '{{- /* a comment */ -}}{{ env "HOME" }}',
        '{{ printf "%s" (env "HOME") }}',
        '{{ range until 0 }}{{ env "HOME" }}{{ end }}',
    ],
)
def test_no_form_of_a_call_gets_around(text: str) -> None:
    with pytest.raises(TemplateError) as caught:
        parse(text, "t", functions=functions(Memo()), refuse=refused(frozenset()))
    assert caught.value.problem.code == "function-refused"
