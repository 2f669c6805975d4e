"""Problems that a user of the platform model can fix, and how they are shown.

KalypsoError
├── LoadError        a file is not YAML, or an object lacks what its kind needs
├── ModelError       objects that contradict each other: duplicates, clashes, missing references
├── TemplateError    a template does not parse, or fails on the data it got
├── ConfigError      the values of an assignment cannot be composed, or break a schema
├── SettingsError    a setting of the stack or an option of the command is wrong
├── SourceError      a folder or repository cannot be read; never taken for an empty one
└── DeliveryError    the GitOps repository or its pull request cannot be written

Anything else that escapes is a bug in Kalypso and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from kalypso.harmless_text import cut, harmless, harmless_line
from kalypso.source_lines import SourceLines

Severity = Literal["error", "warning"]

_LONGEST = 2_000
"""Characters of a sentence; a server or a team may send one of any length."""
_LONGEST_EXCERPT = 200
"""Characters of a source line."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file: what a user clicks to get there."""

    file: str
    line: int = 1
    """Counted from 1, like editors do."""
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Position("kalypso", 1, 1)
"""Stands where no file is to blame, for example for a missing option."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a person should know: where, what, and the way out."""

    code: str
    """Short name in kebab case, explained in docs/reference/problems.md."""
    message: str
    """One sentence without the final full stop."""
    at: Position
    hint: str = ""
    severity: Severity = "error"
    excerpt: str = ""
    """Source lines with a caret, shown between sentence and hint; may be empty."""
    confidential: bool = False
    """Whether the line is not for everybody who sees the problem, and is never shown."""

    def __str__(self) -> str:
        return self._text(f"{self.severity}: ")

    @property
    def without_severity(self) -> str:
        """The same text for a log that says itself whether it is an error or a warning."""
        return self._text("")

    def _text(self, severity: str) -> str:
        message = harmless_line(self.message, _LONGEST)
        lines = [f"{harmless_line(str(self.at))}: {severity}{message} [{self.code}]"]
        shown = harmless(self.excerpt).splitlines()
        lines += [f"  {cut(line, _LONGEST_EXCERPT)}" for line in shown]
        if self.hint:
            lines.append(f"  hint: {harmless_line(self.hint, _LONGEST)}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """Return what programs read of it, as JSON has it."""
        at = {"file": self.at.file, "line": self.at.line, "column": self.at.column}
        names = ("code", "message", "at", "hint", "severity", "excerpt")
        return {name: getattr(self, name) for name in names} | {"at": at}

    def sort_key(self) -> tuple[Position, str, str]:
        """Return what reports are sorted by: place, then text."""
        return (self.at, self.severity, self.message)


class KalypsoError(Exception):
    """Base of the tree above: one place, one sentence, one way out."""

    code = "error"
    """Default code of the class; an instance may have a finer one."""

    def __init__(  # noqa: PLR0913 - the fields of a problem
        self,
        message: str,
        at: Position = NOWHERE,
        hint: str = "",
        *,
        code: str = "",
        excerpt: str = "",
        confidential: bool = False,
    ) -> None:
        super().__init__(message, at, hint)
        self.problem = Problem(
            code or self.code, message, at, hint, excerpt=excerpt, confidential=confidential
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling, so that a worker process can report what it found."""
        return (_rebuild, (type(self), self.problem))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems that this error stands for; one, unless it is a :class:`Problems`."""
        return (self.problem,)

    @property
    def without_severity(self) -> str:
        """The text for a log that says itself that it is an error."""
        return "\n".join(problem.without_severity for problem in self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def _rebuild(kind: type[KalypsoError], problem: Problem) -> KalypsoError:
    return kind(
        problem.message,
        problem.at,
        problem.hint,
        code=problem.code,
        excerpt=problem.excerpt,
        confidential=problem.confidential,
    )


class LoadError(KalypsoError):
    """A file is not YAML, or an object lacks what its kind needs."""

    code = "load"


class ModelError(KalypsoError):
    """Objects contradict each other: duplicates, clashes, missing references."""

    code = "model"


class TemplateError(KalypsoError):
    """A template does not parse, or fails on the data it got."""

    code = "template"


class ConfigError(KalypsoError):
    """The values of an assignment cannot be composed, or break a schema."""

    code = "config"


class SettingsError(KalypsoError):
    """A setting of the stack, or an option of the command, is wrong."""

    code = "settings"


class SourceError(KalypsoError):
    """A folder or repository cannot be read; never taken for an empty one."""

    code = "source"


class DeliveryError(KalypsoError):
    """The GitOps repository or its pull request cannot be written."""

    code = "delivery"


class Problems(KalypsoError):
    """Several problems of one run, sorted by place and reported together."""

    code = "problems"

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = tuple(sorted(dict.fromkeys(problems), key=Problem.sort_key))
        super().__init__(found[0].message if found else "no problem", NOWHERE)
        self._problems = found

    def __reduce__(self) -> tuple[object, ...]:
        return (Problems, (self._problems,))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, sorted by file and line."""
        return self._problems


@dataclass(frozen=True, slots=True)
class _Catching:
    collector: Collector

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if isinstance(error, KalypsoError):
            self.collector.error(error)
            return True
        return False


@dataclass(slots=True)
class Collector:
    """Gathers the problems of a run, so that all of them are reported together."""

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    lines: SourceLines = field(default_factory=SourceLines)
    """Trees whose lines :meth:`quote` may show."""

    def error(self, error: KalypsoError) -> None:
        """Remember an error and go on."""
        self.errors.extend(error.problems)

    def warn(
        self, code: str, message: str, at: Position, hint: str = "", *, confidential: bool = False
    ) -> None:
        """Remember something that a user should know and that stops nothing."""
        problem = Problem(code, message, at, hint, "warning", confidential=confidential)
        self.warnings.append(problem)

    def catching(self) -> _Catching:
        """Return a context that turns an error raised in it into a remembered one."""
        return _Catching(self)

    def raise_errors(self) -> None:
        """Raise all remembered errors as one.

        Raises:
            Problems: At least one error was collected.
        """
        self.quote()
        if self.errors:
            raise Problems(self.errors)

    def quote(self) -> None:
        """Add to each problem the line that it is about, where that may be shown."""
        self.errors[:] = map(self._quoted, self.errors)
        self.warnings[:] = map(self._quoted, self.warnings)

    def _quoted(self, problem: Problem) -> Problem:
        if problem.excerpt or problem.confidential:
            return problem
        at = problem.at
        shown = self.lines.excerpt(at.file, at.line, at.column)
        return replace(problem, excerpt=shown) if shown else problem
