"""What is wrong with a template's manifests, placed in the file that holds the template."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kalypso.errors import Problems, TemplateError
from kalypso.golang.bytestrings import is_valid
from kalypso.model import DeploymentTarget, Template
from kalypso.rendering.helm_habits import helm_hint
from kalypso.rendering.objects import Refusal

_QUOTE = "quote what is inserted, for example with {{ .X | quote }}"
_CUT = "trunc, substr and abbrev count bytes, and may cut a character; b64dec gives any bytes"
_WHOLE_FOLDER = "Flux and Argo CD apply nothing of a cluster type's folder that holds it"
_NEVER_RUN = "an application team's text is never run as a template"


class Complaints(msgspec.Struct, frozen=True):
    """Makes the errors about one template; a number says which of its manifests is wrong."""

    template: Template

    def placed(self, error: TemplateError, path: tuple[str | int, ...], text: str) -> TemplateError:
        """Move an error from the template's text to the file that holds it."""
        problem = error.problem
        return TemplateError(
            self._named(problem.message, int(path[2])),
            self.template.origin.in_text(path, text, problem.at),
            helm_hint(problem),
            code=problem.code,
            excerpt=problem.excerpt,
        )

    def second_pass(self, error: TemplateError, number: int) -> TemplateError:
        """Return the error that a further pass fails."""
        problem = error.problem
        what = "the result is rendered again, because it holds '{{', and fails"
        return TemplateError(
            self._named(f"{what}: {problem.message}", number),
            self.template.origin.at("spec", "manifests", number),
            problem.hint,
            code=problem.code,
            excerpt=problem.excerpt,
        )

    def too_many_passes(self, passes: int, number: int) -> TemplateError:
        """Return the error that there is no end of passes."""
        what = f"after {passes} passes the result still holds '{{{{'"
        why = "a value yields itself, or literal braces are rendered again"
        return self._at(number, what, why, code="template-passes")

    def brace_of_team(self, key: str, number: int) -> TemplateError:
        """Return the error that a team's brace could join to an action in the next pass."""
        what = f"the result is rendered again, and the workload's manifests.{key} holds '{{'"
        return self._at(number, what, _NEVER_RUN, code="template-in-workload")

    def text_of_team(self, number: int) -> TemplateError:
        """Return the error that a team's text would be part of an action."""
        what = "the result would run a text of the workload as a template"
        return self._at(number, what, _NEVER_RUN, code="template-in-workload")

    def not_utf8(self, text: str, number: int) -> TemplateError:
        """Return the error that a manifest is not UTF-8, with the line that is not."""
        line = next(line for line in text.splitlines() if not is_valid(line))
        return TemplateError(
            self._named("the result is not UTF-8", number),
            self.template.origin.at("spec", "manifests", number),
            _CUT,
            code="result-not-utf8",
            excerpt=line,
        )

    def not_yaml(self, text: str, fault: tuple[str, int], number: int) -> TemplateError:
        """Return the error that a manifest is not YAML, with its line."""
        sentence, line = fault
        lines = text.splitlines()
        return TemplateError(
            self._named(f"the result is not YAML: {sentence}, in its line {line}", number),
            self.template.origin.at("spec", "manifests", number),
            _QUOTE,
            code="not-yaml",
            excerpt=lines[line - 1] if 0 < line <= len(lines) else "",
        )

    def refused(self, text: str, refusals: Sequence[Refusal], number: int) -> Problems:
        """Return the errors that a cluster would refuse a manifest, and all others with it."""
        lines = text.splitlines()
        return Problems(
            TemplateError(
                self._named(f"the result is refused by clusters: {each.sentence}", number),
                self.template.origin.at("spec", "manifests", number),
                _WHOLE_FOLDER,
                code="refused-by-clusters",
                excerpt=lines[each.line - 1] if 0 < each.line <= len(lines) else "",
            ).problem
            for each in refusals
        )

    def breaks_out(
        self, wrong: str, target: DeploymentTarget, guilty: Sequence[str], number: int
    ) -> TemplateError:
        """Return the error that a team's text does more than saying something.

        Args:
            wrong: What it does.
            target: The team's deployment target.
            guilty: Keys of its manifests that do so by themselves.
            number: Which manifest.
        """
        where = "; ".join(f"manifests.{key} in {target.manifest_at(key)}" for key in guilty)
        place = f"the text is {where}" if where else f"the target is in {target.at}"
        what = f"a text of the workload {wrong}"
        return self._at(number, what, f"{_QUOTE}; {place}", code="value-breaks-out")

    def _at(self, number: int, message: str, hint: str, *, code: str) -> TemplateError:
        at = self.template.origin.at("spec", "manifests", number)
        return TemplateError(self._named(message, number), at, hint, code=code)

    def _named(self, message: str, number: int) -> str:
        """Say which template, and which of its manifests if it has several."""
        several = len(self.template.manifests) > 1
        which = f", manifest {number + 1}" if several else ""
        return f"template {self.template.name!r}{which}: {message}"
