"""One Template of the platform, compiled once and rendered for every assignment.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kalypso.errors import Collector, Position, TemplateError
from kalypso.golang.values import AnyMap, Struct
from kalypso.golang.yaml.v3 import marshal
from kalypso.model import Template
from kalypso.rendering.context import Context
from kalypso.rendering.memo import Memo
from kalypso.rendering.second_pass import MAX_PASSES, render_again
from kalypso.rendering.wellformed import ShapeCache, is_plain, skeleton
from kalypso.template import Function, Limits, MissingKey, parse
from kalypso.template import Template as ParsedTemplate

_LIMITS = Limits(output=1 << 20)
"""One manifest has at most 1 MiB."""
_CACHED_FRAGMENTS = 4096

_WORD = re.compile(r"\w+")

RenderText = Callable[[Struct], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the platform's templates are rendered."""

    functions: Mapping[str, Function]
    refused: Mapping[str, str]
    """Functions that may not be called, each with the reason."""
    missing_key: MissingKey = "error"

    memo: Memo

    def changes_data(self, text: str) -> bool:
        """Return whether a template names a function that changes what it is given."""
        names = {name for name, function in self.functions.items() if function.changes}
        return not names.isdisjoint(_WORD.findall(text))

    def parse(self, text: str, name: str) -> ParsedTemplate:
        """Parse a template with the platform's functions."""
        return parse(text, name, functions=self.functions, refuse=self.refused, limits=_LIMITS)


