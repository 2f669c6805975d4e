"""Results of functions that depend on the configuration alone, kept between assignments.

Thousands of assignments share a few hundred configurations, and turning one into YAML costs more
than all the rest of a manifest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kalypso.template.limits import LimitError, Limits, weigh
from kalypso.template.signatures import Function, FunctionError

OF_VALUES = ("toYaml", "toJson", "toPrettyJson", "toRawJson", "stringify", "hash")
"""Functions of one value."""
OF_TEXT = ("indent", "nindent")
"""Functions of a number and a text, worth keeping where the text is long."""
_LONG = 200
_MOST = 4096


class Memo:
    """Keeps results for values that nobody changes any more."""

    def __init__(self) -> None:
        self._frozen: dict[int, object] = {}
        """Values by identity; held, so that an identity is never given to another value."""
        self._results: dict[tuple[str, int], Any] = {}
        self._texts: dict[tuple[str, int, str], str] = {}

    def freeze(self, value: object) -> None:
        """Remember that a value, and all inside it, stays as it is while the memo lives."""
        if not isinstance(value, dict | list) or id(value) in self._frozen:
            return
        self._frozen[id(value)] = value
        for item in value.values() if isinstance(value, dict) else value:
            self.freeze(item)

    def wrap(self, name: str, function: Function) -> Function:
        """Return a function that computes the same and remembers it."""
        if name in OF_VALUES:
            return replace(function, call=self._of_value(name, function.call), bounded=True)
        if name in OF_TEXT:
            return replace(function, call=self._of_text(name, function.call))
        return function

    def _of_value(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        results, frozen = self._results, self._frozen

        def remembered(value: object) -> Any:  # noqa: ANN401  # what the function returns
            if id(value) not in frozen:
                _weigh(value)
                return call(value)
            key = (name, id(value))
            if key not in results:
                results[key] = call(value)
            return results[key]

        return remembered

    def _of_text(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        texts = self._texts

        def remembered(number: int, text: str) -> Any:  # noqa: ANN401  # as above
            if len(text) < _LONG:
                return call(number, text)
            key = (name, number, text)
            found = texts.get(key)
            if found is None:
                found = call(number, text)
                if len(texts) >= _MOST:
                    texts.clear()
                texts[key] = found
            return found

        return remembered


def _weigh(value: object) -> None:
    limits = Limits()
    try:
        weigh(value, limits.leaves, limits.value_depth)
    except LimitError as error:
        raise FunctionError(str(error)) from None
