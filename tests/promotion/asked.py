"""What a scenario asks, and the answer in the words of its file."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from kalypso.forge import PullRequest
from kalypso.promotion import (
    Again,
    Asked,
    CheckResult,
    Clock,
    Entry,
    Finding,
    Outcome,
    Record,
    Verdict,
    after_refusal,
    against_entering,
    against_pull_request,
    claimed,
    foreign_successes,
    judge,
    of_command,
    of_http,
    remembered,
    started,
    status_of,
)
from kalypso.promotion.times import time_text
from tests.promotion.fleet import (
    COMMITS,
    World,
    ancestry_of,
    change,
    checks_of,
    clock_of,
    conditions_of,
    evidence_of,
    expected_of,
    fleet,
    record_of,
    seconds,
)

Told = dict[str, Any]
_RUN = "this run"


def told(scenario: Mapping[str, Any], case: Mapping[str, Any]) -> list[Told]:
    """Return what is said in one case of a scenario, for each look."""
    ask = case.get("ask", scenario.get("ask", "gate"))
    if ask == "refusal":
        return [_refusal(case)]
    if ask == "pull request":
        return [_pull_request(case.get("pull", scenario.get("pull")))]
    world = fleet(*scenario["fleet"])
    change(world, scenario.get("change", {}))
    if case is not scenario:
        change(world, case.get("change", {}))
    for place, other in scenario.get("move", {}).items():
        world["answers"][other] = world["answers"].pop(place)
    if ask == "entering":
        return [_entering(world, case.get("entry", scenario.get("entry")), case.get("stage", {}))]
    if ask == "worker":
        record = record_of(world)
        expected = expected_of(world["expected"])
        now = seconds(world["now"])
        found = claimed(record, expected.promoted, expected.commit, "second", now)
        return [{"claimed": found is not None}]
    _say_revision(world, case)
    _page(world, case)
    return _looks(world, scenario, case)


def _looks(world: World, scenario: Mapping[str, Any], case: Mapping[str, Any]) -> list[Told]:
    if "looks" not in scenario:
        return [_gate(world, {**scenario, **case}, record_of(world))[0]]
    found = []
    record = record_of(world)
    for each in scenario["looks"]:
        if "every" in each:
            record = _polled(world, each, record)
        change(world, each.get("change", {}))
        one, record = _gate(world, each, record)
        found.append(one)
    return found


def _polled(world: World, case: Mapping[str, Any], record: Record) -> Record:
    """Let a gate look again and again until the time of a look; it must not pass before."""
    moment = seconds(world["now"]) + case["every"]
    while moment < seconds(case["change"]["now"]):
        world["now"] = time_text(moment)
        one, record = _gate(world, case, record)
        assert one["outcome"] == "wait", one["text"]
        moment += case["every"]
    return record


def _gate(world: World, case: Mapping[str, Any], record: Record) -> tuple[Told, Record]:
    expected = expected_of(world["expected"])
    verdict = judge(
        expected,
        evidence_of(world, expected),
        ancestry_of(world),
        record,
        clock_of(world),
        conditions=conditions_of(world),
        checks=(*checks_of(world), *_check(world, case)),
    )
    found: Told = {"outcome": verdict.outcome.value, "final": verdict.final, "text": verdict.text}
    says = case["says"]
    if "exit" in says:
        found["exit"] = verdict.exit_code
    if "status" in says:
        status = status_of(verdict, last=False)
        found["status"] = {"state": status.state, "description": status.description}
    if "warnings" in says:
        warnings = foreign_successes(case["statuses"], "dev environment", "kalypso")
        found["warnings"] = list(warnings)
    return found, _gone_on(record, verdict, clock_of(world))


def _gone_on(record: Record, verdict: Verdict, clock: Clock) -> Record:
    begun = started(record, verdict.expected, clock.now)
    mine = claimed(begun, verdict.expected.promoted, verdict.expected.commit, _RUN, clock.now)
    assert mine
    return remembered(mine, verdict, _RUN, clock.now)


def _check(world: World, case: Mapping[str, Any]) -> list[CheckResult]:
    given = case.get("http") or case.get("command")
    if given is None:
        return []
    commit = given.get("commit", world["expected"]["commit"])
    asked = Asked("load", commit, seconds(world["now"]), secrets=("s3cret",))
    if "http" in case:
        return [of_http(asked, given.get("status"), given["body"].encode())]
    return [of_command(asked, given.get("exit"), given["output"].encode())]


def _say_revision(world: World, case: Mapping[str, Any]) -> None:
    revision = case.get("revision")
    if revision is None:
        return
    stored = f"stored artifact for revision '{revision}'"
    kustomization = "answers.*[Kustomization dev-drone].status"
    change(
        world,
        {
            "answers.*[GitRepository dev].status.artifact.revision": revision,
            "answers.*[GitRepository dev].status.conditions[*].message": stored,
            f"{kustomization}.conditions[Ready].message": f"Applied revision: {revision}",
            f"{kustomization}.lastAppliedRevision": revision,
            f"{kustomization}.lastAttemptedRevision": revision,
            f"{kustomization}.history[0].metadata.revision": revision,
        },
    )


def _page(world: World, case: Mapping[str, Any]) -> None:
    """Put the rows of a world on one page of Resource Graph, and change that."""
    if "pages" not in case:
        return
    rows = copy.deepcopy(world["rows"])
    page = {
        "totalRecords": len(rows),
        "count": len(rows),
        "data": rows,
        "facets": [],
        "resultTruncated": "false",
    }
    world["pages"] = [page]
    change(world, {f"pages{path}": value for path, value in case["pages"].items()})


def _refusal(case: Mapping[str, Any]) -> Told:
    found = after_refusal(case["status"], case["headers"], renewed=case.get("renewed", False))
    if isinstance(found, Again):
        new = {"new_token": True} if found.new_token else {}
        return {"again_after": found.after, **new}
    return _finding(found)


def _pull_request(given: Mapping[str, Any] | None) -> Told:
    pull = None
    if given is not None:
        pull = PullRequest(
            number=7, title="t", body="", base="stage", head="deployment/stage",
            **{"head_commit": COMMITS["X"], **given},
        )  # fmt: skip
    findings = against_pull_request(pull)
    if pull and not findings:
        return {"awaited": pull.merge_commit}
    return {"findings": [_finding(each) for each in findings]}


def _entering(world: World, given: Mapping[str, Any] | None, stage: Mapping[str, Any]) -> Told:
    assert given is not None
    entry = Entry(given["promoted"], given["environment"], tuple(world["expected"]["chain"]))
    other = copy.deepcopy(world)
    other.update(gates=[], approvals=[], reports=[], **stage)
    other["expected"]["environment"] = "stage"
    records = {"dev": record_of(world), "stage": record_of(other)}
    findings = against_entering(entry, records, conditions_of(other), seconds(world["now"]))
    return {"findings": [_finding(each) for each in findings]}


def _finding(finding: Finding) -> Told:
    assert finding.outcome is not Outcome.PASS
    return {"outcome": finding.outcome.value, "text": finding.text}
