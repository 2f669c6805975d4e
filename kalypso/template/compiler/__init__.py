"""From nodes to closures: a compiled template evaluates without looking at its nodes again."""

from __future__ import annotations

from kalypso.template.compiler.statements import Program
from kalypso.template.compiler.templates import compile_trees, start

__all__ = ["Program", "compile_trees", "start"]
