"""Whatever a template says of whatever data: text within its limits, or our error."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from kalypso.errors import TemplateError
from kalypso.template import Limits, MissingKey, function_set, parse
from tests.fuzz.mutation import TYPES
from tests.fuzz.seeds import lines, rounds

ROUNDS = 5_000
SMALL = Limits(output=5_000, steps=5_000, depth=10, length=2_000, leaves=1_000, nesting=20)
FUNCTIONS = sorted(function_set("sprig3"))
MISSING: list[MissingKey] = ["error", "default", "zero"]
DATA: dict[str, Any] = {
    "s": "text",
    "n": 5,
    "f": 1.5,
    "t": True,
    "nothing": None,
    "l": [1, "x", None, {"a": 2}, []],
    "m": {"a": 1.5, "k": [True], "": {}},
    "texts": [text for text in lines("texts.txt") if text != "\ud800"],  # no file can hold it
    "": "empty",
}
DATA["types"] = TYPES
LITERALS = [
    *('"text"', '""', "0", "-1", "5", "1e3", "9223372036854775807", "true", "nil", "`raw`", "'c'"),
    *('"2006-01-02"', '"^(a|b)*$"', '"%s %d %v %!"', '"1.2.3"', '"[1, {a: b}]"', '"{\\"a\\": 1}"'),
    *('"\\x00\\xff"', '"\\u202e"', "0x1p-2", "1_000", '"aGk="', '"http://[::1/x"'),
]
FIELDS = [".", "$", *(f".{key}" for key in DATA if key), ".m.a", ".m.k", ".missing", "$.l", "$x"]


def expression(draw: Random, depth: int = 3) -> str:
    """Return an expression of the language, right or nearly so."""
    match draw.randrange(6 if depth else 2):
        case 0:
            return draw.choice(LITERALS)
        case 1:
            return draw.choice(FIELDS)
        case 2:
            return f"({expression(draw, depth - 1)} | {draw.choice(FUNCTIONS)})"
        case _:
            count = draw.choice([0, 1, 1, 2, 2, 3, 4])
            parts = (expression(draw, depth - 1) for _ in range(count))
            return f"({' '.join([draw.choice(FUNCTIONS), *parts])})"


def template(draw: Random, depth: int = 3) -> str:
    """Return a template, right or nearly so."""
    inner = expression(draw)
    body = template(draw, depth - 1) if depth and draw.random() < 0.4 else "text"
    one = draw.choice(
        [
            "{{{{ {0} }}}}", "{{{{- {0} -}}}}", "{{{{ if {0} }}}}{1}{{{{ else }}}}x{{{{ end }}}}",
            "{{{{ range {0} }}}}{1}{{{{ end }}}}", "{{{{ with {0} }}}}{1}{{{{ end }}}}",
            "{{{{ range $k, $v := {0} }}}}{{{{ $v }}}}{1}{{{{ end }}}}", "{{{{ $x := {0} }}}}{1}",
            '{{{{ define "t" }}}}{1}{{{{ end }}}}{{{{ template "t" {0} }}}}',
        ]
    ).format(inner, body)  # fmt: skip
    if draw.random() < 0.15:
        at = draw.randrange(len(one))
        one = (
            one[:at]
            + draw.choice(["", "{{", "}}", '"', "`", "(", "\x00", "\udc80"])
            + one[at + 1 :]
        )
    return one


def test_a_template_of_any_kind_is_text_or_our_error() -> None:
    try_templates()


def try_templates() -> None:
    """Render templates until one is neither text nor our error."""
    for seed, draw in rounds("render", ROUNDS):
        text, missing = template(draw), draw.choice(MISSING)
        result, problem = "", None
        try:
            result = parse(text, limits=SMALL).render(copy.deepcopy(DATA), missing_key=missing)
        except TemplateError as error:
            problem = error.problem
        except Exception as error:
            raise AssertionError(f"seed {seed}: {text!r}") from error
        assert len(result) <= SMALL.output, (seed, text)
        if problem:
            assert problem.at.line >= 1, (seed, text)
            assert max(map(len, str(problem).splitlines())) < LONGEST, (seed, text)


LONGEST = 5_000
"""Characters of a line of a message."""
