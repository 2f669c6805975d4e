"""One Template of the platform, compiled once and rendered for every assignment.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from kalypso.errors import Collector, TemplateError
from kalypso.golang.bytestrings import is_valid
from kalypso.golang.values import AnyMap, Struct
from kalypso.model import Template
from kalypso.rendering.complaints import Complaints
from kalypso.rendering.context import Context
from kalypso.rendering.doubles import BracesError, Sides, written
from kalypso.rendering.kinds import KindRule
from kalypso.rendering.objects import refusals
from kalypso.rendering.rules import Rules
from kalypso.rendering.second_pass import MAX_PASSES, TeamTextError, render_again
from kalypso.rendering.structure import structure
from kalypso.rendering.wellformed import ShapeCache, parse_fault
from kalypso.template import Gaps, Marks

_CACHED_FRAGMENTS = 4096
_MOST_SUSPECTS = 16
"""Texts of a workload that are tried one by one, to say which one is wrong."""

RenderText = Callable[[Struct, Marks | None], Any]
"""Renders a manifest, or a part of one, with the data of an assignment; with marks where the team's
text stands, if the data is traced. Raises :class:`_Again` where it is not, but has to be."""


class _Again(Exception):
    """The result is a template again, which takes data that is traced."""


class CompiledTemplate:
    """A Template whose manifests are parsed.

    Raises:
        Problems: Manifests do not parse; points into the file that holds them.
    """

    def __init__(self, template: Template, rules: Rules) -> None:
        self.template = template
        self._rules = rules
        self._complaints = Complaints(template)
        self._shapes: dict[str, ShapeCache] = {}
        """By type of manifest, which decides what kinds may be."""
        self._repeating: set[int] = set()
        """Manifests whose results were rendered again before."""
        self.is_yaml = template.content_type != "sh"
        self._fragment = lru_cache(_CACHED_FRAGMENTS)(lambda text: rules.parse(text, template.name))
        sources = [str(manifest) for manifest in template.manifests]
        self._copies = any(map(rules.changes_data, sources))
        self._manifests: list[RenderText] = []
        found = Collector()
        for number, manifest in enumerate(template.manifests):
            with found.catching():
                self._manifests.append(self._compile(manifest, ("spec", "manifests", number)))
        found.raise_errors()

    def gaps(self) -> list[Gaps] | None:
        """Return the manifests as texts with gaps; None if one is not, or may change the data."""
        found: list[Gaps] = []
        for manifest in self.template.manifests:
            if self._copies or not isinstance(manifest, str):
                return None
            gaps = self.gaps_of(manifest)
            if gaps is None:
                return None
            found.append(gaps)
        return found

    def gaps_of(self, text: str) -> Gaps | None:
        """Return a manifest, or a part of one that is a template again, as texts with gaps."""
        return self._rules.gaps(text, self.template.name)

    def fixed(self, rule: KindRule) -> AbstractSet[str]:
        """Return the texts of assignments that the structure of some manifest holds."""
        shapes = self._shapes.get(rule.type)
        return frozenset() if shapes is None else shapes.fixed

    def render(self, context: Context, rule: KindRule) -> str:
        """Render all manifests for an assignment.

        Args:
            context: The assignment and its data.
            rule: Which kinds of objects the manifests may be.

        Returns:
            The manifests joined with ``---``, each ending its last line; empty if all of them
            rendered to nothing.

        Raises:
            Problems: Manifests fail on the assignment's data, are not YAML, are refused by
                clusters, or would be other things without the texts of the assignment's team.
        """
        values = context.values
        data = context.data(copy.deepcopy(values)) if self._copies else context.shared_data
        parts: list[str] = []
        found = Collector()
        for number in range(len(self._manifests)):
            with found.catching():
                text = self._checked(number, context, data, rule)
                parts += [text if text.endswith("\n") else f"{text}\n"] if text.strip() else []
        found.raise_errors()
        return "---\n".join(parts) if self.is_yaml else "".join(parts)

    def _checked(self, number: int, context: Context, data: Struct, rule: KindRule) -> str:
        self._rules.memo.produced.clear()
        text, sides = self._text(number, context, data)
        if not is_valid(text):
            raise self._complaints.not_utf8(text, number)
        if self.is_yaml and text.strip():
            self._check(text, sides, context, number, rule)
        return text

    def _text(self, number: int, context: Context, data: Struct) -> tuple[str, Sides | None]:
        if number not in self._repeating:
            try:
                return written(self._manifests[number](data, None)), None
            except _Again:
                self._repeating.add(number)
        sides = self._sides(number, context)
        return sides.real, sides

    def _sides(self, number: int, context: Context, only: str = "") -> Sides:
        """Render a manifest together with its double."""
        values = copy.deepcopy(context.values) if self._copies else context.values
        data = context.traced(values, only)
        for earlier in range(number if self._copies else 0):  # they change the data
            self._manifests[earlier](data, Marks())
        marks = Marks()
        marked = self._manifests[number](data, marks)
        try:
            return Sides.of(marked, marks)
        except BracesError:
            raise self._complaints.text_of_team(number) from None

    def _compile(
        self, manifest: str | Mapping[str, Any], path: tuple[str | int, ...]
    ) -> RenderText:
        if isinstance(manifest, str):
            return self._compile_text(manifest, path)
        return self._compile_value(manifest, path)

    def _compile_value(self, value: object, path: tuple[str | int, ...]) -> RenderText:
        """Compile a manifest of 2023: a mapping all of whose texts are templates."""
        if isinstance(value, str):
            return self._compile_text(value, path)
        if isinstance(value, Mapping):
            members = {key: self._compile_value(item, (*path, key)) for key, item in value.items()}
            return lambda data, marks: AnyMap(
                {key: member(data, marks) for key, member in members.items()}
            )
        if isinstance(value, list):
            items = [
                self._compile_value(item, (*path, number)) for number, item in enumerate(value)
            ]
            return lambda data, marks: [item(data, marks) for item in items]
        return lambda _data, _marks: value

    def _compile_text(self, text: str, path: tuple[str | int, ...]) -> RenderText:
        name, rules = self.template.name, self._rules
        if "{{" not in text:
            return lambda _data, _marks: text
        try:
            compiled = rules.parse(text, name)
        except TemplateError as error:
            raise self._complaints.placed(error, path, text) from None

        def render(data: Struct, marks: Marks | None) -> str:
            try:
                found = compiled.render(data, missing_key=rules.missing_key, marks=marks)
            except TemplateError as error:
                raise self._complaints.placed(error, path, text) from None
            if "{{" not in found:
                return found
            if marks is None:
                raise _Again
            return self._again(found, data, marks, int(path[2]))

        return render

    def _again(self, text: str, data: Struct, marks: Marks, number: int) -> str:
        rules = self._rules

        def render(again: str) -> str:
            return self._fragment(again).render(data, missing_key=rules.missing_key, marks=marks)

        self._refuse_braces_of_teams(data, number)
        try:
            return render_again(text, render)
        except TeamTextError:
            raise self._complaints.text_of_team(number) from None
        except TemplateError as error:
            raise self._complaints.second_pass(error, number) from None
        except RecursionError:
            raise self._complaints.too_many_passes(MAX_PASSES, number) from None

    def _refuse_braces_of_teams(self, data: Struct, number: int) -> None:
        """Braces of an application team could join to an action in the next pass."""
        for key, text in data.fields["Manifests"].real.items():
            if "{" in text:
                raise self._complaints.brace_of_team(key, number)

    def _check(
        self, text: str, sides: Sides | None, context: Context, number: int, rule: KindRule
    ) -> None:
        shapes = self._shapes.setdefault(rule.type, ShapeCache())
        blocks = tuple(self._rules.memo.produced)
        if shapes.knows(shapes.shape(text, context.own, blocks)):
            return
        fault = parse_fault(text)
        if fault is not None:
            raise self._complaints.not_yaml(text, fault, number)
        sides = sides or self._sides(number, context)
        found = structure(sides.real)
        wrong = sides.wrong()
        if found is None or wrong:
            target = context.assignment.target
            keys = list(target.manifests)[:_MOST_SUSPECTS]
            guilty = [key for key in keys if self._sides(number, context, key).wrong()]
            raise self._complaints.breaks_out(wrong, target, guilty, number)
        rule.check(found.kinds, self.template)
        if refused := refusals(text):
            raise self._complaints.refused(text, refused, number)
        shapes.fix(context.own, found)
        shapes.add(shapes.shape(text, context.own, blocks))
