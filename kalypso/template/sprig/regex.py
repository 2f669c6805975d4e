"""Regular expressions.

Where Go returns a nil ``[]string``, there is a nil ``[]interface {}``: both are ``null`` in JSON.

Source: Sprig v2.22.0 and v3.3.0, regex.go.
"""

from __future__ import annotations

from collections.abc import Callable

from kalypso.golang.regexp import (
    Pattern,
    PatternError,
    compile_panic,
    compile_pattern,
    quote_meta,
)
from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.values import NilList, StringList
from kalypso.template.functions import Function
from kalypso.template.sprig.pattern_cost import pattern_cost

_Compile = Callable[[str], Pattern]


def _compiled(pattern: str) -> Pattern:
    """Compile as ``regexp.MustCompile`` does."""
    try:
        return compile_pattern(pattern)
    except PatternError as error:
        raise FunctionError(compile_panic(pattern, error)) from None


def _must_compile(pattern: str) -> Pattern:
    """Compile as ``regexp.Compile`` does."""
    try:
        return compile_pattern(pattern)
    except PatternError as error:
        raise FunctionError(str(error)) from None


def regex_match(pattern: str, text: str) -> bool:
    """Return whether the pattern occurs; a wrong pattern never does."""
    try:
        return compile_pattern(pattern).matches(text)
    except PatternError:
        return False


def _find(compiled: _Compile) -> Function:
    return Function(
        (Kind.STRING, Kind.STRING),
        lambda pattern, text: compiled(pattern).find(text),
        cost=pattern_cost,
    )


def _find_all(compiled: _Compile) -> Function:
    def call(pattern: str, text: str, count: int) -> list[str]:
        found = compiled(pattern).find_all(text, count)
        return StringList(found) if found else NilList()

    return Function((Kind.STRING, Kind.STRING, Kind.INT), call, cost=pattern_cost)


def _split(compiled: _Compile) -> Function:
    def call(pattern: str, text: str, count: int) -> list[str]:
        pieces = compiled(pattern).split(text, count)
        return StringList(pieces) if count else NilList()

    return Function((Kind.STRING, Kind.STRING, Kind.INT), call, cost=pattern_cost)


def _replace(compiled: _Compile, *, literal: bool) -> Function:
    def call(pattern: str, text: str, replacement: str) -> str:
        return compiled(pattern).replace(text, replacement, literal=literal)

    return Function((Kind.STRING, Kind.STRING, Kind.STRING), call, cost=pattern_cost)


FUNCTIONS: dict[str, Function] = {
    "regexMatch": Function((Kind.STRING, Kind.STRING), regex_match, cost=pattern_cost),
    "regexFind": _find(_compiled),
    "regexFindAll": _find_all(_compiled),
    "regexReplaceAll": _replace(_compiled, literal=False),
    "regexReplaceAllLiteral": _replace(_compiled, literal=True),
    "regexSplit": _split(_compiled),
}
FUNCTIONS_V3: dict[str, Function] = {
    "mustRegexMatch": Function(
        (Kind.STRING, Kind.STRING),
        lambda pattern, text: _must_compile(pattern).matches(text),
        cost=pattern_cost,
    ),
    "mustRegexFind": _find(_must_compile),
    "mustRegexFindAll": _find_all(_must_compile),
    "mustRegexReplaceAll": _replace(_must_compile, literal=False),
    "mustRegexReplaceAllLiteral": _replace(_must_compile, literal=True),
    "mustRegexSplit": _split(_must_compile),
    "regexQuoteMeta": Function((Kind.STRING,), quote_meta),
}
