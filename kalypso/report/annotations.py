"""Problems as annotations of a pull request's lines: GitHub's workflow commands.

Source: GitHub's documentation, "Workflow commands": data and properties are percent-escaped.
"""

from __future__ import annotations

from kalypso.errors import Problem
from kalypso.harmless_text import harmless


def annotation(problem: Problem) -> str:
    """Return the command that marks the line of a problem."""
    text = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    place = f"{problem.at.line},col={problem.at.column}"
    beginning = annotation_start(problem.severity, problem.at.file)
    return f"{beginning}{place},title={_property(problem.code)}::{_data(text)}"


def annotation_start(severity: str, path: str) -> str:
    """Return what every annotation of a file begins with, up to the number of the line."""
    return f"::{severity} file={_property(path)},line="


def _data(text: str) -> str:
    return harmless(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
