"""A template with its definitions as closures: what a rendering starts."""

from __future__ import annotations

from collections.abc import Mapping

from kalypso.golang.values import Value
from kalypso.template.compiler.scope import ROOT_SLOT, UNSET
from kalypso.template.compiler.statements import Program, StatementCompiler, parted_texts
from kalypso.template.failures import MissingKey
from kalypso.template.functions import Function
from kalypso.template.limits import Run
from kalypso.template.syntax import Tree


def compile_trees(
    trees: Mapping[str, Tree],
    functions: Mapping[str, Function],
    missing_key: MissingKey,
    *,
    traced: bool = False,
) -> Mapping[str, Program]:
    """Compile the templates of one source, which may call each other, by name.

    Args:
        trees: The parsed templates by name.
        functions: What they call.
        missing_key: What a missing key yields.
        traced: Data may hold twins; see :mod:`kalypso.template.twins`.
    """
    programs = {name: Program(name) for name in trees}
    for name, tree in trees.items():
        compiler = StatementCompiler(functions, missing_key, programs, traced=traced)
        programs[name].body = compiler.scoped(tree.body)
        programs[name].free_slots = compiler.scope.size - ROOT_SLOT - 1
    return programs


def start(program: Program, run: Run, root: Value) -> str:
    """Run a compiled template on its data; return its text.

    Raises:
        Failure: The template fails on the data, or passes a limit.
    """
    return program.body([run, root, *([UNSET] * program.free_slots)], root)


def compile_gaps(
    tree: Tree, functions: Mapping[str, Function], missing_key: MissingKey
) -> list[Program]:
    """Compile what stands between the texts of a template, each as a program of its own.

    Args:
        tree: The template. It calls no other one, and no gap of it needs the variables of another.
        functions: What it calls.
        missing_key: What a missing key yields.
    """
    found: list[Program] = []
    for statement in parted_texts(tree.body)[1]:
        compiler = StatementCompiler(functions, missing_key, {})
        program = Program(tree.name)
        program.body = compiler.scoped([statement])
        program.free_slots = compiler.scope.size - ROOT_SLOT - 1
        found.append(program)
    return found
