"""Calls in a traced rendering: computed once for the real texts and once for their doubles.

What a twin is, :mod:`kalypso.template.twins` says. Arguments are evaluated once and wait in slots,
so that the same compiled call can be run on either side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from kalypso.golang.signatures import FunctionError
from kalypso.golang.values import Struct, Value
from kalypso.template.compiler.closures import Evaluate
from kalypso.template.compiler.scope import RUN_SLOT
from kalypso.template.failures import Failure
from kalypso.template.functions import Function, Outsiders
from kalypso.template.limits import Run
from kalypso.template.twins import Twin, as_key, inert, parted, stand_in, twin, woven

_Arguments = dict[int, Value]
"""Values by the slot that they wait in."""


def waiting(slot: int) -> Evaluate:
    """Compile an argument that waits in a slot."""
    return lambda variables, _dot: variables[slot]


class TracedCall(msgspec.Struct, frozen=True):
    """A call that knows twins."""

    call: Evaluate
    """The call of the values that wait in the slots."""
    function: Function
    arguments: Mapping[int, Evaluate]
    """What fills each slot, in the order of evaluation."""
    slots: list[int]
    """In the order of the function's arguments; 0 stands for a literal."""
    at: int
    """Offset at which messages about the call point."""

    def __call__(self, variables: list[Value], dot: Value) -> Value:
        """Evaluate the arguments, and call the function on one side or both."""
        run: Run = variables[RUN_SLOT]
        values = {slot: evaluate(variables, dot) for slot, evaluate in self.arguments.items()}
        if self.function.changes and type(values.get(self.slots[0])) is not Twin:
            return self._change(run, variables, values)
        woven_in = run.marks is not None and run.marks.woven
        for slot, value in values.items():
            if woven_in or type(value) is Struct:
                values[slot] = parted(value)
        twins = {slot: value for slot, value in values.items() if type(value) is Twin}
        if not twins:
            return self._on(variables, values)
        return self._on_both(variables, values, twins)

    def _on(self, variables: list[Value], values: _Arguments) -> Value:
        for slot, value in values.items():
            variables[slot] = value
        return self.call(variables, None)

    def _on_both(
        self, variables: list[Value], values: _Arguments, twins: Mapping[int, Twin]
    ) -> Value:
        real = self._on(variables, values | {slot: value.real for slot, value in twins.items()})
        if self.function.outsiders is Outsiders.HIDDEN or not isinstance(
            real, (str, list, dict, Struct)
        ):
            return real
        if self.function.outsiders is Outsiders.DECODED:
            return twin(real, stand_in(real))
        selects = self.function.selects
        choosing = set(self.slots[selects]) if selects else set()
        if twins.keys() <= choosing:
            return real
        doubles = {
            slot: value.real if slot in choosing else value.double for slot, value in twins.items()
        }
        return twin(real, attempted(lambda: self._on(variables, values | doubles)))

    def _change(self, run: Run, variables: list[Value], values: _Arguments) -> Value:
        """Put twins into a map that had none; from then on, maps have to be looked through."""
        key = self.slots[1] if self.function.params[1] is not self.function.params[0] else 0
        try:
            ready = {
                slot: as_key(value) if slot == key else woven(value)
                for slot, value in values.items()
            }
        except FunctionError as error:
            raise Failure(str(error), self.at) from None
        if run.marks is not None:
            run.marks.woven = True
        return self._on(variables, ready)


def attempted(compute: Callable[[], Value]) -> Value:
    """Return what the doubles give; None where they give nothing, since they mean nothing."""
    try:
        return compute()
    except Failure:
        return None


def of_fields(value: Twin, walk: Callable[[Value], Value]) -> Value:
    """Follow fields of both sides of a twin."""
    return twin(walk(value.real), attempted(lambda: walk(value.double)))


def shown(value: Twin, show: Callable[[Value], str], run: Run) -> str:
    """Return a mark in place of what a twin prints."""
    real = show(value.real)
    double = attempted(lambda: show(value.double))
    return run.marks.add(real, double or inert(real)) if run.marks is not None and real else real
