"""From nodes to closures: a compiled template evaluates without looking at its nodes again."""

from __future__ import annotations

from kalypso.template.compiler.statements import Program, parted_texts
from kalypso.template.compiler.templates import compile_gaps, compile_trees, start

__all__ = ["Program", "compile_gaps", "compile_trees", "parted_texts", "start"]
