"""Results of functions that depend on the configuration alone, kept between assignments.

Thousands of assignments share a few hundred configurations, and turning one into YAML costs more
than all the rest of a manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from kalypso.golang.sizes import check_text
from kalypso.golang.yaml.v3 import marshal, sorted_keys
from kalypso.template import Function, Memory

_LONG = 200
"""Texts shorter than this are computed again: looking one up costs as much."""
_MOST = 4096
"""Texts that are kept before all of them are dropped."""

# What is kept of `{{ toYaml .ConfigData | indent 4 }}`, and by what it is found again. Say that
# 3,000 assignments have 40 configurations between them, with 200 different members:
#
#   toYaml   is called 3,000 times, with one of 40 mappings. A mapping cannot be a key of a dict;
#            comparing two of them is as slow as writing one. So it is found by its identity,
#            `("toYaml", id(mapping))`: 40 entries in `_results`. An identity means something only
#            while the mapping lives and does not change, which is what `freeze` promises.
#   members  are mostly the same in the 40 texts. `_fragments` has the line `REGION: west-us` by
#            `("REGION", "west-us")`, 200 of them. A mapping's text is its fragments, joined in the
#            order that `_orders` keeps for its set of keys.
#   indent   gets a text, which is its own key: `("indent", 4, text)`, again 40 entries.
#
# The 40 texts are remembered as blocks. Whoever checks that a manifest is well-formed YAML may take
# them out first, indented or not: they are whole. `produced` lists those of one rendering.
#
# `toYaml (dict "a" .Cluster)` gets a value that is not frozen, and runs as if there were no memo.


class Memo:
    """Keeps results for values that nobody changes any more."""

    def __init__(self) -> None:
        self._frozen: dict[int, object] = {}
        """Values by identity; held, so that an identity is never given to another value."""
        self._results: dict[tuple[str, int], Any] = {}
        self._texts: dict[tuple[str, int, str], str] = {}
        self._fragments: dict[tuple[str, object], str] = {}
        self._orders: dict[frozenset[str], list[str]] = {}
        self._blocks: set[str] = set()
        self.produced: list[str] = []
        """Block mappings of YAML that functions returned since somebody emptied the list."""

    def freeze(self, value: object) -> None:
        """Remember that a value, and all inside it, stays as it is while the memo lives."""
        if not isinstance(value, dict | list) or id(value) in self._frozen:
            return
        self._frozen[id(value)] = value
        for item in value.values() if isinstance(value, dict) else value:
            self.freeze(item)

    def _is_frozen(self, value: object) -> bool:
        return id(value) in self._frozen

    def wrap(self, name: str, function: Function) -> Function:
        """Return a function that computes the same and remembers it."""
        match function.memory:
            case Memory.YAML:
                call = self._of_value(name, self._as_yaml(function.call))
                return replace(function, call=self._noted(call), known=self._is_frozen)
            case Memory.VALUE:
                call = self._of_value(name, function.call)
                return replace(function, call=call, known=self._is_frozen)
            case Memory.TEXT:
                return replace(function, call=self._of_text(name, function.call))
            case Memory.NONE:
                return function

    def _as_yaml(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def written(value: object) -> Any:  # noqa: ANN401 - what the function returns
            if type(value) is dict and value and id(value) in self._frozen:
                return self._yaml(value)
            return call(value)

        return written

    def _noted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Remember the YAML of the configuration: it is well-formed wherever lines may stand."""

        def noted(value: object) -> Any:  # noqa: ANN401 - what the function returns
            text = call(value)
            if isinstance(value, dict) and value and id(value) in self._frozen:
                self._blocks.add(text)
                self.produced.append(text)
            return text

        return noted

    def _yaml(self, mapping: Mapping[str, object]) -> str:
        """Return the same as ``toYaml``, from the cached texts of the single members."""
        keys = frozenset(mapping)
        order = self._orders.get(keys)
        if order is None:
            order = self._orders[keys] = sorted_keys(mapping)
        text = "".join([self._fragment(key, mapping[key]) for key in order])
        check_text(len(text))
        return text.removesuffix("\n")

    def _fragment(self, key: str, value: object) -> str:
        known = (key, value if isinstance(value, str) else id(value))
        fragment = self._fragments.get(known)
        if fragment is None:
            fragment = self._fragments[known] = marshal({key: value})
        return fragment

    def _of_value(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        results, frozen = self._results, self._frozen

        def remembered(value: object) -> Any:  # noqa: ANN401 - what the function returns
            if id(value) not in frozen:
                return call(value)
            key = (name, id(value))
            found = results.get(key)
            if found is None:
                found = results[key] = call(value)
            return found

        return remembered

    def _of_text(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        texts = self._texts

        def remembered(number: int, text: str) -> Any:  # noqa: ANN401 - as above
            if len(text) < _LONG:
                return call(number, text)
            key = (name, number, text)
            found = texts.get(key)
            block = text in self._blocks
            if found is None:
                found = call(number, text)
                if len(texts) >= _MOST:
                    texts.clear()
                texts[key] = found
            if block:
                self.produced.append(found.strip("\n"))
            return found

        return remembered
