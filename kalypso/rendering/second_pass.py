"""Further passes: a result that still holds ``{{`` is a template again, with the same data.

Only the platform's text is rendered again: where an application team's stands, the result holds a
mark (:class:`kalypso.template.Marks`), and its text comes in after the last pass.

Most such results are a manifest with a few plain actions that came from configuration values.
Those are rendered one by one from a cache, since the text around them differs for each assignment.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kalypso.template import has_mark

MAX_PASSES = 10

Render = Callable[[str], str]
"""Renders one text as a template; raises TemplateError."""

_PLAIN_ACTION = re.compile(
    r"""\{\{(?!-\s)\s*
        (?!(?:if|else|end|range|with|define|template|block|break|continue)\b)
        (?:[^{}"`'$/:=\n-]|-(?!\}\})|"(?:[^"\\\n{}]|\\.)*")*
    (?<!-)\}\}""",
    re.VERBOSE,
)
"""An action that stands for itself: no keyword, no variable, no trimming, no comment."""


_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)


class TeamTextError(Exception):
    """An application team's text would be run as a template."""


def render_again(text: str, render: Render) -> str:
    """Render a result until no ``{{`` is left.

    Args:
        text: The result of the first pass.
        render: Renders a template with the assignment's data.

    Raises:
        TemplateError: ``render`` raised it.
        TeamTextError: An action of the next pass holds an application team's text.
        RecursionError: After ten passes there still is one: a value that yields itself.
    """
    for _ in range(MAX_PASSES - 1):
        if "{{" not in text:
            return text
        if any(has_mark(action) for action in _ACTION.findall(text)):
            raise TeamTextError
        text = _one_pass(text, render)
    if "{{" in text:
        raise RecursionError
    return text


def _one_pass(text: str, render: Render) -> str:
    rest = _PLAIN_ACTION.sub("", text)
    if "{{" in rest or "}}" in rest:
        return render(text)
    return _PLAIN_ACTION.sub(lambda action: render(action.group()), text)
