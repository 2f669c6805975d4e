"""The sets of functions: their sizes, what is refused, what does not repeat, what is an extra."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kalypso.errors import TemplateError
from kalypso.golang.signatures import FunctionError, Kind
from kalypso.template import parse, render, sprig

UNREPEATABLE = {
    "ago",
    "bcrypt",
    "encryptAES",
    "genCA",
    "genCAWithKey",
    "genPrivateKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "htpasswd",
    "now",
    "randAlpha",
    "randAlphaNum",
    "randAscii",
    "randBytes",
    "randInt",
    "randNumeric",
    "shuffle",
    "uuidv4",
}


def test_sprig_2_has_150_functions_and_sprig_3_has_61_more() -> None:
    assert len(sprig.sprig_v2()) == 150
    assert len(sprig.sprig_v3_only()) == 61
    assert not sprig.sprig_v2().keys() & sprig.sprig_v3_only().keys()


@pytest.mark.parametrize(
    ("name", "params", "variadic"),
    [
        ("trunc", (Kind.INT, Kind.STRING), False),
        ("add", (Kind.ANY,), True),
        ("hasKey", (Kind.MAP, Kind.STRING), False),
        ("pick", (Kind.MAP, Kind.STRING), True),
        ("round", (Kind.ANY, Kind.INT, Kind.FLOAT64), True),
        ("dateModify", (Kind.STRING, Kind.TIME), False),
        ("genSelfSignedCert", (Kind.STRING, Kind.LIST, Kind.LIST, Kind.INT), False),
        ("now", (), False),
    ],
)
def test_parameters_are_those_of_go(name: str, params: tuple[Kind, ...], *, variadic: bool) -> None:
    function = sprig.sprig_v2()[name]

    assert function.params == params
    assert function.variadic is variadic


@pytest.mark.parametrize("name", ["env", "expandenv", "getHostByName"])
def test_functions_that_look_outside_are_refused_by_their_body_too(name: str) -> None:
    with pytest.raises(FunctionError, match="not available"):
        sprig.sprig_v2()[name].call("HOME")


@pytest.mark.parametrize("name", sorted(sprig.sprig_v3_only()))
def test_names_of_sprig_3_are_unknown_to_sprig_2(name: str) -> None:
    with pytest.raises(TemplateError, match="not defined"):
        parse(f"{{{{ {name} }}}}", functions="sprig2")


def test_functions_that_read_the_clock_or_draw_lots_are_marked_and_no_others() -> None:
    known = {**sprig.sprig_v2(), **sprig.sprig_v3_only()}
    assert {name for name, function in known.items() if not function.repeats} == UNREPEATABLE


@pytest.mark.parametrize(
    "template",
    [
        "{{ now }}",
        "{{ randAlphaNum 40 }}",
        "{{ randAscii 40 }}",
        "{{ randBytes 40 }}",
        "{{ randInt 0 1000000000000 }}",
        "{{ uuidv4 }}",
        '{{ shuffle "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" }}',
        '{{ encryptAES "a" "b" }}',
        '{{ bcrypt "a" }}',
        '{{ genPrivateKey "ecdsa" }}',
    ],
)
def test_functions_that_do_not_repeat_give_another_result_each_time(template: str) -> None:
    assert render(template, {}) != render(template, {})


@pytest.mark.parametrize(
    ("library", "template"),
    [
        ("cryptography", '{{ encryptAES "a" "b" }}'),
        ("cryptography", '{{ decryptAES "a" "AAAAAAAAAAAAAAAAAAAAAA==" }}'),
        ("cryptography", '{{ genPrivateKey "rsa" }}'),
        ("cryptography", '{{ genCA "a" 1 }}'),
        ("cryptography", '{{ genSelfSignedCert "a" nil nil 1 }}'),
        ("cryptography", '{{ buildCustomCert "" "" }}'),
        ("bcrypt", '{{ bcrypt "a" }}'),
        ("bcrypt", '{{ htpasswd "a" "b" }}'),
    ],
)
def test_without_the_extra_the_error_names_it(
    library: str, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = [name for name in sys.modules if name.split(".")[0] == library]
    for name in {library, *loaded}:
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(TemplateError, match=r"not available: install kalypso-on-pulumi\[crypto\]"):
        render(template, {})


def test_derived_passwords_need_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)

    assert render('{{ derivePassword 1 "pin" "p" "u" "s" }}', {}).isdecimal()


def test_loading_the_functions_loads_no_large_library() -> None:
    code = (
        "import sys; from kalypso.template import sprig; sprig.sprig_v2(); sprig.sprig_v3_only();"
        "print([name for name in ('bcrypt', 'cryptography', 're2', 'yaml', 'zoneinfo')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout == "[]\n"
