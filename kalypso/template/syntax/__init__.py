"""From text to nodes: Go's lexer and parser of templates, and errors that show the source."""

from __future__ import annotations

from kalypso.template.syntax import nodes
from kalypso.template.syntax.parser import IMAGINARY, REFUSED_NUMBERS, Tree, parse_source
from kalypso.template.syntax.source import Source

__all__ = ["IMAGINARY", "REFUSED_NUMBERS", "Source", "Tree", "nodes", "parse_source"]
