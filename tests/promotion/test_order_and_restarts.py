"""Neither order, repetition, delay nor a restart turns a closed gate into an open one."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kalypso.promotion import (
    Ancestry,
    Answer,
    Clock,
    Conditions,
    Evidence,
    Expected,
    Outcome,
    Record,
    Report,
    Verdict,
    claimed,
    cluster_evidence,
    judge,
    remembered,
    report_evidence,
    reported,
    started,
)
from kalypso.promotion.times import time_text
from tests.promotion.fleet import (
    COMMITS,
    World,
    ancestry_of,
    change,
    clock_of,
    evidence_of,
    expected_of,
    fleet,
    record_of,
)

X = COMMITS["X"]
SOAK = 120.0
TICK = 10.0
EVERYTHING = fleet("flux", "argocd", "reports")
REPORTED = fleet("reports")
RIG = replace(
    expected_of(REPORTED["expected"]), clusters=expected_of(REPORTED["expected"]).clusters[1:]
)
MERGED = RIG.merged
BROKEN = {
    "answers.edge[Kustomization dev-drone].status.conditions[Ready].status": "False",
    "answers.large[Application dev].status.health.status": "Degraded",
    "reports[0].state": "failed",
}


def verdict(world: World, evidence: Sequence[Evidence]) -> Verdict:
    expected = expected_of(world["expected"])
    return judge(expected, evidence, ancestry_of(world), record_of(world), clock_of(world))


@given(st.data(), st.sampled_from([None, *BROKEN]))
@settings(deadline=None, max_examples=25)
def test_the_order_of_evidence_and_its_repetition_change_nothing(
    data: st.DataObject, broken: str | None
) -> None:
    world = copy.deepcopy(EVERYTHING)
    change(world, {broken: BROKEN[broken]} if broken else {})
    evidence = evidence_of(world, expected_of(world["expected"]))
    more = data.draw(st.lists(st.sampled_from(evidence), max_size=8))
    mixed = data.draw(st.permutations([*evidence, *more]))
    assert verdict(world, mixed).outcome is (Outcome.WAIT if broken else Outcome.PASS)
    assert (
        verdict(world, evidence).text.splitlines()[0] == verdict(world, mixed).text.splitlines()[0]
    )


@given(st.data())
@settings(deadline=None, max_examples=25)
def test_evidence_that_is_lost_never_opens_a_gate(data: st.DataObject) -> None:
    evidence = evidence_of(EVERYTHING, expected_of(EVERYTHING["expected"]))
    kept = data.draw(st.sets(st.sampled_from(range(len(evidence))), max_size=len(evidence) - 1))
    assert verdict(EVERYTHING, [evidence[place] for place in kept]).outcome is Outcome.WAIT


reports = st.lists(
    st.builds(
        Report,
        cluster=st.just("rig"),
        commit=st.sampled_from([X, X, X, COMMITS["O"]]),
        state=st.sampled_from(["healthy", "healthy", "failed"]),
        at=st.integers(-5, 30).map(lambda tick: MERGED + tick * TICK),
        author=st.sampled_from(["ops", "ops", "mallory"]),
    ),
    max_size=12,
)


def of_reports(record: Record, now: float, soak: float = 0.0) -> Verdict:
    (cluster,) = RIG.clusters
    evidence = report_evidence(record.reports, cluster, asked=now)
    limits = Conditions(healthy_for=soak)
    return judge(RIG, evidence, ancestry_of(REPORTED), record, Clock(now), conditions=limits)


@given(reports, st.data())
@settings(deadline=None)
def test_reports_count_the_same_in_whatever_order_and_how_often_they_come(
    given_reports: list[Report], data: st.DataObject
) -> None:
    now = MERGED + 31 * TICK
    mixed = data.draw(st.permutations([*given_reports, *given_reports[:3]]))
    one, other = Record(environment="dev"), Record(environment="dev")
    for report in given_reports:
        one = reported(one, report)
    for report in mixed:
        other = reported(other, report)
    assert of_reports(one, now).outcome is of_reports(other, now).outcome


@given(reports, reports)
@settings(deadline=None)
def test_a_report_that_comes_late_never_opens_a_gate(
    early: list[Report], late: list[Report]
) -> None:
    now = MERGED + 31 * TICK
    record = Record(environment="dev")
    for report in early:
        record = reported(record, report)
    last = max((each.at for each in early if each.author == "ops"), default=None)
    before = of_reports(record, now).outcome
    for report in late:
        if last is not None and report.at < last:
            record = reported(record, report)
    if last is not None and before is not Outcome.PASS:
        assert of_reports(record, now).outcome is not Outcome.PASS


def looked(record: Record, evidence: Sequence[Evidence], now: float) -> tuple[Verdict, Record]:
    """Look once as a run does, and return what the record holds afterwards."""
    ancestry: Ancestry = ancestry_of(REPORTED)
    begun = started(record, RIG, now)
    mine = claimed(begun, RIG.promoted, RIG.commit, "run", now)
    assert mine
    limits = Conditions(healthy_for=SOAK)
    found = judge(RIG, evidence, ancestry, mine, Clock(now), conditions=limits)
    return found, remembered(mine, found, "run", now)


TICKS = 32
RED = st.sets(st.integers(0, TICKS - 1), max_size=2)
"""When a cluster is not healthy, of all ticks."""


@given(RED, st.sets(st.integers(0, TICKS - 1), max_size=24), st.sets(st.integers(0, TICKS - 1)))
@settings(deadline=None)
def test_a_gate_that_passes_has_seen_health_for_as_long_as_is_wanted(
    red: set[int], missed: set[int], lost: set[int]
) -> None:
    """Whenever gates look, and whatever is lost when they are killed."""
    health = [tick not in red for tick in range(TICKS)]
    record = Record(environment="dev")
    (cluster,) = RIG.clusters
    for tick, healthy in enumerate(health):
        at = MERGED + tick * TICK
        report = Report(cluster="rig", commit=X, state="healthy", at=at, author="ops")
        report = report if healthy else replace(report, state="failed")
        record = reported(record, report)
        if tick in missed:
            continue
        evidence = report_evidence(record.reports, cluster, asked=at)
        found, after = looked(record, evidence, at)
        if found.outcome is Outcome.PASS:
            back = int(SOAK / TICK)
            assert tick >= back
            assert all(health[tick - back : tick + 1])
            return
        record = record if tick in lost else after


def kustomization(health: Sequence[bool]) -> World:
    """Return a fleet whose Kustomization reconciled once a tick, with what came of it."""
    world = fleet("flux")
    now = MERGED + (len(health) - 1) * TICK
    entries = []
    for state, wanted in (("ReconciliationSucceeded", True), ("HealthCheckFailed", False)):
        ticks = [tick for tick, healthy in enumerate(health) if healthy is wanted]
        if ticks:
            first, last = (time_text(MERGED + tick * TICK) for tick in (ticks[0], ticks[-1]))
            entries.append(
                {
                    "digest": "sha256:81ff",
                    "firstReconciled": first,
                    "lastReconciled": last,
                    "lastReconciledDuration": "3s",
                    "lastReconciledStatus": state,
                    "totalReconciliations": len(ticks),
                    "metadata": {"revision": f"dev@sha1:{X}"},
                }
            )
    entries.sort(key=lambda entry: str(entry["lastReconciled"]), reverse=True)
    own = "answers.drone[Kustomization dev-drone].status"
    ready = f"{own}.conditions[Ready]"
    changes: dict[str, object] = {f"{own}.history": entries, "now": time_text(now)}
    if not health[-1]:
        changes |= {f"{ready}.status": "False", f"{ready}.reason": "HealthCheckFailed"}
    below = "answers.drone[Kustomization functional-test].status.history[0]"
    changes |= {
        f"{below}.firstReconciled": time_text(MERGED),
        f"{below}.lastReconciled": time_text(now),
    }
    for moment in ("GitRepository dev", "GitRepository functional-test"):
        changes[f"answers.drone[{moment}].status.conditions[*].lastTransitionTime"] = time_text(
            MERGED
        )
        changes[f"answers.drone[{moment}].status.artifact.lastUpdateTime"] = time_text(MERGED)
    for kind in ("Kustomization dev-drone", "Kustomization functional-test"):
        changes[f"answers.drone[{kind}].status.conditions[*].lastTransitionTime"] = time_text(now)
    deployed = "answers.drone[Deployment hello-world-deployment].status.conditions[*]"
    changes[f"{deployed}.lastTransitionTime"] = time_text(MERGED)
    change(world, changes)
    return world


@given(RED, st.sets(st.integers(0, TICKS - 1), min_size=4, max_size=8))
@example(red={4}, looks={0, 1, 5, 10, 16})
@settings(deadline=None, max_examples=60)
def test_the_history_of_flux_covers_a_gap_only_if_nothing_failed_in_it(
    red: set[int], looks: set[int]
) -> None:
    health = [tick not in red for tick in range(TICKS)]
    expected: Expected = expected_of(fleet("flux")["expected"])
    expected = replace(expected, clusters=expected.clusters[:1])
    record = Record(environment="dev")
    for tick in sorted(looks):
        at = MERGED + tick * TICK
        world = kustomization(health[: tick + 1])
        answer = Answer(place="drone", asked=at, clock=at, objects=world["answers"]["drone"])
        (cluster,) = expected.clusters
        mine = claimed(started(record, expected, at), expected.promoted, X, "run", at)
        assert mine
        found = judge(
            expected,
            cluster_evidence([answer], expected, cluster),
            ancestry_of(world),
            mine,
            Clock(at),
            conditions=Conditions(healthy_for=SOAK),
        )
        if found.outcome is Outcome.PASS:
            back = int(SOAK / TICK)
            assert tick >= back
            assert all(health[tick - back : tick + 1])
            return
        record = remembered(mine, found, "run", at)


def test_steady_health_does_pass_after_a_restart() -> None:
    """So that the properties above are not true because nothing ever passes."""
    health = [True] * 30
    record = Record(environment="dev")
    outcomes = []
    expected = replace(
        expected_of(fleet("flux")["expected"]),
        clusters=expected_of(fleet("flux")["expected"]).clusters[:1],
    )
    for tick in (8, 15, 20, 21):
        at = MERGED + tick * TICK
        world = kustomization(health[: tick + 1])
        answer = Answer(place="drone", asked=at, clock=at, objects=world["answers"]["drone"])
        evidence = cluster_evidence([answer], expected, expected.clusters[0])
        mine = claimed(started(record, expected, at), expected.promoted, X, "run", at)
        assert mine
        limits = Conditions(healthy_for=SOAK)
        found = judge(expected, evidence, ancestry_of(world), mine, Clock(at), conditions=limits)
        record = remembered(mine, found, "run", at)
        outcomes.append(found.outcome)
    assert outcomes == [Outcome.WAIT, Outcome.WAIT, Outcome.PASS, Outcome.PASS]
