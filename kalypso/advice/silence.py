"""``.kalypso-silence``: warnings that a platform team has looked at and does not want to see.

Each line is a code, and optionally a pattern for the files that it is about (``*`` matches any
characters, also ``/``). What follows ``#`` is the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

import msgspec

from kalypso.advice.codes import problem_sections
from kalypso.errors import Collector, LoadError, Position, Problem
from kalypso.loading import SILENCE_FILE
from kalypso.model import Source
from kalypso.spelling import nearest


class Rule(msgspec.Struct, frozen=True):
    """One line of the file."""

    code: str
    pattern: str

    def silences(self, problem: Problem) -> bool:
        """Return whether a warning is not wanted."""
        return problem.code == self.code and fnmatchcase(problem.at.file, f"*{self.pattern}")


def read_rules(source: Source, problems: Collector) -> list[Rule]:
    """Read the rules of a tree; a line that is none goes to the problems."""
    content = source.files.get(SILENCE_FILE)
    rules: list[Rule] = []
    for number, line in enumerate((content or b"").decode(errors="replace").splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) > len(("code", "pattern")):
            at = Position(source.place(SILENCE_FILE), number)
            problems.error(
                LoadError("a line is a code and at most one pattern", at, code="bad-silence")
            )
            continue
        _check_code(words[0], Position(source.place(SILENCE_FILE), number), problems)
        rules.append(Rule(words[0], words[1] if len(words) > 1 else "*"))
    return rules


def _check_code(code: str, at: Position, problems: Collector) -> None:
    """Warn of a code that silences nothing, because no problem has it."""
    known = problem_sections()
    if code not in known:
        near = nearest(code, known)
        hint = f"did you mean {near}?" if near else "`kalypso explain CODE` knows all of them"
        problems.warn("unknown-code", f"no problem has the code {code!r}", at, hint)


def audible(warnings: Iterable[Problem], rules: Iterable[Rule]) -> list[Problem]:
    """Return the warnings that no rule silences."""
    known = list(rules)
    return [each for each in warnings if not any(rule.silences(each) for rule in known)]
