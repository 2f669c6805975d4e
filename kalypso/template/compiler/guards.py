"""What surrounds the call of a function: errors get a place, and what is too big is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kalypso.golang.signatures import FunctionError
from kalypso.golang.values import Value
from kalypso.template.compiler.closures import Constant, Evaluate
from kalypso.template.compiler.scope import RUN_SLOT
from kalypso.template.failures import Failure
from kalypso.template.functions import Function
from kalypso.template.limits import LARGE, LIMIT_CODE, LimitError

_SMALL: Final = frozenset({bool, int, float, type(None)})


class Guard:
    """What happens around a call: errors get a place, and what is too big is refused."""

    __slots__ = ("at", "cost", "known", "name", "walks")

    def __init__(self, name: str, at: int, function: Function) -> None:
        self.name = name
        self.at = at
        self.walks = function.walks
        self.cost = function.cost
        self.known = function.known

    def failure(self, error: FunctionError) -> Failure:
        """Return Go's message about a function's error."""
        return Failure(f"error calling {self.name}: {error}", self.at)

    def over(self, error: LimitError) -> Failure:
        """Return the failure about a limit that a call passes."""
        return Failure(f"error calling {self.name}: {error}", self.at, code=LIMIT_CODE)

    def checked(self, result: Value, variables: list[Value]) -> Value:
        """Count a result that may be long."""
        try:
            variables[RUN_SLOT].charge(result)
        except LimitError as error:
            raise self.over(error) from None
        return result

    def weigh(self, args: list[Value], variables: list[Value]) -> None:
        """Count arguments that are walked; refuse what is too big for that."""
        if self.known is not None and all(map(self.known, args)):
            return
        try:
            variables[RUN_SLOT].weigh(args)
        except LimitError as error:
            raise self.over(error) from None


def priced(call: Evaluate, price: int, guard: Guard) -> Evaluate:
    """Count a call as so many steps before it is made."""

    def charge(variables: list[Value], dot: Value) -> Value:
        try:
            variables[RUN_SLOT].charge_price(price)
        except LimitError as error:
            raise guard.over(error) from None
        return call(variables, dot)

    return charge


def guarded(function: Callable[..., Value], evaluated: list[Evaluate], guard: Guard) -> Evaluate:
    """Compile a call of a function; the commonest shapes have closures of their own."""
    if guard.cost is not None:
        return _costly_call(function, evaluated, guard, guard.cost)
    if guard.walks:
        if len(evaluated) == 1:
            return _walking_call_one(function, evaluated[0], guard)
        return _walking_call(function, evaluated, guard)
    match evaluated:
        case [only]:
            return _call_one(function, only, guard)
        case [first, second]:
            return _call_two(function, first, second, guard)
        case _:
            return _call_many(function, evaluated, guard)


def _call_many(function: Callable[..., Value], evaluated: list[Evaluate], guard: Guard) -> Evaluate:
    checked_result = guard.checked

    def call(variables: list[Value], dot: Value) -> Value:
        args = [evaluate(variables, dot) for evaluate in evaluated]
        try:
            result = function(*args)
        except FunctionError as error:
            raise guard.failure(error) from None
        if type(result) in _SMALL:
            return result
        return checked_result(result, variables)

    return call


def _costly_call(
    function: Callable[..., Value],
    evaluated: list[Evaluate],
    guard: Guard,
    cost: Callable[..., int],
) -> Evaluate:
    def call(variables: list[Value], dot: Value) -> Value:
        args = [evaluate(variables, dot) for evaluate in evaluated]
        known = guard.known is not None and all(map(guard.known, args))
        if guard.walks and not known:
            guard.weigh(args, variables)
        try:
            variables[RUN_SLOT].charge_price(0 if known else cost(*args))
            result = function(*args)
        except LimitError as error:
            raise guard.over(error) from None
        except FunctionError as error:
            raise guard.failure(error) from None
        return guard.checked(result, variables)

    return call


def _walking_call_one(function: Callable[..., Value], first: Evaluate, guard: Guard) -> Evaluate:
    checked_result = guard.checked

    def call(variables: list[Value], dot: Value) -> Value:
        value = first(variables, dot)
        if type(value) is not str or len(value) > LARGE:
            guard.weigh([value], variables)
        try:
            result = function(value)
        except FunctionError as error:
            raise guard.failure(error) from None
        if type(result) is str and len(result) <= LARGE:
            return result
        return checked_result(result, variables)

    return call


def _walking_call(
    function: Callable[..., Value], evaluated: list[Evaluate], guard: Guard
) -> Evaluate:
    checked_result = guard.checked

    def call(variables: list[Value], dot: Value) -> Value:
        args = [evaluate(variables, dot) for evaluate in evaluated]
        for value in args:
            if type(value) is not str or len(value) > LARGE:
                guard.weigh(args, variables)
                break
        try:
            result = function(*args)
        except FunctionError as error:
            raise guard.failure(error) from None
        if type(result) in _SMALL:
            return result
        return checked_result(result, variables)

    return call


def _call_one(function: Callable[..., Value], first: Evaluate, guard: Guard) -> Evaluate:
    checked_result = guard.checked

    def call(variables: list[Value], dot: Value) -> Value:
        try:
            result = function(first(variables, dot))
        except FunctionError as error:
            raise guard.failure(error) from None
        kind = type(result)
        if kind in _SMALL or (kind is str and len(result) <= LARGE):
            return result
        return checked_result(result, variables)

    return call


def _call_two(
    function: Callable[..., Value], first: Evaluate, second: Evaluate, guard: Guard
) -> Evaluate:
    checked_result = guard.checked
    constant = isinstance(first, Constant)
    known = first.value if isinstance(first, Constant) else None

    def call(variables: list[Value], dot: Value) -> Value:
        try:
            one = known if constant else first(variables, dot)
            result = function(one, second(variables, dot))
        except FunctionError as error:
            raise guard.failure(error) from None
        kind = type(result)
        if kind in _SMALL or (kind is str and len(result) <= LARGE):
            return result
        return checked_result(result, variables)

    return call
