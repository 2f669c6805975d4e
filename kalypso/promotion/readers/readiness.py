"""What every object of a controller says about itself: conditions, generations, deletion.

Stricter than kstatus: an object without a condition `Ready` is not ready here, and a reason that
nobody knows says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from kalypso.promotion.findings import Finding, Outcome, fail, unknown, wait
from kalypso.promotion.readers.fields import Fields, Unclear
from kalypso.promotion.times import read_time

_STATUSES = frozenset({"True", "False", "Unknown"})
_WRITTEN_ON_CHANGE = frozenset({"ArtifactInStorage"})
"""Conditions that stay as they are while what they are about does.

That of a source whose interval was changed, or that was suspended for a while, is still about the
generation before (tests/e2e/test_gate.py). Every other one is rewritten each time.
"""


class Condition(msgspec.Struct, frozen=True):
    """One condition of an object."""

    status: str
    reason: str
    message: str

    @property
    def said(self) -> str:
        """Its reason and message, for people."""
        return f"{self.reason}: {self.message}" if self.message else self.reason


def conditions_of(fields: Fields, *keys: str, observed: int | None = None) -> dict[str, Condition]:
    """Return conditions by type, without their times.

    Args:
        fields: What holds them.
        keys: Where.
        observed: The generation that each has to say that it is about; None if they say none.
            One that is written on change may be about an earlier one.

    Raises:
        Unclear: A condition is malformed, is there twice, or is about another generation.
    """
    found: dict[str, Condition] = {}
    for each in fields.items(*keys):
        kind, status = each.text("type"), each.text("status")
        if kind in found:
            raise Unclear(f"the condition {kind} is there twice")
        if status not in _STATUSES:
            raise Unclear(f"the condition {kind} is {status!r}")
        if observed is not None and not _is_about(
            kind, each.number("observedGeneration"), observed
        ):
            about = each.number("observedGeneration")
            raise Unclear(f"the condition {kind} is about generation {about}, not {observed}")
        found[kind] = Condition(status, each.optional_text("reason"), each.optional_text("message"))
    return found


def changes_of(fields: Fields, *keys: str) -> dict[str, float]:
    """Return when each condition changed, by type.

    Raises:
        Unclear: A condition does not say when it changed.
    """
    plain = _plain_changes(fields.given(*keys))
    if plain is not None:
        return plain
    found = {}
    for each in fields.items(*keys):
        found[each.text("type")] = each.time("lastTransitionTime")
        if each.has("lastUpdateTime"):
            each.time("lastUpdateTime")
    return found


def _plain_changes(conditions: object) -> dict[str, float] | None:
    """Return when conditions changed that are as controllers write them; None for any other."""
    if type(conditions) is not list:
        return None
    found = {}
    for each in conditions:
        if type(each) is not dict:
            return None
        kind, changed = each.get("type"), each.get("lastTransitionTime")
        updated = each.get("lastUpdateTime", changed)
        if not (type(kind) is type(changed) is type(updated) is str and kind):
            return None
        moment = read_time(changed)
        if moment is None or read_time(updated) is None:
            return None
        found[kind] = moment
    return found


def _is_about(kind: str, generation: int, observed: int) -> bool:
    if kind in _WRITTEN_ON_CHANGE:
        return 1 <= generation <= observed
    return generation == observed


def generation_findings(fields: Fields) -> Iterator[Finding]:
    """Return what deletion, suspension and generations say.

    Raises:
        Unclear: A field has another type than it should.
    """
    if fields.has("metadata", "deletionTimestamp"):
        fields.text("metadata", "deletionTimestamp")
        yield wait("it is being deleted")
    if fields.flag("spec", "suspend"):
        yield fail("suspended", lasting=True)
    generation = fields.number("metadata", "generation")
    observed = fields.optional_number("status", "observedGeneration", default=-1)
    if generation < 1 or observed > generation:
        raise Unclear(f"generation {generation} was observed as {observed}")
    if observed < 1:
        yield wait("its controller has not looked at it yet")
    elif observed < generation:
        yield wait(f"its controller has seen generation {observed} of {generation}")


def ready_findings(
    conditions: Mapping[str, Condition], ready_reasons: frozenset[str], *, settled: bool
) -> Iterator[Finding]:
    """Return what the conditions that all of Flux shares say.

    Args:
        conditions: By type.
        ready_reasons: The reasons with which this kind is ready.
        settled: Whether what was tried last is what is applied, so that work in progress is the
            look that a reconciler takes all day.
    """
    stalled, ready = conditions.get("Stalled"), conditions.get("Ready")
    if stalled and stalled.status != "False":
        yield fail(f"stalled: {stalled.said}")
    if ready is None:
        yield wait("it has no condition Ready yet")
        return
    if ready.status == "Unknown" and ready.reason == "Progressing" and settled:
        yield Finding(Outcome.WAIT, f"looking again: {ready.message}", about="recheck")
        return
    reconciling = conditions.get("Reconciling")
    if reconciling and reconciling.status != "False" and ready.status != "False":
        yield wait(f"in progress: {reconciling.message or reconciling.reason}")
    if ready.status != "True":
        yield wait(ready.said)
    elif ready.reason not in ready_reasons:
        yield unknown(f"what Ready with the reason {ready.reason} means")
