"""The commands about promotion, on a laptop: people play the clusters, the record decides."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from kalypso.git import RefUpdate, Signature, git, update_refs, write_commit
from kalypso.promotion import claimed
from kalypso.stack.gates import EnvironmentGate
from kalypso.stack.stack_file import read_settings
from tests.cli.command import Result, run
from tests.cli.laptop import BASE, STACK, Laptop


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    made = Laptop(tmp_path)
    with patch("kalypso.cli.promotion.person", return_value=("ann", "ann@example.com")):
        yield made


def test_nothing_goes_on_before_any_cluster_has_said_anything(laptop: Laptop) -> None:
    result = laptop.check()
    assert result.code == 1
    assert result.out == (
        f"dev: wait: {laptop.at} is healthy on 0 of 2 clusters\n"
        "  drone: no record: no report\n  large: no record: no report\n"
    )


def test_a_change_goes_on_once_every_cluster_is_healthy(laptop: Laptop) -> None:
    assert laptop.report("drone").out == f"dev: drone is healthy at dev {laptop.dev[:7]}\n"
    assert laptop.check().code == 1
    laptop.report("large")
    result = laptop.check()
    assert result.code == 0
    assert result.out == (
        f"dev: pass: {laptop.at} is healthy on 2 of 2 clusters\n"
        "  drone: healthy\n  large: healthy\n"
        f"next: kalypso promote -e stage --commit {laptop.main}\n"
    )


def test_a_cluster_that_failed_stops_the_chain_and_may_recover(laptop: Laptop) -> None:
    laptop.report("drone")
    laptop.report("large", "failed")
    assert laptop.check().code == 1
    laptop.report("large")
    assert laptop.check().code == 0


def test_a_gate_that_passed_says_the_same_again_and_writes_nothing(laptop: Laptop) -> None:
    laptop.report("drone")
    laptop.report("large")
    laptop.check()
    before = laptop.record()
    laptop.check()
    again = laptop.check()
    assert (again.code, again.out.startswith("dev: passed at ")) == (0, True)
    assert laptop.record() == before


def test_what_is_not_merged_yet_has_to_wait(laptop: Laptop) -> None:
    result = laptop.check("stage")
    assert (result.code, result.out) == (
        1,
        f"stage: wait: main {laptop.main[:7]} has not arrived\n",
    )


def test_a_newer_promotion_supersedes_one_that_waits(laptop: Laptop) -> None:
    laptop.check()
    laptop.merge("dev", laptop.commit_on_main())
    result = laptop.check()
    assert result.code == 1
    assert "superseded: dev" in result.out


def test_a_run_does_not_decide_what_another_one_is_at_work_on(laptop: Laptop) -> None:
    laptop.check()
    settings = read_settings(laptop.folder, "dev")
    server = settings.server.model_copy(update={"folder": laptop.folder / ".kalypso/forge"})
    gate = EnvironmentGate(settings.model_copy(update={"server": server}), "dev")
    now = gate.clock()
    gate.ledger.change(
        "dev",
        lambda record: claimed(record, laptop.main, laptop.dev, "other", now) or record,
        "claim",
    )
    laptop.report("drone")
    laptop.report("large")
    result = laptop.check()
    assert result.code == 1
    assert result.out.startswith("dev: wait: another run is at work on this gate, and decides\n")
    assert gate.ledger.read("dev").passed(laptop.main) is None


def test_an_approval_is_of_one_commit(laptop: Laptop) -> None:
    laptop.stack(f"{STACK}  kalypso:promotion: {{dev: {{approvals: 1}}}}\n")
    laptop.report("drone")
    laptop.report("large")
    assert f"0 of 1 approvals of {laptop.at}" in laptop.check().out
    approved = laptop.types("promotion", "approve", "-e", "dev", "--commit", laptop.main)
    assert approved.out == f"ann approves {laptop.at}\n"
    assert laptop.check().code == 0


def test_a_freeze_closes_a_gate_that_would_be_open(laptop: Laptop) -> None:
    laptop.stack(f"{STACK}  kalypso:promotion: {{dev: {{freeze: end of the year}}}}\n")
    laptop.report("drone")
    laptop.report("large")
    result = laptop.check()
    assert (result.code, "frozen: end of the year" in result.out) == (1, True)


def test_a_report_on_a_commit_that_the_branch_lacks_is_refused(laptop: Laptop) -> None:
    result = laptop.report("drone", commit=laptop.main)
    assert result.code == 2
    assert f"commit {laptop.main[:7]} is not on dev, stage" in result.err


def test_a_report_on_a_cluster_that_nobody_knows_is_refused(laptop: Laptop) -> None:
    result = laptop.report("dron")
    assert (result.code, "there is no cluster dron here [no-cluster]" in result.err) == (2, True)
    assert "the setting clusters has drone, large" in result.err


def test_a_shortened_commit_is_refused(laptop: Laptop) -> None:
    result = laptop.types("check-promote", "-e", "dev", "--commit", laptop.main[:7])
    assert (result.code, "is not a commit of 40" in result.err) == (2, True)


def test_an_environment_that_is_not_in_the_chain_is_refused(laptop: Laptop) -> None:
    result = laptop.check("prod")
    assert (result.code, "there is no environment prod [no-environment]" in result.err) == (2, True)


def test_a_folder_without_a_stack_is_refused(tmp_path: Path) -> None:
    result = run(["status"], tmp_path)
    assert (result.code, "[no-stack]" in result.err) == (2, True)


def test_an_approval_of_what_is_not_there_is_refused(laptop: Laptop) -> None:
    result = laptop.types("promotion", "approve", "-e", "stage", "--commit", laptop.main)
    told = f"stage has not promoted main {laptop.main[:7]} [not-promoted]"
    assert (result.code, told in result.err) == (2, True)


def test_a_record_that_is_damaged_opens_nothing(laptop: Laptop) -> None:
    laptop.report("drone")
    old = git("rev-parse", "refs/kalypso/promotion/dev", repository=laptop.gitops).decode().strip()
    broken = write_commit(
        laptop.gitops,
        parents=[old],
        changes={"gates.json": b"[]"},
        message="by hand\n",
        signature=Signature("Eve", "eve@example.com", 1_700_000_000),
    )
    update_refs(laptop.gitops, [RefUpdate("refs/kalypso/promotion/dev", old, broken)])
    result = laptop.check()
    assert (result.code, "[damaged-promotion-record]" in result.err) == (2, True)


def test_status_shows_every_cluster_also_after_a_gate_has_passed(laptop: Laptop) -> None:
    laptop.report("drone")
    laptop.report("large")
    laptop.check()
    laptop.report("large", "failed")
    result = laptop.types("status")
    assert f"dev: wait: {laptop.at} is healthy on 1 of 2 clusters\n" in result.out
    shown = re.sub(r"seen \d+ s ago", "seen just now", result.out)
    assert f"  large at {laptop.dev[:7]}, seen just now: failed\n" in shown
    assert result.out.endswith("stage: nothing is promoted\n")


def test_status_is_there_for_programs(laptop: Laptop) -> None:
    laptop.report("drone")
    data = json.loads(laptop.types("status", "-e", "dev", "-o", "json").out)["environments"]
    assert data["dev"]["outcome"] == "wait"
    assert [(each["name"], each["outcome"]) for each in data["dev"]["clusters"]] == [
        ("drone", "pass"),
        ("large", "wait"),
    ]
    lines = laptop.types("status", "-o", "prometheus").out.splitlines()
    assert 'kalypso_cluster_healthy{environment="dev",cluster="drone"} 1' in lines
    assert 'kalypso_cluster_healthy{environment="dev",cluster="large"} 0' in lines
    assert 'kalypso_environment_healthy{environment="stage"} 0' in lines


def test_a_hold_is_listed_until_it_is_released(laptop: Laptop) -> None:
    assert laptop.types("promotion", "list").out == "no gate has started yet\n"
    laptop.types("promotion", "hold", "-e", "stage", "--why", "audit")
    assert "stage is held by ann since " in laptop.types("promotion", "list").out
    assert laptop.types("promotion", "release", "-e", "stage").out == "stage is released\n"
    assert "held" not in laptop.types("promotion", "list").out
    assert laptop.types("promotion", "release", "-e", "stage").out == "stage is not held\n"


def test_what_became_of_a_commit_is_listed_and_shown(laptop: Laptop) -> None:
    laptop.report("drone")
    laptop.report("large")
    laptop.check()
    listed = laptop.types("promotion", "list").out
    assert listed.startswith(f"dev: {laptop.at}: pass at ")
    (shown,) = json.loads(
        laptop.types("promotion", "show", "--commit", laptop.main, "-o", "json").out
    )["items"]
    assert (shown["environment"], shown["outcome"]) == ("dev", "pass")
    nothing = laptop.types("promotion", "show", "--commit", "1" * 40)
    assert nothing.out == "no gate has seen this commit\n"


def promotes(laptop: Laptop, *options: str) -> Result:
    return laptop.types("promote", "-e", "stage", "--commit", laptop.main, *options)


def of_stage(laptop: Laptop) -> str:
    folder = laptop.folder / ".kalypso/forge/kalypso-control-plane.git"
    return git("show", "stage:base-repo.yaml", repository=folder).decode()


def test_stage_is_untouched_until_dev_has_promoted_the_change(laptop: Laptop) -> None:
    result = promotes(laptop)
    assert result.code == 1
    assert result.out == f"stage: fail: dev has not promoted {laptop.main[:7]}\n"
    assert of_stage(laptop) == BASE


def test_a_change_that_passed_dev_goes_to_stage_in_one_line_of_one_commit(laptop: Laptop) -> None:
    laptop.report("drone")
    laptop.report("large")
    laptop.check()
    told = f"stage: main 0000000 to {laptop.main[:7]} in base-repo.yaml"
    assert promotes(laptop).out.startswith(f"changed {told}: ")
    assert of_stage(laptop) == BASE.replace("0" * 40, laptop.main)
    assert promotes(laptop).out == f"stage has main {laptop.main[:7]} already\n"


def test_nothing_goes_into_an_environment_that_is_held(laptop: Laptop) -> None:
    laptop.report("drone")
    laptop.report("large")
    laptop.check()
    laptop.types("promotion", "hold", "-e", "stage", "--why", "rolled back")
    result = promotes(laptop)
    assert (result.code, "stage is held by ann since " in result.out) == (1, True)
    assert of_stage(laptop) == BASE
    laptop.types("promotion", "release", "-e", "stage")
    assert promotes(laptop).code == 0


def test_a_commit_that_is_not_on_main_is_not_promoted(laptop: Laptop) -> None:
    result = laptop.types("promote", "-e", "dev", "--commit", laptop.dev)
    assert (result.code, "is not on main [no-such-commit]" in result.err) == (2, True)


def test_an_environment_that_names_no_commit_of_main_is_refused(laptop: Laptop) -> None:
    result = laptop.types("promote", "-e", "dev", "--commit", laptop.main)
    assert (result.code, "[no-base-commit]" in result.err) == (2, True)


def watched(laptop: Laptop, monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    """Watch three times: nothing happens, then a cluster reports, then somebody interrupts."""
    pauses = iter(["nothing happens", "the other cluster reports"])

    def sleep(_: float) -> None:
        match next(pauses, ""):
            case "":
                raise KeyboardInterrupt
            case "the other cluster reports":
                laptop.report("large")

    monkeypatch.setattr("kalypso.cli.status.sleep", sleep)
    return laptop.types("status", "-e", "dev", "--watch", *options)


def test_a_watch_prints_what_changes_and_nothing_twice(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.report("drone")
    result = watched(laptop, monkeypatch)
    assert result.code == 130
    firsts = [line for line in result.out.splitlines() if line.startswith("dev: ")]
    assert firsts == [
        f"dev: wait: {laptop.at} is healthy on 1 of 2 clusters",
        f"dev: pass: {laptop.at} is healthy on 2 of 2 clusters",
    ]


def test_a_watch_for_programs_is_a_line_for_each_change(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.report("drone")
    result = watched(laptop, monkeypatch, "-o", "json")
    found = [json.loads(line)["environments"]["dev"]["outcome"] for line in result.out.splitlines()]
    assert found == ["wait", "pass"]


def test_a_check_of_ones_own_closes_and_opens_a_gate(laptop: Laptop) -> None:
    laptop.report("drone")
    laptop.report("large")
    own = 'kalypso:promotion: {dev: {checks: [{name: own, command: ["%s"]}]}}'
    laptop.stack(f"{STACK}  {own % 'false'}\n")
    closed = laptop.check()
    assert (closed.code, "  the check own says no\n" in closed.out) == (1, True)
    laptop.stack(f"{STACK}  {own % 'true'}\n")
    assert laptop.check().code == 0


def test_a_check_without_a_command_or_an_address_is_refused(laptop: Laptop) -> None:
    laptop.stack(f"{STACK}  kalypso:promotion: {{dev: {{checks: [{{name: own}}]}}}}\n")
    result = laptop.check()
    assert (result.code, "a check has either a command or a url" in result.err) == (2, True)
