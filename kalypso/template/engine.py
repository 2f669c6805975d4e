"""Templates: parsed once, compiled once per rule about missing keys, rendered many times."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Final

from kalypso.errors import Position
from kalypso.golang.bytestrings import joined
from kalypso.golang.values import Struct, Value
from kalypso.template.compiler import (
    Program,
    compile_gaps,
    compile_trees,
    parted_texts,
    start,
)
from kalypso.template.failures import Failure, MissingKey
from kalypso.template.functions import Function
from kalypso.template.gaps import Gap, Gaps
from kalypso.template.limits import LIMIT_CODE, Limits, Run
from kalypso.template.optional_fields import optional_fields
from kalypso.template.reads import printed_field, reads
from kalypso.template.sets import FunctionSet, function_set, refused_functions
from kalypso.template.syntax import REFUSED_NUMBERS, Source, Tree, nodes, parse_source
from kalypso.template.twins import Marks

DEFAULT_LIMITS: Final = Limits()
_CACHED_TEMPLATES: Final = 1024
_ROOTS: Final = (dict, Struct)
_TOO_DEEP: Final = "template nests too deeply for this machine"


class Template:
    """A parsed template; safe to render from several threads at once."""

    def __init__(
        self,
        source: Source,
        trees: Mapping[str, Tree],
        functions: Mapping[str, Function],
        limits: Limits,
    ) -> None:
        self._source = source
        self._trees = trees
        self._functions = functions
        self._limits = limits
        self._programs: dict[tuple[MissingKey, bool], Program] = {}

    @property
    def name(self) -> str:
        """What errors call the template."""
        return self._source.name

    def render(
        self,
        data: Mapping[str, object] | Struct,
        *,
        missing_key: MissingKey = "default",
        limits: Limits | None = None,
        marks: Marks | None = None,
    ) -> str:
        """Run the template.

        Args:
            data: What ``.`` and ``$`` are. A ``dict`` is a map[string]interface {}; see
                :mod:`kalypso.golang.values.types` for other types. Functions such as ``set``
                change it.
            missing_key: See :func:`kalypso.template.render`.
            limits: What this rendering may use; by default what the template was parsed with.
            marks: The data holds twins, and the text gets marks where it prints them; see
                :mod:`kalypso.template.twins`.

        Raises:
            TemplateError: The template fails on this data, or passes a limit.
        """
        root: Value = data if isinstance(data, _ROOTS) else dict(data)
        program = self._programs.get((missing_key, marks is not None)) or self._compiled(
            missing_key, traced=marks is not None
        )
        return joined(self._run(program, Run(limits or self._limits, marks), root))

    def _run(self, program: Program, run: Run, root: Value) -> str:
        try:
            text = start(program, run, root)
            if len(text) > run.output:
                raise run.out_of_room(0)
        except Failure as failure:
            raise self._source.error(
                failure.message, failure.at, code=failure.code, hint=failure.hint
            ) from None
        except (RecursionError, MemoryError):
            raise self._source.error(_TOO_DEEP, 0, code=LIMIT_CODE) from None
        return text

    def gaps(self, missing_key: MissingKey = "default") -> Gaps | None:
        """Return the template as texts with gaps.

        Returns:
            None if it defines templates, or sets a variable outside a block: then a gap may depend
            on those before it.
        """
        tree = self._trees[self._source.name]
        texts, statements = parted_texts(tree.body)
        if len(self._trees) > 1 or any(map(_sets_variable, statements)):
            return None
        programs = compile_gaps(tree, self._functions, missing_key)
        gaps = (
            Gap(printed_field(node), reads(node, self._functions), partial(self._print, program))
            for node, program in zip(statements, programs, strict=True)
        )
        return Gaps(tuple(texts), tuple(gaps))

    def _print(self, program: Program, root: Struct) -> str:
        return self._run(program, Run(self._limits), root)

    def optional_fields(self) -> tuple[tuple[tuple[str, ...], Position], ...]:
        """Return the fields of the root that have a default, each with its place in the text."""
        body = self._trees[self._source.name].body
        return tuple((names, self._source.position(at)) for names, at in optional_fields(body))

    def prepared(self, missing_key: MissingKey = "default") -> Template:
        """Compile for a rule about missing keys, which the first rendering does otherwise."""
        self._compiled(missing_key)
        return self

    def _compiled(self, missing_key: MissingKey, *, traced: bool = False) -> Program:
        programs = compile_trees(self._trees, self._functions, missing_key, traced=traced)
        program = programs[self._source.name]
        self._programs[missing_key, traced] = program
        return program


def _sets_variable(node: nodes.Statement) -> bool:
    return isinstance(node, nodes.Action) and bool(node.pipe.variables)


def parse(
    text: str,
    name: str = "template",
    *,
    functions: FunctionSet | Mapping[str, Function] = "sprig3",
    refuse: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Template:
    """Parse a template; the same text is parsed only once.

    Args:
        text: The template.
        name: What errors call it, for example the path of its file.
        functions: What may be called: a named set, or functions besides the language's own.
        refuse: More functions that may not be called, each with the reason. Imaginary numbers are
            refused unless this is given without :data:`~kalypso.template.syntax.IMAGINARY`.
        limits: What a rendering may use at most.

    Raises:
        TemplateError: The text is not a template.
    """
    refused = tuple(sorted((REFUSED_NUMBERS if refuse is None else refuse).items()))
    if isinstance(functions, str):
        return _parse_cached(text, name, functions, refused, limits)
    known = {**function_set("builtin"), **functions}
    return _parse(Source(name, text), known, refused, limits)


def parse_anew(text: str, name: str = "template", *, functions: FunctionSet) -> Template:
    """Parse a template without the cache of :func:`parse`, to measure how long that takes."""
    return _parse(Source(name, text), function_set(functions), (), DEFAULT_LIMITS)


@lru_cache(maxsize=_CACHED_TEMPLATES)
def _parse_cached(
    text: str,
    name: str,
    functions: FunctionSet,
    refused: tuple[tuple[str, str], ...],
    limits: Limits,
) -> Template:
    return _parse(Source(name, text), function_set(functions), refused, limits)


def _parse(
    source: Source,
    functions: Mapping[str, Function],
    refused: tuple[tuple[str, str], ...],
    limits: Limits,
) -> Template:
    try:
        trees = parse_source(
            source, functions, {**refused_functions(), **dict(refused)}, limits.nesting
        )
    except RecursionError:
        raise source.error(_TOO_DEEP, 0, code=LIMIT_CODE) from None
    return Template(source, trees, functions, limits)


def render(
    template: str,
    data: Mapping[str, object] | Struct,
    *,
    name: str = "template",
    missing_key: MissingKey = "default",
) -> str:
    """Render a template as Go's text/template with Sprig does.

    Args:
        template: The text.
        data: What ``.`` is; see :meth:`Template.render`.
        name: What errors call the template.
        missing_key: What a map's absent key yields. ``default`` prints ``<no value>``;
            ``zero`` yields the zero value of the map's type, which differs for a
            map[string]string only; ``error`` refuses to print it, and to give it to a function;
            only those about absence, ``if``, ``with`` and ``range`` take it as in Go.

    Raises:
        TemplateError: The text is not a template, or fails on this data; it names the line and
            shows it.
    """
    return parse(template, name).render(data, missing_key=missing_key)