class CompiledTemplate:
    """A Template whose manifests are parsed.

    Raises:
        Problems: Manifests do not parse; points into the file that holds them.
    """

    def __init__(self, template: Template, rules: Rules) -> None:
        self.template = template
        self._rules = rules
        self._shapes = ShapeCache()
        self._is_yaml = template.content_type != "sh"
        self._fragment = lru_cache(_CACHED_FRAGMENTS)(lambda text: rules.parse(text, template.name))
        sources = [str(manifest) for manifest in template.manifests]
        self._copies = any(map(rules.changes_data, sources))
        self._manifests: list[RenderText] = []
        found = Collector()
        for number, manifest in enumerate(template.manifests):
            with found.catching():
                self._manifests.append(self._compile(manifest, ("spec", "manifests", number)))
        found.raise_errors()

    def render(self, context: Context) -> str:
        """Render all manifests for an assignment.

        Returns:
            The manifests joined with ``---``, each ending its last line; empty if all of them
            rendered to nothing.

        Raises:
            TemplateError: A manifest fails on the assignment's data, or is no YAML.
        """
        values = context.values
        data = context.data(copy.deepcopy(values)) if self._copies else context.shared_data
        parts: list[str] = []
        for number, manifest in enumerate(self._manifests):
            self._rules.memo.produced.clear()
            text = self._again(manifest(data), data, number)
            if not text.strip():
                continue
            if self._is_yaml:
                self._check(text, context, number)
            parts.append(text if text.endswith("\n") else f"{text}\n")
        return "---\n".join(parts) if self._is_yaml else "".join(parts)

    def _compile(
        self, manifest: str | Mapping[str, Any], path: tuple[str | int, ...]
    ) -> RenderText:
        if isinstance(manifest, str):
            return self._compile_text(manifest, path)
        render = self._compile_value(manifest, path)

        def render_mapping(data: Struct) -> str:
            return marshal(render(data))

        return render_mapping

    def _compile_value(self, value: object, path: tuple[str | int, ...]) -> Callable[..., Any]:
        """Compile a manifest of 2023: a mapping all of whose texts are templates."""
        if isinstance(value, str):
            text = self._compile_text(value, path)
            number = path[2]

            def render_text(data: Struct) -> str:
                return self._again(text(data), data, int(number))

            return render_text
        if isinstance(value, Mapping):
            members = {key: self._compile_value(item, (*path, key)) for key, item in value.items()}
            return lambda data: AnyMap({key: member(data) for key, member in members.items()})
        if isinstance(value, list):
            items = [
                self._compile_value(item, (*path, number)) for number, item in enumerate(value)
            ]
            return lambda data: [item(data) for item in items]
        return lambda _data: value

    def _compile_text(self, text: str, path: tuple[str | int, ...]) -> RenderText:
        name, rules = self.template.name, self._rules
        if "{{" not in text:
            return lambda _data: text
        try:
            compiled = rules.parse(text, name)
        except TemplateError as error:
            raise self._placed(error, path, text) from None

        def render(data: Struct) -> str:
            try:
                return compiled.render(data, missing_key=rules.missing_key)
            except TemplateError as error:
                raise self._placed(error, path, text) from None

        return render

    def _again(self, text: str, data: Struct, number: int) -> str:
        if "{{" not in text:
            return text
        path = ("spec", "manifests", number)
        rules = self._rules

        def render(again: str) -> str:
            return self._fragment(again).render(data, missing_key=rules.missing_key)

        self._refuse_braces_of_teams(data, number)
        try:
            return render_again(text, render)
        except TemplateError as error:
            problem = error.problem
            raise TemplateError(
                self._named(
                    "the result is rendered again, because it holds '{{', and fails:"
                    f" {problem.message}",
                    number,
                ),
                self.template.origin.at(*path),
                problem.hint,
                code=problem.code,
                excerpt=problem.excerpt,
            ) from None
        except RecursionError:
            raise TemplateError(
                self._named(f"after {MAX_PASSES} passes the result still holds '{{{{'", number),
                self.template.origin.at(*path),
                "a value yields itself, or literal braces are rendered again",
                code="template-passes",
            ) from None

    def _refuse_braces_of_teams(self, data: Struct, number: int) -> None:
        """Braces of an application team could join to an action in the next pass."""
        for key, text in data.fields["Manifests"].items():
            if "{" in text:
                raise TemplateError(
                    self._named(
                        f"the result is rendered again, and the workload's manifests.{key}"
                        " holds '{'",
                        number,
                    ),
                    self.template.origin.at("spec", "manifests", number),
                    "an application team's text is never run as a template",
                    code="template-in-workload",
                )

    def _placed(
        self, error: TemplateError, path: tuple[str | int, ...], text: str
    ) -> TemplateError:
        """Move an error from the template's text to the file that holds it."""
        problem = error.problem
        at, block = self.template.origin.value_at(*path)
        if block:
            line = at.line + problem.at.line
            indentation = self._margin(line) - _margin(text, problem.at.line)
            at = Position(at.file, line, problem.at.column + max(indentation, 0))
        return TemplateError(
            self._named(problem.message, int(path[2])),
            at,
            problem.hint,
            code=problem.code,
            excerpt=problem.excerpt,
        )

    def _named(self, message: str, number: int) -> str:
        """Say which template, and which of its manifests if it has several."""
        several = len(self.template.manifests) > 1
        which = f", manifest {number + 1}" if several else ""
        return f"template {self.template.name!r}{which}: {message}"

    def _margin(self, line: int) -> int:
        return _margin(self.template.origin.text, line)

    def _check(self, text: str, context: Context, number: int) -> None:
        fault = self._shapes.fault(text, context.own, self._rules.memo.produced)
        at = ("spec", "manifests", number)
        if fault is not None:
            sentence, line = fault
            lines = text.splitlines()
            raise TemplateError(
                self._named(f"the result is not YAML: {sentence}, in its line {line}", number),
                self.template.origin.at(*at),
                "quote what is inserted, for example with {{ .X | quote }}",
                code="not-yaml",
                excerpt=lines[line - 1] if 0 < line <= len(lines) else "",
            )
        given = context.assignment.target.manifests.values()
        odd = [as_inserted(own) for own in given if not is_plain(own)]
        if any(own.search(text) for own in odd) and _shape_depends_on(text, odd):
            raise TemplateError(
                self._named("a text of the workload adds keys or documents to the result", number),
                self.template.origin.at(*at),
                "quote what is inserted, for example with {{ .X | quote }}",
                code="value-breaks-out",
            )


@lru_cache(maxsize=1 << 12)
def as_inserted(own: str) -> re.Pattern[str]:
    """Find a text where a template put it, also if it was indented or trimmed."""
    return re.compile(r"\n *".join(re.escape(line) for line in own.strip().split("\n")))


def _margin(text: str, line: int) -> int:
    """Return how many spaces a line of a text begins with; 0 if it has no such line."""
    lines = text.split("\n")
    found = lines[line - 1] if line <= len(lines) else ""
    return len(found) - len(found.lstrip(" "))


def _shape_depends_on(text: str, odd: Sequence[re.Pattern[str]]) -> bool:
    tame = text
    for own in odd:
        tame = own.sub("x", tame)
    return skeleton(tame) != skeleton(text)
