"""Tokens to nodes: the grammar of Go's text/template/parse/parse.go, with its messages."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Final, Literal, NoReturn

import msgspec

from kalypso.errors import TemplateError
from kalypso.golang.strconv import LiteralError, quote, unquote
from kalypso.spelling import nearest
from kalypso.template.syntax import nodes
from kalypso.template.syntax.lexer import Token, TokenKind, tokenize
from kalypso.template.syntax.numbers import (
    NumberError,
    parse_character,
    parse_complex,
    parse_number,
)
from kalypso.template.syntax.source import Source

_OPERANDS = frozenset({
    TokenKind.BOOL,
    TokenKind.CHAR_CONSTANT,
    TokenKind.COMPLEX,
    TokenKind.DOT,
    TokenKind.FIELD,
    TokenKind.IDENTIFIER,
    TokenKind.NUMBER,
    TokenKind.NIL,
    TokenKind.RAW_STRING,
    TokenKind.STRING,
    TokenKind.VARIABLE,
    TokenKind.LEFT_PAREN,
})  # fmt: skip
_CLOSING = frozenset({TokenKind.RIGHT_DELIM, TokenKind.RIGHT_PAREN})
_CONSTANTS = (nodes.Bool, nodes.Dot, nodes.Nil, nodes.Number, nodes.String)
_NUMBERS = {
    TokenKind.NUMBER: parse_number,
    TokenKind.COMPLEX: parse_complex,
    TokenKind.CHAR_CONSTANT: parse_character,
}


class Tree(msgspec.Struct):
    """A named template: the main text, a ``define`` or a ``block``."""

    name: str
    body: list[nodes.Statement]


class _End(msgspec.Struct):
    """What closed a list of statements: ``{{end}}`` or ``{{else}}``."""

    at: int
    keyword: Literal["end", "else"]

    def __str__(self) -> str:
        return f"{{{{{self.keyword}}}}}"


IMAGINARY: Final = "1i"
"""Stands among the refused functions where imaginary numbers are refused."""
REFUSED_NUMBERS: Final[Mapping[str, str]] = {IMAGINARY: "templates have no use for one"}


def parse_source(
    source: Source, functions: Container[str], refused: Mapping[str, str], nesting: int
) -> dict[str, Tree]:
    """Parse a template with its definitions.

    Args:
        source: What to parse.
        functions: The names that may be called.
        refused: Functions that exist in Go and are not available here, each with the reason.
        nesting: How deep parentheses and blocks may nest.

    Returns:
        The templates by name, the main one included (under the source's name).

    Raises:
        TemplateError: The text is not a template, or nests too deeply.
    """
    return _Parser(source, functions, refused, nesting).run()


class _Parser:
    """The walk over one template's tokens; each method has the rule that it reads.

    In the rules, `"x"` is a token of the template, `|` is a choice, `[x]` may be left out, and
    `x*` stands for any number of them. `"{{"` and `"}}"` include the forms that trim white space,
    and comments are gone before the parser starts. Words in capitals are tokens with a text of
    their own.
    """

    def __init__(
        self, source: Source, functions: Container[str], refused: Mapping[str, str], nesting: int
    ) -> None:
        self.source = source
        self.functions = functions
        self.refused = refused
        self.nesting = nesting
        self.tokens = [t for t in tokenize(source.text) if t.kind is not TokenKind.COMMENT]
        self.index = 0
        self.token = self.tokens[0]
        self.depth = 0
        self.trees: dict[str, Tree] = {}
        self.variables = ["$"]
        self.ranges = 0
        self.action_at: int | None = None

    # Tokens

    def _next(self) -> Token:
        """Return the current token and go on to the next; the last one stays."""
        token = self.token
        if token.kind > TokenKind.EOF:
            self.index += 1
            self.token = self.tokens[self.index]
        return token

    def _back_to(self, index: int) -> None:
        self.index = index
        self.token = self.tokens[index]

    def _expect(self, kind: TokenKind, context: str) -> Token:
        token = self._next()
        if token.kind is not kind:
            self._unexpected(token, context)
        return token

    # Errors

    def _fail(self, message: str, at: int, *, code: str = "", hint: str = "") -> NoReturn:
        raise self.source.error(message, at, code=code, hint=hint)

    def _unexpected(self, token: Token, context: str) -> NoReturn:
        if token.kind is not TokenKind.ERROR:
            self._fail(f"unexpected {token} in {context}", token.at)
        started = ""
        if self.action_at is not None:
            begin = self.source.position(self.action_at)
            if begin.line != self.source.position(token.at).line:
                noun = "" if token.value.endswith(" action") else " in action"
                started = f"{noun} started at {begin.file}:{begin.line}"
        self._fail(f"{token.value}{started}", token.at)

    def _enter(self, at: int) -> None:
        self.depth += 1
        if self.depth > self.nesting:
            message = f"parentheses and blocks nest deeper than the limit of {self.nesting}"
            self._fail(message, at, code="template-limit")

    # Templates

    def run(self) -> dict[str, Tree]:
        """Parse everything and return the trees.

        template = (definition | text_or_action)* EOF
        """
        body: list[nodes.Statement] = []
        while self.token.kind is not TokenKind.EOF:
            start = self.index
            if self._next().kind is TokenKind.LEFT_DELIM:
                word = self._next()
                if word.kind is TokenKind.DEFINE:
                    self._definition()
                    continue
            self._back_to(start)
            statement = self._text_or_action()
            if isinstance(statement, _End):
                self._fail(f"unexpected {statement}", statement.at)
            body.append(statement)
        self._add(self.source.name, body, 0)
        return self.trees

    def _add(self, name: str, body: list[nodes.Statement], at: int) -> None:
        known = self.trees.get(name)
        if known is None or nodes.is_empty(known.body):
            self.trees[name] = Tree(name, body)
        elif not nodes.is_empty(body):
            self._fail(f"template: multiple definition of template {quote(name)}", at)

    def _definition(self) -> None:
        """Read what follows ``{{define``.

        definition = "{{" "define" STRING "}}" statements "{{" "end" "}}"
        """
        context = "define clause"
        token = self._next()
        name, _ = self._template_name(token, context)
        self._expect(TokenKind.RIGHT_DELIM, context)
        self._named_body(name, token.at, context)

    def _named_body(self, name: str, at: int, context: str) -> None:
        """Parse the body of a ``define`` or ``block``, which sees no variables from outside."""
        variables, ranges, action_at = self.variables, self.ranges, self.action_at
        self.variables, self.ranges, self.action_at = ["$"], 0, None
        self._enter(at)
        body, end = self._statements()
        self.depth -= 1
        if end.keyword != "end":
            self._fail(f"unexpected {end} in {context}", end.at)
        self._add(name, body, at)
        self.variables, self.ranges, self.action_at = variables, ranges, action_at

    def _template_name(self, token: Token, context: str) -> tuple[str, str]:
        if token.kind not in (TokenKind.STRING, TokenKind.RAW_STRING):
            self._unexpected(token, context)
        return self._unquoted(token), quote(self._unquoted(token))

    def _unquoted(self, token: Token) -> str:
        try:
            return unquote(token.value)
        except LiteralError as error:
            self._fail(str(error), token.at)

    # Statements

    def _statements(self) -> tuple[list[nodes.Statement], _End]:
        """Read up to the end of a block.

        statements = text_or_action*, followed by end or else
        """
        body: list[nodes.Statement] = []
        while True:
            if self.token.kind is TokenKind.EOF:
                self._fail("unexpected EOF", self.token.at, hint="an {{end}} is missing")
            statement = self._text_or_action()
            if isinstance(statement, _End):
                return body, statement
            body.append(statement)

    def _text_or_action(self) -> nodes.Statement | _End:
        """Read a statement, or what ends a list of them.

        text_or_action = TEXT | "{{" action
        """
        token = self._next()
        if token.kind is TokenKind.TEXT:
            return nodes.Text(token.at, token.value)
        if token.kind is not TokenKind.LEFT_DELIM:
            self._unexpected(token, "input")
        self.action_at = token.at
        statement = self._action()
        self.action_at = None
        return statement

    def _action(self) -> nodes.Statement | _End:
        """Read what follows ``{{``.

        action = branch | range | template | block | jump | end | else | pipeline "}}"

        Most actions are one field, ``{{.A.B}}``, which is read without a pipeline around it.
        """
        token = self.token
        control = _CONTROLS.get(token.kind)
        if control is not None:
            self._next()
            return control(self, token)
        if token.kind is TokenKind.FIELD:
            names = self._names()
            field = nodes.Field(token.at, tuple(names))
            if self.token.kind is TokenKind.RIGHT_DELIM:
                self._next()
                pipe = nodes.Pipe(token.at, commands=[nodes.Command(token.at, [field])])
                return nodes.Action(token.at, pipe)
            self._back_to(self.index - len(names))
        return nodes.Action(token.at, self._pipeline("command", TokenKind.RIGHT_DELIM))

    def _jump(self, token: Token) -> nodes.Jump:
        """Read the rest of a jump, which has to be in a range.

        jump = ("break" | "continue") "}}"
        """
        keyword: Literal["break", "continue"] = (
            "break" if token.kind is TokenKind.BREAK else "continue"
        )
        after = self._next()
        if after.kind is not TokenKind.RIGHT_DELIM:
            self._unexpected(after, f"{{{{{keyword}}}}}")
        if not self.ranges:
            self._fail(f"{{{{{keyword}}}}} outside {{{{range}}}}", token.at)
        return nodes.Jump(token.at, keyword)

    def _end(self, token: Token) -> _End:
        """Read the rest of an end: ``end = "end" "}}"``."""
        self._expect(TokenKind.RIGHT_DELIM, "end")
        return _End(token.at, "end")

    def _else(self, token: Token) -> _End:
        """Read the rest of an else; of ``{{else if`` and ``{{else with``, the caller reads on.

        else = "else" ("}}" | "if" … | "with" …)
        """
        if self.token.kind not in (TokenKind.IF, TokenKind.WITH):
            self._expect(TokenKind.RIGHT_DELIM, "else")
        return _End(token.at, "else")

    def _branch(self, token: Token) -> nodes.Branch:
        """Read the rest of an ``if`` or ``with`` up to its end.

        branch = if_branch | with_branch
        if_branch = "if" pipeline "}}" statements
            ("{{" "else" "if" pipeline "}}" statements)* closed_else
        with_branch = the same with "with"

        The keyword of each arm is that of the first: ``{{if}}…{{else with}}`` is an error.
        """
        keyword: Literal["if", "with"] = "if" if token.kind is TokenKind.IF else "with"
        self._enter(token.at)
        visible = len(self.variables)
        arms: list[tuple[nodes.Pipe, list[nodes.Statement]]] = []
        otherwise: list[nodes.Statement] = []
        while True:
            pipe = self._pipeline(keyword, TokenKind.RIGHT_DELIM)
            body, end = self._statements()
            arms.append((pipe, body))
            if end.keyword == "end":
                break
            if self.token.kind is token.kind:
                self._next()
                continue
            otherwise = self._closed_else(end)
            break
        del self.variables[visible:]
        self.depth -= 1
        return nodes.Branch(token.at, keyword, arms, otherwise)

    def _closed_else(self, opening: _End) -> list[nodes.Statement]:
        """Read what follows the ``{{else}}`` of a block.

        closed_else = ["{{" "else" "}}" statements] "{{" "end" "}}"
        """
        if self.token.kind in (TokenKind.IF, TokenKind.WITH):
            # Go finds the keyword where it expects statements.
            self._unexpected(self.token, "input")
        body, end = self._statements()
        if end.keyword != "end":
            self._fail(f"expected end; found {end}", max(end.at, opening.at))
        return body

    def _range(self, token: Token) -> nodes.Range:
        """Read the rest of a range.

        range = "range" pipeline "}}" statements closed_else
        """
        self._enter(token.at)
        visible = len(self.variables)
        pipe = self._pipeline("range", TokenKind.RIGHT_DELIM)
        self.ranges += 1
        body, end = self._statements()
        self.ranges -= 1
        otherwise = self._closed_else(end) if end.keyword == "else" else []
        del self.variables[visible:]
        self.depth -= 1
        return nodes.Range(token.at, pipe, body, otherwise)

    def _template(self, token: Token) -> nodes.Template:
        """Read the rest of a call of a template.

        template = "template" STRING [pipeline] "}}"
        """
        context = "template clause"
        name, quoted = self._template_name(self._next(), context)
        pipe = None
        if self.token.kind is TokenKind.RIGHT_DELIM:
            self._next()
        else:
            pipe = self._pipeline(context, TokenKind.RIGHT_DELIM)
        return nodes.Template(token.at, name, quoted, pipe)

    def _block(self, token: Token) -> nodes.Template:
        """Read the rest of a block, which defines a template and calls it.

        block = "block" STRING pipeline "}}" statements "{{" "end" "}}"
        """
        context = "block clause"
        named = self._next()
        name, quoted = self._template_name(named, context)
        pipe = self._pipeline(context, TokenKind.RIGHT_DELIM)
        self._named_body(name, named.at, context)
        return nodes.Template(token.at, name, quoted, pipe)

    # Pipelines

    def _pipeline(self, context: str, end: TokenKind) -> nodes.Pipe:
        """Read a pipeline and the token that ends it, ``}}`` or ``)``.

        pipeline = [declarations] command ("|" command)*

        A constant can only begin a pipeline: nothing can be piped into it.
        """
        pipe = nodes.Pipe(self.token.at)
        self._declarations(pipe, context)
        while True:
            token = self.token
            if token.kind is end:
                self._next()
                self._check(pipe, context, token.at)
                return pipe
            if token.kind not in _OPERANDS:
                self._unexpected(token, context)
            pipe.commands.append(self._command())

    def _declarations(self, pipe: nodes.Pipe, context: str) -> None:
        """Read the variables that a pipeline sets, if it sets any.

        declarations = VARIABLE (":=" | "=") | VARIABLE "," VARIABLE (":=" | "=")

        The second form is for ``range`` only. A variable without a sign behind it is an operand.
        """
        while self.token.kind is TokenKind.VARIABLE:
            start = self.index
            token = self._next()
            after = self.token
            if after.kind in (TokenKind.ASSIGN, TokenKind.DECLARE):
                self._next()
                pipe.assigns = after.kind is TokenKind.ASSIGN
                self._declare(pipe, token)
                return
            if not (after.kind is TokenKind.CHAR and after.value == ","):
                self._back_to(start)
                return
            self._next()
            self._declare(pipe, token)
            if context != "range" or len(pipe.variables) > 1:
                self._fail(f"too many declarations in {context}", after.at)
            if self.token.kind not in (
                TokenKind.VARIABLE,
                TokenKind.RIGHT_DELIM,
                TokenKind.RIGHT_PAREN,
            ):
                self._fail("range can only initialize variables", after.at)

    def _declare(self, pipe: nodes.Pipe, token: Token) -> None:
        pipe.variables.append(nodes.Variable(token.at, token.value))
        self.variables.append(token.value)

    def _check(self, pipe: nodes.Pipe, context: str, at: int) -> None:
        if not pipe.commands:
            self._fail(f"missing value for {context}", at)
        for stage, command in enumerate(pipe.commands[1:], 2):
            if isinstance(command.args[0], _CONSTANTS):
                message = f"non executable command in pipeline stage {stage}"
                self._fail(message, command.args[0].at)

    def _command(self) -> nodes.Command:
        """Read a command and the ``|`` behind it, if there is one.

        command = operand (SPACE operand)*
        """
        command = nodes.Command(self.token.at)
        while True:
            operand = self._operand()
            if operand is not None:
                command.args.append(operand)
            token = self.token
            if operand is not None and token.spaced:
                continue
            if token.kind is TokenKind.PIPE:
                self._next()
            elif token.kind not in _CLOSING:
                self._unexpected(token, "operand")
            break
        if not command.args:
            self._fail("empty command", command.at)
        return command

    def _operand(self) -> nodes.Operand | None:
        """Read an operand; None if there is none.

        operand = term FIELD*, without white space between them

        Fields of a constant are an error, ``1.A``; those of a field or a variable belong to it.
        """
        node = self._term()
        token = self.token
        if node is None or token.kind is not TokenKind.FIELD or token.spaced:
            return node
        at = token.at
        names = self._names()
        if isinstance(node, nodes.Field):
            return nodes.Field(node.at, (*node.names, *names))
        if isinstance(node, nodes.Variable):
            return nodes.Variable(node.at, node.name, (*node.names, *names))
        if isinstance(node, _CONSTANTS):
            self._fail(f"unexpected . after term {quote(str(node))}", at)
        return nodes.Chain(at, node, tuple(names))

    def _names(self) -> list[str]:
        """Read fields that follow each other without white space."""
        names = [self._next().value[1:]]
        while self.token.kind is TokenKind.FIELD and not self.token.spaced:
            names.append(self._next().value[1:])
        return names

    def _term(self) -> nodes.Operand | None:
        """Read a term; None if there is none.

        term = IDENTIFIER | VARIABLE | FIELD | "." | "nil" | "true" | "false"
            | NUMBER | CHARACTER | STRING | RAW_STRING | parenthesized
        """
        token = self.token
        parse = _TERMS.get(token.kind)
        if parse is None:
            return None
        self._next()
        return parse(self, token)

    def _identifier(self, token: Token) -> nodes.Identifier:
        """Make the name of a function, which has to be known."""
        name = token.value
        if name in self.refused:
            self._fail(
                f"function {quote(name)} is not available: {self.refused[name]}",
                token.at,
                code="function-refused",
            )
        if name not in self.functions:
            raise unknown_function(self.source, name, token.at, self.functions)
        return nodes.Identifier(token.at, name)

    def _variable(self, token: Token) -> nodes.Variable:
        """Make a variable, which has to be declared before and in sight."""
        if token.value not in self.variables:
            near = nearest(token.value, self.variables[1:])
            hint = f"the nearest variable is {near}" if near else ""
            self._fail(f"undefined variable {quote(token.value)}", token.at, hint=hint)
        return nodes.Variable(token.at, token.value)

    def _number(self, token: Token) -> nodes.Number:
        """Make a number from its literal, or from a character's: ``'a'`` is 97."""
        try:
            number = _NUMBERS[token.kind](token.at, token.value)
        except (NumberError, LiteralError) as error:
            self._fail(str(error), token.at)
        if number.as_complex is not None and IMAGINARY in self.refused:
            message = f"imaginary number {token.value}: {self.refused[IMAGINARY]}"
            self._fail(message, token.at)
        return number

    def _parenthesized(self, token: Token) -> nodes.Pipe:
        """Read the rest of a pipeline in parentheses: ``parenthesized = "(" pipeline ")"``."""
        self._enter(token.at)
        pipe = self._pipeline("parenthesized pipeline", TokenKind.RIGHT_PAREN)
        self.depth -= 1
        return pipe

    def _string(self, token: Token) -> nodes.String:
        """Make the text that a literal stands for."""
        return nodes.String(token.at, token.value, self._unquoted(token))


def unknown_function(
    source: Source, name: str, at: int, functions: Container[str]
) -> TemplateError:
    """Return the error about a function that nobody knows, with the nearest known name."""
    known = functions if isinstance(functions, Mapping) else {}
    near = nearest(name, known)
    hint = f"the nearest function is {near}" if near else ""
    return source.error(f"function {quote(name)} not defined", at, code="function", hint=hint)


_CONTROLS: Mapping[TokenKind, Callable[[_Parser, Token], nodes.Statement | _End]] = {
    TokenKind.BLOCK: _Parser._block,
    TokenKind.BREAK: _Parser._jump,
    TokenKind.CONTINUE: _Parser._jump,
    TokenKind.ELSE: _Parser._else,
    TokenKind.END: _Parser._end,
    TokenKind.IF: _Parser._branch,
    TokenKind.RANGE: _Parser._range,
    TokenKind.TEMPLATE: _Parser._template,
    TokenKind.WITH: _Parser._branch,
}
_TERMS: Mapping[TokenKind, Callable[[_Parser, Token], nodes.Operand]] = {
    TokenKind.IDENTIFIER: _Parser._identifier,
    TokenKind.DOT: lambda _parser, token: nodes.Dot(token.at),
    TokenKind.NIL: lambda _parser, token: nodes.Nil(token.at),
    TokenKind.VARIABLE: _Parser._variable,
    TokenKind.FIELD: lambda _parser, token: nodes.Field(token.at, (token.value[1:],)),
    TokenKind.BOOL: lambda _parser, token: nodes.Bool(token.at, token.value == "true"),
    TokenKind.CHAR_CONSTANT: _Parser._number,
    TokenKind.COMPLEX: _Parser._number,
    TokenKind.NUMBER: _Parser._number,
    TokenKind.LEFT_PAREN: _Parser._parenthesized,
    TokenKind.STRING: _Parser._string,
    TokenKind.RAW_STRING: _Parser._string,
}
